// SPDX-License-Identifier: Apache-2.0

import LogStorage
import TransparencyLog

/// The files of a log in memory, some of them changed.
struct OverlaidLog: LogSource {
    var files: [LogPath: [UInt8]]
    let starts: [UInt64]

    /// Reads the named files of a log.
    init(_ log: SampleLog, _ paths: [LogPath]) throws {
        files = [:]
        for path in paths { files[path] = try log.bytes(path.text) }
        starts = try LogReader(log.path).segments()
    }

    func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        guard let bytes = files[path] else { return nil }
        return unsafe body(bytes.span.bytes)
    }

    func keptCheckpointSizes() -> [UInt64] { [] }

    func segments() -> [UInt64] { starts.filter { files[.segment(first: $0)] != nil } }

    /// The same log with other bytes in one file.
    func replacing(_ path: LogPath, _ bytes: [UInt8]?) -> OverlaidLog {
        var copy = self
        copy.files[path] = bytes
        return copy
    }
}

/// The entries of a bundle, with their frames.
struct Frames {
    var frames: [[UInt8]]

    init(frames: [[UInt8]]) { self.frames = frames }

    init(_ bundle: [UInt8]) {
        frames = unsafe EntryBundle.entryRanges(in: bundle.span.bytes).map {
            Array(bundle[($0.lowerBound - EntryBundle.headerByteCount)..<$0.upperBound])
        }
    }

    var bytes: [UInt8] { frames.flatMap { $0 } }
}
