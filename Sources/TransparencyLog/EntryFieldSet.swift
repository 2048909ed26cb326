// SPDX-License-Identifier: Apache-2.0

/// A set of fields, one bit each, so that what an entry has is compared with what it needs at once.
public struct EntryFieldSet: Hashable, Sendable {
    /// The fields by raw value, from 0 and from 64 on.
    @usableFromInline let low: UInt64
    @usableFromInline let high: UInt64

    @inlinable init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The set of some fields.
    public init(_ fields: some Sequence<EntryField>) {
        var (low, high) = (UInt64(0), UInt64(0))
        for field in fields {
            let position = UInt64(field.rawValue)
            if position < 64 { low |= 1 << position } else { high |= 1 << (position - 64) }
        }
        (self.low, self.high) = (low, high)
    }

    /// Whether the set has no field.
    @inlinable public var isEmpty: Bool { low | high == 0 }

    /// The fields of this set that another does not have.
    @inlinable
    public func subtracting(_ other: EntryFieldSet) -> EntryFieldSet {
        EntryFieldSet(low: low & ~other.low, high: high & ~other.high)
    }

    /// The fields that both sets have.
    @inlinable
    public func intersection(_ other: EntryFieldSet) -> EntryFieldSet {
        EntryFieldSet(low: low & other.low, high: high & other.high)
    }
}

extension EntryFieldSet: Sequence {
    /// Steps through the fields in their canonical order.
    public struct Iterator: IteratorProtocol {
        @usableFromInline var low: UInt64
        @usableFromInline var high: UInt64

        @inlinable init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        /// The next field.
        @inlinable
        public mutating func next() -> EntryField? {
            if low != 0 {
                defer { low &= low &- 1 }
                return EntryField(rawValue: UInt8(truncatingIfNeeded: low.trailingZeroBitCount))
            }
            guard high != 0 else { return nil }
            defer { high &= high &- 1 }
            return EntryField(rawValue: 64 &+ UInt8(truncatingIfNeeded: high.trailingZeroBitCount))
        }
    }

    /// Steps through the fields in their canonical order.
    @inlinable
    public func makeIterator() -> Iterator { Iterator(low: low, high: high) }
}
