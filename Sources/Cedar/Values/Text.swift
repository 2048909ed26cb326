// SPDX-License-Identifier: Apache-2.0

/// A string that is compared and hashed by its UTF-8 bytes.
///
/// Cedar compares strings, identifiers and keys by code point. Swift's `String` compares by
/// canonical equivalence, so that two keys which Cedar keeps apart would be one key in a
/// `Dictionary<String, …>`. Every lookup in this module goes through this type.
package struct Text: Hashable, Comparable, Sendable {
    package let string: String

    package init(_ string: String) {
        self.string = string
    }

    package static func == (left: Text, right: Text) -> Bool {
        left.string.hasSameBytes(as: right.string)
    }

    package static func < (left: Text, right: Text) -> Bool {
        left.string.precedesByBytes(right.string)
    }

    package func hash(into hasher: inout Hasher) {
        string.hashBytes(into: &hasher)
    }
}

extension String {
    /// Whether both strings are the same sequence of code points.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && byteOrder(other) == .same
    }

    /// Whether this string comes first in the order of bytes, which is the order of code points.
    package func precedesByBytes(_ other: String) -> Bool {
        byteOrder(other) == .before
    }

    /// Feeds the UTF-8 bytes and a terminator.
    func hashBytes(into hasher: inout Hasher) {
        let done: Void? = unsafe utf8.withContiguousStorageIfAvailable { buffer in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(buffer))
        }
        if done == nil {
            for byte in utf8 { hasher.combine(byte) }
        }
        hasher.combine(UInt8(0xFF))
    }

    /// The order of bytes as a three-way comparison.
    func byteOrder(_ other: String) -> Ordering {
        let quick = unsafe utf8.withContiguousStorageIfAvailable { mine in
            unsafe other.utf8.withContiguousStorageIfAvailable { theirs in
                unsafe Ordering(UnsafeRawBufferPointer(mine), UnsafeRawBufferPointer(theirs))
            }
        }
        if let known = quick, let order = known { return order }
        return Ordering(Array(utf8), Array(other.utf8))
    }
}

/// The result of a three-way comparison.
enum Ordering {
    case before
    case same
    case after

    init<T: Comparable>(_ left: T, _ right: T) {
        self = left == right ? .same : left < right ? .before : .after
    }

    /// This order, or the next one if this leaves both sides equal.
    func then(_ next: @autoclosure () -> Ordering) -> Ordering {
        self == .same ? next() : self
    }
}

extension Ordering {
    fileprivate init(_ left: [UInt8], _ right: [UInt8]) {
        self = unsafe left.withUnsafeBytes { mine in
            unsafe right.withUnsafeBytes { theirs in unsafe Ordering(mine, theirs) }
        }
    }

    /// Compares eight bytes at a time.
    init(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) {
        let common = min(left.count, right.count)
        var position = 0
        while position + 8 <= common {
            let mine = unsafe left.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let theirs = unsafe right.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if mine != theirs {
                self = mine.bigEndian < theirs.bigEndian ? .before : .after
                return
            }
            position += 8
        }
        while position < common {
            let (mine, theirs) = unsafe (left[position], right[position])
            if mine != theirs {
                self = mine < theirs ? .before : .after
                return
            }
            position += 1
        }
        self = Ordering(left.count, right.count)
    }
}
