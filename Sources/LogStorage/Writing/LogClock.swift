// SPDX-License-Identifier: Apache-2.0

/// What a clock may say for an entry to be recorded at it.
public enum LogClock {
    /// From 1970 to the end of the year 9999, in milliseconds since 1970: no machine that keeps a log is
    /// elsewhere, and the format has no later instant.
    public static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    /// Refuses an instant at which nothing can be recorded.
    ///
    /// - Parameters:
    ///   - instant: What the clock says, in milliseconds since 1970.
    ///   - path: The log's folder.
    /// - Returns: The instant.
    /// - Throws: ``StorageError/Code/impossibleClock``.
    @discardableResult
    public static func checked(
        _ instant: Int64, for path: String
    ) throws(StorageError) -> Int64 {
        guard range.contains(instant) else { throw StorageError(.impossibleClock, path: path) }
        return instant
    }
}
