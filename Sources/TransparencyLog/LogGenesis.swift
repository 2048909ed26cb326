// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// How a log begins.
public enum LogGenesis {
    /// The `prev` of entry 0: SHA-256(origin ‖ 0x0A).
    public static func link(origin: String) -> SHA256Digest {
        SHA256Hasher().hash(Array(origin.utf8) + [0x0A])
    }

    /// The submission that becomes entry 0, `log.open`.
    ///
    /// - Parameters:
    ///   - key: The first verification key; its name is the log's origin.
    ///   - recoveryKey: The key that may sign after a restore.
    ///   - retentionDays: The shortest and the longest retention, in days.
    ///   - openedAt: When the log is opened, in milliseconds since 1970.
    /// - Returns: The submission's canonical bytes.
    public static func submission(
        key: LogVerificationKey, recoveryKey: LogVerificationKey, retentionDays: ClosedRange<Int>,
        openedAt: Int64
    ) -> [UInt8] {
        Array(
            """
            {"format":1,"id":"log.open","key":"\(key.text)",\
            "occurred_at":"\(Timestamp.format(openedAt))","origin":"\(key.name)",\
            "recovery_key":"\(recoveryKey.text)",\
            "retention_days_max":\(retentionDays.upperBound),\
            "retention_days_min":\(retentionDays.lowerBound),\
            "source":"vigie","source_seq":1,"type":"log.open","v":1}
            """.utf8)
    }
}
