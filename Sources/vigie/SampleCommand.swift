// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cryptography
import Diagnostics
import Glibc
import Sampling

/// The verbs about sample logs.
struct SampleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Make sample logs, and score an audit against one.",
        subcommands: [SampleGenerate.self, SampleStories.self, SampleScore.self])
}

/// Makes a log of months, with an answer key.
struct SampleGenerate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a realistic log with planted violations and an answer key.")

    @OptionGroup var conduct: ConductOptions

    @Option(help: "What every draw starts from.")
    var seed: UInt64 = 1

    @Option(help: "Licence holders.")
    var advisers = 500

    @Option(help: "Months of the pilot, 1 to 12.")
    var months = 6

    @Option(help: "The policy set in force in the log.")
    var policies = "policies/pilote-linkedin"

    @Option(help: "The folder to write, which must not exist.")
    var out: String

    func validate() throws {
        guard (1...12).contains(months), (1...100_000).contains(advisers) else {
            throw ValidationError("--months is 1 to 12, --advisers 1 to 100000")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let archive = try FolderReader.policyArchive(policies)
        let folder = SampleFolder(out)
        guard !folder.contains("log") else {
            throw CommandError(code: .cannotCreate, place: .file(out), fact: "EEXIST")
        }
        var generator = SampleGenerator(
            SampleShape(
                seed: seed, advisers: advisers, months: months,
                policyVersion: archive.version.hex))
        var count: UInt64 = 0
        try writing {
            count = try SampleLogWriter(folder, name: "semestre", policies: [archive])
                .write(&generator)
            try folder.write(generator.answerKey.json, to: "answer-key.json")
            try folder.write(Self.readMe(seed, count), to: "README.md")
        }
        let planted = generator.answerKey.items.count
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "\(count) entrées, \(planted) cas au corrigé\u{202F}: \(out)",
                en: "\(count) entries, \(planted) cases in the answer key: \(out)"))
    }

    private static func readMe(_ seed: UInt64, _ count: UInt64) -> String {
        """
        # Journal d’exemple

        \(count) entrées simulées (graine \(seed)). Les dates, les personnes, les employeurs et les \
        références sont inventés. `answer-key.json` dit ce que l’audit doit trouver, et ce qu’il ne doit \
        pas trouver. La clé privée est connue de tous et ne protège rien.

        # Sample log

        \(count) simulated entries (seed \(seed)). Dates, persons, employers and references are \
        invented. `answer-key.json` says what the audit must find, and what it must not. The private \
        key is known to all and protects nothing.

        """
    }
}

/// Remakes the stories of `audit-samples/`.
struct SampleStories: Verb {
    static let configuration = CommandConfiguration(
        commandName: "stories", abstract: "Remake the small logs of audit-samples.")

    @OptionGroup var conduct: ConductOptions

    @Option(help: "The policy set in force in the logs.")
    var policies = "policies/pilote-linkedin"

    @Option(help: "The folder that has one folder for each story.")
    var out = "audit-samples"

    func perform(on console: Console) throws -> Verdict {
        let archive = try FolderReader.policyArchive(policies)
        for story in SampleStory.all {
            try writing {
                try story.write(to: SampleFolder(out).folder(story.name), policies: archive)
            }
            try console.write("\(story.name)\n")
        }
        let count = SampleStory.all.count
        return Verdict(
            status: .complete,
            sentence: LocalizedText(fr: "\(count) journaux refaits", en: "\(count) logs remade"))
    }
}

/// Says of a file that could not be written which one it is.
private func writing(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as SampleFolderError {
        throw SystemFailure.writing(error.path, error.systemError)
    }
}

/// Compares the findings of an audit with an answer key.
struct SampleScore: Verb {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Print precision and recall per rule; exit 1 when one is below 1.")

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "What `vigie audit --format json` wrote.")
    var audit: String

    @Argument(help: "The answer key.")
    var key: String

    func perform(on console: Console) throws -> Verdict {
        let scores = AccuracyScore.scores(
            claims: try ClaimReader.claims(TextFile.read(audit, byteCountMax: 1 << 30)),
            key: try ClaimReader.key(TextFile.read(key)))
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
