// SPDX-License-Identifier: Apache-2.0

/// The fields of an entry in place, as they were scanned.
///
/// That there is one means that the bytes are canonical, and nothing else: a ``VerifiedEntry`` is
/// a view of an entry that is proven to be in its log. Only this module lends one, for the
/// duration of a call.
@safe
public struct EntryView: ~Copyable {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let scanned: UnsafePointer<ScannedEntry>

    init(base: UnsafeRawPointer, scanned: UnsafePointer<ScannedEntry>) {
        unsafe self.base = base
        unsafe self.scanned = scanned
    }

    /// The index that the entry gives itself.
    @inlinable public var index: UInt64 { unsafe scanned.pointee.seq }

    /// When the event occurred, in milliseconds since 1970.
    @inlinable public var occurredAt: Int64 { unsafe scanned.pointee.occurredAt }

    /// When the log recorded the entry, in milliseconds since 1970.
    @inlinable public var recordedAt: Int64 { unsafe scanned.pointee.recordedAt }

    /// The source's own counter.
    @inlinable public var sourceSeq: UInt64 { unsafe scanned.pointee.sourceSeq }

    /// The fields that the entry has.
    @inlinable public var fields: EntryFieldSet {
        unsafe EntryFieldSet(
            low: scanned.pointee.presentLow, high: scanned.pointee.presentHigh)
    }

    /// The event's type.
    public var type: EntrySlice {
        guard let type = slice(.type) else { preconditionFailure("every entry has a type") }
        return type
    }

    /// Whether the entry has a field.
    @inlinable
    public func contains(_ field: EntryField) -> Bool {
        unsafe scanned.pointee.contains(field)
    }

    /// A field's value in place; nil if the entry has none.
    @inlinable
    public func slice(_ field: EntryField) -> EntrySlice? {
        guard contains(field) else { return nil }
        let slot = unsafe scanned.pointee.slots[Int(field.rawValue)]
        return unsafe EntrySlice(base: base + Int(slot &>> 16), byteCount: Int(slot & 0xFFFF))
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
    public func timestamp(_ field: EntryField) -> Int64? { slice(field)?.timestamp }
}
