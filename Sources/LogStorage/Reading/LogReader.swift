// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
public import TransparencyLog

/// The files of a log directory, for reading.
///
/// Bytes are read into buffers that are used again, and not mapped: a file that another process
/// cuts while it is read then gives fewer bytes, where a mapping would end the process.
public final class LogReader: LogSource {
    /// The greatest number of bytes of one file that are read.
    public static let byteCountMax = 1 << 30

    let directory: LogDirectory
    /// Buffers that no call uses at the moment.
    private let buffers = Mutex<[[UInt8]]>([])

    /// A reader of the log in a directory.
    public init(_ path: String) {
        directory = LogDirectory(path)
    }

    /// The folder of the log.
    public var path: String { directory.path }

    /// Lends the bytes of a file to `body`; nil if there is no such file.
    ///
    /// Of a file that is longer than it may be (``LogPath/byteCountMax``), one byte more and no other.
    ///
    /// - Throws: `LogSourceError` if the file is there and cannot be read.
    public func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        let count = min(path.byteCountMax, Self.byteCountMax - 1) + 1
        return try withBytes(of: path, in: 0..<count, body)
    }

    /// Lends some bytes of a file to `body`, fewer where it ends; nil if there is no such file.
    ///
    /// - Throws: `LogSourceError` if the file is there and cannot be read.
    public func withBytes<Result>(
        of path: LogPath, in range: Range<Int>, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        var buffer = buffers.withLock { $0.popLast() } ?? []
        defer { if buffer.count <= 1 << 22 { give(&buffer) } }
        let count: Int?
        do throws(StorageError) {
            count = try read(path, range, into: &buffer)
        } catch {
            let number = error.systemError == 0 ? EFBIG : error.systemError
            throw LogSourceError(path, systemError: number)
        }
        guard let count else { return nil }
        return unsafe body(buffer.span.bytes.extracting(first: count))
    }

    /// Whether a file is there.
    ///
    /// - Throws: `LogSourceError` if that cannot be told.
    public func holds(_ path: LogPath) throws(LogSourceError) -> Bool {
        do throws(StorageError) {
            return try FileTree.exists(directory.path(of: path))
        } catch {
            throw LogSourceError(path, systemError: error.systemError)
        }
    }

    private func give(_ buffer: inout [UInt8]) {
        var given: [UInt8] = []
        swap(&given, &buffer)
        buffers.withLock { [given] in $0.append(given) }
    }

    /// Reads a part of a file to the buffer's start, and makes the buffer larger if it must be.
    private func read(
        _ path: LogPath, _ range: Range<Int>, into buffer: inout [UInt8]
    ) throws(StorageError) -> Int? {
        let full = directory.path(of: path)
        while let file = try OpenFile.readingIfPresent(full) {
            let byteCount = try file.byteCount()
            let count = range.clamped(to: 0..<byteCount).count
            if buffer.count < count {
                buffer = [UInt8](repeating: 0, count: max(count, 1 << 17))
            }
            let done = try file.read(into: &buffer, at: range.lowerBound, count: count)
            // The file of a segment is written over only once it has another name, which no later
            // segment shares: as long as it has this one, what was read is this segment's.
            guard path.isSegment, try !file.isNamed(full) else { return done }
        }
        return nil
    }

    /// The sizes of the kept checkpoints, in order.
    ///
    /// - Throws: `LogSourceError` if the folder cannot be read.
    public func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try FileTree.names(in: directory.keptCheckpoints)
                .compactMap { LogDirectory.number($0) }.sorted()
        } catch {
            throw LogSourceError(.keptCheckpoint(size: 0), systemError: error.systemError)
        }
    }

    /// The sizes whose checkpoints were stamped, in order.
    ///
    /// - Throws: `LogSourceError` if the folder cannot be read.
    public func anchorSizes() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try FileTree.names(in: directory.anchors)
                .compactMap { LogDirectory.anchorSize($0) }.sorted()
        } catch {
            throw LogSourceError(.anchor(size: 0), systemError: error.systemError)
        }
    }

    /// The indices of the entries that purges kept, in order.
    ///
    /// - Throws: `LogSourceError` if the folder cannot be read.
    public func keptEntryIndices() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try FileTree.names(in: directory.keptEntries)
                .compactMap { LogDirectory.number($0) }.sorted()
        } catch {
            throw LogSourceError(.keptEntry(index: 0), systemError: error.systemError)
        }
    }

    /// The entries of the purges that left what is in force, in order.
    ///
    /// - Throws: `LogSourceError` if the folder cannot be read.
    public func standingSets() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try StandingFolder.purges(directory)
        } catch {
            throw LogSourceError(
                .standing(purge: 0, bundle: 0), systemError: error.systemError)
        }
    }

    /// The bundles of which a purge left something, in order.
    ///
    /// - Throws: `LogSourceError` if a folder cannot be read.
    public func standingBundles(of purge: UInt64) throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try directory.standingBundles(of: purge)
        } catch {
            throw LogSourceError(
                .standing(purge: purge, bundle: 0), systemError: error.systemError)
        }
    }

    /// The first indices of the open segments, in order.
    ///
    /// - Throws: `LogSourceError` if the folder cannot be read.
    public func segments() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try directory.segmentStarts()
        } catch {
            throw LogSourceError(.segment(first: 0), systemError: error.systemError)
        }
    }
}
