// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// A log as it is on the disk, read and judged; nothing of it is open yet.
struct ExaminedLog: ~Copyable {
    let head: RecordedHead
    /// The bytes of the open segment.
    let contents: [UInt8]
    /// Its whole batches.
    let tail: RecoveredTail
    var trunk: RecoveredTrunk
    /// What is to be done about the keys.
    let step: SigningKeys.Step
}

/// The files that a recovery would write, where it is only asked what it would find.
final class ForeseenFiles {
    var bytes: [LogPath: [UInt8]] = [:]
}

/// A log as it will be once it was recovered: its files, and over them what recovery would write.
struct ForeseenLog: LogSource {
    private let reader: LogReader
    private let files: [LogPath: [UInt8]]

    init(_ directory: LogDirectory, _ files: [LogPath: [UInt8]]) {
        (reader, self.files) = (LogReader(directory.path), files)
    }

    func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        guard let bytes = files[path] else { return try reader.withFile(path, body) }
        return unsafe body(bytes.span.bytes)
    }

    func withBytes<Result>(
        of path: LogPath, in range: Range<Int>, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        guard let bytes = files[path] else {
            return try reader.withBytes(of: path, in: range, body)
        }
        return unsafe body(
            bytes.span.bytes.extracting(range.clamped(to: 0..<bytes.count)))
    }

    func holds(_ path: LogPath) throws(LogSourceError) -> Bool {
        if files[path] != nil { return true }
        return try reader.holds(path)
    }

    func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
        try reader.keptCheckpointSizes()
    }
    func keptEntryIndices() throws(LogSourceError) -> [UInt64] { try reader.keptEntryIndices() }
    func standingSets() throws(LogSourceError) -> [UInt64] { try reader.standingSets() }
    func standingBundles(of purge: UInt64) throws(LogSourceError) -> [UInt64] {
        try reader.standingBundles(of: purge)
    }
    func anchorSizes() throws(LogSourceError) -> [UInt64] { try reader.anchorSizes() }
    func segments() throws(LogSourceError) -> [UInt64] { try reader.segments() }
}
