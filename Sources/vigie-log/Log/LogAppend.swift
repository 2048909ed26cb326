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
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Append events, one canonical JSON object a line.",
        discussion: """
            Each line is an entry without `seq`, `prev` and `recorded_at`, in the canonical form of \
            the format. A line whose `source` and `id` are in the log already is counted, and \
            appends nothing. By default nothing is appended if one line is refused.
            """)

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Option(help: "The file of events; standard input by default.")
    var file: String?

    @Flag(
        exclusivity: .exclusive,
        help: ArgumentHelp("Append all lines or none; or each line that is good."))
    var mode: Mode = .atomic

    @Flag(help: "Check the lines, and append nothing.")
    var dryRun = false

    /// What happens to good lines where others are refused.
    enum Mode: String, EnumerableFlag {
        case atomic, each
    }

    func perform(on console: Console) throws -> Verdict {
        let name = file ?? "/dev/stdin"
        let lines = try TextFile.read(name, byteCountMax: 1 << 31)
        var (accepted, refused): ([Submission], Int) = ([], 0)
        let scanner = Submission.scanner
        for (number, line) in lines.split(separator: 0x0A).enumerated() {
            do throws(EntryError) {
                accepted.append(try Submission(Array(line), scanner: scanner))
            } catch {
                refused += 1
                console.diagnose(
                    error.diagnostic(
                        at: .text(
                            file: file ?? "stdin", line: number + 1, column: error.byteOffset + 1)))
            }
        }
        let isHeldBack = dryRun || (refused > 0 && mode == .atomic)
        let appender = try writer.open(on: console)
        let answers = isHeldBack ? [] : try append(accepted, to: appender)
        return try conclude(answers, refused: refused, size: appender.size, on: console)
    }

    /// Appends in batches, so that a long file is not one write.
    private func append(
        _ submissions: [Submission], to appender: LogAppender
    ) throws -> [Acknowledgement] {
        var answers: [Acknowledgement] = []
        var rest = submissions[...]
        while !rest.isEmpty {
            answers += try appender.append(Array(rest.prefix(4_096)))
            rest = rest.dropFirst(4_096)
        }
        try appender.sign()
        return answers
    }

    private func conclude(
        _ answers: [Acknowledgement], refused: Int, size: UInt64, on console: Console
    ) throws -> Verdict {
        let repeated = answers.filter(\.isRepetition).count
        let appended = answers.count - repeated
        let status: ExitStatus = refused == 0 ? .complete : .badData
        if console.format == .json {
            var members: [(String, JSONNode)] = [
                ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
                ("complete", .boolean(refused == 0)), ("appended", .integer(Int64(appended))),
                ("repeated", .integer(Int64(repeated))), ("refused", .integer(Int64(refused))),
                ("size", .integer(Int64(clamping: size))),
            ]
            if let last = answers.last {
                members.append(("last_leaf_hash", .string(last.leafHash.hex)))
            }
            try console.write(JSONNode.object(members).rendered())
        }
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: entrées ajoutées\u{202F}: \(appended), déjà connues\u{202F}: \
                    \(repeated), lignes refusées\u{202F}: \(refused). Taille\u{202F}: \(size).
                    """,
                en: """
                    Verdict: entries appended: \(appended), known already: \(repeated), lines \
                    refused: \(refused). Size: \(size).
                    """))
    }
}
