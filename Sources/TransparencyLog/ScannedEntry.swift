// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Where the fields of one canonical entry are, and the values that every entry has.
///
/// It holds places and not text, so that scanning allocates nothing. It is a statement about the
/// bytes it was scanned from, and of no use without them.
public struct ScannedEntry: Sendable {
    /// The number of slots: at least one for each field.
    @usableFromInline static let capacity = 112

    /// Start in the high half, length in the low half, in bytes; of no use where the field is absent.
    @usableFromInline var slots: InlineArray<112, UInt32> = .init(repeating: 0)
    /// The fields that are present, one bit each, by raw value.
    @usableFromInline var presentLow: UInt64 = 0
    @usableFromInline var presentHigh: UInt64 = 0

    /// The entry's index; 0 in a submission.
    public internal(set) var seq: UInt64 = 0
    /// The previous entry's leaf hash; zero in a submission.
    public internal(set) var prev: SHA256Digest = .zero
    /// The source's own counter.
    public internal(set) var sourceSeq: UInt64 = 0
    /// When the event occurred, in milliseconds since 1970.
    public internal(set) var occurredAt: Int64 = 0
    /// When the log recorded the entry, in milliseconds since 1970; 0 in a submission.
    public internal(set) var recordedAt: Int64 = 0

    /// Makes a result that holds nothing yet, to be scanned into.
    public init() {}

    /// Whether the entry has a field.
    @inlinable
    public func contains(_ field: EntryField) -> Bool {
        let place = UInt64(field.rawValue)
        return (place < 64 ? presentLow &>> place : presentHigh &>> (place &- 64)) & 1 == 1
    }

    /// Where a field's value is, in bytes from the start of the entry; nil if it is absent.
    ///
    /// Of a text it is what stands between the quotes; of an array or object all of it.
    @inlinable
    public func range(of field: EntryField) -> Range<Int>? {
        guard contains(field) else { return nil }
        let slot = slots[Int(field.rawValue)]
        let start = Int(slot &>> 16)
        return unsafe Range(uncheckedBounds: (start, start &+ Int(slot & 0xFFFF)))
    }

    @inline(__always)
    mutating func set(_ field: Int, start: Int, length: Int) {
        slots[field] =
            UInt32(truncatingIfNeeded: start) &<< 16
            | UInt32(truncatingIfNeeded: length)
        if field < 64 {
            presentLow |= 1 &<< UInt64(field)
        } else {
            presentHigh |= 1 &<< UInt64(field &- 64)
        }
    }

    /// Forgets what was scanned before.
    @inline(__always)
    mutating func reset() {
        presentLow = 0
        presentHigh = 0
        seq = 0
        prev = .zero
        recordedAt = 0
    }

    /// The first top-level field that is present and comes after `field` in canonical order.
    func firstField(after field: EntryField) -> EntryField? {
        let position = UInt64(field.rawValue)
        var low = presentLow & Self.topLevel.low
        var high = presentHigh & Self.topLevel.high
        if position < 64 {
            low = position == 63 ? 0 : low & (UInt64.max << (position + 1))
        } else {
            low = 0
            high = position == 127 ? 0 : high & (UInt64.max << (position - 63))
        }
        let next = low != 0 ? low.trailingZeroBitCount : 64 + high.trailingZeroBitCount
        return EntryField(rawValue: UInt8(next))
    }

    /// The fields that stand at the top level, one bit each, by raw value.
    private static let topLevel: (low: UInt64, high: UInt64) = {
        var bits: (low: UInt64, high: UInt64) = (0, 0)
        for field in EntryField.allCases where !field.isMember {
            let position = UInt64(field.rawValue)
            if position < 64 {
                bits.low |= 1 << position
            } else {
                bits.high |= 1 << (position - 64)
            }
        }
        return bits
    }()
}

extension EntryField {
    /// Whether the field is a member of an object field.
    public var isMember: Bool { name.utf8.contains(UInt8(ascii: ".")) }
}
