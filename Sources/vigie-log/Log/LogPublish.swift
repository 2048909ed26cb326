// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Mirrors a log to a folder for readers.
struct LogPublish: Verb {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Mirror a log to a folder that any file server may serve.",
        discussion: """
            The folder becomes a C2SP `tlog-tiles` prefix. Only what it lacks is copied, and the \
            checkpoint last, so that no reader sees a head without its tiles. What was purged from \
            the log goes from the mirror too. A mirror that holds another log is left as it is.
            """)

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "The folder of the log.")
    var log: String

    @Argument(help: "The folder of the mirror.")
    var destination: String

    func perform(on console: Console) throws -> Verdict {
        let outcome = try LogPublisher(from: log, to: destination).publish()
        let size = outcome.head.treeSize
        if console.format == .json {
            let document = JSONNode.object([
                ("schema_version", .integer(1)), ("exit_code", .integer(0)),
                ("complete", .boolean(true)), ("size", .integer(Int64(clamping: size))),
                ("written", .integer(Int64(outcome.writtenCount))),
                ("removed", .integer(Int64(outcome.removedCount))),
            ])
            try console.write(document.rendered())
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: miroir à \(size) entrées\u{202F}; fichiers écrits\u{202F}: \
                    \(outcome.writtenCount), retirés\u{202F}: \(outcome.removedCount).
                    """,
                en: """
                    Verdict: mirror at \(size) entries; files written: \(outcome.writtenCount), \
                    removed: \(outcome.removedCount).
                    """))
    }
}
