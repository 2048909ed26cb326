// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Importing
import LogStorage
import Reporting
import TransparencyLog

/// Holds a log against a vendor's export: what one of the two did not see.
struct LogReconcile: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reconcile",
            abstract: LocalizedText(
                fr: "Comparer un journal avec l’export d’usage ou de sièges du fournisseur.",
                en: "Compare a log with the vendor's export of usage or of seats."),
            discussion: LocalizedText(
                fr: """
                    Une carte dit ce que signifient les colonnes (`docs/import.md`). Si elle a `day` \
                    et `counts`, on compare ce qui a été fait avec chaque siège chaque jour\u{202F}; \
                    sinon, les sièges facturés avec les licences accordées (règle X04). Seules les \
                    différences sont montrées, et jamais combien de fois un siège a servi.
                    """,
                en: """
                    A map says what the columns mean (`docs/import.md`). With `day` and `counts` in \
                    it, what was done with each seat on each day is compared; without them, the seats \
                    that are billed with the licences that are granted (rule X04). Only differences \
                    are printed, and never how often a seat was used.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var reading: ReadingOptions

    @Option(
        help: ArgumentHelp(
            fr: "L’export du fournisseur, en CSV.",
            en: "The vendor's export, in CSV."), completion: .file())
    var export: String

    @Option(
        help: ArgumentHelp(
            fr: "La carte de ses colonnes, en YAML.",
            en: "The map of its columns, in YAML."), completion: .file())
    var map: String

    @Option(
        help: ArgumentHelp(
            fr: """
                Pour une liste de sièges\u{202F}: le moment dont elle est\u{202F}; maintenant par \
                défaut.
                """,
            en: "For a list of seats: the moment that it is of; now by default."))
    var on: String?

    func perform(on console: Console) throws -> Verdict {
        try reading.check(options.log, on: console)
        let vendor = try readExport()
        var refusals = Refusals()
        for fault in vendor.faults { refusals.add(fault.diagnostic(in: export), on: console) }
        guard refusals.count == 0 else {
            if console.format == .json { try write([], refusals, .badData, console) }
            return Verdict(
                status: .badData,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: export illisible en partie, rien n’est comparé.",
                    en: "Verdict: the export is unreadable in part, nothing is compared."))
        }
        let until = try on.map { text in
            guard let instant = Instant.parse(text) else {
                throw CommandError(code: .badInstant, place: .option("--on"), fact: text)
            }
            return instant
        }
        let verification = try options.verify(on: console)
        guard let log = verification.log else {
            let violation = verification.report.violations.first
            throw violation.map { DamagedLog(diagnostic: $0.diagnostic) }
                ?? DamagedLog(diagnostic: CommandError(code: .notALog).diagnostic)
        }
        guard !vendor.isEmpty else { return try concludeEmpty(console) }
        var ledger = SeatLedger(vendor, until: until ?? WriterOptions.clock())
        try log.replay { entry in ledger.add(entry) }
        try reading.record(0..<log.treeSize, of: options.log, on: console)
        let found = ledger.differences(isPurged: !verification.report.purged.isEmpty)
        return try conclude(found.spots, isComplete: found.isComplete, console)
    }

    private func readExport() throws -> SeatExport {
        let bytes = try TextFile.read(map, byteCountMax: 1 << 20)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ImportMapError(.notYAML, .file(map))
        }
        let parsed = try SeatMap(parsing: text, file: map)
        return SeatExport(try TextFile.read(export), map: parsed)
    }

    /// An export without rows is no proof that nothing differs.
    private func concludeEmpty(_ console: Console) throws -> Verdict {
        if console.format == .json { try write([], Refusals(), .incomplete, console) }
        return Verdict(
            status: .incomplete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: l’export ne contient aucune ligne, rien n’est comparé.",
                en: "Verdict: the export holds no row, nothing is compared."))
    }

    private func write(
        _ spots: [BlindSpot], _ refusals: Refusals, _ status: ExitStatus, _ console: Console
    ) throws {
        try console.write(
            document: [
                ("findings", .array(spots.map(Self.node))),
                ("errors", refusals.node(in: console.language)),
            ], status: status)
    }

    private func conclude(
        _ spots: [BlindSpot], isComplete: Bool, _ console: Console
    ) throws -> Verdict {
        let status: ExitStatus =
            !isComplete ? .incomplete : spots.isEmpty ? .complete : .findings
        if console.format == .json {
            try write(spots, Refusals(), status, console)
        } else {
            for spot in spots {
                try console.write(spot.diagnostic.rendered(in: console.language) + "\n")
            }
        }
        let rest = LocalizedText(
            fr: isComplete ? "" : " Des jours sont purgés, et n’ont pas été comparés.",
            en: isComplete ? "" : " Some days are purged, and were not compared.")
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: écarts\u{202F}: \(spots.count).\(rest.french)",
                en: "Verdict: differences: \(spots.count).\(rest.english)"))
    }

    private static func node(_ spot: BlindSpot) -> JSONNode {
        var members: [(String, JSONNode)] = [
            ("code", .string(spot.kind.rawValue)), ("fingerprint", .string(spot.fingerprint)),
            ("seat", .string(spot.seat)),
        ]
        if let day = spot.day { members.append(("day", .string(day))) }
        if let type = spot.type { members.append(("type", .string(type))) }
        if let difference = spot.difference { members.append(("difference", .integer(difference))) }
        members.append(("message_fr", .string(spot.diagnostic.message.french)))
        members.append(("message_en", .string(spot.diagnostic.message.english)))
        return .object(members)
    }
}
