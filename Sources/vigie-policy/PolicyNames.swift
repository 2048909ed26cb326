// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics

/// How pages name policies and their parts.
struct PolicyNames {
    let language: Language

    func say(_ french: String, _ english: String) -> String {
        language == .french ? french : english
    }

    /// The colon that ends a heading, with its space.
    var colon: String { say("\u{202F}:", ":") }

    /// A policy by its name and its title.
    func name(_ policy: Policy) -> String {
        let title = policy.annotation(say("title_fr", "title_en")) ?? ""
        guard !title.isEmpty else { return policy.id }
        return policy.id + say(" «\u{A0}\(title)\u{A0}»", " “\(title)”")
    }

    /// A policy of a set by its name and its title.
    func name(_ id: PolicyID, in set: PolicySet) -> String {
        set.policy(id).map { name($0) } ?? id
    }

    /// What a policy does.
    func effect(_ effect: Effect) -> String {
        effect == .permit ? say("autorisation", "permit") : say("interdiction", "forbid")
    }

    /// A decision with the policies that caused it.
    func decision(_ response: Response) -> String {
        let isAllowed = response.decision == .allow
        let word = isAllowed ? say("autorisé", "allowed") : say("refusé", "denied")
        let policies = response.determiningPolicies
        guard !policies.isEmpty else {
            return word + say(", aucune autorisation ne s’applique", ", no permit applies")
        }
        return word + say(" par ", " by ") + policies.joined(separator: ", ")
    }

    /// Where a policy stands.
    func place(_ policy: Policy) -> String { "\(policy.source.file):\(policy.line)" }

    /// A number of things, with the plural where the language asks for it.
    func count(_ number: Int, _ french: String, _ english: String) -> String {
        let isPlural = language == .french ? number > 1 : number != 1
        let (noun, ending) = (say(french, english), isPlural ? "s" : "")
        return "\(number) " + noun.split(separator: " ").map { $0 + ending }.joined(separator: " ")
    }
}
