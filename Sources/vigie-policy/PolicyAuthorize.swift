// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Cedar
import Conduct
import Diagnostics
import Reporting

/// Decides one request.
struct PolicyAuthorize: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "authorize",
            abstract: LocalizedText(
                fr: """
                    Décider d’une demande\u{202F}: code 0 si elle est permise, 1 si elle est refusée.
                    """,
                en: "Decide one request: 0 if it is allowed, 1 if it is denied."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var decision: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        let question = try decision.question()
        let response = Authorizer(question.policies)
            .isAuthorized(question.request, question.entities)
        for (id, error) in response.errors {
            guard let policy = question.policies.policy(id) else { continue }
            console.diagnose(error.diagnostic(in: policy.source))
        }
        let status: ExitStatus = response.decision == .allow ? .complete : .findings
        if console.format == .json {
            try console.write(Self.document(response, status).rendered())
        } else {
            try console.write(Self.text(response)[console.language])
        }
        return Verdict(status: status, sentence: Self.sentence(response))
    }

    private static func text(_ response: Response) -> LocalizedText {
        let list = response.determiningPolicies.joined(separator: ", ")
        let shown = VisibleText(list).text
        let isAllowed = response.decision == .allow
        return LocalizedText(
            fr: """
                décision\u{202F}: \(isAllowed ? "autorisé" : "refusé")
                politiques déterminantes\u{202F}: \(list.isEmpty ? "aucune" : shown)

                """,
            en: """
                decision: \(isAllowed ? "allow" : "deny")
                determining policies: \(list.isEmpty ? "none" : shown)

                """)
    }

    static func sentence(_ response: Response) -> LocalizedText {
        let count = response.errors.count
        let french = count == 0 ? "" : "\u{202F}; \(count) politique(s) en erreur"
        let english = count == 0 ? "" : "; \(count) policy error(s)"
        if response.decision == .allow {
            return LocalizedText(
                fr: "Verdict\u{202F}: AUTORISÉ\(french).", en: "Verdict: ALLOWED\(english).")
        }
        if response.determiningPolicies.isEmpty {
            return LocalizedText(
                fr: "Verdict\u{202F}: REFUSÉ, aucune politique ne l’autorise\(french).",
                en: "Verdict: DENIED, no policy permits it\(english).")
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: REFUSÉ, une politique l’interdit\(french).",
            en: "Verdict: DENIED, a policy forbids it\(english).")
    }

    static func document(_ response: Response, _ status: ExitStatus) -> JSONNode {
        .object(members(response, status))
    }

    static func members(_ response: Response, _ status: ExitStatus) -> [(String, JSONNode)] {
        [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(true)), ("decision", .string(response.decision.rawValue)),
            ("reason", .array(response.determiningPolicies.map { .string($0) })),
            (
                "errors",
                .array(
                    response.errors.map { failure in
                        .object([
                            ("policy", .string(failure.policyID)),
                            ("code", .string(failure.error.code.rawValue)),
                            ("message", .string(failure.error.message.english)),
                        ])
                    })
            ),
        ]
    }
}
