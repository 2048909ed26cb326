// SPDX-License-Identifier: Apache-2.0

import Cryptography
import LogStorage
import TransparencyLog

/// Chooses the checkpoints of a log that are stamped, and keeps what authorities answer.
struct AnchorDesk {
    /// The folder of the log.
    let log: String
    private let reader: LogReader

    init(_ log: String) {
        self.log = log
        reader = LogReader(log)
    }

    /// Whether the kept checkpoint over the whole log is one to be stamped: after a rotation, the one that
    /// closes the epoch.
    ///
    /// Else the log is to be sealed first: where entries followed, where that checkpoint bears a time stamp
    /// already, or where it must cover the records of earlier time stamps.
    ///
    /// - Parameters:
    ///   - size: The number of entries.
    ///   - mustBeNew: Whether it must cover those records.
    /// - Returns: Whether it is stamped as it is.
    /// - Throws: `LogSourceError`.
    func isReady(_ size: UInt64, mustBeNew: Bool) throws -> Bool {
        try !mustBeNew && reader.keptCheckpointSizes().last == size
            && !reader.anchorSizes().contains(size)
    }

    /// The checkpoint to be stamped; the log is sealed where there is none.
    func checkpoint(of appender: LogAppender, mustBeNew: Bool) throws -> CheckpointNote {
        let size = appender.size
        return try kept(
            isReady(size, mustBeNew: mustBeNew) ? size : appender.seal())
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
    func keep(
        _ token: TimestampToken, over note: CheckpointNote, by appender: LogAppender
    ) throws {
        let head = note.checkpoint
        guard try !isKept(token, over: head.treeSize) else { return }
        try LogEvidence(log).keep(anchor: token.bytes, size: head.treeSize)
        try appender.recordAnchor(of: head, answer: token.bytes)
        try appender.sign()
    }

    /// Whether an answer is kept already.
    ///
    /// - Throws: ``AnchorFault/Code/stampedAlready`` if another one is.
    func isKept(_ token: TimestampToken, over size: UInt64) throws -> Bool {
        let path = LogPath.anchor(size: size)
        guard let bytes = try reader.bytes(of: path) else { return false }
        guard bytes == token.bytes else {
            throw AnchorFault(.stampedAlready, log + "/" + path.text)
        }
        return true
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
