// SPDX-License-Identifier: Apache-2.0

public import TransparencyLog

/// The files of a log directory, for the verifier.
///
/// Files are read and not mapped: a file that another process cuts short while it is verified then
/// gives fewer bytes, and not a signal that ends the program.
public struct LogReader: LogSource {
    let directory: LogDirectory

    /// A reader of the log in a directory.
    public init(_ path: String) {
        directory = LogDirectory(path: path, isDurable: false)
    }

    /// Lends the bytes of a file to `body`; nil if there is no such file.
    public func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        do throws(StorageError) {
            guard let bytes = try directory.read(path.text) else { return nil }
            return unsafe body(bytes.span.bytes)
        } catch {
            throw LogSourceError(path, systemError: error.systemError)
        }
    }

    /// The sizes of the kept checkpoints, in order.
    public func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try directory.numbers(in: "checkpoints", suffix: "")
        } catch {
            throw LogSourceError(.keptCheckpoint(size: 0), systemError: error.systemError)
        }
    }

    /// The first indices of the open segments, in order.
    public func segments() throws(LogSourceError) -> [UInt64] {
        do throws(StorageError) {
            return try directory.numbers(in: "wal", suffix: ".seg")
        } catch {
            throw LogSourceError(.segment(first: 0), systemError: error.systemError)
        }
    }
}
