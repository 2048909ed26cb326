// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Glibc
import LogStorage
import TransparencyLog

/// The verbs that write a log.
struct LogCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Make a log, append to it, say how it stands.",
        subcommands: [
            LogInit.self, LogAppend.self, LogStatus.self, LogExport.self, LogRecover.self,
        ])
}

/// A log, and the private key that signs it.
struct WriterOptions: ParsableArguments {
    @Argument(help: "The folder of the log.")
    var log: String

    @Option(help: "The file of the private key; LOG.key by default.")
    var key: String?

    @Flag(help: "Do not wait for the disk: for tests and bulk loads only.")
    var notDurable = false

    /// Opens the log, with recovery.
    func open() throws -> LogAppender {
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
    static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Milliseconds since 1970.
    static func clock() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
