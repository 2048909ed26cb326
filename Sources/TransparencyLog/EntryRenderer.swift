// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Turns a submission into an entry, by adding what only the log may set.
public enum EntryRenderer {
    /// The greatest number of bytes by which an entry is longer than its submission.
    public static let growthMax = 142

    /// The canonical entry made from a scanned submission.
    ///
    /// - Throws: ``EntryError/Code/tooLong`` if the entry would exceed the limit.
    public static func render(
        _ submission: [UInt8], _ scanned: ScannedEntry, seq: UInt64, prev: SHA256Digest,
        recordedAt: Int64
    ) throws(EntryError) -> [UInt8] {
        let assigned = LogAssigned(seq: seq, prev: prev, at: recordedAt)
        let places = LogPlaces(in: scanned)
        let entry = unsafe [UInt8](
            unsafeUninitializedCapacity: submission.count + growthMax
        ) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            count = unsafe write(submission.span.bytes, places, assigned, to: base)
        }
        guard entry.count <= EntryScanner.byteCountMax else {
            throw EntryError(.tooLong, at: EntryScanner.byteCountMax)
        }
        return entry
    }

    /// What the log sets in an entry.
    public struct LogAssigned: Sendable {
        /// The entry's index.
        public var seq: UInt64
        /// The previous entry's leaf hash.
        public var prev: SHA256Digest
        /// When the log records the entry, as text: it is the same for a whole batch.
        fileprivate let recordedAt: InlineArray<24, UInt8>

        /// Makes it from its parts.
        ///
        /// - Parameters:
        ///   - seq: The entry's index.
        ///   - prev: The previous entry's leaf hash.
        ///   - recordedAt: Milliseconds since 1970.
        public init(seq: UInt64, prev: SHA256Digest, at recordedAt: Int64) {
            let text = Timestamp.utf8(recordedAt)
            self.seq = seq
            self.prev = prev
            self.recordedAt = InlineArray { text[$0] }
        }
    }

    /// Where in a submission the log's own fields belong, in bytes from its start.
    public struct LogPlaces: Sendable {
        /// The place of `prev`: what is before it does not depend on the log.
        public let prev: Int
        fileprivate let recordedAt: Int
        fileprivate let seq: Int

        /// Finds the places.
        ///
        /// - Parameter submission: What the submission was scanned to.
        public init(in submission: borrowing ScannedEntry) {
            prev = EntryRenderer.place(after: .prev, submission)
            recordedAt = EntryRenderer.place(after: .recordedAt, submission)
            seq = EntryRenderer.place(after: .seq, submission)
            precondition(
                prev <= recordedAt && recordedAt <= seq, "a submission was scanned as one")
        }
    }

    /// Writes the canonical entry made from a scanned submission.
    ///
    /// - Parameters:
    ///   - submission: The canonical bytes.
    ///   - places: Where the log's fields belong in them.
    ///   - assigned: What the log sets.
    ///   - destination: Room for ``growthMax`` bytes more than the submission has.
    /// - Returns: The number of bytes written.
    public static func write(
        _ submission: RawSpan, _ places: LogPlaces,
        _ assigned: LogAssigned, to destination: UnsafeMutableRawPointer
    ) -> Int {
        let (prev, recordedAt, seq) = (places.prev, places.recordedAt, places.seq)
        precondition(seq <= submission.byteCount, "a submission was scanned as one")
        return unsafe submission.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            var end = unsafe destination
            unsafe copy(base, prev, &end)
            unsafe copy(linkLead, &end)
            unsafe assigned.prev.storeHex(to: end)
            unsafe end += SHA256Digest.hexCount
            unsafe copy("\",", &end)
            unsafe copy(base + prev, recordedAt - prev, &end)
            unsafe copy("\"recorded_at\":\"", &end)
            unsafe end.storeBytes(of: assigned.recordedAt, as: InlineArray<24, UInt8>.self)
            unsafe end += Timestamp.byteCount
            unsafe copy("\",", &end)
            unsafe copy(base + recordedAt, seq - recordedAt, &end)
            unsafe copy("\"seq\":", &end)
            unsafe write(assigned.seq, &end)
            unsafe copy(",", &end)
            unsafe copy(base + seq, bytes.count - seq, &end)
            return unsafe end - destination
        }
    }

    private static let linkLead: StaticString = "\"prev\":\""

    /// Where the digits of `prev` are in an entry that has so many bytes before that field.
    public static func linkOffset(after headCount: Int) -> Int {
        headCount + linkLead.utf8CodeUnitCount
    }

    @inline(__always)
    private static func copy(
        _ source: UnsafeRawPointer, _ count: Int, _ end: inout UnsafeMutableRawPointer
    ) {
        unsafe end.copyMemory(from: source, byteCount: count)
        unsafe end += count
    }

    @inline(__always)
    private static func copy(_ text: StaticString, _ end: inout UnsafeMutableRawPointer) {
        unsafe copy(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount, &end)
    }

    /// Writes a number in decimal.
    private static func write(_ number: UInt64, _ end: inout UnsafeMutableRawPointer) {
        var (count, rest) = (1, number)
        while rest > 9 { (count, rest) = (count + 1, rest / 10) }
        rest = number
        for place in stride(from: count - 1, through: 0, by: -1) {
            unsafe end.storeBytes(
                of: 0x30 + UInt8(truncatingIfNeeded: rest % 10), toByteOffset: place,
                as: UInt8.self)
            rest /= 10
        }
        unsafe end += count
    }

    /// Where the log's field belongs: at the key of the first field after it.
    @inline(__always)
    private static func place(after field: EntryField, _ scanned: borrowing ScannedEntry) -> Int {
        // `source` or `v` always follows, so there is a next field, and a comma after ours.
        guard let next = scanned.firstField(after: field), let range = scanned.range(of: next)
        else { preconditionFailure("a submission was scanned as one") }
        return range.lowerBound - Int(leads[Int(next.rawValue)])
    }

    /// For each field of the top level the number of bytes from its key's first quote to its value.
    private static let leads: [UInt8] = EntryField.allCases.map { field in
        let quote =
            switch field.kind {
            case .string, .timestamp, .digest: 1
            case .integer, .boolean, .strings, .object: 0
            }
        return UInt8(truncatingIfNeeded: quote + 3 + field.name.utf8.count)
    }
}
