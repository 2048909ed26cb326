// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// Says what one policy set decides otherwise than another, for all requests there can be.
struct PolicyCompare: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "compare",
            abstract: LocalizedText(
                fr: """
                    Comparer deux ensembles de politiques\u{202F}: ce qui devient permis, ce qui \
                    devient refusé.
                    """,
                en: "Compare two policy sets: what becomes allowed, what becomes denied."),
            discussion: LocalizedText(
                fr: """
                    0\u{202F}: les deux décident de même de toute demande, et c’est prouvé. 1\u{202F}: \
                    ils diffèrent, et chaque différence a une demande qui la montre. 4\u{202F}: des \
                    sortes de demandes sont restées indécises.
                    """,
                en: """
                    0: both decide every request alike, which was proven. 1: they differ, and each \
                    difference has a request that shows it. 4: some kinds of request stayed undecided.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: """
                Les politiques d’avant\u{202F}: un ensemble, ou un dossier ou un fichier de \
                politiques.
                """,
            en: "The policies that were: a policy set, or a folder or file of policies."))
    var old: String

    @Argument(
        help: ArgumentHelp(
            fr: "Les politiques qui viennent.",
            en: "The policies that come."))
    var new: String

    @Option(
        help: ArgumentHelp(
            fr: "Le schéma, s’il n’est pas à côté des politiques.",
            en: "The schema, if it does not lie beside the policies."))
    var schema: String?

    @Option(
        help: ArgumentHelp(
            fr: "Combien de pas une recherche peut faire avant de renoncer.",
            en: "How many steps one search may take before it gives up."))
    var steps = 20_000

    func validate() throws {
        guard steps > 0 else {
            throw UsageError(fr: "`--steps` doit dépasser 0", en: "`--steps` must be above 0")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let before = try PolicyInput(old, schema: schema)
        let after = try PolicyInput(new, schema: schema)
        let report = ComparisonReport(before, after, stepMax: steps)
        let status: ExitStatus =
            !report.isComplete ? .incomplete : report.isEqual ? .complete : .findings
        if console.format == .json {
            try console.write(JSONNode.object(JSONNode.head(status) + report.members).rendered())
        } else {
            let page = ComparisonPage(
                report: report, names: PolicyNames(language: console.language))
            try console.write(VisibleText(page.text, keepsLineFeeds: true).text)
        }
        return Verdict(status: status, sentence: report.sentence)
    }
}

/// The comparison of two policy sets, each with its schema.
struct ComparisonReport {
    /// A comparison under one schema.
    struct Part {
        let schema: Schema
        /// Whether the schema is the old set's, the new set's, or both.
        let isOld: Bool
        let isNew: Bool
        /// Nil if one of the sets is not valid under the schema.
        let comparison: PolicyComparison?
    }

    let old: PolicySet
    let new: PolicySet
    let parts: [Part]

    /// Compares under each schema: a request must conform to one of them, and a set that is not
    /// valid under a schema cannot be analysed there.
    init(_ before: PolicyInput, _ after: PolicyInput, stepMax: Int) {
        (old, new) = (before.policies, after.policies)
        let isOneSchema = before.schema == after.schema
        func part(_ schema: Schema, isOld: Bool, isNew: Bool) -> Part {
            let isValid =
                before.faults(under: schema).isEmpty && after.faults(under: schema).isEmpty
            return Part(
                schema: schema, isOld: isOld, isNew: isNew,
                comparison: isValid
                    ? PolicyComparison(before.policies, after.policies, schema, stepMax: stepMax)
                    : nil)
        }
        parts =
            isOneSchema
            ? [part(after.schema, isOld: true, isNew: true)]
            : [
                part(before.schema, isOld: true, isNew: false),
                part(after.schema, isOld: false, isNew: true),
            ]
    }

    var differences: [PolicyComparison.Difference] {
        parts.flatMap { $0.comparison?.differences ?? [] }
    }

    var isEqual: Bool { parts.allSatisfy { $0.comparison?.isEqual == true } }

    /// Whether every kind of request was gone through, under every schema.
    var isComplete: Bool { parts.allSatisfy { $0.comparison?.undecided.isEmpty == true } }

    var sentence: LocalizedText {
        let allowed = differences.count { $0.change == .allowed }
        let denied = differences.count - allowed
        if isEqual {
            return LocalizedText(
                fr: "Verdict\u{202F}: les deux jeux décident toute demande de même (prouvé).",
                en: "Verdict: both sets decide every request alike (proven).")
        }
        let french =
            "\(denied) source(s) de refus nouveaux, \(allowed) d’autorisations nouvelles"
        let english = "\(denied) source(s) of new denials, \(allowed) of new permissions"
        if isComplete {
            return LocalizedText(
                fr: "Verdict\u{202F}: les deux jeux diffèrent\u{202F}: \(french).",
                en: "Verdict: the sets differ: \(english).")
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: comparaison incomplète\u{202F}: \(french)\u{202F}; "
                + "le reste n’est pas décidé.",
            en: "Verdict: comparison incomplete: \(english); the rest is not decided.")
    }

    /// The document's own members.
    var members: [(String, JSONNode)] {
        let undecided = parts.flatMap { $0.comparison?.undecided ?? [] }
        return [
            ("equal", .boolean(isEqual)),
            ("schemas", .array(parts.map(Self.node))),
            ("differences", .array(differences.map(Self.node))),
            (
                "undecided",
                .array(
                    undecided.map { open in
                        .object([
                            ("change", .string(open.change.rawValue)),
                            ("request", JSONNode(open.types)),
                            ("why", .string(open.reason.rawValue)),
                        ])
                    })
            ),
        ]
    }

    private static func node(_ part: Part) -> JSONNode {
        .object([
            ("of_old", .boolean(part.isOld)), ("of_new", .boolean(part.isNew)),
            ("compared", .boolean(part.comparison != nil)),
            ("request_kinds", .integer(Int64(part.comparison?.requestKindCount ?? 0))),
        ])
    }

    private static func node(_ difference: PolicyComparison.Difference) -> JSONNode {
        .object([
            ("change", .string(difference.change.rawValue)),
            ("policy", .string(difference.policyID)),
            ("policy_of", .string(difference.isNew ? "new" : "old")),
            (
                "cases",
                .array(
                    difference.cases.map { found in
                        .object([
                            ("kind", JSONNode(found.types)),
                            ("request", JSONNode(found.example.request.json)),
                            ("entities", JSONNode(found.example.entities.json)),
                            ("before", JSONNode(found.before)),
                            ("after", JSONNode(found.after)),
                        ])
                    })
            ),
        ])
    }
}
