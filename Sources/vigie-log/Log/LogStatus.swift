// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Says how a log stands, as its files say it: nothing is verified.
struct LogStatus: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status",
            abstract: LocalizedText(
                fr: "Dire le nom, la taille et la tête d’un journal, sans rien vérifier.",
                en: "Say a log's name, size and head, unverified."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    var log: String

    func perform(on console: Console) throws -> Verdict {
        let reader = LogReader(log)
        let bytes = try reader.withFile(.checkpoint) { span in
            unsafe span.withUnsafeBytes { unsafe Array($0) }
        }
        guard let bytes else { throw CommandError(code: .notALog, place: .file(log)) }
        let head: Checkpoint
        do {
            head = try CheckpointNote(parsing: bytes).checkpoint
        } catch {
            throw PlacedError(error, .file(log + "/checkpoint"))
        }
        if console.format == .json {
            try console.write(document: [
                ("origin", .string(head.origin)),
                ("size", .integer(Int64(clamping: head.treeSize))),
                ("root", .string(head.rootHash.hex)),
            ])
        } else {
            let text = LocalizedText(
                fr: """
                    journal\u{202F}: \(head.origin)
                    entrées\u{202F}: \(head.treeSize)
                    racine\u{202F}: \(head.rootHash.hex)

                    """,
                en: """
                    log: \(head.origin)
                    entries: \(head.treeSize)
                    root: \(head.rootHash.hex)

                    """)
            try console.write(text[console.language])
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: lu, non vérifié\u{202F}; lancez `vigie verify`.",
                en: "Verdict: read, not verified; run `vigie verify`."))
    }
}
