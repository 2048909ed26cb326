// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Merkle
import Reporting
import TransparencyLog

/// Takes evidence of one entry, or of the log's growth, out of a log.
struct LogProve: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "prove",
            abstract: LocalizedText(
                fr: """
                    Écrire la preuve d’une entrée, ou qu’une tête ancienne est le début d’une \
                    nouvelle.
                    """,
                en: """
                    Write the proof of one entry, or that an older head is the beginning of a newer.
                    """),
            discussion: LocalizedText(
                fr: """
                    Pour une entrée\u{202F}: `OUT.tlog-proof` et `OUT.json`, les octets mêmes de \
                    l’entrée. Il faut les deux, et rien d’autre que la clé publique, pour `vigie prove \
                    verify`, des années plus tard et sans réseau. Ils ne montrent rien d’aucune autre \
                    entrée.

                    Avec `--old TAILLE`\u{202F}: `OUT.consistency`, pour `vigie prove consistency`.
                    """,
                en: """
                    For an entry: `OUT.tlog-proof` and `OUT.json`, the entry's very bytes. Both are \
                    needed, and nothing else but the public key, for `vigie prove verify`, years later \
                    and without a network. They show nothing of any other entry.

                    With `--old SIZE`: `OUT.consistency`, for `vigie prove consistency`.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    var log: String

    @Argument(
        help: ArgumentHelp(
            fr: "L’entrée, comptée à partir de 0.",
            en: "The entry, counted from 0."))
    var index: UInt64?

    @Option(
        help: ArgumentHelp(
            fr: """
                La taille d’une tête ancienne\u{202F}: prouver que le journal n’a fait que croître \
                depuis.
                """,
            en: "The size of an older head: prove that the log only grew since."))
    var old: UInt64?

    @Option(
        help: ArgumentHelp(
            fr: """
                La taille du point de contrôle gardé sous lequel prouver\u{202F}; le dernier par \
                défaut.
                """,
            en: "The size of a kept checkpoint to prove under; the latest by default."))
    var size: UInt64?

    @Option(
        help: ArgumentHelp(
            fr: """
                Les fichiers à écrire, sans suffixe\u{202F}; `entry-INDEX` ou `head-OLD` par défaut.
                """,
            en: "The files to write, without ending; `entry-INDEX` or `head-OLD` by default."))
    var out: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (index == nil) != (old == nil) else {
            throw UsageError(
                fr: "donnez le numéro d’une entrée, ou `--old` et une taille",
                en: "give the index of an entry, or `--old` and a size")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        do {
            return try prove(on: console)
        } catch let error as ProofError {
            throw PlacedError(error, .file(log))
        }
    }

    private func prove(on console: Console) throws -> Verdict {
        let prover = try LogProver(LogReader(try LogOptions.folder(log)))
        if let old {
            let proof = try prover.prove(oldSize: old, size: size)
            let path = (out ?? "head-\(old)") + ".consistency"
            try TextFile.write(String(decoding: proof.bytes, as: UTF8.self), to: path)
            return try conclude([path], proof.consistency.hashes.count, console)
        }
        let index = index ?? 0
        let entry = try prover.entry(at: index)
        let proof = try prover.prove(index: index, size: size)
        // The entry's bytes leave the log: that is an entry itself.
        try reading.record(index..<index + 1, of: log, on: console)
        let path = out ?? "entry-\(index)"
        try TextFile.write(String(decoding: entry, as: UTF8.self), to: path + ".json")
        try TextFile.write(
            String(decoding: proof.bytes, as: UTF8.self), to: path + ".tlog-proof")
        return try conclude(
            [path + ".tlog-proof", path + ".json"], proof.inclusion.hashes.count, console)
    }

    private func conclude(
        _ files: [String], _ hashCount: Int, _ console: Console
    ) throws -> Verdict {
        if console.format == .json {
            try console.write(document: [
                ("files", .array(files.map { .string($0) })),
                ("hashes", .integer(Int64(hashCount))),
            ])
        } else {
            try console.write(files.map { $0 + "\n" }.joined())
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: preuve écrite, \(hashCount) empreintes.",
                en: "Verdict: proof written, \(hashCount) hashes."))
    }
}
