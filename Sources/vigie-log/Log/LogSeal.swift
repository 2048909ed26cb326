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

    func perform(on console: Console) throws -> Verdict {
        let size = try writer.open(on: console).seal()
        if console.format == .json {
            try console.write(document: [("size", .integer(Int64(clamping: size)))])
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(size) entrées signées, point de contrôle gardé.",
                en: "Verdict: \(size) entries signed, checkpoint kept."))
    }
}
