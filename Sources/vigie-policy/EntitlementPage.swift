// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Diagnostics

/// Who could do what, for a person to read.
struct EntitlementPage {
    let report: EntitlementReport
    let names: PolicyNames
    /// Whether all names are shown, and the policies that are left in Cedar's syntax.
    let isVerbose: Bool
    /// Whether entities are shown by their identifier alone: the pseudonyms of a log.
    let showsPseudonyms: Bool
    /// How many names are shown of a group, unless all are asked for.
    private static let shownNames = 12

    var text: String { report.groups.map(block).joined(separator: "\n") }

    private func say(_ french: String, _ english: String) -> String { names.say(french, english) }

    private func block(_ group: EntitlementReport.Group) -> String {
        let actions = group.actions.map(\.id).joined(separator: ", ")
        var text = "\(heading(group.response.decision)) – \(actions)\n"
        text += "  \(parties(group))\n"
        text += reasons(group.response)
        return text
    }

    private func heading(_ decision: Decision?) -> String {
        switch decision {
        case .allow: say("OUI", "YES")
        case .deny: say("NON", "NO")
        case nil: say("SELON", "DEPENDS")
        }
    }

    private func parties(_ group: EntitlementReport.Group) -> String {
        if report.masksActors {
            let count = names.count(group.parties.count, "agent", "agent")
            return count + say(" (non nommés\u{202F}: règle R21)", " (not named: rule R21)")
        }
        let known = group.parties.compactMap(\.uid)
            .map { showsPseudonyms ? $0.id : $0.description }
        let others = group.parties.filter { $0.uid == nil }.map { party in
            let type = party.type ?? ""
            return known.isEmpty
                ? say("tout `\(type)`", "any `\(type)`")
                : say("tout autre `\(type)`", "any other `\(type)`")
        }
        let shown = isVerbose ? known : Array(known.prefix(Self.shownNames))
        let left = known.count - shown.count
        let rest = left > 0 ? [say("et \(left) de plus (`-v`)", "and \(left) more (`-v`)")] : []
        return (shown + rest + others).joined(separator: ", ")
    }

    private func reasons(_ response: PartialResponse) -> String {
        switch response.decision {
        case .allow: return lines(say("autorisé par", "permitted by"), response.satisfied(.permit))
        case .deny:
            let forbids = response.satisfied(.forbid)
            guard forbids.isEmpty else {
                return lines(say("interdit par", "forbidden by"), forbids)
            }
            return "  " + say("aucune autorisation ne peut s’appliquer", "no permit can apply")
                + "\n"
        case nil: return conditions(response)
        }
    }

    private func lines(_ head: String, _ policies: [Policy]) -> String {
        policies.map { "  \(head) \(names.name($0))\n" }.joined()
    }

    /// What must be so, policy by policy: one permit, and none of the forbids.
    private func conditions(_ response: PartialResponse) -> String {
        let satisfied = response.satisfied(.permit)
        var text = lines(say("autorisé par", "permitted by"), satisfied)
        if satisfied.isEmpty {
            let permits = response.residuals(.permit)
            let head =
                permits.count > 1
                ? say("il faut l’une de ces autorisations", "it takes one of these permits")
                : say("il faut l’autorisation", "it takes the permit")
            text += "  \(head)\(names.colon)\n"
            for permit in permits { text += clause(permit, applies: true) }
        }
        let forbids = response.residuals(.forbid)
        if !forbids.isEmpty {
            let head = say("et qu’aucune interdiction ne s’applique", "and that no forbid applies")
            text += "  \(head)\(names.colon)\n"
            for forbid in forbids { text += clause(forbid, applies: false) }
        }
        if isVerbose {
            text += response.written.split(separator: "\n").map { "    | \($0)\n" }.joined()
        }
        return text
    }

    private func clause(_ policy: Policy, applies: Bool) -> String {
        let phrase = report.words.phrase(policy, applies: applies)
        let need =
            applies
            ? say(", si", ", if") : say(", évitée si", ", avoided if")
        return "    \(names.name(policy))\(need)\(names.colon)\n"
            + phrase.list(in: names.language, indent: 6)
    }
}
