// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
import SecurityTokens
public import TransparencyLog

/// The file of the key that signs a log, and beside it, during a rotation, that of the next one.
///
///     journal.key          signs now
///     journal.key.next     signs from the next epoch on; there only while a rotation is under way
///
/// A key that has signed its last checkpoint is overwritten before its file is removed, so that
/// whoever takes the machine later cannot sign as of an earlier epoch. In place of the key the file may
/// say in which security token it is: a PKCS #11 URI, and below it the public key. Then the next key is
/// made in the token, and the old one is destroyed there. What a disk keeps of bytes
/// that were overwritten is outside what a program can promise: see `docs/threat-model.md`.
public struct SigningKeyFile: Hashable, Sendable {
    /// The file of the key that signs now.
    public let path: String
    /// Whether it is a credential of the service manager: a copy made for one start, so that what takes its
    /// place is gone at the next.
    public let isCredential: Bool

    /// Names the file of a log's key.
    public init(_ path: String, isCredential: Bool = false) {
        (self.path, self.isCredential) = (path, isCredential)
    }

    private var nextPath: String { path + ".next" }

    /// Whether the file of the key, or of the one that comes next, is there.
    ///
    /// - Throws: ``StorageError`` if the system cannot say.
    public func isThere() throws(StorageError) -> Bool {
        if try FileTree.exists(path) { return true }
        return try FileTree.exists(nextPath)
    }

    /// Checks that another key can be put in its place, as far as permissions tell.
    ///
    /// - Throws: ``StorageError`` if it cannot.
    public func requireReplaceable() throws(StorageError) {
        try FileTree.requireWritable(FileTree.parent(of: path), for: nextPath)
    }

    /// The key that signs now; nil if a rotation has destroyed it already.
    ///
    /// - Throws: ``StorageError``, also if the file is there and is not a key.
    public func current() throws(StorageError) -> LogSigningKey? {
        try Self.read(path, mayBeOverwritten: try FileTree.exists(nextPath))
    }

    /// The key of the next epoch; nil if no rotation is under way.
    func next() throws(StorageError) -> LogSigningKey? {
        // A next key that was not written to its end was not announced either.
        try Self.read(nextPath, mayBeOverwritten: true)
    }

    private static func read(
        _ path: String, mayBeOverwritten: Bool
    ) throws(StorageError) -> LogSigningKey? {
        guard try FileTree.exists(path) else { return nil }
        let lines = try KeyFile.readPrivateLines(path)
        if let key = try TokenKeyFile(lines, path) {
            return try key.signingKey(mayBeGone: mayBeOverwritten)
        }
        do throws(NoteError) {
            return try LogSigningKey(parsing: lines.first ?? "")
        } catch {
            guard mayBeOverwritten else { throw StorageError(.malformedKey, path) }
            return nil
        }
    }

    // MARK: Steps of a rotation

    /// Makes and writes the key of the next epoch, before anything announces it.
    func makeNext(name: String) throws(StorageError) -> LogSigningKey {
        if try FileTree.exists(path),
            let present = try TokenKeyFile(KeyFile.readPrivateLines(path), path)
        {
            return try present.makeNext(name: name, at: nextPath)
        }
        guard let key = try? LogSigningKey(name: name, key: .generate()) else {
            // The system gave no random bytes: nothing was changed.
            throw StorageError(.inputOutput, path)
        }
        try KeyFile.write(key.privateText, to: nextPath, isPrivate: true)
        try FileTree.syncFolder(FileTree.parent(of: nextPath))
        return key
    }

    /// Destroys a next key that nothing announced.
    func discardNext() throws(StorageError) {
        guard try FileTree.exists(nextPath) else { return }
        try Self.destroy(nextPath)
        try FileTree.syncFolder(FileTree.parent(of: nextPath))
    }

    /// Destroys the key that has signed its last checkpoint, and puts the next in its place.
    ///
    /// A crash after any of its steps leaves the next key whole, and this can be done again.
    func promoteNext() throws(StorageError) {
        if try FileTree.exists(path) { try Self.destroy(path) }
        try FileTree.rename(nextPath, to: path)
        try FileTree.syncFolder(FileTree.parent(of: path))
    }

    /// Overwrites a file, makes that durable, and removes it.
    private static func destroy(_ path: String) throws(StorageError) {
        try TokenKeyFile(KeyFile.readPrivateLines(path), path)?.destroy()
        let file = try OpenFile(path, O_RDWR, act: .writing)
        let count = try file.byteCount()
        try file.write([UInt8](repeating: 0x30, count: count))
        try file.synchronize()
        try FileTree.remove(path)
        try FileTree.syncFolder(FileTree.parent(of: path))
    }
}
