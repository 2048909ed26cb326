// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Cryptography
import LogStorage
import Synchronization
import TransparencyLog

/// Writes a sample log with the real writer: the same entries, files and bytes each time.
public struct SampleLogWriter: Sendable {
    /// The folder that gets `log/`, `log.vkey` and the answer key.
    public let folder: SampleFolder
    /// The name of the log, and of its keys.
    public let origin: String
    /// The policy sets that the log keeps a copy of.
    public let policies: [PolicyArchive]

    /// Names what to write, and where.
    public init(_ folder: SampleFolder, name: String, policies: [PolicyArchive]) {
        self.folder = folder
        self.origin = "exemple.vigie.invalid/" + name
        self.policies = policies
    }

    /// Writes the whole log of a generator, signed every so many entries and at the end.
    ///
    /// - Parameters:
    ///   - generator: Makes the entries; it holds the answer key afterwards.
    ///   - unsignedCount: How many of the last entries stay without a signed checkpoint.
    ///   - progress: Called with the number of entries, about a hundred times.
    /// - Returns: The number of entries.
    /// - Throws: Any error of the log's storage or of the file system.
    @discardableResult
    public func write(
        _ generator: inout SampleGenerator, unsignedCount: Int = 0,
        progress: (UInt64) -> Void = { _ in }
    ) throws -> UInt64 {
        let key = try Self.key(origin)
        let clock = SettableClock(generator.openedAt)
        let genesis = LogGenesis.submission(
            key: key.verificationKey,
            recoveryKey: try Self.key(origin + "/recovery").verificationKey,
            retentionDays: 180...365, openedAt: generator.openedAt)
        try folder.write(key.verificationKey.text + "\n", to: "log.vkey")
        let path = folder.path + "/log"
        let appender = try LogAppender(
            path, key: key, genesis: Submission(genesis),
            options: LogAppender.Options(isDurable: false) { clock.now })
        for archive in policies {
            for file in archive.files {
                try folder.write(
                    file.bytes, to: "log/policies/\(archive.version.hex)/\(file.path)")
            }
        }
        var root = String(repeating: "0", count: 64)
        var pending: [SampleBatch] = []
        var signedSize: UInt64 = 0
        while let batch = generator.next(root: root) {
            if unsignedCount > 0 {
                pending.append(batch)
                continue
            }
            clock.now = batch.recordedAt
            _ = try appender.append(try batch.submissions.map { try Submission(own: $0) })
            if generator.entryCount >= signedSize + 16_384 {
                signedSize = try appender.sign()
                root = try Self.root(folder)
                progress(signedSize)
            }
        }
        try append(pending, unsignedCount, to: appender, clock)
        if unsignedCount == 0 { try appender.sign() }
        return appender.size
    }

    /// Appends batches one by one, signing before the last entries that stay unsigned.
    private func append(
        _ batches: [SampleBatch], _ unsignedCount: Int, to appender: LogAppender,
        _ clock: SettableClock
    ) throws {
        var left = batches.reduce(0) { $0 + $1.submissions.count }
        for batch in batches {
            clock.now = batch.recordedAt
            for submission in batch.submissions {
                if left == unsignedCount { try appender.sign() }
                _ = try appender.append([try Submission(own: submission)])
                left -= 1
            }
        }
    }

    /// The root of the last signed checkpoint.
    private static func root(_ folder: SampleFolder) throws -> String {
        try CheckpointNote(parsing: folder.read("log/checkpoint")).checkpoint.rootHash.hex
    }

    /// The signing key of a sample: anyone can make it again, so it protects nothing.
    private static func key(_ name: String) throws -> LogSigningKey {
        let seed = SHA256Hasher().hash(Array("sample key, known to all: \(name)".utf8))
        return try LogSigningKey(name: name, key: SigningKey(seed: seed.bytes))
    }
}

/// A clock that shows what it is told.
private final class SettableClock: Sendable {
    private let instant: Mutex<Int64>

    init(_ instant: Int64) {
        self.instant = Mutex(instant)
    }

    var now: Int64 {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }
}
