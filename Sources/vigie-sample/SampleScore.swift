// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Sampling

/// Compares the findings of an audit with an answer key.
struct SampleScore: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "score",
            abstract: LocalizedText(
                fr: "Montrer précision et rappel par règle\u{202F}; code 1 si l’un est sous 1.",
                en: "Print precision and recall per rule; exit 1 when one is below 1."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Ce que `vigie audit --format json` a écrit.",
            en: "What `vigie audit --format json` wrote."))
    var audit: String

    @Argument(
        help: ArgumentHelp(
            fr: "Le corrigé.",
            en: "The answer key."))
    var key: String

    func perform(on console: Console) throws -> Verdict {
        try ScoreTable(audit: audit, key: key).verdict(on: console)
    }
}

/// Makes six months of 500 advisers, audits them, and scores the audit.
struct SampleAccuracy: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "accuracy",
            abstract: LocalizedText(
                fr: "Créer, auditer et noter\u{202F}; code 1 si précision ou rappel est sous 1.",
                en: "Generate, audit and score; exit 1 when precision or recall is below 1."))
    }

    @OptionGroup var conduct: ConductOptions

    @OptionGroup var shape: ShapeOptions

    @Option(
        help: ArgumentHelp(
            fr: "Un dossier pour le journal, qui est ensuite retiré.",
            en: "A folder for the log, which is removed afterwards."))
    var out = "out/accuracy"

    func perform(on console: Console) throws -> Verdict {
        let folder = SampleFolder(out)
        try writing { try folder.remove() }
        var generate = SampleGenerate()
        (generate.conduct, generate.shape, generate.out) = (conduct, shape, out)
        let made = try generate.perform(on: console)
        console.say(made.sentence)
        let report = out + "/audit.json"
        try RecordedAudit(story: folder, policies: shape.policies).run(["-f", "json"], to: report)
        let verdict = try ScoreTable(audit: report, key: out + "/answer-key.json")
            .verdict(on: console)
        try writing { try folder.remove() }
        return verdict
    }
}

/// The table of precision and recall per rule.
struct ScoreTable {
    /// What `vigie audit --format json` wrote.
    let audit: String
    /// The answer key.
    let key: String

    /// Prints the table, and says whether the audit found all and nothing else.
    func verdict(on console: Console) throws -> Verdict {
        let scores = AccuracyScore.scores(
            claims: try reading(audit) { try ClaimReader.claims($0) },
            key: try reading(key) { try ClaimReader.key($0) })
        let widths = [6, 12, 12, 12, 12, 12]
        let header =
            console.language == .french
            ? ["règle", "précision", "rappel", "trouvés", "manqués", "en trop", "pièges"]
            : ["rule", "precision", "recall", "found", "missed", "unexpected", "near misses"]
        try console.write(Self.row(header, widths))
        for score in scores {
            try console.write(
                Self.row(
                    [
                        score.rule, Self.decimal(score.precision), Self.decimal(score.recall),
                        "\(score.found)", Self.list(score.missed), Self.list(score.unexpected),
                        "\(score.nearMisses)",
                    ], widths))
        }
        let isPerfect = scores.allSatisfy { $0.missed.isEmpty && $0.unexpected.isEmpty }
        let total = scores.reduce(0) { $0 + $1.found }
        return Verdict(
            status: isPerfect && total > 0 ? .complete : .findings,
            sentence: isPerfect
                ? LocalizedText(
                    fr: "Verdict\u{202F}: précision et rappel de 1 sur \(scores.count) règles",
                    en: "Verdict: precision and recall are 1 for \(scores.count) rules")
                : LocalizedText(
                    fr: "Verdict\u{202F}: l’audit s’écarte du corrigé",
                    en: "Verdict: the audit departs from the answer key"))
    }

    /// Reads a file, and names it where it does not hold what is expected.
    private func reading<Result>(
        _ path: String, _ read: ([UInt8]) throws -> Result
    ) throws -> Result {
        let bytes = try TextFile.read(path, byteCountMax: 1 << 30)
        do {
            return try read(bytes)
        } catch is ClaimReader.Failure {
            throw CommandError(code: .notAReport, place: .file(path))
        }
    }

    private static func row(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths + [0]) {
            line += cell + String(repeating: " ", count: max(1, width - cell.count))
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    /// A share with three digits, rounded down, so that 1.000 means all.
    private static func decimal(_ share: Double) -> String {
        let thousandths = Int(share * 1000)
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)."
            + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func list(_ indices: [UInt64]) -> String {
        guard !indices.isEmpty else { return "0" }
        let shown = indices.prefix(3).map { "#\($0)" }.joined(separator: " ")
        return "\(indices.count) (\(shown)\(indices.count > 3 ? " …" : ""))"
    }
}
