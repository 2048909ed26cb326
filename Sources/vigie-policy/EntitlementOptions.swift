// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics

/// The options of `who` and `what`: the policies, and what is known of the world.
struct EntitlementOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Les politiques\u{202F}: un ensemble, ou un dossier ou un fichier de politiques.",
            en: "The policies: a policy set, or a folder or file of policies."))
    var policies: String?

    @Option(
        help: ArgumentHelp(
            fr: "Le schéma, s’il n’est pas à côté des politiques.",
            en: "The schema, if it does not lie beside the policies."))
    var schema: String?

    @Option(
        help: ArgumentHelp(
            fr: "Les entités connues, en JSON.",
            en: "The entities that are known, as JSON."))
    var entities: String?

    @Flag(
        help: ArgumentHelp(
            fr: "Il n’y a pas d’autres entités que celles de `--entities`.",
            en: "There are no entities but those of `--entities`."))
    var complete = false

    @Option(
        help: ArgumentHelp(
            fr: "Cette action seule, comme `Action::\"view\"`\u{202F}; plusieurs fois au besoin.",
            en: "Only this action, as in 'Action::\"view\"'; may be repeated."))
    var action: [String] = []

    @Option(
        help: ArgumentHelp(
            fr: "Ce que l’on sait du contexte, en JSON\u{202F}; le reste est laissé ouvert.",
            en: "What is known of the context, as JSON; the rest is left open."))
    var context: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Le jour ou l’instant\u{202F}: celui de l’état du journal, ou le `datetime` du \
                contexte.
                """,
            en: "The day or instant: that of the log's state, or the context's `datetime`."))
    var at: String?

    @Option(
        help: ArgumentHelp(
            fr: "Un journal, dont les entrées disent où en étaient les choses.",
            en: "A log, whose entries say how things stood."))
    var log: String?

    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var key: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (log == nil) == (key == nil) else {
            throw UsageError.together("--log", "--key")
        }
        guard log == nil || at != nil else {
            throw UsageError(fr: "`--log` demande `--at`", en: "`--log` needs `--at`")
        }
        guard log == nil || entities == nil else {
            throw UsageError.exclusive("--log", "--entities")
        }
        guard log != nil || policies != nil else {
            throw UsageError(
                fr: "il manque `--policies`, ou `--log`", en: "`--policies` is needed, or `--log`")
        }
    }

    /// What the questions are asked of.
    struct Setting {
        let input: PolicyInput
        let entitlements: Entitlements
        let actions: [EntityUID]
    }

    /// Reads everything, and checks it against the schema.
    func setting() throws -> Setting {
        let input = try PolicyInput(policies ?? "", schema: schema)
        let schema = input.schema
        let text = try entities.map(DecisionOptions.readText)
        let named = try InputFailure.answering(.badData) {
            let named = try Entities(
                json: text ?? "[]", schema: schema, file: entities ?? "entities")
            try schema.validate(named)
            return named
        }
        let actions = try chosenActions(schema)
        let known = try readContextAt(schema, actions)
        let partial = PartialEntities(known: named, isComplete: complete)
        return Setting(
            input: input,
            entitlements: Entitlements(
                input.policies, schema, partial, context: PartialRecord(known: known, isOpen: true)),
            actions: actions)
    }

    /// The actions asked for, or all.
    func chosenActions(_ schema: Schema) throws -> [EntityUID] {
        let all = schema.requestActions
        guard !action.isEmpty else { return all }
        return try action.map { text in
            let uid = try DecisionOptions.entity(text, of: "--action")
            guard all.contains(uid) else {
                throw UsageError(
                    fr: "le schéma n’a pas d’action `\(text)` qui puisse être demandée",
                    en: "the schema has no action `\(text)` with requests")
            }
            return uid
        }
    }

    /// What is known of the context, as the type of one of the actions reads it.
    func readContext(_ schema: Schema, _ actions: [EntityUID]) throws -> Record {
        let text = try context.map(DecisionOptions.readText) ?? "{}"
        var known = Record.empty
        // The context is read as the type of each action says, and must suit one of them.
        var failure: (any Error)?
        var isRead = actions.isEmpty
        for action in actions {
            do {
                known = try InputFailure.answering(.badData) {
                    let record = try Record(
                        json: text, schema: schema, action: action, file: context ?? "context")
                    try schema.validate(contextPart: record, of: action)
                    return record
                }
                isRead = true
                break
            } catch { failure = failure ?? error }
        }
        if !isRead, let failure { throw failure }
        return known
    }

    /// The same, with the instant asked for.
    private func readContextAt(_ schema: Schema, _ actions: [EntityUID]) throws -> Record {
        let known = try readContext(schema, actions)
        guard let at else { return known }
        let instant = Value.datetime(try ReportOptions.instant(at, of: "--at"))
        let names = Set(actions.flatMap { schema.datetimeAttributes(of: $0) })
        guard names.count == 1, let name = names.first else {
            throw UsageError(
                fr:
                    "`--at` demande un seul `datetime` dans le contexte, qui en a \(names.count)\u{202F}: "
                    + "donnez-le dans `--context`",
                en: "`--at` needs one `datetime` in the context, which has \(names.count): "
                    + "give it in `--context`")
        }
        return Record(
            zip(known.keys, known.values).map { ($0, $1) }.filter { $0.0 != name }
                + [(name, instant)])
    }
}
