// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Merkle
import Reporting
import TransparencyLog

/// The verbs that check evidence taken from a log: no log is needed, and no network.
struct ProveCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "prove",
            abstract: LocalizedText(
                fr: "Vérifier une preuve tirée d’un journal, sans le journal.",
                en: "Check evidence taken from a log, without the log."),
            subcommands: [ProveVerify.self, ProveConsistency.self])
    }
}

/// Checks that an entry is in a log.
struct ProveVerify: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: LocalizedText(
                fr: "Vérifier la preuve qu’une entrée est dans un journal.",
                en: "Check the proof that an entry is in a log."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var keys: ProofKeys

    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier `.tlog-proof`.",
            en: "The `.tlog-proof` file."))
    var proof: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de l’entrée\u{202F}; le nom de la preuve avec `.json` par défaut.",
            en: "The file of the entry; the proof's name with `.json` by default."))
    var entry: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                L’empreinte de l’entrée, à la place de son fichier\u{202F}: pour qui peut savoir \
                qu’elle est consignée, et non tout ce qu’elle dit.
                """,
            en: """
                The hash of the entry, in place of its file: for who may know that it was logged \
                and not all that it says.
                """))
    var leafHash: String?

    func validate() throws {
        guard leafHash == nil || entry == nil else {
            throw UsageError.exclusive("--entry", "--leaf-hash")
        }
        guard leafHash.map({ SHA256Digest(hex: $0) != nil }) ?? true else {
            throw UsageError(
                fr: "`--leaf-hash` demande 64 chiffres hexadécimaux",
                en: "`--leaf-hash` takes 64 hexadecimal digits")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let parsed = try ProofConclusion.placed(proof) { try LogProof(parsing: $0) }
        let trust = try keys.trust()
        let outcome: ProofOutcome
        if let leafHash = leafHash.flatMap({ SHA256Digest(hex: $0) }) {
            outcome = parsed.verify(leafHash: leafHash, keys: trust.keys)
        } else {
            let beside = proof.hasSuffix(".tlog-proof") ? String(proof.dropLast(11)) : proof
            let bytes = try TextFile.read(entry ?? beside + ".json", byteCountMax: 1 << 16)
            outcome = parsed.verify(entry: bytes, keys: trust.keys)
        }
        return try ProofConclusion.conclude(
            outcome, of: proof, parsed.head, trust.policy,
            [("index", .integer(Int64(clamping: parsed.inclusion.index)))],
            holds: LocalizedText(
                fr: """
                    Verdict\u{202F}: l’entrée \(parsed.inclusion.index) est bien dans le journal \
                    \(parsed.head.checkpoint.origin), inchangée.
                    """,
                en: """
                    Verdict: entry \(parsed.inclusion.index) is in the log \
                    \(parsed.head.checkpoint.origin), unaltered.
                    """), on: console)
    }
}

/// Checks that a log only grew between two heads.
struct ProveConsistency: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "consistency",
            abstract: LocalizedText(
                fr: "Vérifier qu’une tête ancienne est le début d’une nouvelle.",
                en: "Check that an older head is the beginning of a newer one."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var keys: ProofKeys

    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier `.consistency`.",
            en: "The `.consistency` file."))
    var proof: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier du point de contrôle ancien.",
            en: "The file of the older checkpoint."))
    var old: String

    func perform(on console: Console) throws -> Verdict {
        let older = try ProofConclusion.placed(old) { try CheckpointNote(parsing: $0) }
        let parsed = try ProofConclusion.placed(proof) { try HeadProof(parsing: $0) }
        let trust = try keys.trust()
        let outcome = parsed.verify(old: older, keys: trust.keys)
        let (head, oldSize) = (parsed.head.checkpoint, older.checkpoint.treeSize)
        return try ProofConclusion.conclude(
            outcome, of: proof, parsed.head, trust.policy,
            [("old_size", .integer(Int64(clamping: oldSize)))],
            holds: LocalizedText(
                fr: """
                    Verdict\u{202F}: de \(oldSize) à \(head.treeSize) entrées, le journal \
                    \(head.origin) n’a fait que grandir.
                    """,
                en: """
                    Verdict: from \(oldSize) to \(head.treeSize) entries, the log \(head.origin) \
                    only grew.
                    """), on: console)
    }
}
