// SPDX-License-Identifier: Apache-2.0

public import TransparencyLog

/// What whoever opens a log for writing finds, and does before anything else, found without changing anything.
///
/// It is read by the same rules as ``LogAppender`` opens a log by, and refused where that would be.
public struct LogOutlook: Sendable {
    /// The number of whole entries.
    public let size: UInt64
    /// How many of them are signed.
    public let signedSize: UInt64
    /// The key that would sign, a rotation that was cut short being finished.
    public let key: LogVerificationKey
    /// What would be set aside, and recorded by an entry; nil if the log is whole.
    public let tornTail: TornTail?
    /// Whether a rotation of the key would be finished that was cut short.
    public let finishesRotation: Bool
    /// The entries of a purge that would be finished; nil if none was cut short.
    public let purging: Range<UInt64>?

    /// The size of the checkpoint that is kept as the log is opened; nil if none is.
    public let keptSize: UInt64?
    /// The entries that purges took, that are there again, and that ``LogAppender/removeReturned()`` would
    /// remove, in whole bundles; nil where only a recovery could tell, or where nobody asked.
    public let returned: [Range<UInt64>]?

    /// The number of entries once the log was opened.
    public var openedSize: UInt64 { size + (tornTail == nil ? 0 : 1) }

    /// Reads a log whose key is in a file.
    ///
    /// - Parameters:
    ///   - path: The log's folder.
    ///   - keyFile: The file of the key that signs it.
    ///   - isThorough: Whether every tile is compared with the tree.
    /// - Throws: ``StorageError``, as opening the log does.
    public init(
        of path: String, keyFile: SigningKeyFile, isThorough: Bool = false
    ) throws(StorageError) {
        try self.init(path, isThorough) { () throws(StorageError) in try SigningKeys(keyFile) }
    }

    /// Reads a log whose key is at hand.
    ///
    /// - Parameters:
    ///   - path: The log's folder.
    ///   - key: The key that signs it.
    ///   - isThorough: Whether every tile is compared with the tree.
    /// - Throws: ``StorageError``, as opening the log does.
    public init(
        of path: String, key: LogSigningKey, isThorough: Bool = false
    ) throws(StorageError) {
        try self.init(path, isThorough) { () throws(StorageError) in SigningKeys(key) }
    }

    private init(
        _ path: String, _ isThorough: Bool, keys: () throws(StorageError) -> SigningKeys
    ) throws(StorageError) {
        let directory = LogDirectory(path)
        guard try FileTree.exists(directory.wal) else { throw StorageError(.notFound, path: path) }
        let lock = try OpenFile.sharedLock(of: directory)
        defer { withExtendedLifetime(lock) {} }
        let keys = try keys()
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: true, isThorough: isThorough,
            foreseen: ForeseenFiles())
        let found = try recovery.examine()
        let end = found.tail.end
        try directory.requireWritable(at: end, found.tail.first)
        (size, signedSize) = (end, found.head.latest?.treeSize ?? 0)
        tornTail = TornBytes(after: found.tail, in: found.contents).map {
            TornTail($0, at: end, in: directory)
        }
        var (key, isFinishing, kept) = (found.step.signer, keys.file != nil, UInt64?.none)
        switch found.step {
        case .sign: isFinishing = false
        case .promote: break
        case .close(_, let next): if isFinishing { (key, kept) = (next, end) }
        }
        if isFinishing { try keys.file?.requireReplaceable() }
        (self.key, finishesRotation, keptSize) = (key.verificationKey, isFinishing, kept)
        let purge = try Self.purging(found, recovery)
        purging = purge
        returned = isThorough ? try Self.returned(found, recovery, purge) : nil
    }

    private static func returned(
        _ found: borrowing ExaminedLog, _ recovery: LogRecovery, _ purging: Range<UInt64>?
    ) throws(StorageError) -> [Range<UInt64>]? {
        let directory = recovery.directory
        guard try LogWriter.mayHavePurged(directory) else { return [] }
        let (tail, contents, head) = (found.tail, found.contents, found.head)
        let read = { (index: UInt64) throws(StorageError) in
            try recovery.entry(index, tail, contents)
        }
        var files = recovery.foreseen?.bytes ?? [:]
        if let latest = head.latest, head.published != latest {
            // What a recovery publishes first; nobody else sees this signature.
            let checkpoint = Checkpoint(
                origin: recovery.keys.origin, treeSize: latest.treeSize, rootHash: latest.rootHash)
            files[.checkpoint] = (try? checkpoint.signed(with: found.step.signer))?.bytes
        }
        let verified = try LogWriter.purgesVerified(
            directory, ForeseenLog(directory, files), opening: read(0))
        guard verified.isIntact || files.isEmpty && head.latest != nil else { return nil }
        let width = UInt64(LogPath.fullWidth)
        let bundles = try LogWriter.returned(directory, verified, entry: read)
            .flatMap(\.bundles).filter { bundle in
                // Those are gone before anybody looks for what came back.
                purging.map { !$0.contains(bundle * width) } ?? true
            }
        return EntryBundle.runs(of: bundles.sorted())
    }

    private static func purging(
        _ found: borrowing ExaminedLog, _ recovery: LogRecovery
    ) throws(StorageError) -> Range<UInt64>? {
        let path = recovery.directory.purging
        guard let bytes = try FileTree.bytes(of: path, byteCountMax: PendingPurge.byteCountMax),
            let pending = PendingPurge(parsing: bytes)
        else { return nil }
        let (tail, contents) = (found.tail, found.contents)
        let isRecorded = try pending.isRecorded(treeSize: tail.end) {
            index throws(StorageError) in
            try recovery.entry(index, tail, contents)
        }
        return isRecorded ? pending.entries : nil
    }
}
