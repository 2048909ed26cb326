// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Diagnostics
import Glibc
public import LogStorage
public import TransparencyLog

/// A log, and the private key that signs it.
public struct WriterOptions: ParsableArguments {
    /// The folder of the log.
    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    public var log: String

    /// The file of the private key, if one was given.
    @Option(
        help: ArgumentHelp(
            fr: """
                Le fichier de la clé privée\u{202F}; JOURNAL.key, ou le secret de ce nom, par \
                défaut.
                """,
            en: """
                The file of the private key; LOG.key, or the credential of that name, by default.
                """))
    public var key: String?

    /// Whether an entry may be acknowledged before it is on the disk.
    @Flag(
        help: ArgumentHelp(
            fr: """
                Ne pas attendre le disque\u{202F}: pour les essais et les chargements en masse \
                seulement.
                """,
            en: "Do not wait for the disk: for tests and bulk loads only."))
    public var notDurable = false

    /// Makes the options; the parser fills them.
    public init() {}

    /// Opens the log, with recovery.
    ///
    /// - Parameters:
    ///   - console: What the command finds around it.
    ///   - isThorough: Whether every tile is compared with the tree.
    /// - Returns: The one writer of the log.
    /// - Throws: ``LogStorage/StorageError``.
    public func open(on console: Console, isThorough: Bool = false) throws -> LogAppender {
        // Whoever opens a log is about to record something, and may write the time itself before.
        try LogClock.checked(Self.clock(), for: log)
        var options = LogAppender.Options(isDurable: !notDurable, clock: Self.clock)
        options.isThorough = isThorough
        return try LogAppender(log, keyFile: try keyFile(console), options: options)
    }

    /// What ``open(on:isThorough:)`` would find, and do before anything else; nothing changes.
    ///
    /// - Parameters:
    ///   - console: What the command finds around it.
    ///   - isThorough: Whether every tile is compared with the tree.
    /// - Returns: The log as it stands.
    /// - Throws: ``LogStorage/StorageError``, as opening the log does.
    public func outlook(on console: Console, isThorough: Bool = false) throws -> LogOutlook {
        try LogClock.checked(Self.clock(), for: log)
        let found = try LogOutlook(
            of: log, keyFile: try keyFile(console), isThorough: isThorough)
        found.say(on: console)
        return found
    }

    /// Goes on with a log that lacks signed entries.
    ///
    /// - Parameters:
    ///   - request: Who decided it, and the recovery key.
    ///   - console: What the command finds around it.
    /// - Returns: The entries that are lost.
    /// - Throws: ``LogStorage/StorageError``.
    public func restore(
        _ request: RestoreRequest, on console: Console
    ) throws -> Range<UInt64> {
        try LogAppender.restore(
            log, keyFile: try keyFile(console), request,
            options: LogAppender.Options(isDurable: !notDurable, clock: Self.clock))
    }

    /// What ``restore(_:on:)`` would record as lost; nothing changes.
    ///
    /// - Parameters:
    ///   - request: Who decided it, and the recovery key.
    ///   - console: What the command finds around it.
    /// - Returns: The entries that are lost.
    /// - Throws: ``LogStorage/StorageError``, as the restoration does.
    public func plan(_ request: RestoreRequest, on console: Console) throws -> Range<UInt64> {
        try request.plan(of: log, keyFile: try keyFile(console), now: Self.clock())
    }

    /// The key that verifies what the log's present key signs.
    ///
    /// - Throws: ``LogStorage/StorageError``.
    public func verificationKey(on console: Console) throws -> LogVerificationKey {
        try signingKey(on: console).verificationKey
    }

    /// The log's present key: from its file, from a credential, or in a security token.
    ///
    /// - Throws: ``LogStorage/StorageError``.
    public func signingKey(on console: Console) throws -> LogSigningKey {
        let file = try keyFile(console)
        guard let key = try file.current() else {
            throw CommandError(code: .notFound, place: .file(file.path))
        }
        return key
    }

    /// The file that was named; else `LOG.key`; else the credential of that name that the service
    /// manager passes on.
    private func keyFile(_ console: Console) throws -> SigningKeyFile {
        let folder = console.surroundings.variables["CREDENTIALS_DIRECTORY"]
            .flatMap { $0.isEmpty ? nil : Self.trimmed($0) }
        if let key {
            return SigningKeyFile(key, isCredential: folder.map { Self.holds($0, key) } ?? false)
        }
        let beside = Self.trimmed(log) + ".key"
        guard let folder, try !SigningKeyFile(beside).isThere(),
            let name = beside.split(separator: "/").last
        else { return SigningKeyFile(beside) }
        return SigningKeyFile("\(folder)/\(name)", isCredential: true)
    }

    /// Whether a file is in a folder, whatever both are called.
    private static func holds(_ folder: String, _ file: String) -> Bool {
        func real(_ path: String) -> String? {
            guard let found = unsafe realpath(path, nil) else { return nil }
            defer { unsafe free(found) }
            return unsafe String(cString: found)
        }
        guard let file = real(file), let folder = real(folder) else { return false }
        return file.hasPrefix(folder + "/")
    }

    /// Refuses a key that cannot be replaced, before anything is done.
    ///
    /// - Throws: ``LogStorage/StorageError``, with ``LogStorage/StorageError/Code/credential``.
    public func requireRotatable(on console: Console) throws {
        let file = try keyFile(console)
        guard !file.isCredential else { throw StorageError(.credential, path: file.path) }
    }

    /// Refuses a key in whose folder no other one can be put.
    ///
    /// - Throws: ``LogStorage/StorageError``.
    public func requireKeyFolder(on console: Console) throws {
        try keyFile(console).requireReplaceable()
    }

    /// Whether the key that signs the log is here: elsewhere a folder of it is a copy.
    ///
    /// - Throws: ``LogStorage/StorageError`` if the system cannot say.
    public func hasKey(on console: Console) throws -> Bool { try keyFile(console).isThere() }

    /// A path without its last slashes, that ends in a name: `.` has no key beside it, but the folder
    /// that it stands for has.
    public static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let last = path.split(separator: "/").last ?? ""
        guard last == "." || last == "..", let real = unsafe realpath(path, nil) else {
            return path
        }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// Milliseconds since 1970.
    public static func clock() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        // Far beyond what any text can say, and small enough to be reckoned with.
        let seconds = min(max(Int64(now.tv_sec), -(1 << 50)), 1 << 50)
        return seconds * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
