// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog
import Witnessing

/// Asks a witness to cosign the checkpoints of a log.
struct WitnessClient {
    /// The witness's submission prefix, without a slash at its end.
    let url: String
    /// The key that its answers must be signed with.
    let key: WitnessVerificationKey
    /// The log.
    let prover: LogProver
    /// How it is asked.
    private let exchange: Exchange
    /// The size that the witness cosigned last, as far as it said.
    private var known: UInt64 = 0
    /// The cosignature over the log's head, once there is one.
    private(set) var cosignature: SignedNote.Signature?

    init(
        url: String, key: WitnessVerificationKey, prover: LogProver, exchange: Exchange
    ) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        (self.url, self.key, self.prover, self.exchange) = (url, key, prover, exchange)
    }

    /// What came of asking.
    enum Outcome {
        case cosigned(SignedNote.Signature)
        /// The witness does not trust the key that signed the checkpoint.
        case unknownKey
        /// The witness has cosigned a larger tree.
        case passed(UInt64)
    }

    /// Asks for a cosignature.
    ///
    /// - Throws: ``WitnessFault`` if the witness cannot or will not, or saw another history.
    mutating func cosign(_ note: CheckpointNote) throws -> Outcome {
        let size = note.checkpoint.treeSize
        // The first answer tells the size that the witness knows; the second one may be late where
        // others ask for cosignatures of the same log.
        for _ in 0..<4 {
            guard known <= size else { return .passed(known) }
            let isFirst = known == 0 || known == size
            let proof =
                isFirst ? [] : try prover.prove(oldSize: known, size: size).consistency.hashes
            let request = AddCheckpoint(oldSize: known, proof: proof, note: note.note)
            let answer = try exchange.post(request.body, to: url + "/add-checkpoint")
            switch answer.status {
            case 200:
                let line = try cosignature(answer.body, over: note.note.text)
                if size == prover.head.checkpoint.treeSize { cosignature = line }
                return .cosigned(line)
            case 403: return .unknownKey
            case 404: throw WitnessFault(.refused, url, fact: "404")
            case 409:
                guard answer.isOf(WitnessAnswer.sizeType), answer.body.last == 0x0A,
                    let told = TreeSize.parse(answer.body.dropLast())
                else { throw WitnessFault(.status(409), from: url) }
                guard told != known else {
                    // The same size, and another root; with a larger size the proof would have been judged.
                    if known == size { throw WitnessFault(.contradicted, url) }
                    throw WitnessFault(.status(409), from: url)
                }
                known = told
            case 422: throw WitnessFault(.contradicted, url)
            default: throw WitnessFault(.status(answer.status), from: url)
            }
        }
        throw WitnessFault(.status(409), from: url)
    }

    private func cosignature(
        _ body: [UInt8], over text: String
    ) throws -> SignedNote.Signature {
        let lines = (try? SignedNote.Signature.lines(parsing: body)) ?? []
        guard let line = lines.first(where: { key.timestamp(of: $0, over: text) != nil }) else {
            throw WitnessFault(.falseAnswer, url)
        }
        return line
    }

    /// Leads a witness through the epochs of a log's keys, up to the one that signs next.
    ///
    /// The head itself is cosigned on the way where it closes an epoch: once the witness trusts the
    /// next key, it takes no more of the one that signed it.
    ///
    /// - Parameter epochs: The keys that the log announces.
    /// - Throws: ``WitnessFault``.
    mutating func introduce(_ epochs: [KeyEpoch]) throws {
        for epoch in epochs where epoch.announcedAt > 0 {
            let closing = epoch.announcedAt + 1
            guard closing >= known, closing <= prover.head.checkpoint.treeSize else { continue }
            guard case .cosigned = try cosign(prover.checkpoint(size: closing)) else { continue }
            known = closing
            let proof = try prover.prove(index: epoch.announcedAt, size: closing)
            let request = LogProof(
                inclusion: proof.inclusion, head: proof.head,
                extra: try prover.entry(at: epoch.announcedAt))
            // A witness that does not know this request trusts what its owner told it.
            _ = try exchange.post(request.bytes, to: url + "/add-key")
        }
    }
}
