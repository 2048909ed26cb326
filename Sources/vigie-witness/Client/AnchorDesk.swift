// SPDX-License-Identifier: Apache-2.0

import Cryptography
import LogStorage
import TransparencyLog

/// Chooses the checkpoints of a log that are stamped, and keeps what authorities answer.
struct AnchorDesk {
    /// The folder of the log.
    let log: String
    private let reader: LogReader
    private let appender: LogAppender

    init(_ log: String, _ appender: LogAppender) {
        (self.log, self.appender) = (log, appender)
        reader = LogReader(log)
    }

    /// The kept checkpoint over the whole log: after a rotation, the one that closes the epoch.
    ///
    /// The log is sealed first where entries followed, where that checkpoint bears a time stamp
    /// already, or where it must cover the records of earlier time stamps.
    func checkpoint(mustBeNew: Bool) throws -> CheckpointNote {
        let size = appender.size
        if !mustBeNew, try reader.keptCheckpointSizes().last == size,
            try !reader.anchorSizes().contains(size)
        {
            return try kept(size)
        }
        return try kept(appender.seal())
    }

    private func kept(_ size: UInt64) throws -> CheckpointNote {
        let path = LogPath.keptCheckpoint(size: size)
        guard let bytes = try reader.bytes(of: path) else {
            throw AnchorFault(.noSuchCheckpoint, log + "/" + path.text)
        }
        return try CheckpointNote(parsing: bytes)
    }

    /// The kept checkpoint that a token stamps.
    func checkpoint(of token: TimestampToken, in file: String) throws -> CheckpointNote {
        for size in try reader.keptCheckpointSizes().reversed() {
            let note = try kept(size)
            if note.imprint == token.imprint { return note }
        }
        throw AnchorFault(.noSuchCheckpoint, file, failure: .wrongImprint)
    }

    /// Keeps an answer that was verified, and records it in the log.
    ///
    /// The file is durable before the record is: a record promises a file.
    func keep(_ token: TimestampToken, over note: CheckpointNote) throws {
        let head = note.checkpoint
        do throws(StorageError) {
            guard try LogEvidence(log).keep(anchor: token.bytes, size: head.treeSize) else {
                return
            }
        } catch {
            guard error.code == .exists else { throw error }
            throw AnchorFault(.stampedAlready, error.path)
        }
        try appender.recordAnchor(of: head, answer: token.bytes)
        try appender.sign()
    }

    /// The valid time stamp over most of the log, under some roots.
    func latest(_ roots: TimestampRoots) throws -> TimestampAuthority? {
        for size in try reader.anchorSizes().reversed() {
            guard let bytes = try reader.bytes(of: .anchor(size: size)),
                let note = try? kept(size), let token = try? TimestampToken(parsing: bytes),
                // One that does not hold is what `vigie verify` reports, and renews nothing.
                let authority = try? token.verify(imprint: note.imprint, roots: roots)
            else { continue }
            return authority
        }
        return nil
    }
}
