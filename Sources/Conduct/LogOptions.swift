// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Auditing
public import Cryptography
public import Diagnostics
import Glibc
import LogStorage
public import TransparencyLog

/// A log, and the key that it must be signed with.
public struct LogOptions: ParsableArguments {
    /// The folder of the log.
    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    public var log: String

    /// The key, or `@` and the path of a file that holds it.
    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    public var key: String

    /// Makes the options; the parser fills them.
    public init() {}

    /// The key that was given.
    ///
    /// - Throws: An error that names the file, where the key came from one.
    public func verificationKey() throws -> LogVerificationKey {
        try Self.verificationKey(key)
    }

    /// The key that a text is, or that the file holds whose path follows `@`.
    ///
    /// - Parameters:
    ///   - key: The text.
    ///   - argument: Where on the command line it stands.
    /// - Returns: The key.
    /// - Throws: An error that names the file, where the key came from one, else the argument.
    public static func verificationKey(
        _ key: String, of argument: String = "--key"
    ) throws -> LogVerificationKey {
        guard key.hasPrefix("@") else { return try Self.parse(key, .file(argument)) }
        let path = String(key.dropFirst())
        let bytes = try TextFile.read(path, byteCountMax: 1 << 16)
        let text = String(decoding: bytes, as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return try Self.parse(line, .file(path))
    }

    private static func parse(
        _ text: some StringProtocol, _ place: Place
    ) throws -> LogVerificationKey {
        do {
            return try LogVerificationKey(parsing: text)
        } catch {
            throw PlacedError(error, place)
        }
    }

    /// The folder's path, once it is known to hold a log.
    public func folder() throws -> String { try Self.folder(log) }

    /// A folder's path, once it is known to hold a log.
    public static func folder(_ log: String) throws -> String {
        let names = try FolderReader.names(in: log)
        guard names.contains(where: { ["checkpoint", "tile", "wal"].contains($0) }) else {
            throw CommandError(code: .notALog, place: .file(log))
        }
        return log
    }
}

extension LogOptions {
    /// Verifies a log of which nothing but the report is needed, in memory that does not grow with it,
    /// showing progress on a terminal.
    ///
    /// - Throws: As ``verify(demands:workers:on:)``.
    public func check(
        demands: VerificationDemands = .init(), workers: Int? = nil, on console: Console
    ) throws -> VerificationReport {
        let verifier = LogVerifier(keys: [try verificationKey()], demands: demands)
        let reader = LogReader(try folder())
        defer { console.endProgress() }
        return verifier.check(
            reader, workers: workers ?? Self.processorCount, progress: Self.progress(on: console))
    }

    /// Verifies the log, showing progress on a terminal.
    ///
    /// - Parameters:
    ///   - demands: What the reader asks for besides.
    ///   - workers: The number of threads; all cores if nil.
    ///   - console: Where progress is shown.
    /// - Returns: What was found, and the log to be replayed if it is intact.
    /// - Throws: An error if the key or the folder cannot be read; what is wrong with the log itself
    ///   is in the report.
    public func verify(
        demands: VerificationDemands = .init(), workers: Int? = nil, on console: Console
    ) throws -> Verification {
        let verifier = LogVerifier(keys: [try verificationKey()], demands: demands)
        let reader = LogReader(try folder())
        defer { console.endProgress() }
        return verifier.verify(
            reader, workers: workers ?? Self.processorCount, progress: Self.progress(on: console))
    }

    /// Verifies the log, to be audited if it is intact, showing progress on a terminal.
    ///
    /// - Throws: As ``verify(demands:workers:on:)``.
    public func verifyForAudit(
        on console: Console
    ) throws -> (report: VerificationReport, log: LogUnderAudit?) {
        let verifier = LogVerifier(keys: [try verificationKey()])
        let reader = LogReader(try folder())
        defer { console.endProgress() }
        return LogUnderAudit.verify(
            reader, by: verifier, workers: Self.processorCount,
            progress: Self.progress(on: console))
    }

    /// Verifies and audits the log, from a saved state on where that can be believed, showing
    /// progress on a terminal.
    ///
    /// - Parameters:
    ///   - auditor: What the log is judged by.
    ///   - saved: What an earlier audit left; nil to read everything.
    ///   - program: The digest of the program that runs; nil where no state is kept.
    ///   - console: Where progress is shown.
    /// - Returns: What was found, and the state to leave.
    /// - Throws: As ``verify(demands:workers:on:)``.
    public func audit(
        by auditor: Auditor, from saved: [UInt8]?, program: SHA256Digest?, on console: Console
    ) throws -> ResumedAudit {
        let reading = AuditReading(
            LogVerifier(keys: [try verificationKey()]), program: program,
            workers: Self.processorCount, progress: Self.progress(on: console))
        let reader = LogReader(try folder())
        defer { console.endProgress() }
        return try auditor.audit(reader, from: saved, reading)
    }

    /// The number of processors that this process may use: of those that there are, those that it is
    /// let have (`taskset`, a service's `CPUAffinity`).
    public static var processorCount: Int {
        let all = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        guard let status = try? TextFile.read("/proc/self/status", byteCountMax: 1 << 16) else {
            return all
        }
        // A mask in hexadecimal digits, in groups with commas between.
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("Cpus_allowed:") }
        let count = line?.dropFirst("Cpus_allowed:".count).reduce(0) {
            $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
        }
        return min(all, max(1, count ?? all))
    }

    private static func progress(on console: Console) -> @Sendable (UInt64, UInt64) -> Void {
        { done, total in
            console.showProgress(
                LocalizedText(
                    fr: "vérification\u{202F}: \(done) / \(total)",
                    en: "verifying: \(done) / \(total)"))
        }
    }
}

/// An error of a pure module, which cannot know the file, with the file.
public struct PlacedError: Diagnosable {
    /// The error in words, with its place.
    public let diagnostic: Diagnostic

    /// Gives an error a place, where it has none.
    public init(_ error: any Diagnosable, _ place: Place) {
        var diagnostic = error.diagnostic
        if diagnostic.place == .nowhere { diagnostic.place = place }
        self.diagnostic = diagnostic
    }
}
