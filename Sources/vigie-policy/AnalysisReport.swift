// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// What can be said of policies without any request, for people and for programs.
struct AnalysisReport {
    let policies: PolicySet
    let analysis: PolicyAnalysis

    init(_ input: PolicyInput) {
        policies = input.policies
        analysis = PolicyAnalysis(input.policies, input.schema)
    }

    var status: ExitStatus {
        if !analysis.undecided.isEmpty { return .incomplete }
        return analysis.findings.isEmpty ? .complete : .findings
    }

    var sentence: LocalizedText {
        let (found, open) = (analysis.findings.count, analysis.undecided.count)
        let french = open == 0 ? "" : "\u{202F}; \(open) question(s) non décidée(s)"
        let english = open == 0 ? "" : "; \(open) question(s) not decided"
        guard found > 0 else {
            return LocalizedText(
                fr: "Verdict\u{202F}: politiques valides, aucune trouvée sans effet\(french).",
                en:
                    "Verdict: the policies are valid, none was found to be without effect\(english)."
            )
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: politiques valides, \(found) sans effet\(french).",
            en: "Verdict: the policies are valid, \(found) without effect\(english).")
    }

    /// The findings and what stayed open, a line each.
    func text(in language: Language) -> String {
        let names = PolicyNames(language: language)
        var text = ""
        for finding in analysis.findings {
            text += line(finding.policyID, names) + words(finding, names) + "\n"
        }
        for open in analysis.undecided {
            let question =
                switch open.kind {
                case .neverApplies: names.say("peut-elle s’appliquer", "can it ever apply")
                case .cancelled:
                    names.say(
                        "une interdiction l’annule-t-elle toujours",
                        "does a forbid always cancel it")
                case .covered:
                    names.say(
                        "d’autres la couvrent-elles toujours", "do others always cover it")
                }
            let ask = names.say("\(question)\u{202F}? non décidé", "\(question)? not decided")
            text += line(open.policyID, names) + "\(ask) (\(names.reason(open.reason)))\n"
        }
        return text
    }

    private func line(_ id: PolicyID, _ names: PolicyNames) -> String {
        guard let policy = policies.policy(id) else { return id }
        return "\(names.place(policy))\(names.colon) \(names.effect(policy.effect)) "
            + "\(names.name(policy))\(names.colon) "
    }

    private func words(_ finding: PolicyAnalysis.Finding, _ names: PolicyNames) -> String {
        let others = finding.others.joined(separator: ", ")
        return switch finding.kind {
        case .neverApplies:
            names.say(
                "ne peut s’appliquer à aucune demande", "can apply to no request")
        case .cancelled:
            names.say(
                "n’autorise rien\u{202F}: chaque fois qu’elle s’applique, \(others) interdit",
                "permits nothing: whenever it applies, \(others) forbids")
        case .covered:
            names.say(
                "n’ajoute rien\u{202F}: chaque fois qu’elle s’applique, \(others) s’applique aussi",
                "adds nothing: whenever it applies, so does \(others)")
        }
    }

    /// The document's own members.
    var members: [(String, JSONNode)] {
        [
            (
                "findings",
                .array(
                    analysis.findings.map { finding in
                        .object([
                            ("policy", .string(finding.policyID)),
                            ("kind", .string(finding.kind.rawValue)),
                            ("by", .array(finding.others.map { .string($0) })),
                        ])
                    })
            ),
            (
                "undecided",
                .array(
                    analysis.undecided.map { open in
                        .object([
                            ("policy", .string(open.policyID)),
                            ("kind", .string(open.kind.rawValue)),
                            ("why", .string(open.reason.rawValue)),
                        ])
                    })
            ),
        ]
    }
}
