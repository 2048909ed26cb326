// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Reporting
import TransparencyLog

/// Says whether a log was altered since it was signed, and nothing about who was permitted what.
struct Verify: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: LocalizedText(
                fr: """
                    Vérifier l’intégrité d’un journal\u{202F}: chaîne, arbre, tuiles, points de \
                    contrôle, signatures.
                    """,
                en: "Verify a log's integrity: chain, tree, tiles, checkpoints, signatures."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions

    @Option(
        help: ArgumentHelp(
            fr: """
                Un fichier tlog-policy\u{202F}: les témoins qui doivent avoir cosigné le journal.
                """,
            en: "A tlog-policy file: the witnesses that must have cosigned the log."),
        completion: .file())
    var policy: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Les racines d’autorités d’horodatage, en PEM\u{202F}: le journal doit porter leurs \
                horodatages.
                """,
            en: """
                The roots of time-stamping authorities, in PEM: the log must bear their stamps.
                """),
        completion: .file())
    var tsaRoots: String?

    @Option(
        help: ArgumentHelp(
            fr: "Le nombre de fils d’exécution\u{202F}; tous les cœurs par défaut.",
            en: "The number of threads; all cores by default."))
    var workers: Int?

    func validate() throws {
        guard (workers ?? 1) >= 1, (workers ?? 1) <= 1_024 else {
            throw UsageError(
                fr: "`--workers` demande un nombre de 1 à 1024",
                en: "`--workers` takes a number from 1 to 1024")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let report = try options.check(demands: demands(), workers: workers, on: console)
        let status = Self.status(of: report)
        if console.format == .json {
            try console.write(
                VerificationDocument(report, log: options.log, exitCode: status.rawValue).json)
        } else {
            let page = VerificationPage(report, log: options.log)
            try console.write(page.text(in: console.language))
        }
        return Verdict(status: status, sentence: VerificationSentence.verdict(report))
    }

    private func demands() throws -> VerificationDemands {
        var demands = VerificationDemands()
        if let policy { demands.policy = try PolicyFile.read(policy) }
        if let tsaRoots {
            demands.anchors = AnchorDemands(
                roots: try RootsFile.read(tsaRoots), now: WriterOptions.clock())
        }
        return demands
    }

    /// How a verification ends: altered wins over unreadable, and that over a source's gap.
    static func status(of report: VerificationReport) -> ExitStatus {
        if report.violations.contains(where: { $0.code != .unreadableFile }) {
            return .integrityFailure
        }
        guard report.isIntact, report.entryCount > 0 else { return .incomplete }
        if let witnesses = report.witnesses, !witnesses.head.isQuorum { return .incomplete }
        return report.sourceFindingCount + report.findingCount == 0 ? .complete : .findings
    }
}
