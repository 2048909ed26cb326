// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Glibc
import Sampling

/// What a made log is to be.
struct ShapeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Ce dont part tout tirage.",
            en: "What every draw starts from."))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            fr: "Les titulaires de licence.",
            en: "Licence holders."))
    var advisers = 500

    @Option(
        help: ArgumentHelp(
            fr: "Les mois du pilote, de 1 à 12.",
            en: "Months of the pilot, 1 to 12."))
    var months = 6

    @Option(
        help: ArgumentHelp(
            fr: "L’ensemble de politiques en vigueur dans le journal.",
            en: "The policy set in force in the log."))
    var policies = "policies/pilote-linkedin"

    func validate() throws {
        guard (1...12).contains(months), (1...100_000).contains(advisers) else {
            throw UsageError(
                fr: "`--months` va de 1 à 12, `--advisers` de 1 à 100000",
                en: "`--months` is 1 to 12, `--advisers` 1 to 100000")
        }
    }
}

/// Makes a log of months, with an answer key.
struct SampleGenerate: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "generate",
            abstract: LocalizedText(
                fr: "Créer un journal vraisemblable, avec des écarts placés et leur corrigé.",
                en: "Make a realistic log with planted violations and an answer key."))
    }

    @OptionGroup var conduct: ConductOptions

    @OptionGroup var shape: ShapeOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier à écrire, qui ne doit pas exister.",
            en: "The folder to write, which must not exist."))
    var out: String

    func perform(on console: Console) throws -> Verdict {
        let archive = try FolderReader.policyArchive(shape.policies)
        let folder = SampleFolder(out)
        guard !folder.contains("log") else {
            throw CommandError(code: .cannotCreate, place: .file(out), fact: "EEXIST")
        }
        let writer = SampleLogWriter(folder, name: "semestre", policies: [archive])
        var generator = SampleGenerator(
            SampleShape(
                seed: shape.seed, advisers: shape.advisers, months: shape.months,
                policyVersion: archive.version.hex, origin: writer.origin))
        var count: UInt64 = 0
        try writing {
            count = try writer.write(&generator)
            try folder.write(generator.answerKey.json, to: "answer-key.json")
            try folder.write(Self.readMe(shape.seed, count), to: "README.md")
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

/// Says of a file that could not be written which one it is.
func writing(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as SampleFolderError {
        throw SystemFailure.writing(error.path, error.systemError)
    }
}
