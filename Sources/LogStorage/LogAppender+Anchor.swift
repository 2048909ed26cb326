// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import TransparencyLog

extension LogAppender {
    /// Records that a checkpoint of the log was stamped, which no caller may submit.
    ///
    /// The verifier holds the file to the record from then on, so it must be durable by now
    /// (``LogEvidence/keep(anchor:size:)``).
    ///
    /// - Parameters:
    ///   - checkpoint: What was stamped.
    ///   - answer: The authority's answer, as it was kept.
    /// - Throws: ``StorageError``.
    public func recordAnchor(
        of checkpoint: Checkpoint, answer: [UInt8]
    ) throws(StorageError) {
        let path = LogPath.anchor(size: checkpoint.treeSize)
        let draft = EventDraft(
            "log.anchor",
            [
                .head: .digest(checkpoint.rootHash),
                .last: .integer(Int64(clamping: max(1, checkpoint.treeSize) - 1)),
                .hash: .digest(SHA256Hasher().hash(answer)), .reference: .text(path.text),
            ])
        _ = try run(.own(draft))
    }
}
