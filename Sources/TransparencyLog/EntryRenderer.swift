// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Turns a submission into an entry, by adding what only the log may set.
public enum EntryRenderer {
    /// The canonical entry made from a scanned submission.
    ///
    /// - Throws: ``EntryError/Code/tooLong`` if the entry would exceed the limit.
    public static func render(
        _ submission: [UInt8], _ scanned: ScannedEntry, seq: UInt64, prev: SHA256Digest,
        recordedAt: Int64
    ) throws(EntryError) -> [UInt8] {
        var entry: [UInt8] = []
        entry.reserveCapacity(submission.count + 160)
        try append(
            to: &entry, submission, scanned, LogAssigned(seq: seq, prev: prev, at: recordedAt))
        return entry
    }

    /// What the log sets in an entry.
    public struct LogAssigned: Sendable {
        /// The entry's index.
        public var seq: UInt64
        /// The previous entry's leaf hash.
        public var prev: SHA256Digest
        /// When the log records the entry, in milliseconds since 1970.
        public var recordedAt: Int64

        /// Makes it from its parts.
        public init(seq: UInt64, prev: SHA256Digest, at recordedAt: Int64) {
            self.seq = seq
            self.prev = prev
            self.recordedAt = recordedAt
        }
    }

    /// Appends the canonical entry made from a scanned submission to a buffer.
    ///
    /// - Throws: ``EntryError/Code/tooLong`` if the entry would exceed the limit; the buffer is
    ///   then as it was.
    public static func append(
        to buffer: inout [UInt8], _ submission: [UInt8], _ scanned: ScannedEntry,
        _ assigned: LogAssigned
    ) throws(EntryError) {
        let start = buffer.count
        var copied = 0
        insert(.prev, scanned, submission, &copied, &buffer) { buffer in
            buffer.append(contentsOf: "\"prev\":\"".utf8)
            let start = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: SHA256Digest.hexCount))
            unsafe buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe assigned.prev.storeHex(to: base + start)
            }
            buffer.append(contentsOf: "\",".utf8)
        }
        insert(.recordedAt, scanned, submission, &copied, &buffer) { buffer in
            buffer.append(contentsOf: "\"recorded_at\":\"".utf8)
            buffer.append(contentsOf: Timestamp.utf8(assigned.recordedAt))
            buffer.append(contentsOf: "\",".utf8)
        }
        insert(.seq, scanned, submission, &copied, &buffer) { buffer in
            buffer.append(contentsOf: "\"seq\":".utf8)
            append(assigned.seq, to: &buffer)
            buffer.append(UInt8(ascii: ","))
        }
        buffer.append(contentsOf: submission[copied...])
        guard buffer.count - start <= EntryScanner.byteCountMax else {
            buffer.removeSubrange(start...)
            throw EntryError(.tooLong, at: EntryScanner.byteCountMax)
        }
    }

    /// Appends a number in decimal.
    private static func append(_ number: UInt64, to buffer: inout [UInt8]) {
        let start = buffer.count
        var rest = number
        repeat {
            buffer.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    /// Copies the submission up to where `field` belongs, then writes the field.
    private static func insert(
        _ field: EntryField, _ scanned: ScannedEntry, _ submission: [UInt8], _ copied: inout Int,
        _ buffer: inout [UInt8], write: (inout [UInt8]) -> Void
    ) {
        // `source` or `v` always follows, so there is a next field, and a comma after ours.
        guard let next = scanned.firstField(after: field), let range = scanned.range(of: next)
        else { preconditionFailure("a submission was scanned as one") }
        let quote =
            switch next.kind {
            case .string, .timestamp, .digest: 1
            case .integer, .boolean, .strings, .object: 0
            }
        let keyStart = range.lowerBound - quote - 3 - next.name.utf8.count
        buffer.append(contentsOf: submission[copied..<keyStart])
        copied = keyStart
        write(&buffer)
    }
}
