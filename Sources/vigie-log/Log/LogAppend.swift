// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Appends the events of a JSON Lines file.
struct LogAppend: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "append",
            abstract: LocalizedText(
                fr: "Ajouter des événements, un objet JSON canonique par ligne.",
                en: "Append events, one canonical JSON object a line."),
            discussion: LocalizedText(
                fr: """
                    Chaque ligne est une entrée sans `seq`, `prev` ni `recorded_at`, dans la forme \
                    canonique du format. Une ligne dont `source` et `id` sont déjà au journal est \
                    comptée, et n’ajoute rien. Par défaut rien n’est ajouté si une ligne est \
                    refusée\u{202F}: tout est d’abord contrôlé, donc un fichier est lu deux fois, et \
                    un tube est gardé, jusqu’à 256 Mio. Avec `--each`, l’entrée est ajoutée comme elle \
                    vient.
                    """,
                en: """
                    Each line is an entry without `seq`, `prev` and `recorded_at`, in the canonical \
                    form of the format. A line whose `source` and `id` are in the log already is \
                    counted, and appends nothing. By default nothing is appended if one line is \
                    refused: the whole input is checked first, so a file is read twice, and a pipe is \
                    kept, up to 256 MiB. With `--each` the input is appended as it comes.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier des événements\u{202F}; l’entrée standard par défaut.",
            en: "The file of events; standard input by default."))
    var file: String?

    @Flag(
        exclusivity: .exclusive,
        help: ArgumentHelp(
            fr: """
                Ajouter toutes les lignes ou aucune\u{202F}; ou chacune de celles qui sont bonnes.
                """,
            en: "Append all lines or none; or each line that is good."))
    var mode: Mode = .atomic

    @Flag(
        help: ArgumentHelp(
            fr: "Contrôler les lignes, sans ouvrir ni changer le journal.",
            en: "Check the lines, and neither open nor change the log."))
    var dryRun = false

    /// What happens to good lines where others are refused.
    enum Mode: String, EnumerableFlag {
        case atomic, each
    }

    /// What became of the lines.
    private struct Tally {
        var accepted = 0
        var refusals = Refusals()
        var appended = 0
        var repeated = 0
        var lastLeafHash: SHA256Digest?
    }

    func perform(on console: Console) throws -> Verdict {
        var tally = Tally()
        if dryRun {
            // Nothing but reading: a log that another process writes is left alone.
            _ = try LogOptions.folder(writer.log)
            var lines = try LineReader(file, readsTwice: false)
            try check(&lines, &tally, on: console)
            return try conclude(tally, size: nil, on: console)
        }
        let appender = try writer.open(on: console)
        var lines = try LineReader(file, readsTwice: mode == .atomic)
        if mode == .atomic {
            try check(&lines, &tally, on: console)
            guard tally.refusals.count == 0 else {
                return try conclude(tally, size: appender.size, on: console)
            }
            lines.rewind()
        }
        try append(&lines, to: appender, &tally, on: console)
        return try conclude(tally, size: appender.size, on: console)
    }

    /// Reads the lines to their end, and says what is wrong with each that is refused.
    private func check(
        _ lines: inout LineReader, _ tally: inout Tally, on console: Console
    ) throws {
        while case let batch = try lines.next(), !batch.isEmpty {
            tally.accepted += submissions(of: batch, &tally, on: console).count
        }
    }

    /// Appends piece by piece, so that memory does not grow with the input.
    private func append(
        _ lines: inout LineReader, to appender: LogAppender, _ tally: inout Tally,
        on console: Console
    ) throws {
        tally.accepted = 0
        while case let batch = try lines.next(), !batch.isEmpty {
            let good = submissions(of: batch, &tally, on: console)
            if mode == .atomic, tally.refusals.count > 0 {
                throw CommandError(code: .inputChanged, place: .file(file ?? "stdin"))
            }
            let answers = try appender.append(good)
            tally.accepted += good.count
            tally.repeated += answers.count(where: \.isRepetition)
            tally.lastLeafHash = answers.last?.leafHash ?? tally.lastLeafHash
        }
        tally.appended = tally.accepted - tally.repeated
        try appender.sign()
    }

    private func submissions(
        of lines: [LineReader.Line], _ tally: inout Tally, on console: Console
    ) -> [Submission] {
        var good: [Submission] = []
        good.reserveCapacity(lines.count)
        for line in lines {
            do throws(EntryError) {
                good.append(try Submission(line.bytes))
            } catch {
                let place = Place.text(
                    file: file ?? "stdin", line: line.number, column: error.byteOffset + 1)
                tally.refusals.add(error.diagnostic(at: place), on: console)
            }
        }
        return good
    }

    private func conclude(
        _ tally: Tally, size: UInt64?, on console: Console
    ) throws -> Verdict {
        let status: ExitStatus = tally.refusals.count == 0 ? .complete : .badData
        if console.format == .json {
            var members: [(String, JSONNode)] = [
                ("dry_run", .boolean(dryRun)),
                ("accepted", .integer(Int64(tally.accepted))),
                ("appended", .integer(Int64(tally.appended))),
                ("repeated", .integer(Int64(tally.repeated))),
                ("refused", .integer(Int64(tally.refusals.count))),
                ("errors", tally.refusals.node(in: console.language)),
            ]
            if let size { members.append(("size", .integer(Int64(clamping: size)))) }
            if let last = tally.lastLeafHash {
                members.append(("last_leaf_hash", .string(last.hex)))
            }
            try console.write(document: members, status: status)
        }
        return Verdict(status: status, sentence: sentence(tally, size: size))
    }

    private func sentence(_ tally: Tally, size: UInt64?) -> LocalizedText {
        guard let size else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: lignes acceptables\u{202F}: \(tally.accepted), lignes \
                    refusées\u{202F}: \(tally.refusals.count)\u{202F}; rien n’est ajouté.
                    """,
                en: """
                    Verdict: lines that can be appended: \(tally.accepted), lines refused: \
                    \(tally.refusals.count); nothing is appended.
                    """)
        }
        return LocalizedText(
            fr: """
                Verdict\u{202F}: entrées ajoutées\u{202F}: \(tally.appended), déjà connues\u{202F}: \
                \(tally.repeated), lignes refusées\u{202F}: \(tally.refusals.count). \
                Taille\u{202F}: \(size).
                """,
            en: """
                Verdict: entries appended: \(tally.appended), known already: \(tally.repeated), \
                lines refused: \(tally.refusals.count). Size: \(size).
                """)
    }
}
