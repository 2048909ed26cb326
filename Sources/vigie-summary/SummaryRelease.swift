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
    static let configuration = CommandConfiguration(
        commandName: "compute",
        abstract: "Compute a summary that was asked for, for the DPO to see.")

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions

    @Option(help: "The request, as `vigie summary request` named it.") var request: String

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
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Sign a summary, record its release, and write its pages."
    )

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions
    @OptionGroup var publishing: PublishingOptions

    @Option(help: "The request, as `vigie summary request` named it.") var request: String

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
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Release a summary once more, with the events that came late.",
        discussion: """
            What came late and was counted in a later period already stays there. A correction from \
            which one could tell who came late is refused. Licences and advisers are states, which \
            it leaves out.
            """)

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: SummaryOptions
    @OptionGroup var publishing: PublishingOptions

    @Option(help: "The hash of the release, or its first digits, eight at least.")
    var release: String

    @Option(help: "The reason, as a code: late-events, source-error.")
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
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Record that a summary is refused, with the coded reason.")

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @Option(help: "The request.") var request: String
    @Option(help: "The perimeter of the request.") var perimeter: String
    @Option(help: "The reason, as a code: would-reveal, outside-menu, open-period.")
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
