// SPDX-License-Identifier: Apache-2.0

import Conduct
import Glibc
import TransparencyLog

/// The last head of a log that witnesses cosigned, with their lines under it.
///
/// A release is later than every head that was cosigned before it. Whoever trusts a witness can then
/// see that the log of the release continues what that witness saw.
struct CosignedHead {
    let treeSize: UInt64
    let text: String

    /// Finds it; nil if no head was cosigned.
    init?(in log: String) throws {
        if let head = try Self.note(log, .checkpoint), head.note.signatures.count > 1 {
            self.init(head)
            return
        }
        let folder = log + "/cosignatures"
        guard unsafe access(folder, F_OK) == 0 else { return nil }
        let sizes = try FolderReader.names(in: folder).compactMap { UInt64($0) }.sorted()
        for size in sizes.reversed() {
            guard let kept = try Self.note(log, .keptCheckpoint(size: size)),
                kept.note.signatures.count > 1
            else { continue }
            self.init(kept)
            return
        }
        return nil
    }

    private init(_ head: (checkpoint: Checkpoint, note: SignedNote)) {
        treeSize = head.checkpoint.treeSize
        text = String(decoding: head.note.bytes, as: UTF8.self)
    }

    /// A head with the lines that are kept beside it; nil if it is not kept.
    private static func note(
        _ log: String, _ path: LogPath
    ) throws -> (checkpoint: Checkpoint, note: SignedNote)? {
        func bytes(_ path: LogPath) throws -> [UInt8]? {
            let file = "\(log)/\(path.text)"
            guard unsafe access(file, F_OK) == 0 else { return nil }
            return try TextFile.read(file, byteCountMax: 1 << 20)
        }
        guard let kept = try bytes(path) else { return nil }
        let head = try CheckpointNote(parsing: kept)
        var note = head.note
        if let lines = try bytes(.cosignatures(size: head.checkpoint.treeSize)) {
            note.merge(try SignedNote.Signature.lines(parsing: lines))
        }
        return (head.checkpoint, note)
    }
}
