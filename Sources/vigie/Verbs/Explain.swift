// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import Reporting
import TransparencyLog

/// Says one access in plain words.
struct Explain: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: LocalizedText(
                fr: """
                    Dire une entrée en mots simples\u{202F}: ce que répondent les politiques, et \
                    pourquoi.
                    """,
                en: "Say one entry in plain words: what the policies answer, and why."),
            discussion: LocalizedText(
                fr: "Rien n’est expliqué sur un journal qui n’est pas intègre.",
                en: "Nothing is explained on a log that is not intact."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions

    @Argument(
        help: ArgumentHelp(
            fr: "L’index de l’entrée, à partir de 0.",
            en: "The index of the entry, from 0."))
    var index: UInt64

    @OptionGroup var policies: PolicyOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var proofs: ProofOptions

    func perform(on console: Console) throws -> Verdict {
        try reading.check(options.log, on: console)
        let auditor = try policies.auditor(for: options.log, on: console)
        let (verification, log) = try options.verifyForAudit(on: console)
        guard let log else {
            let damage = Damage(verification)
            let status: ExitStatus = damage.isUnreadableOnly ? .incomplete : .integrityFailure
            let report = Report(
                log: options.log, origin: verification.head?.origin ?? "",
                damage: damage, exitCode: Int(status.rawValue))
            try console.publish(report, ReportOptions.parse([]))
            return Verdict(status: status, sentence: report.verdict)
        }
        let workers = LogOptions.processorCount
        guard let explanation = try auditor.explain(log, index: index, workers: workers) else {
            let isPurged = log.entries.purged.contains { $0.entries.contains(index) }
            throw CommandError(
                code: isPurged ? .purgedEntry : .noSuchEntry, place: .file(options.log),
                fact: String(index))
        }
        try reading.record(index..<index + 1, of: options.log, on: console)
        try proofs.write(explanation.findings + explanation.related, of: options.log)
        let page = ExplanationPage(explanation)
        let status: ExitStatus = explanation.findings.isEmpty ? .complete : .findings
        if console.format == .json {
            try console.write(page.json(exitCode: Int(status.rawValue)))
        } else {
            try console.write(page.text(in: console.language, width: console.width))
        }
        return Verdict(status: status, sentence: page.verdict)
    }
}
