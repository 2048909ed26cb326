// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
public import TransparencyLog

/// What others attest of a log, kept in its folder: cosignatures and time stamps.
///
/// None of it changes what the log's own writer wrote, but the copy of the head that readers of
/// C2SP `tlog-tiles` fetch, and that only while nobody writes the log.
public struct LogEvidence: Sendable {
    private let directory: LogDirectory

    /// The evidence in a log's folder.
    public init(_ path: String) {
        directory = LogDirectory(path)
    }

    /// Keeps a checkpoint under its size, as it is; one that is kept already stays as it is.
    ///
    /// - Throws: ``StorageError``.
    public func keep(_ note: CheckpointNote) throws(StorageError) {
        let path = LogPath.keptCheckpoint(size: note.checkpoint.treeSize)
        guard try !FileTree.exists(directory.path(of: path)) else { return }
        try put(note.note.bytes, at: path)
    }

    /// Adds cosignatures to those that are kept beside the checkpoint of a size.
    ///
    /// - Throws: ``StorageError``, ``StorageError/Code/altered`` if what is kept is no cosignatures.
    public func add(
        _ cosignatures: [SignedNote.Signature], size: UInt64
    ) throws(StorageError) {
        var lock = try OpenFile(
            directory.state + "/cosign", O_RDWR | O_CREAT, mode: 0o600, act: .creating)
        try lock.lock()
        let path = LogPath.cosignatures(size: size)
        var note = SignedNote(text: "-\n")
        if let bytes = try FileTree.bytes(
            of: directory.path(of: path), byteCountMax: SignedNote.byteCountMax)
        {
            guard let lines = try? SignedNote.Signature.lines(parsing: bytes) else {
                throw StorageError(.altered, directory.path(of: path))
            }
            note.merge(lines)
        }
        note.merge(cosignatures)
        try put(Array(note.signatures.map(\.line).joined().utf8), at: path)
    }

    /// Adds cosignatures to the head, if it is still the one that was cosigned and nobody is writing
    /// the log; a writer would otherwise be overtaken, and an old head stand in place of a new one.
    ///
    /// - Returns: Whether the head holds them now.
    /// - Throws: ``StorageError``.
    public func addToHead(
        _ cosignatures: [SignedNote.Signature], text: String
    ) throws(StorageError) -> Bool {
        var lock = try OpenFile(
            directory.lock, O_RDWR | O_CREAT, mode: 0o600, act: .creating)
        do throws(StorageError) {
            try lock.lock()
        } catch {
            guard error.code == .locked else { throw error }
            return false
        }
        let path = directory.path(of: .checkpoint)
        guard
            let bytes = try FileTree.bytes(
                of: path, byteCountMax: SignedNote.byteCountMax),
            var note = try? SignedNote(parsing: bytes), note.text.utf8.elementsEqual(text.utf8)
        else { return false }
        note.merge(cosignatures)
        try FileTree.replace(path, with: note.bytes, isDurable: true)
        return true
    }

    /// Keeps an authority's answer beside the checkpoint that it stamps.
    ///
    /// - Returns: Whether it was not kept already.
    /// - Throws: ``StorageError``, ``StorageError/Code/exists`` if another one is kept there: a time
    ///   stamp that the log recorded is never replaced.
    @discardableResult
    public func keep(anchor bytes: [UInt8], size: UInt64) throws(StorageError) -> Bool {
        let path = directory.path(of: .anchor(size: size))
        if let kept = try FileTree.bytes(of: path, byteCountMax: TimestampToken.byteCountMax) {
            guard kept == bytes else { throw StorageError(.exists, path: path) }
            return false
        }
        try put(bytes, at: .anchor(size: size))
        return true
    }

    /// Puts a file of evidence in place, durably.
    func put(_ bytes: [UInt8], at path: LogPath) throws(StorageError) {
        let file = directory.path(of: path)
        let folder = FileTree.parent(of: file)
        if try FileTree.makeFolder(folder) { try FileTree.syncFolder(directory.path) }
        try FileTree.replace(file, with: bytes, isDurable: true)
    }
}
