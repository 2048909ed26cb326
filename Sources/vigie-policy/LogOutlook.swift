// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Auditing
import Cedar
import CedarAnalysis
import Conduct
import Cryptography
import Diagnostics
import Glibc
import Reporting
import TransparencyLog

/// The question `who` or `what`, asked of a log as of a moment.
struct LogOutlook {
    let input: PolicyInput
    let folder: PolicySetFolder
    let outlook: AccessOutlook
    let actions: [EntityUID]
    let instant: Int64
    /// What the asker supposes of the access: its purpose, its categories.
    let supposed: Record

    /// Verifies the log, and reads its state; nil, with the damage published, if it is not intact.
    static func open(
        _ options: EntitlementOptions, on console: Console
    ) throws -> (outlook: LogOutlook?, damage: Verdict?) {
        guard let path = options.log, let key = options.key, let at = options.at else {
            return (nil, nil)
        }
        let instant = try ReportOptions.instant(at, of: "--at")
        try options.reading.check(path, on: console)
        let (log, damage) = try LogUnderAudit.open(path, key, on: console)
        guard let log else { return (nil, damage) }
        if let hidden = log.entries.hidden, instant < hidden.stateBefore {
            return (nil, purgedState(hidden.stateBefore))
        }
        let view = AsOf(Moment(time: instant, index: .max))
        guard let sets = try policies(options, path, log, view) else {
            return (nil, unknownPolicy)
        }
        let chosen = try actions(options, sets.input.schema)
        let supposed = try options.readContext(sets.input.schema, chosen)
        let told = try AccessOutlook(log, view, under: sets.folder)
        if let name = supposed.keys.first(where: told.tells) {
            throw UsageError(
                fr: "`--context` donne `\(name)`, que le journal dit lui-même",
                en: "`--context` gives `\(name)`, which the log itself tells")
        }
        try options.reading.record(0..<log.entries.treeSize, of: path, on: console)
        let outlook = LogOutlook(
            input: sets.input, folder: sets.folder, outlook: told, actions: chosen,
            instant: instant, supposed: supposed)
        return (outlook, nil)
    }

    private static let unknownPolicy = Verdict(
        status: .incomplete,
        sentence: LocalizedText(
            fr:
                "Verdict\u{202F}: aucune politique connue n’était en vigueur à cet instant\u{202F}: "
                + "rien n’est répondu.",
            en: "Verdict: no known policy was in force at that moment: nothing is answered."))

    /// What held at an earlier moment than that was purged.
    private static func purgedState(_ since: Int64) -> Verdict {
        guard since < .max else {
            return Verdict(
                status: .incomplete,
                sentence: LocalizedText(
                    fr: """
                        Verdict\u{202F}: une purge n’a pas laissé ce qui était en vigueur\u{202F}: rien \
                        n’est répondu.
                        """,
                    en: "Verdict: a purge did not leave what was in force: nothing is answered."))
        }
        let date = since.writtenInstant
        return Verdict(
            status: .incomplete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: ce qui valait à cet instant a été purgé\u{202F}: rien n’est répondu \
                    d’avant le \(date.french).
                    """,
                en: """
                    Verdict: what held at that moment was purged: nothing is answered of before \
                    \(date.english).
                    """))
    }

    /// The policies given, else the log's own copy of those in force.
    private static func policies(
        _ options: EntitlementOptions, _ log: String, _ under: LogUnderAudit, _ view: AsOf
    ) throws -> (input: PolicyInput, folder: PolicySetFolder)? {
        if let path = options.policies {
            let input = try PolicyInput(path, schema: options.schema)
            guard let folder = input.folder else {
                throw CommandError(
                    code: .badPolicies, place: .file(path), fact: "policy-set.yaml")
            }
            return (input, folder)
        }
        guard let activation = under.registry.policy(view) else { return nil }
        let path = "\(log)/policies/\(activation.hash.hex)"
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let input = try PolicyInput(path, schema: nil)
        guard let folder = input.folder, folder.version == activation.hash else { return nil }
        return (input, folder)
    }

    /// The actions asked for, else those that touch a person's data.
    private static func actions(
        _ options: EntitlementOptions, _ schema: Schema
    ) throws -> [EntityUID] {
        let chosen = try options.chosenActions(schema)
        return options.action.isEmpty
            ? chosen.filter { AccessOutlook.isAccessToPerson($0.id) } : chosen
    }

    /// The pseudonym that an option gives, alone or as an entity of the policies.
    static func pseudonym(_ text: String, of type: String) -> String {
        // What is no entity is a pseudonym.
        guard let uid = try? EntityUID(parsing: text), uid.type.utf8.elementsEqual(type.utf8)
        else { return text }
        return uid.id
    }

    /// Whether the log tells something of a person before the moment.
    func knows(person: String) -> Bool {
        outlook.persons.contains { $0.utf8.elementsEqual(person.utf8) }
    }

    /// Each actor that the log knows, for one person.
    func actors(for person: String) -> [Entitlements.Answer] {
        outlook.actors.flatMap { actor in
            actions.compactMap { answer(actor, person, $0) }
        }
    }

    /// Each person that the log knows, for one actor.
    func persons(for actor: AccessOutlook.Actor) -> [Entitlements.Answer] {
        outlook.persons.flatMap { person in
            actions.compactMap { answer(actor, person, $0) }
        }
    }

    private func answer(
        _ actor: AccessOutlook.Actor, _ person: String, _ action: EntityUID
    ) -> Entitlements.Answer? {
        guard let told = outlook.known(actor, person, action.id) else { return nil }
        // What the log tells of this access stands: a portfolio explains it, whatever is supposed.
        let added = zip(supposed.keys, supposed.values).filter { told[$0.0] == nil }
        let known = Record(zip(told.keys, told.values).map { ($0, $1) } + added.map { ($0, $1) })
        let entitlements = Entitlements(
            input.policies, input.schema,
            PartialEntities(known: folder.entities, isComplete: true),
            context: PartialRecord(known: known, isOpen: true))
        return entitlements.answer(
            .known(EntityUID(type: "Agent", id: actor.pid)), action,
            .known(EntityUID(type: "Person", id: person)))
    }

    /// What the answers take for granted, for people.
    var premises: LocalizedText {
        let date = instant.writtenInstant
        return LocalizedText(
            fr: """
                État du journal au \(date.french), politique «\u{A0}\(folder.title.french)\u{A0}» \
                version \(folder.label).
                Rôle et région de chaque agent\u{202F}: ceux de sa dernière entrée. L’accès est supposé \
                inscrit comme il se doit\u{202F}: version en vigueur, licence de l’agent, sans \
                identifiant direct.

                """,
            en: """
                State of the log on \(date.english), policies “\(folder.title.english)” version \
                \(folder.label).
                Role and region of each agent: those of their last entry. The access is taken to be \
                recorded as it should be: version in force, the agent's licence, no direct identifier.

                """)
    }

    /// The same for programs.
    var members: [(String, JSONNode)] {
        [
            ("as_of", .integer(instant)), ("policy_version", .string(folder.version.hex)),
            ("actors_named", .boolean(outlook.namesActors)),
            ("premises", JSONNode(premises)),
        ]
    }
}

extension LogUnderAudit {
    /// Verifies a log; where it is not intact, publishes the damage and gives the verdict.
    static func open(
        _ path: String, _ key: String, on console: Console
    ) throws -> (log: LogUnderAudit?, damage: Verdict?) {
        let options = try LogOptions.parse(["--key", key, "--", path])
        let (verification, log) = try options.verifyForAudit(on: console)
        guard log == nil else { return (log, nil) }
        let damage = Damage(verification)
        let status: ExitStatus = damage.isUnreadableOnly ? .incomplete : .integrityFailure
        let report = Report(
            log: path, origin: verification.head?.origin ?? "", damage: damage,
            exitCode: Int(status.rawValue))
        try console.publish(report, ReportOptions.parse([]))
        return (nil, Verdict(status: status, sentence: report.verdict))
    }
}

extension Int64 {
    /// The instant on the clocks of Paris, to the minute.
    fileprivate var writtenInstant: LocalizedText {
        let paris = ParisTime(milliseconds: self)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = paris.millisecondOfDay / 60_000
        let clock = "\(two(minutes / 60)):\(two(minutes % 60))"
        let date = paris.date
        return LocalizedText(
            fr: "\(two(date.day))/\(two(date.month))/\(date.year) à \(clock) (Paris)",
            en: "\(date.year)-\(two(date.month))-\(two(date.day)) at \(clock) (Paris)")
    }
}
