// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
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
    /// A log that has all that its files say was signed, but announces none of the keys that are here,
    /// lacks entries too, or its key is gone: it goes on in the same way. And a restoration that was cut short
    /// is finished: asking again for it is enough, wherever that was.
    ///
    /// - Returns: The indices of the entries that are lost; an empty range, where it is not known how many.
    /// - Throws: ``StorageError``, with ``StorageError/Code/notRestorable`` if nothing was lost,
    ///   ``StorageError/Code/notRecoveryKey`` if the key is another one,
    ///   ``StorageError/Code/wrongKey`` if the key to be replaced is another log's,
    ///   ``StorageError/Code/credential`` if it is a credential, which cannot be replaced,
    ///   ``StorageError/Code/notPseudonym`` if either person is not named by a pseudonym, and
    ///   ``StorageError/Code/decidedAlone`` if one person asks and approves.
    public static func restore(
        _ path: String, keyFile: SigningKeyFile, _ request: RestoreRequest, options: Options
    ) throws(StorageError) -> Range<UInt64> {
        let directory = LogDirectory(path)
        let keys = try request.keys(of: path, keyFile, now: options.clock())
        let lock = try OpenFile.lock(of: directory)
        try keys.requireSameLog(as: keyFile)
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: options.isDurable, isThorough: true)
        let behind = try recovery.examineBehind(keyFile)
        let finding = behind.finding
        var writer = LogWriter(
            directory, options, lock: lock, recovered: try recovery.open(behind.found))
        defer { writer.close() }
        do throws(StorageError) {
            return try writer.restore(finding, keyFile, request)
        } catch {
            writer.fail(error)
            throw error
        }
    }
}

extension RestoreRequest {
    /// What ``LogAppender/restore(_:keyFile:_:options:)`` would record as lost; nothing changes.
    ///
    /// - Parameters:
    ///   - path: The log's folder.
    ///   - keyFile: The file of the key that would be replaced.
    ///   - now: The moment, in milliseconds since 1970.
    /// - Returns: The indices of the entries that are lost; an empty range, where it is not known how many.
    /// - Throws: ``StorageError``, as the restoration does.
    public func plan(
        of path: String, keyFile: SigningKeyFile, now: Int64
    ) throws(StorageError) -> Range<UInt64> {
        let directory = LogDirectory(path)
        let keys = try keys(of: path, keyFile, now: now)
        let lock = try OpenFile.sharedLock(of: directory)
        defer { withExtendedLifetime(lock) {} }
        try keys.requireSameLog(as: keyFile)
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: true, isThorough: true,
            foreseen: ForeseenFiles())
        let behind = try recovery.examineBehind(keyFile)
        try directory.requireWritable(at: behind.found.tail.end, behind.found.tail.first)
        try keyFile.requireReplaceable()
        return try behind.finding.entriesLost(at: behind.found.tail.end, keyFile)
    }

    /// The keys of a restoration, once it was seen that somebody may ask for it.
    func keys(
        of path: String, _ keyFile: SigningKeyFile, now: Int64
    ) throws(StorageError) -> SigningKeys {
        guard try FileTree.exists(LogDirectory(path).wal) else {
            throw StorageError(.notFound, path: path)
        }
        try TwoPersons.require(requester, approver, path)
        try LogClock.checked(now, for: path)
        guard !keyFile.isCredential else { throw StorageError(.credential, path: keyFile.path) }
        return SigningKeys(recoveryKey)
    }
}

extension SigningKeys {
    /// The key in a file, which will be destroyed, must be of the same log.
    fileprivate func requireSameLog(as file: SigningKeyFile) throws(StorageError) {
        guard let present = try file.current(),
            !present.verificationKey.name.utf8.elementsEqual(origin.utf8)
        else { return }
        throw StorageError(.wrongKey, file.path)
    }
}

extension LogWriter {
    /// Finishes the restoration that the log ends in; begins one if there is none, or if its next key is gone.
    ///
    /// Each step is durable before the next begins: the next key is written; the two entries are, as one
    /// batch; the lost heads are set aside; the record of the signature says what will be signed; the
    /// checkpoint that closes the epoch is signed, published and kept; the key before is destroyed.
    mutating func restore(
        _ finding: LogBehind.Finding, _ file: SigningKeyFile, _ request: RestoreRequest
    ) throws(StorageError) -> Range<UInt64> {
        let (isNamed, entries) = (
            finding.isNamed, try finding.entriesLost(at: treeSize, file)
        )
        var (lost, isSetAside) = (finding.lost, false)
        if let begun = finding.begun, let next = begun.next {
            if !finding.isClosed || lost != nil && isNamed {
                try close(finding.recorded, lost, beyond: begun.entries.lowerBound)
                isSetAside = true
            }
            if isNamed {
                lost = nil
                if try file.next()?.verificationKey == next { try file.promoteNext() }
                if try file.current()?.verificationKey == next { return entries }
            }
        }
        try begin(finding, entries, lost, isSetAside: isSetAside, file, request)
        return entries
    }

    private mutating func begin(
        _ finding: LogBehind.Finding, _ entries: Range<UInt64>, _ lost: SignedState?,
        isSetAside: Bool, _ file: SigningKeyFile, _ request: RestoreRequest
    ) throws(StorageError) {
        let size = treeSize
        let none = SignedState(treeSize: 0, rootHash: MerkleTree.emptyRoot, keyHash: 0)
        var draft = EventDraft.restoration(entries, lost ?? finding.held ?? none, request)
        // How many are lost nobody knows.
        if lost == nil { draft[.last] = .integer(Int64(clamping: size)) }
        try file.discardNext()
        let next = try file.makeNext(name: key.verificationKey.name)
        var drafts = [draft, .rotation(to: next.verificationKey)]
        let torn = tornTail.map { EventDraft.recovery(count: $0.byteCount, first: $0.first) }
        // Right after an announcement whose epoch nobody can close the restoration stands for that
        // checkpoint: nothing may be between the two.
        if let torn, !finding.endsUnclosed { drafts.insert(torn, at: 0) }
        try record(drafts)
        let isAlone = finding.begun != nil && finding.begun?.next == nil
        let first = isAlone ? finding.begun?.entries.lowerBound : nil
        try close(
            finding.recorded, isSetAside ? nil : lost, beyond: min(first ?? size, size))
        try file.promoteNext()
        if let torn, finding.endsUnclosed { try record([torn]) }
    }

    /// Writes some events as one batch: all of them are there after a crash, or none.
    private mutating func record(_ drafts: [EventDraft]) throws(StorageError) {
        let jobs = drafts.map { AppendJob(.own($0)) }
        commit(jobs)
        for job in jobs { _ = try job.result?.get() }
    }

    /// Signs and keeps the checkpoint that closes the epoch of the recovery key.
    ///
    /// From when `.state/signed` is replaced until then, nobody but another restoration can open the log.
    private mutating func close(
        _ recorded: SignedState?, _ lost: SignedState?, beyond size: UInt64
    ) throws(StorageError) {
        let state = SignedState(
            treeSize: treeSize, rootHash: tree.root, keyHash: key.verificationKey.hash)
        if recorded != state {
            if let lost { try setAside(lost, beyond: size) }
            try FileTree.replace(
                directory.signed, with: state.bytes, mode: 0o600, isDurable: isDurable)
        }
        signed = state
        try sign(isKept: true)
    }

    /// Moves the heads that the log no longer has out of its published files, and what others attest of them.
    private func setAside(_ lost: SignedState, beyond size: UInt64) throws(StorageError) {
        let folder = directory.state + "/lost-\(lost.treeSize)"
        try FileTree.makeFolder(folder, mode: 0o700)
        try FileTree.replace(folder + "/signed", with: lost.bytes, isDurable: isDurable)
        let head = directory.path(of: .checkpoint)
        if let bytes = try FileTree.bytes(of: head), !isHead(bytes) {
            try FileTree.replace(folder + "/checkpoint", with: bytes, isDurable: isDurable)
        }
        let heads = directory.keptCheckpoints
        try setAside(from: heads, to: folder + "/checkpoint-") { name throws(StorageError) in
            guard let kept = LogDirectory.number(name), kept > size else { return false }
            return try FileTree.bytes(of: heads + "/" + name).map { !isHead($0) } ?? false
        }
        try setAside(from: directory.anchors, to: folder + "/anchor-") { name in
            LogDirectory.anchorSize(name).map { $0 > size } ?? false
        }
        try setAside(
            from: directory.path + "/cosignatures", to: folder + "/cosignatures-"
        ) { name in LogDirectory.number(name).map { $0 > size } ?? false }
        guard isDurable else { return }
        try FileTree.syncFolder(folder)
        try FileTree.syncFolder(directory.state)
    }

    /// Moves some files of a folder.
    private func setAside(
        from folder: String, to prefix: String,
        _ isLost: (String) throws(StorageError) -> Bool
    ) throws(StorageError) {
        var isChanged = false
        for name in try FileTree.names(in: folder) where try isLost(name) {
            try FileTree.rename(folder + "/" + name, to: prefix + name)
            isChanged = true
        }
        if isChanged, isDurable { try FileTree.syncFolder(folder) }
    }

    /// Whether a checkpoint is the present head.
    private func isHead(_ bytes: [UInt8]) -> Bool {
        guard let note = try? CheckpointNote(parsing: bytes) else { return false }
        return note.checkpoint.treeSize == treeSize && note.checkpoint.rootHash == tree.root
    }
}
