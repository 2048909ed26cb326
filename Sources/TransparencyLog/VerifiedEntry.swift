// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// An entry proven to be in the log, at its index, under a trusted checkpoint.
///
/// Only a ``VerifiedLog`` lends one, and only for the duration of a call. A function that takes a
/// `VerifiedEntry` needs no check of its own, and no code path can skip the check by mistake.
///
/// Verified means *unaltered*, not *permitted*. Whether the event it carries was allowed is
/// a separate question, which the `Auditing` module answers.
public struct VerifiedEntry: ~Copyable {
    /// The entry's fields.
    public let view: EntryView
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
        _ view: consuming EntryView, range: Range<Int>, leafHash: SHA256Digest, path: LogPath
    ) {
        self.view = view
        self.leafHash = leafHash
        byteCount = range.count
        self.path = path
        byteOffset = range.lowerBound
    }

    /// Whether the bundle of the entry was purged, and the entry left since it is in force.
    public var isLeft: Bool { if case .standing = path { true } else { false } }

    /// The entry's index.
    @inlinable public var index: UInt64 { view.index }

    /// When the event occurred, in milliseconds since 1970.
    @inlinable public var occurredAt: Int64 { view.occurredAt }

    /// When the log recorded the entry, in milliseconds since 1970.
    @inlinable public var recordedAt: Int64 { view.recordedAt }

    /// The source's own counter.
    @inlinable public var sourceSeq: UInt64 { view.sourceSeq }

    /// The event's type.
    public var type: EntrySlice { view.type }

    /// The entry's bytes.
    public var bytes: EntrySlice { unsafe EntrySlice(base: view.base, byteCount: byteCount) }

    /// Whether the entry has a field.
    @inlinable
    public func contains(_ field: EntryField) -> Bool { view.contains(field) }

    /// A field's value in place; nil if the entry has none.
    @inlinable
    public func slice(_ field: EntryField) -> EntrySlice? { view.slice(field) }

    /// A text; nil if the entry has no such field.
    public func string(_ field: EntryField) -> String? { view.string(field) }

    /// A number; nil if the entry has no such field.
    public func integer(_ field: EntryField) -> Int64? { view.integer(field) }

    /// A truth value; nil if the entry has no such field.
    public func bool(_ field: EntryField) -> Bool? { view.bool(field) }

    /// The items of an array; empty if the entry has no such field.
    public func strings(_ field: EntryField) -> [String] { view.strings(field) }

    /// An instant, in milliseconds since 1970; nil if the entry has no such field.
    public func timestamp(_ field: EntryField) -> Int64? { view.timestamp(field) }
}
