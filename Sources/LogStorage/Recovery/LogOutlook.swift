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

    private let directory: LogDirectory

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
        directory = LogDirectory(path)
        guard try FileTree.exists(directory.wal) else { throw StorageError(.notFound, path: path) }
        let lock = try OpenFile.lockIfPresent(of: directory)
        defer { withExtendedLifetime(lock) {} }
        let keys = try keys()
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: true, isThorough: isThorough, isTrial: true
        )
        let found = try recovery.examine()
        size = found.tail.end
        signedSize = found.head.latest?.treeSize ?? 0
        tornTail = TornBytes(after: found.tail, in: found.contents).map {
            TornTail($0, at: found.tail.end, in: recovery.directory)
        }
        var (key, isFinishing) = (found.step.signer, keys.file != nil)
        switch found.step {
        case .sign: isFinishing = false
        case .promote: break
        case .close(_, let next): if isFinishing { key = next }
        }
        (self.key, finishesRotation) = (key.verificationKey, isFinishing)
        purging = try Self.purging(found, recovery)
    }

    /// The entries that purges took, that are there again, and that ``LogAppender/removeReturned()`` would
    /// remove.
    ///
    /// - Returns: The entries, in whole bundles; none if nothing came back.
    /// - Throws: ``StorageError``, with ``StorageError/Code/altered`` if the log is not intact.
    public func returned() throws(StorageError) -> [Range<UInt64>] {
        guard try LogWriter.mayHavePurged(directory), signedSize > 0 else { return [] }
        guard let prover = try? LogProver(LogReader(directory.path)) else {
            throw StorageError(.altered, directory.path)
        }
        let found = try LogWriter.returned(directory) { index throws(StorageError) in
            try? prover.entry(at: index)
        }
        let width = UInt64(LogPath.fullWidth)
        let bundles = found.flatMap(\.bundles).filter { bundle in
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
        let (segments, tail, contents) = (found.segments, found.tail, found.contents)
        let isRecorded = try pending.isRecorded(treeSize: tail.end) {
            index throws(StorageError) in
            try recovery.entry(index, segments, tail, contents)
        }
        return isRecorded ? pending.entries : nil
    }
}
