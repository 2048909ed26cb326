// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// An entry as its caller gives it, in the canonical form, without what only the log sets.
public struct Submission: Sendable {
    /// The canonical bytes.
    public let bytes: [UInt8]
    /// Where the log's own fields belong.
    let places: EntryRenderer.LogPlaces
    // Few numbers are kept of all that was scanned: submissions are copied, and many wait at once.
    /// Where `source` is, without its quotes.
    let source: Range<Int>
    /// Where `id` is, without its quotes.
    let identifier: Range<Int>
    let sourceSequence: UInt64
    /// Whether the log itself is its source.
    let isOwn: Bool

    /// Checks the bytes of a submission.
    ///
    /// - Throws: ``TransparencyLog/EntryError`` if they are not in the canonical form, or of a type
    ///   that only the log itself records, or of the log's own source.
    public init(_ bytes: [UInt8], scanner: EntryScanner = Self.scanner) throws(EntryError) {
        let scanned = try Self.scan(bytes, scanner)
        self.init(bytes, scanned)
        try Self.refuseReservedType(bytes, scanned)
        // What this program records is believed: nobody else may speak for it, but to begin a log.
        guard isOwn, let type = scanned.range(of: .type),
            !Self.holds(bytes, type, "log.open")
        else { return }
        throw EntryError(.reservedSource, at: source.lowerBound)
    }

    /// Refuses a type that only the log itself records.
    static func refuseReservedType(_ bytes: [UInt8]) throws(EntryError) {
        try refuseReservedType(bytes, scan(bytes, scanner))
    }

    private static func refuseReservedType(
        _ bytes: [UInt8], _ scanned: borrowing ScannedEntry
    ) throws(EntryError) {
        guard let type = scanned.range(of: .type) else { return }
        for reserved in reservedTypes where holds(bytes, type, reserved) {
            throw EntryError(.reservedType, at: type.lowerBound)
        }
    }

    private static func holds(_ bytes: [UInt8], _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe bytes[range].elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// What the entry starts with, whatever the log adds.
    var head: ArraySlice<UInt8> { bytes[..<places.prev] }

    /// The hash of its name under a log's secret.
    func nameHash(_ key: IdentifierKey) -> UInt64 {
        unsafe key.hash(bytes.span.bytes, source: source, identifier: identifier)
    }

    /// What the verifier draws conclusions from: nobody but the log may say it.
    private static let reservedTypes: [StaticString] = [
        "key.rotate", "log.anchor", "log.recover", "retention.purge",
    ]

    /// Checks the bytes of an event that the log records of itself: for the log, and for a sample that
    /// stands for months of one.
    package init(own bytes: [UInt8], scanner: EntryScanner = Self.scanner) throws(EntryError) {
        self.init(bytes, try Self.scan(bytes, scanner))
    }

    private init(_ bytes: [UInt8], _ scanned: borrowing ScannedEntry) {
        guard let source = scanned.range(of: .source), let identifier = scanned.range(of: .id)
        else { preconditionFailure("a submission was scanned as one") }
        self.bytes = bytes
        places = EntryRenderer.LogPlaces(in: scanned)
        self.source = source
        self.identifier = identifier
        sourceSequence = scanned.sourceSeq
        isOwn = bytes[source].elementsEqual(IdentifierIndex.ownSource)
    }

    private static func scan(
        _ bytes: [UInt8], _ scanner: EntryScanner
    ) throws(EntryError) -> ScannedEntry {
        guard bytes.count <= byteCountMax else { throw EntryError(.tooLong, at: byteCountMax) }
        return try scanner.scan(bytes)
    }

    /// The greatest number of bytes: an entry's, less `seq`, `prev` and `recorded_at` at their longest.
    public static let byteCountMax = EntryScanner.byteCountMax - 138

    /// A scanner for submissions.
    public static let scanner = EntryScanner(mode: .submission)
}

/// What the log answers once an entry is durable.
public struct Acknowledgement: Hashable, Sendable {
    /// The entry's index.
    public var index: UInt64
    /// The entry's leaf hash, which commits to all entries before it.
    public var leafHash: SHA256Digest
    /// Whether an entry with this `source` and `id` was there already; nothing was appended then.
    public var isRepetition: Bool
}
