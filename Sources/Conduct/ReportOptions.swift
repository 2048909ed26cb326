// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import AuditEvents
public import Auditing
import Diagnostics
public import Reporting
import TransparencyLog

/// The least severity that makes a run exit 1.
public enum FailThreshold: String, CaseIterable, ExpressibleByArgument, Sendable {
    case low, medium, high, critical, never

    /// Whether a finding makes the run exit 1.
    public func covers(_ severity: Finding.Severity) -> Bool {
        guard let least = Finding.Severity(rawValue: rawValue) else { return false }
        return severity >= least
    }
}

/// A file that a report goes to, and its form: `html=out/audit.html`.
public struct ReportDestination: ExpressibleByArgument, Sendable {
    /// The form of a report: for people, or for other programs.
    public enum Form: Sendable {
        /// One that standard output takes too.
        case page(OutputFormat)
        /// One for other programs.
        case exchange(ExchangeFormat)

        init?(_ name: String) {
            if let format = OutputFormat(rawValue: name) {
                self = .page(format)
            } else if let format = ExchangeFormat(rawValue: name) {
                self = .exchange(format)
            } else {
                return nil
            }
        }
    }

    /// The form of the report.
    public let form: Form
    /// The path of the file.
    public let path: String

    /// Reads `FORMAT=PATH`; nothing if it is not of that form.
    public init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let form = Form(String(parts[0])),
            !parts[1].isEmpty
        else { return nil }
        self.form = form
        path = String(parts[1])
    }
}

/// The options of a verb that makes a report.
public struct ReportOptions: ParsableArguments {
    /// The files that the report also goes to.
    @Option(
        help: ArgumentHelp(
            fr: """
                Écrire aussi le rapport dans un fichier, FORME=CHEMIN, plusieurs fois au \
                besoin\u{202F}: table, plain, json, html, csv, junit, sarif, ocsf, prometheus.
                """,
            en: """
                Also write the report to a file, FORMAT=PATH, several times if need be: table, \
                plain, json, html, csv, junit, sarif, ocsf, prometheus.
                """))
    public var report: [ReportDestination] = []

    /// The least severity that makes the run exit 1.
    @Option(
        help: ArgumentHelp(
            fr: "Code 1 à partir de cette gravité\u{202F}: low, medium, high, critical ou never.",
            en: "Exit 1 from this severity on: low, medium, high, critical or never."))
    public var failOn: FailThreshold = .low

    /// The first day or instant, if one was given.
    @Option(
        help: ArgumentHelp(
            fr: "Rapporter à partir de ce jour ou de cet instant.",
            en: "Report from this day or instant on."))
    public var since: String?

    /// The day or instant that ends the period, if one was given.
    @Option(
        help: ArgumentHelp(
            fr: "Rapporter ce qui précède ce jour ou cet instant.",
            en: "Report what is before this day or instant."))
    public var until: String?

    /// Makes the options; the parser fills them.
    public init() {}

    /// Whether a form was asked for that tells of every access.
    public var tellsOfEntries: Bool {
        report.contains {
            if case .exchange(.ocsf) = $0.form { true } else { false }
        }
    }

    /// The period that was asked for, in milliseconds since 1970: the end is outside.
    public func period() throws -> Range<Int64> {
        let lower = try since.map { try Self.instant($0, of: "--since") } ?? .min
        let upper = try until.map { try Self.instant($0, of: "--until") } ?? .max
        guard lower <= upper else {
            throw CommandError(code: .badInstant, place: .option("--until"), fact: until ?? "")
        }
        return lower..<upper
    }

    /// Midnight in Paris of a day, or the instant of a time stamp.
    ///
    /// - Throws: ``CommandError/Code/badInstant``, at the option that it is given in.
    package static func instant(_ text: String, of option: String) throws -> Int64 {
        if let instant = Timestamp.parse(text) { return instant }
        guard let midnight = Timestamp.parse("\(text)T00:00:00.000Z") else {
            throw CommandError(code: .badInstant, place: .option(option), fact: text)
        }
        let day = CivilDate(daysSinceEpoch: Int(midnight / 86_400_000))
        return ParisTime.milliseconds(day, millisecondOfDay: 0)
    }
}

extension Console {
    /// Writes a report to the output, and to every file that was asked for.
    public func publish(_ report: Report, _ options: ReportOptions) throws {
        for destination in options.report {
            try TextFile.write(to: destination.path) { sink in
                switch destination.form {
                case .page(let format): try sink(text(of: report, format, isFile: true))
                case .exchange(let format): try report.write(format, in: language, to: sink)
                }
            }
        }
        try write(text(of: report, format, isFile: false))
    }

    private func text(of report: Report, _ format: OutputFormat, isFile: Bool) -> String {
        switch format {
        case .table:
            let table = report.table(in: language, width: width, color: usesColor && !isFile)
            return isFile ? table + report.verdict[language] + "\n" : table
        case .plain:
            let text = report.plain(in: language)
            return isFile ? text + report.verdict[language] + "\n" : text
        case .json: return report.json()
        case .html: return report.html(in: language)
        }
    }
}
