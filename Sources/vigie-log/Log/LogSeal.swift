// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Signs the log as it stands, and keeps that checkpoint.
struct LogSeal: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "seal",
            abstract: LocalizedText(
                fr: "Signer le journal tel qu’il est, et garder ce point de contrôle.",
                en: "Sign the log as it stands, and keep that checkpoint."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @OptionGroup var trial: TrialOptions

    func perform(on console: Console) throws -> Verdict {
        let found = trial.dryRun ? try writer.outlook(on: console) : nil
        // The head that is sealed is itself recorded, by an entry.
        let size = try found.map { $0.openedSize + 1 } ?? writer.open(on: console).seal()
        if console.format == .json {
            try console.write(
                document: [trial.member, ("size", .integer(Int64(clamping: size)))]
                    + (found?.members ?? []))
        }
        return Verdict(status: .complete, sentence: sentence(size))
    }

    private func sentence(_ size: UInt64) -> LocalizedText {
        guard !trial.dryRun else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: \(size) entrées seraient signées, et ce point de contrôle \
                    gardé. Rien n’a changé.
                    """,
                en: """
                    Verdict: \(size) entries would be signed, and that checkpoint kept. Nothing was \
                    changed.
                    """)
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: \(size) entrées signées, point de contrôle gardé.",
            en: "Verdict: \(size) entries signed, checkpoint kept.")
    }
}
