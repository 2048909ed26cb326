// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import TransparencyLog

/// Finds the type of an event by its name, without making a text of it.
public struct EventVocabulary: Sendable {
    // INVARIANT: a name's number is the raw value of its type.
    private var names = Interner()

    /// Makes the vocabulary of `docs/events.md`.
    public init() {
        for type in EventType.allCases { _ = unsafe names.intern(Array(type.name.utf8).span.bytes) }
    }

    /// The type with that name; nil if the vocabulary has none.
    public func type(named name: RawSpan) -> EventType? {
        names.find(name).flatMap { EventType(rawValue: UInt8(truncatingIfNeeded: $0.rawValue)) }
    }

    /// The type of an entry's event; nil if the vocabulary has none of that name.
    public func type(of entry: borrowing VerifiedEntry) -> EventType? { type(of: entry.view) }

    /// The type of an entry's event; nil if the vocabulary has none of that name.
    public func type(of entry: borrowing EntryView) -> EventType? {
        unsafe entry.type.withUnsafeBytes { type(named: unsafe RawSpan(_unsafeBytes: $0)) }
    }
}

extension EntryView {
    /// A digest; nil if the entry has no such field.
    func digest(_ field: EntryField) -> SHA256Digest? {
        guard let slice = slice(field) else { return nil }
        return unsafe slice.withUnsafeBytes {
            SHA256Digest(hex: unsafe RawSpan(_unsafeBytes: $0))
        }
    }
}

extension Interner {
    /// The number of a value's bytes, given now if they were not seen.
    mutating func intern(_ slice: EntrySlice) -> InternedID {
        unsafe slice.withUnsafeBytes { intern(unsafe RawSpan(_unsafeBytes: $0)) }
    }
}
