// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import TransparencyLog

/// A restoration that somebody asks for, and somebody else approves, with the key that was kept
/// elsewhere for that.
public struct RestoreRequest: Sendable {
    /// The recovery key, whose public half `log.open` announces.
    public var recoveryKey: LogSigningKey
    /// Who asks, a pseudonym.
    public var requester: String
    /// Who approves, another one.
    public var approver: String

    /// Makes a request.
    public init(recoveryKey: LogSigningKey, requester: String, approver: String) {
        self.recoveryKey = recoveryKey
        self.requester = requester
        self.approver = approver
    }
}

extension LogAppender {
    /// Goes on with a log that lacks entries which were signed: a restored backup, lost files.
    ///
    /// The loss becomes an entry, with the head that was lost; a new key is announced, since the one
    /// that the lost entries announced may be the only one left; and the recovery key closes the
    /// epoch, so that the machine alone cannot do this. The lost head is set aside in `.state`.
    /// Whoever kept it, a witness first of all, will see that this log contradicts it: that is so.
    ///
    /// - Returns: The indices of the entries that are lost.
    /// - Throws: ``StorageError``, with ``StorageError/Code/notRestorable`` if nothing was lost,
    ///   ``StorageError/Code/notRecoveryKey`` if the key is another one, and
    ///   ``StorageError/Code/decidedAlone`` if one person asks and approves.
    public static func restore(
        _ path: String, keyFile: SigningKeyFile, _ request: RestoreRequest, options: Options
    ) throws(StorageError) -> Range<UInt64> {
        let directory = LogDirectory(path)
        guard try FileTree.exists(directory.wal) else { throw StorageError(.notFound, path: path) }
        guard request.requester != request.approver else {
            throw StorageError(.decidedAlone, path)
        }
        let lock = try OpenFile.lock(of: directory)
        var keys = SigningKeys(request.recoveryKey)
        keys.file = keyFile
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: options.isDurable, isThorough: true)
        var recovered = try recovery.recoverBehind()
        guard let lost = recovered.signed else { throw StorageError(.notRestorable, path) }
        recovered.signed = nil
        var writer = LogWriter(directory, options, lock: lock, recovered: recovered)
        defer { writer.close() }
        try writer.requireRecoveryKey(request.recoveryKey.verificationKey)
        return try writer.restore(lost, keyFile, request)
    }
}

extension LogWriter {
    /// Entry 0 must announce the recovery key.
    func requireRecoveryKey(_ key: LogVerificationKey) throws(StorageError) {
        guard let opening = try entry(at: 0), let scanned = try? EntryScanner().scan(opening),
            let text = scanned.range(of: .recoveryKey),
            opening[text].elementsEqual(key.text.utf8)
        else { throw StorageError(.notRecoveryKey, directory.path) }
    }

    mutating func restore(
        _ lost: SignedState, _ file: SigningKeyFile, _ request: RestoreRequest
    ) throws(StorageError) -> Range<UInt64> {
        let entries = min(treeSize, lost.treeSize)..<lost.treeSize
        try file.discardNext()
        let next = try file.makeNext(name: key.verificationKey.name)
        try record(.own(.restoration(entries, lost, request)))
        try record(.own(.rotation(to: next.verificationKey)))
        try setAside(lost, beyond: entries.lowerBound)
        // Until this record is replaced, nobody but another restoration can open the log.
        let state = SignedState(
            treeSize: treeSize, rootHash: tree.root, keyHash: key.verificationKey.hash)
        try FileTree.replace(
            directory.signed, with: state.bytes, mode: 0o600, isDurable: isDurable)
        signed = state
        try sign(isKept: true)
        try file.promoteNext()
        return entries
    }

    /// Moves the heads that the log no longer has out of its published files.
    private func setAside(_ lost: SignedState, beyond size: UInt64) throws(StorageError) {
        let folder = directory.state + "/lost-\(lost.treeSize)"
        try FileTree.makeFolder(folder, mode: 0o700)
        try FileTree.replace(folder + "/signed", with: lost.bytes, isDurable: isDurable)
        let head = directory.path(of: .checkpoint)
        if let bytes = try FileTree.bytes(of: head) {
            try FileTree.replace(folder + "/checkpoint", with: bytes, isDurable: isDurable)
        }
        for name in try FileTree.names(in: directory.keptCheckpoints) {
            guard let kept = LogDirectory.number(name), kept > size else { continue }
            try FileTree.rename(
                directory.keptCheckpoints + "/" + name, to: folder + "/checkpoint-" + name)
        }
        for name in try FileTree.names(in: directory.anchors) {
            guard let stamped = LogDirectory.anchorSize(name), stamped > size else { continue }
            try FileTree.rename(directory.anchors + "/" + name, to: folder + "/anchor-" + name)
        }
    }
}
