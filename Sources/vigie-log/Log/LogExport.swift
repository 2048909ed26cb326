// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import TransparencyLog

/// Writes a log's entries as JSON Lines, once they are verified.
struct LogExport: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: LocalizedText(
                fr: "Écrire les entrées en JSON Lines, vérifiées d’abord.",
                en: "Write the entries as JSON Lines, verified first."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions

    @OptionGroup var reading: ReadingOptions

    @Option(
        help: ArgumentHelp(
            fr: "La première entrée.",
            en: "The first entry."))
    var first: UInt64 = 0

    func perform(on console: Console) throws -> Verdict {
        try reading.check(options.log, on: console)
        let verification = try options.verify(on: console)
        guard let log = verification.log else {
            verification.report.violations.prefix(20).forEach { console.diagnose($0.diagnostic) }
            return Verdict(
                status: .integrityFailure,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: journal altéré, rien n’est exporté.",
                    en: "Verdict: the log was altered, nothing is exported."),
                outputIsData: true)
        }
        return try export(log, on: console)
    }

    private func export(_ log: VerifiedLog, on console: Console) throws -> Verdict {
        var lines: [UInt8] = []
        let range = min(first, log.treeSize)..<log.treeSize
        // The entry first: nothing leaves the log without a trace.
        try reading.reader.recordExport(
            range, of: options.log, signingKey: reading.signingKey, on: console)
        try log.replay(range) { entry in
            lines += entry.bytes.bytes
            lines.append(0x0A)
            guard lines.count > 1 << 20 else { return }
            try console.write(lines)
            lines.removeAll(keepingCapacity: true)
        }
        try console.write(lines)
        let count = range.count
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(count) entrées exportées.",
                en: "Verdict: \(count) entries exported."),
            outputIsData: true)
    }
}
