// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
import LogStorage
import TransparencyLog

/// The log and the entries that benchmarks of writing share.
enum BenchLog {
    static func key() throws -> LogSigningKey {
        try LogSigningKey(
            name: "vigie.example/bench", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
    }

    static func genesis(_ openedAt: Int64) throws -> Submission {
        let key = try key().verificationKey
        return try Submission(
            LogGenesis.submission(
                key: key, recoveryKey: key, retentionDays: 180...365, openedAt: openedAt))
    }

    static func appender(_ path: String, isDurable: Bool) throws -> LogAppender {
        try LogAppender(
            path, key: key(), genesis: genesis(1_772_438_400_000),
            options: LogAppender.Options(isDurable: isDurable) { 1_772_438_400_000 })
    }

    /// What a caller has in hand; the entry that it becomes has 437 bytes with its frame.
    static func bytes(_ number: Int) -> [UInt8] {
        Array(
            """
            {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"75",\
            "role":"CONS_PRO"},"categories":["CO","CV"],"id":"e-\(number)",\
            "occurred_at":"2026-03-02T08:15:00.000Z","outcome":"done",\
            "purpose":"P3-PROMOTION","source":"portail","source_seq":\(number),\
            "subject":{"pid":"P00000000cafe"},"type":"profile.view","v":1}
            """.utf8)
    }

    static func submission(_ number: Int) throws -> Submission { try Submission(bytes(number)) }

    /// Empties all files below a path.
    ///
    /// The next round then writes to memory that the system has, as this one did. The files stay: a file
    /// system avoids the places of files that were just removed.
    static func empty(_ path: String) {
        guard let folder = unsafe opendir(path) else {
            _ = unsafe chmod(path, 0o600)
            _ = unsafe truncate(path, 0)
            return
        }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { empty(path + "/" + name) }
        }
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }

    /// The processor time of all threads until now: what waits for the disk takes none.
    static func processorSeconds() -> Double {
        var time = timespec()
        precondition(
            unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, "Linux has that clock")
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
