// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Auditing
import Glibc
import LogStorage
import TransparencyLog

/// Where the proofs of what findings rest on are to go.
public struct ProofOptions: ParsableArguments {
    /// The folder, if proofs are wanted.
    @Option(
        help: ArgumentHelp(
            fr: """
                Écrire dans ce dossier la preuve de chaque entrée que nomme un constat, pour \
                `vigie prove verify`\u{202F}: `entry-INDEX.tlog-proof` et `entry-INDEX.json`.
                """,
            en: """
                Write the proof of each entry that a finding names into this folder, for `vigie \
                prove verify`: `entry-INDEX.tlog-proof` and `entry-INDEX.json`.
                """), completion: .directory)
    public var proofs: String?

    /// Makes the options; the parser fills them.
    public init() {}

    /// Writes the proofs of the entries of some findings: their own, and their witnesses.
    ///
    /// The entries' bytes are for the account alone that asked: they hold pseudonyms.
    ///
    /// - Parameters:
    ///   - findings: The findings.
    ///   - log: The folder of the log.
    /// - Throws: What the prover throws, and ``CommandError`` if a file cannot be written.
    public func write(_ findings: [Finding], of log: String) throws {
        guard let proofs else { return }
        if unsafe mkdir(proofs, 0o700) != 0, errno != EEXIST {
            throw SystemFailure.writing(proofs, errno)
        }
        var indices = Set(findings.map(\.entry.index))
        for finding in findings {
            indices.formUnion(finding.witnesses.map(\.index))
            indices.formUnion(finding.evidence)
        }
        let prover = try LogProver(LogReader(log))
        for index in indices.sorted() {
            let path = "\(proofs)/entry-\(index)"
            let entry = try prover.entry(at: index)
            let proof = try prover.prove(index: index)
            try TextFile.write(bytesTo: path + ".json", mode: 0o600) { try $0(entry) }
            try TextFile.write(bytesTo: path + ".tlog-proof") { try $0(proof.bytes) }
        }
    }
}
