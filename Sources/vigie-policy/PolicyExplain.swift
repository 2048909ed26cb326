// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// Explains the decision of one request.
struct PolicyExplain: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "explain",
            abstract: LocalizedText(
                fr: """
                    Expliquer une décision\u{202F}: ce qui a décidé, les valeurs vues, ce qui la \
                    changerait.
                    """,
                en: "Explain one decision: what decided, the values it saw, what would change it."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var decision: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        let question = try decision.question()
        let authorizer = Authorizer(question.policies)
        let response = authorizer.isAuthorized(question.request, question.entities)
        let isDenied = response.decision == .deny
        let explained = authorizer.explain(question.request, question.entities)
        // What lacks a permit is told by what each permit lacked; the parts are for experts.
        let parts =
            console.isVerbose ? explained : explained.filter { $0.outcome != .notSatisfied }
        let gaps = isDenied ? Self.gaps(question) : []
        let change =
            isDenied ? authorizer.smallestChange(question.request, question.entities) : nil
        let status: ExitStatus = isDenied ? .findings : .complete
        if console.format == .json {
            let members = PolicyAuthorize.members(response, status)
            try console.write(
                JSONNode.object(
                    members + [
                        ("policies", .array(explained.map { JSONNode($0, question.policies) })),
                        ("nearest_permits", .array(gaps.map { JSONNode($0) })),
                        ("smallest_change", change.map { JSONNode($0) } ?? .null),
                    ]
                ).rendered())
        } else {
            let page = DecisionPage(
                question: question, language: console.language, isVerbose: console.isVerbose)
            let text = page.text(parts, isDenied, gaps, change)
            try console.write(VisibleText(text, keepsLineFeeds: true).text)
        }
        return Verdict(status: status, sentence: PolicyAuthorize.sentence(response))
    }

    /// What each permit lacked, the nearest first; nothing if one applies.
    private static func gaps(_ question: DecisionOptions.Question) -> [PermitGap] {
        let gaps = PermitGap.all(
            question.policies, question.request, question.entities, question.words)
        let permits = question.policies.policies.count { $0.effect == .permit }
        return gaps.count == permits ? gaps : []
    }
}

extension JSONNode {
    fileprivate init(_ part: PolicyExplanation, _ policies: PolicySet) {
        let outcome =
            switch part.outcome {
            case .satisfied: "satisfied"
            case .notSatisfied: "not_satisfied"
            case .failed: "error"
            }
        let source = policies.policy(part.policyID)?.source
        self = .object([
            ("policy", .string(part.policyID)), ("effect", .string(part.effect.rawValue)),
            ("outcome", .string(outcome)),
            (
                "clauses",
                .array(
                    part.clauses.map { clause in
                        let place = source?.position(of: clause.span.lower)
                        return .object([
                            ("text", .string(clause.text)), ("holds", .boolean(clause.holds)),
                            ("value", clause.value.map { .boolean($0) } ?? .null),
                            ("file", .string(source?.file ?? "")),
                            ("line", .integer(Int64(place?.line ?? 0))),
                            ("column", .integer(Int64(place?.column ?? 0))),
                            ("values", .array(clause.observations.map { JSONNode($0) })),
                        ])
                    })
            ),
        ])
    }

    private init(_ observation: PolicyExplanation.Observation) {
        self = .object([
            ("text", .string(observation.text)),
            ("value", observation.value.map { .string($0.cedarText) } ?? .null),
        ])
    }

    fileprivate init(_ gap: PermitGap) {
        self = .object([
            ("policy", .string(gap.policyID)), ("lacking_count", .integer(Int64(gap.size))),
            ("lacking", JSONNode(gap.lacking)),
        ])
    }

    fileprivate init(_ change: Counterfactual) {
        self = .object([
            ("permit", .string(change.permitID)),
            (
                "changes",
                .array(
                    change.changes.map {
                        .object([
                            ("fr", .string($0.words.french)), ("en", .string($0.words.english)),
                        ])
                    })
            ),
        ])
    }
}
