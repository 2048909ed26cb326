// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// An entry proven to be in the log, at its index, under a trusted checkpoint.
///
/// Only a ``VerifiedLog`` lends one, and only for the duration of a call. A function that takes a
/// `VerifiedEntry` needs no check of its own, and no code path can skip the check by mistake.
///
/// Verified means *unaltered*, not *permitted*. Whether the event it carries was allowed is
/// a separate question, which the `Auditing` module answers.
@safe
public struct VerifiedEntry: ~Copyable {
    private let base: UnsafeRawPointer
    private let scannedEntry: UnsafePointer<ScannedEntry>

    /// The entry's index.
    public let index: UInt64
    /// The entry's leaf hash.
    public let leafHash: SHA256Digest
    /// The number of bytes of the entry.
    public let byteCount: Int
    /// The file that holds the entry.
    public let path: LogPath
    /// Where the entry starts in that file, in bytes.
    public let byteOffset: Int

    // INVARIANT: called by `VerifiedLog` alone, after the whole bundle's hashes are checked.
    init(
        bundle: UnsafeRawBufferPointer, entry: UnsafePointer<ScannedEntry>, range: Range<Int>,
        leafHash: SHA256Digest, path: LogPath
    ) {
        guard let start = bundle.baseAddress else { preconditionFailure("a bundle has bytes") }
        unsafe base = start + range.lowerBound
        unsafe scannedEntry = entry
        unsafe index = entry.pointee.seq
        self.leafHash = leafHash
        byteCount = range.count
        self.path = path
        byteOffset = range.lowerBound
    }

    /// Where the entry's fields are.
    public var scanned: ScannedEntry { unsafe scannedEntry.pointee }

    /// When the event occurred, in milliseconds since 1970.
    public var occurredAt: Int64 { unsafe scannedEntry.pointee.occurredAt }

    /// When the log recorded the entry, in milliseconds since 1970.
    public var recordedAt: Int64 { unsafe scannedEntry.pointee.recordedAt }

    /// The source's own counter.
    public var sourceSeq: UInt64 { unsafe scannedEntry.pointee.sourceSeq }

    /// The event's type.
    public var type: EntrySlice {
        guard let type = slice(.type) else { preconditionFailure("every entry has a type") }
        return type
    }

    /// The entry's bytes.
    public var bytes: EntrySlice { unsafe EntrySlice(base: base, byteCount: byteCount) }

    /// Whether the entry has a field.
    public func contains(_ field: EntryField) -> Bool {
        unsafe scannedEntry.pointee.contains(field)
    }

    /// A field's value in place; nil if the entry has none.
    public func slice(_ field: EntryField) -> EntrySlice? {
        guard let range = unsafe scannedEntry.pointee.range(of: field) else { return nil }
        return unsafe EntrySlice(base: base + range.lowerBound, byteCount: range.count)
    }

    /// A text; nil if the entry has no such field.
    public func string(_ field: EntryField) -> String? { slice(field)?.text }

    /// A number; nil if the entry has no such field.
    public func integer(_ field: EntryField) -> Int64? { slice(field)?.integer }

    /// A truth value; nil if the entry has no such field.
    public func bool(_ field: EntryField) -> Bool? { slice(field).map { $0.byteCount == 4 } }

    /// The items of an array; empty if the entry has no such field.
    public func strings(_ field: EntryField) -> [String] {
        slice(field)?.items.map(\.text) ?? []
    }

    /// An instant, in milliseconds since 1970; nil if the entry has no such field.
    public func timestamp(_ field: EntryField) -> Int64? {
        guard let slice = slice(field), slice.byteCount == Timestamp.byteCount else { return nil }
        return unsafe slice.withUnsafeBytes { raw in
            unsafe raw.baseAddress.flatMap { unsafe Timestamp.parse($0) }
        }
    }
}
