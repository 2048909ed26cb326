// SPDX-License-Identifier: Apache-2.0

/// A file of a log is there, and could not be read.
public struct LogSourceError: Error, Hashable, Sendable {
    /// The file.
    public var path: LogPath
    /// The system's error number.
    public var systemError: Int32

    /// Makes an error from its parts.
    public init(_ path: LogPath, systemError: Int32) {
        self.path = path
        self.systemError = systemError
    }
}

/// Where the bytes of a log come from; the verifier itself opens no file.
///
/// Several threads call it at once. Bytes may change between two calls, and the verifier counts
/// on that: it uses nothing that it has not checked in the same call.
public protocol LogSource: Sendable {
    /// Lends the bytes of a file to `body`; nil if there is no such file.
    ///
    /// Of a file that is longer than it may be (``LogPath/byteCountMax``), one byte more is enough.
    ///
    /// - Throws: ``LogSourceError`` if the file is there and cannot be read.
    func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result?

    /// Lends some bytes of a file to `body`, fewer where it ends; nil if there is no such file.
    ///
    /// For long files, of which the verifier reads one piece after another.
    ///
    /// - Throws: ``LogSourceError`` if the file is there and cannot be read.
    func withBytes<Result>(
        of path: LogPath, in range: Range<Int>, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result?

    /// Whether a file is there.
    ///
    /// - Throws: ``LogSourceError`` if that cannot be told.
    func holds(_ path: LogPath) throws(LogSourceError) -> Bool

    /// The sizes of the kept checkpoints (`checkpoints/<size>`), in order.
    ///
    /// - Throws: ``LogSourceError`` if the folder cannot be read.
    func keptCheckpointSizes() throws(LogSourceError) -> [UInt64]

    /// The indices of the entries that purges kept (`kept/<index>`), in order.
    ///
    /// - Throws: ``LogSourceError`` if the folder cannot be read.
    func keptEntryIndices() throws(LogSourceError) -> [UInt64]

    /// The entries of the purges that left what is in force (`standing/<index>/`), in order.
    ///
    /// - Throws: ``LogSourceError`` if the folder cannot be read.
    func standingSets() throws(LogSourceError) -> [UInt64]

    /// The bundles of which a purge left something, in order.
    ///
    /// - Throws: ``LogSourceError`` if a folder cannot be read.
    func standingBundles(of purge: UInt64) throws(LogSourceError) -> [UInt64]

    /// The sizes whose checkpoints were stamped (`anchors/<size>.tsr`), in order.
    ///
    /// - Throws: ``LogSourceError`` if the folder cannot be read.
    func anchorSizes() throws(LogSourceError) -> [UInt64]

    /// The first indices of the open segments (`wal/<first>.seg`), in order: one, or none.
    ///
    /// - Throws: ``LogSourceError`` if the folder cannot be read.
    func segments() throws(LogSourceError) -> [UInt64]
}

extension LogSource {
    /// Lends some bytes of a file, of which all are read.
    public func withBytes<Result>(
        of path: LogPath, in range: Range<Int>, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        try withFile(path) { bytes in
            body(bytes.extracting(range.clamped(to: 0..<bytes.byteCount)))
        }
    }

    /// Whether a file can be read.
    public func holds(_ path: LogPath) throws(LogSourceError) -> Bool {
        try withFile(path) { _ in true } ?? false
    }

    /// None: for sources that were never purged.
    public func keptEntryIndices() throws(LogSourceError) -> [UInt64] { [] }

    /// None: for sources that were never purged.
    public func standingSets() throws(LogSourceError) -> [UInt64] { [] }

    /// None: for sources that were never purged.
    public func standingBundles(of purge: UInt64) throws(LogSourceError) -> [UInt64] { [] }

    /// None: for sources that hold no time stamps.
    public func anchorSizes() throws(LogSourceError) -> [UInt64] { [] }

    /// A copy of a file's bytes; nil if there is no such file.
    ///
    /// - Throws: ``LogSourceError`` if the file is there and cannot be read.
    public func bytes(of path: LogPath) throws(LogSourceError) -> [UInt8]? {
        try withFile(path) { span in unsafe span.withUnsafeBytes { unsafe Array($0) } }
    }
}
