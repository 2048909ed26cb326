// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// An entry as its caller gives it, in the canonical form, without what only the log sets.
public struct Submission: Sendable {
    /// The canonical bytes.
    public let bytes: [UInt8]
    let scanned: ScannedEntry

    /// Checks the bytes of a submission.
    ///
    /// - Throws: ``TransparencyLog/EntryError`` if they are not in the canonical form, or of a type
    ///   that only the log itself records, or of the log's own source.
    public init(_ bytes: [UInt8], scanner: EntryScanner = Self.scanner) throws(EntryError) {
        try self.init(own: bytes, scanner: scanner)
        try refuseReservedType()
        // What this program records is believed: nobody else may speak for it, but to begin a log.
        guard let type = scanned.range(of: .type), let source = scanned.range(of: .source),
            bytes[source].elementsEqual(IdentifierIndex.ownSource),
            !bytes[type].elementsEqual("log.open".utf8)
        else { return }
        throw EntryError(.reservedSource, at: source.lowerBound)
    }

    /// Refuses a type that only the log itself records.
    func refuseReservedType() throws(EntryError) {
        guard let type = scanned.range(of: .type) else { return }
        for reserved in Self.reservedTypes where bytes[type].elementsEqual(reserved.utf8) {
            throw EntryError(.reservedType, at: type.lowerBound)
        }
    }

    /// What the verifier draws conclusions from: nobody but the log may say it.
    private static let reservedTypes: [String] = [
        "key.rotate", "log.anchor", "log.recover", "retention.purge",
    ]

    /// Checks the bytes of an event that the log records of itself: for the log, and for a sample that
    /// stands for months of one.
    package init(own bytes: [UInt8], scanner: EntryScanner = Self.scanner) throws(EntryError) {
        guard bytes.count <= Self.byteCountMax else {
            throw EntryError(.tooLong, at: Self.byteCountMax)
        }
        scanned = try scanner.scan(bytes)
        self.bytes = bytes
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
