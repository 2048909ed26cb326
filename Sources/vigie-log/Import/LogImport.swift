// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Importing
import LogStorage
import Reporting
import TransparencyLog

/// Takes the records of another program's export into a log.
struct LogImport: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import",
            abstract: LocalizedText(
                fr: "Ajouter les enregistrements exportés par un autre programme.",
                en: "Append the records of another program's export."),
            discussion: LocalizedText(
                fr: """
                    Une carte dit ce que signifie chaque champ de l’export (`docs/import.md`)\u{202F}; \
                    les personnes n’entrent que sous pseudonyme, par la table de `--pseudonyms`. Les \
                    entrées portent `evidence: imported`. Par défaut rien n’est ajouté si un \
                    enregistrement est refusé\u{202F}; avec `--each`, les autres le sont. Ce que le \
                    journal contient déjà est compté, et n’ajoute rien. `--dry-run` montre ce qui \
                    serait ajouté, et n’ouvre le journal qu’en lecture.
                    """,
                en: """
                    A map says what each field of the export means (`docs/import.md`); persons enter \
                    as pseudonyms only, by the table of `--pseudonyms`. Entries are marked `evidence: \
                    imported`. By default nothing is appended if one record is refused; with `--each` \
                    the others are. What the log holds already is counted, and appends nothing. \
                    `--dry-run` prints what would be appended, and opens the log for reading alone.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le format\u{202F}: syslog, cef, csv, ocsf ou jsonl.",
            en: "The format: syslog, cef, csv, ocsf or jsonl."))
    var from: Format

    @Option(
        help: ArgumentHelp(
            fr: "L’export.",
            en: "The export."), completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(
            fr: "La carte de ses champs, en YAML\u{202F}; `jsonl` n’en a pas besoin.",
            en: "The map of its fields, in YAML; `jsonl` needs none."), completion: .file())
    var map: String?

    @Option(
        help: ArgumentHelp(
            fr: "La table des pseudonymes\u{202F}: identifiant, tabulation, pseudonyme.",
            en: "The table of pseudonyms: identifier, tabulator, pseudonym."), completion: .file())
    var pseudonyms: String?

    @Flag(
        exclusivity: .exclusive,
        help: ArgumentHelp(
            fr: """
                Ajouter tous les enregistrements ou aucun\u{202F}; ou chacun de ceux qui sont \
                bons.
                """,
            en: "Append all records or none; or each record that is good."))
    var mode: LogAppend.Mode = .atomic

    @Flag(
        help: ArgumentHelp(
            fr: "Montrer ce qui serait ajouté, et ne rien changer.",
            en: "Print what would be appended, and change nothing."))
    var dryRun = false

    /// The formats by their names.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case syslog, cef, csv, ocsf, jsonl

        var foreign: ForeignFormat {
            switch self {
            case .syslog: .syslog
            case .cef: .cef
            case .csv: .csv
            case .ocsf: .ocsf
            case .jsonl: .jsonl
            }
        }
    }

    /// What became of the records.
    private struct Tally {
        var accepted = 0
        var skipped = 0
        var appended = 0
        var repeated = 0
        var refusals = Refusals()
        var conflicts = Refusals()
        /// What would be appended, as it would be submitted.
        var lines: [[UInt8]] = []

        /// Whether there was no record in the export: an import of nothing is not a pass.
        var isEmpty: Bool { accepted + refusals.count + skipped == 0 }
    }

    func perform(on console: Console) throws -> Verdict {
        let outcome = try importer().read(TextFile.read(file))
        var tally = Tally()
        for fault in outcome.faults { tally.refusals.add(fault.diagnostic(in: file), on: console) }
        let events = admit(outcome.events, &tally, console)
        (tally.accepted, tally.skipped) = (events.count, outcome.skippedCount)
        guard !outcome.isEmpty, mode == .each || tally.refusals.count == 0 else {
            return try conclude(tally, console)
        }
        let key = try writer.verificationKey(on: console)
        if dryRun {
            let known = try KnownSources(
                LogReader(try LogOptions.folder(writer.log)), key, events)
            try findConflicts(events, known, &tally, console)
            tally.lines = known.numbered(events).map(\.1)
            return try conclude(tally, console)
        }
        let appender = try writer.open(on: console)
        // What is not covered by the head yet would not be read.
        try appender.sign()
        let known = try KnownSources(LogReader(writer.log), key, events)
        try findConflicts(events, known, &tally, console)
        let submissions = try known.numbered(events).map { event, bytes in
            do throws(EntryError) {
                return try Submission(bytes)
            } catch {
                throw PlacedError(error, .text(file: file, line: event.line, column: 1))
            }
        }
        var rest = submissions[...]
        while !rest.isEmpty {
            let answers = try appender.append(Array(rest.prefix(4_096)))
            tally.appended += answers.count { !$0.isRepetition }
            rest = rest.dropFirst(4_096)
        }
        tally.repeated = events.count - tally.appended - tally.conflicts.count
        try appender.sign()
        return try conclude(tally, console)
    }

    /// The events that the log would take; of each other it is said why not.
    ///
    /// What only the log itself may say stands in no export, and one such record is no reason to
    /// leave out the others.
    private func admit(
        _ events: [ImportedEvent], _ tally: inout Tally, _ console: Console
    ) -> [ImportedEvent] {
        events.filter { event in
            do throws(EntryError) {
                _ = try Submission(event.rendered(sequence: 1))
                return true
            } catch {
                let place = Place.text(file: file, line: event.line, column: 1)
                tally.refusals.add(PlacedError(error, place).diagnostic, on: console)
                return false
            }
        }
    }

    /// Says which events the log does not hold, though it holds their identifiers.
    private func findConflicts(
        _ events: [ImportedEvent], _ known: KnownSources, _ tally: inout Tally, _ console: Console
    ) throws {
        for event in try known.conflicts(events) {
            let fault = ImportFault(.otherContent, line: event.line)
            tally.conflicts.add(fault.diagnostic(in: file), on: console)
        }
    }

    private func importer() throws -> Importer {
        let map = try map.map { path in
            let bytes = try TextFile.read(path, byteCountMax: 1 << 20)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ImportMapError(.notYAML, .file(path))
            }
            return try ImportMap(parsing: text, file: path)
        }
        let table = try pseudonyms.map { path in
            try PseudonymTable(parsing: TextFile.read(path), file: path)
        }
        return try Importer(from.foreign, map: map, pseudonyms: table ?? PseudonymTable())
    }

    private func conclude(_ tally: Tally, _ console: Console) throws -> Verdict {
        let status: ExitStatus =
            tally.refusals.count > 0
            ? .badData : tally.isEmpty || tally.conflicts.count > 0 ? .incomplete : .complete
        if console.format == .json {
            try console.write(document: members(tally, console.language), status: status)
        } else {
            // A form of their own, which `log append` reads.
            try console.write(Array(tally.lines.map { $0 + [0x0A] }.joined()))
        }
        let isOnlyChecked = dryRun || mode == .atomic && tally.refusals.count > 0
        let sentence = isOnlyChecked ? Self.checked(tally) : Self.done(tally)
        return Verdict(
            status: status, sentence: tally.isEmpty ? Self.nothing : sentence,
            outputIsData: dryRun)
    }

    private func members(_ tally: Tally, _ language: Language) -> [(String, JSONNode)] {
        var members: [(String, JSONNode)] = [
            ("dry_run", .boolean(dryRun)),
            ("accepted", .integer(Int64(tally.accepted))),
            ("appended", .integer(Int64(tally.appended))),
            ("repeated", .integer(Int64(tally.repeated))),
            ("conflicting", .integer(Int64(tally.conflicts.count))),
            ("refused", .integer(Int64(tally.refusals.count))),
            ("skipped", .integer(Int64(tally.skipped))),
            ("errors", tally.refusals.node(in: language)),
            ("conflicts", tally.conflicts.node(in: language)),
        ]
        if dryRun {
            // Texts, since an event is only taken byte by byte as it stands here.
            let lines = tally.lines.map { JSONNode.string(String(decoding: $0, as: UTF8.self)) }
            members.append(("events", .array(lines)))
        }
        return members
    }

    private static var nothing: LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: l’export ne contient aucun enregistrement, rien n’est ajouté.
                """,
            en: "Verdict: the export holds no record, nothing is appended.")
    }

    private static func checked(_ tally: Tally) -> LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: événements acceptables\u{202F}: \(tally.accepted), \
                enregistrements refusés\u{202F}: \(tally.refusals.count), écartés par la table\u{202F}: \
                \(tally.skipped)\(conflicts(tally).french)\u{202F}; rien n’est ajouté.
                """,
            en: """
                Verdict: events that can be appended: \(tally.accepted), records refused: \
                \(tally.refusals.count), left out by the map: \(tally.skipped)\(conflicts(tally).english); \
                nothing is appended.
                """)
    }

    /// What is said of known identifiers with another content, where there are any.
    private static func conflicts(_ tally: Tally) -> LocalizedText {
        guard tally.conflicts.count > 0 else { return LocalizedText(fr: "", en: "") }
        return LocalizedText(
            fr: ", connus avec un autre contenu\u{202F}: \(tally.conflicts.count)",
            en: ", known with another content: \(tally.conflicts.count)")
    }

    private static func done(_ tally: Tally) -> LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: entrées ajoutées\u{202F}: \(tally.appended), déjà connues\u{202F}: \
                \(tally.repeated), enregistrements refusés\u{202F}: \(tally.refusals.count), écartés par la \
                table\u{202F}: \(tally.skipped)\(conflicts(tally).french).
                """,
            en: """
                Verdict: entries appended: \(tally.appended), known already: \(tally.repeated), \
                records refused: \(tally.refusals.count), left out by the map: \
                \(tally.skipped)\(conflicts(tally).english).
                """)
    }
}
