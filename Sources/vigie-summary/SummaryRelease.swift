// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import LogStorage
import SummaryPages
import TransparencyLog

/// Computes a summary and records that it did, without releasing anything.
struct SummaryCompute: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "compute",
            abstract: LocalizedText(
                fr: "Calculer une synthèse demandée, pour que le DPO la voie.",
                en: "Compute a summary that was asked for, for the DPO to see."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions

    @Option(
        help: ArgumentHelp(
            fr: "La demande, telle que `vigie summary request` l’a nommée.",
            en: "The request, as `vigie summary request` named it."))
    var request: String

    func perform(on console: Console) throws -> Verdict {
        let bench = try SummaryWorkbench(options, request: request, on: console)
        let document = bench.document
        let appender = try options.writer.open(on: console)
        var draft = EventDraft("summary.compute")
        draft[.perimeter] = .text(document.perimeter.text)
        draft[.tableSpec] = .text(
            "\(document.period.text) \(bench.request.tables.joined(separator: ","))")
        draft[.thresholds] = .texts(document.rules.texts)
        draft[.reference] = .text(document.request)
        try appender.record(draft)
        _ = try appender.sign()
        try console.write(document.json)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr:
                    "Verdict\u{202F}: synthèse calculée, cases masquées\u{202F}: \(document.maskedCount).",
                en: "Verdict: summary computed, cells masked: \(document.maskedCount)."),
            outputIsData: true)
    }
}

/// Releases a summary: computed anew, signed, recorded, and written for its readers.
struct SummaryRelease: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "release",
            abstract: LocalizedText(
                fr: "Signer une synthèse, consigner sa diffusion, écrire ses pages.",
                en: "Sign a summary, record its release, and write its pages.")
        )
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions
    @OptionGroup var publishing: PublishingOptions

    @Option(
        help: ArgumentHelp(
            fr: "La demande, telle que `vigie summary request` l’a nommée.",
            en: "The request, as `vigie summary request` named it."))
    var request: String

    func perform(on console: Console) throws -> Verdict {
        let bench = try SummaryWorkbench(options, request: request, on: console)
        let hash = try publishing.publish(bench, "summary.release", options, on: console)
        let masked = bench.document.maskedCount
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: synthèse diffusée, cases masquées\u{202F}: \(masked)\u{202F}; \
                    empreinte \(hash.hex).
                    """,
                en: "Verdict: summary released, cells masked: \(masked); hash \(hash.hex)."))
    }
}

/// Corrects a release by what came late, under the same test as every release.
struct SummaryCorrect: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "correct",
            abstract: LocalizedText(
                fr: "Diffuser une synthèse une fois de plus, avec les événements venus tard.",
                en: "Release a summary once more, with the events that came late."),
            discussion: LocalizedText(
                fr: """
                    Ce qui est venu tard et a déjà été compté dans une période suivante y reste. Une \
                    correction d’où l’on tirerait qui est venu tard est refusée. Licences et \
                    conseillers sont des états, qu’elle laisse de côté.
                    """,
                en: """
                    What came late and was counted in a later period already stays there. A correction \
                    from which one could tell who came late is refused. Licences and advisers are \
                    states, which it leaves out.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions
    @OptionGroup var publishing: PublishingOptions

    @Option(
        help: ArgumentHelp(
            fr: "L’empreinte de la diffusion, ou ses premiers chiffres, huit au moins.",
            en: "The hash of the release, or its first digits, eight at least."))
    var release: String

    @Option(
        help: ArgumentHelp(
            fr: "Le motif, un code\u{202F}: late-events, source-error.",
            en: "The reason, as a code: late-events, source-error."))
    var reason: String

    func perform(on console: Console) throws -> Verdict {
        let correction = CorrectionRequest(release: release, reason: reason)
        let bench = try SummaryWorkbench(
            options, request: nil, correcting: correction, on: console)
        let hash = try publishing.publish(bench, "summary.correct", options, on: console)
        let masked = bench.document.maskedCount
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: correction diffusée, cases masquées\u{202F}: \(masked)\u{202F}; \
                    empreinte \(hash.hex).
                    """,
                en: "Verdict: correction released, cells masked: \(masked); hash \(hash.hex)."))
    }
}

/// Records that a summary is not released, and why.
struct SummaryRefuse: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "refuse",
            abstract: LocalizedText(
                fr: "Consigner qu’une synthèse est refusée, avec le motif codé.",
                en: "Record that a summary is refused, with the coded reason."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @Option(
        help: ArgumentHelp(
            fr: "La demande.",
            en: "The request."))
    var request: String
    @Option(
        help: ArgumentHelp(
            fr: "Le périmètre de la demande.",
            en: "The perimeter of the request."))
    var perimeter: String
    @Option(
        help: ArgumentHelp(
            fr: "Le motif, un code\u{202F}: would-reveal, outside-menu, open-period.",
            en: "The reason, as a code: would-reveal, outside-menu, open-period."))
    var reason: String

    func perform(on console: Console) throws -> Verdict {
        let appender = try writer.open(on: console)
        var draft = EventDraft("summary.refuse")
        draft[.perimeter] = .text(try Perimeter(parsing: perimeter).text)
        draft[.reasonCode] = .text(reason)
        draft[.reference] = .text(request)
        try appender.record(draft)
        _ = try appender.sign()
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: refus de \(request) enregistré.",
                en: "Verdict: refusal of \(request) recorded."))
    }
}
