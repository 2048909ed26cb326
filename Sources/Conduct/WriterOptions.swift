// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Diagnostics
import Glibc
public import LogStorage
import TransparencyLog

/// A log, and the private key that signs it.
public struct WriterOptions: ParsableArguments {
    /// The folder of the log.
    @Argument(help: "The folder of the log.")
    public var log: String

    /// The file of the private key, if one was given.
    @Option(help: "The file of the private key; LOG.key by default.")
    public var key: String?

    /// Whether an entry may be acknowledged before it is on the disk.
    @Flag(help: "Do not wait for the disk: for tests and bulk loads only.")
    public var notDurable = false

    /// Makes the options; the parser fills them.
    public init() {}

    /// Opens the log, with recovery.
    ///
    /// - Throws: ``LogStorage/StorageError``, or an error that names the file of the key.
    public func open() throws -> LogAppender {
        let path = key ?? Self.trimmed(log) + ".key"
        let text = try KeyFile.readPrivate(path)
        do {
            let key = try LogSigningKey(parsing: text)
            return try LogAppender(
                log, key: key,
                options: .init(isDurable: !notDurable, clock: Self.clock))
        } catch let error as NoteError {
            throw PlacedError(error, .file(path))
        }
    }

    /// A path without its last slashes.
    public static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Milliseconds since 1970.
    public static func clock() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
