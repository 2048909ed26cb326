// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Glibc
import LogStorage
import TransparencyLog

/// Where the proofs of a report's lines go.
struct ProofOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: """
                Un dossier pour la preuve de chaque ligne\u{202F}: `entry-INDEX.tlog-proof`, que \
                `vigie prove verify --leaf-hash` vérifie avec l’empreinte que donne le relevé.
                """,
            en: """
                A folder for the proof of each line: `entry-INDEX.tlog-proof`, which `vigie prove \
                verify --leaf-hash` checks with the hash that the report gives.
                """))
    var proofs: String?

    /// Writes one proof for each line, under the log's head, which covers the reading itself too.
    ///
    /// The entries themselves are not written: they name the other party.
    ///
    /// - Throws: ``TransparencyLog/ProofError``, or an error of a file.
    func write(for trail: AccessTrail, of log: String) throws {
        guard let proofs else { return }
        guard unsafe mkdir(proofs, 0o700) == 0 || errno == EEXIST else {
            throw SystemFailure.writing(proofs, errno)
        }
        let prover = try LogProver(LogReader(log))
        for line in trail.lines {
            let proof = try prover.prove(index: line.index)
            try TextFile.write(
                String(decoding: proof.bytes, as: UTF8.self),
                to: "\(proofs)/\(AccessTrail.proofName(line))")
        }
    }
}
