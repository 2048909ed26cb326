// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Synchronization
import TransparencyLog

/// A log in a folder that goes when the value goes.
final class SampleLog: Sendable {
    let path: String
    let key: LogSigningKey
    private let now = Atomic<Int>(1_767_225_600_000)

    init() throws {
        path = NSTemporaryDirectory() + "vigie-\(UUID().uuidString)"
        key = try LogSigningKey(
            name: "vigie.example/test", key: SigningKey(seed: Array(repeating: 7, count: 32)))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Another log with the same files.
    static func copy(of log: SampleLog) throws -> SampleLog {
        let copy = try SampleLog()
        try FileManager.default.copyItem(atPath: log.path, toPath: copy.path)
        return copy
    }

    var options: LogAppender.Options {
        LogAppender.Options(isDurable: false) { [self] in
            Int64(now.add(1, ordering: .relaxed).newValue)
        }
    }

    /// The submission of entry 0.
    static func genesis(_ key: LogSigningKey) throws -> Submission {
        try Submission(
            LogGenesis.submission(
                key: key.verificationKey, recoveryKey: key.verificationKey,
                retentionDays: 180...365, openedAt: 1_767_225_600_000))
    }

    func create() throws -> LogAppender {
        try LogAppender(path, key: key, genesis: Self.genesis(key), options: options)
    }

    func open() throws -> LogAppender {
        try ForeseenOpening.open(path) {
            try LogOutlook(of: path, key: key)
        } opening: {
            try LogAppender(path, key: key, options: options)
        }
    }

    /// Submissions of one source, numbered from `first`.
    static func submissions(_ range: Range<Int>, source: String = "portail") throws -> [Submission]
    {
        try range.map { number in
            try Submission(
                Array(
                    """
                    {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z",\
                    "source":"\(source)","source_seq":\(number),"type":"heartbeat","v":1}
                    """.utf8))
        }
    }

    func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + file)))
    }

    func write(_ file: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + file))
    }
}
