// SPDX-License-Identifier: Apache-2.0

/// A value of a verified entry, in place: compared and hashed by its bytes.
///
/// It is a view of bytes that belong to the log, and must not be kept beyond the call that lent
/// the entry. Of a text it is what stands between the quotes, escapes and all; since the form is
/// canonical, equal bytes mean equal texts.
@safe
public struct EntrySlice: Sendable {
    // SAFETY: the bytes are lent for the duration of the call that lent the entry, and never
    // written while they are.
    @usableFromInline nonisolated(unsafe) let base: UnsafeRawPointer
    /// The number of bytes.
    public let byteCount: Int

    @inlinable init(base: UnsafeRawPointer, byteCount: Int) {
        unsafe self.base = base
        self.byteCount = byteCount
    }

    /// Lends the bytes.
    @inlinable
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    /// A copy of the bytes.
    public var bytes: [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// Whether the bytes are those of a text.
    public func equals(_ text: StaticString) -> Bool {
        guard text.hasPointerRepresentation, byteCount == text.utf8CodeUnitCount else {
            return false
        }
        let wanted = unsafe UnsafeRawPointer(text.utf8Start)
        for place in 0..<byteCount {
            let byte = unsafe base.load(fromByteOffset: place, as: UInt8.self)
            if unsafe byte != wanted.load(fromByteOffset: place, as: UInt8.self) { return false }
        }
        return true
    }

    /// Whether the bytes are these.
    public func equals(_ bytes: [UInt8]) -> Bool {
        guard byteCount == bytes.count else { return false }
        for place in 0..<byteCount {
            let byte = unsafe base.load(fromByteOffset: place, as: UInt8.self)
            if byte != bytes[place] { return false }
        }
        return true
    }

    /// Whether the bytes are those of a text.
    public static func == (lhs: EntrySlice, rhs: StaticString) -> Bool {
        lhs.equals(rhs)
    }

    /// The text, with escapes resolved, where the slice is one.
    public var text: String {
        let copy = bytes
        guard copy.contains(UInt8(ascii: "\\")) else {
            return String(decoding: copy, as: UTF8.self)
        }
        return String(decoding: EntryText.resolvingEscapes(copy.span), as: UTF8.self)
    }

    /// The items, where the slice is an array of texts.
    public var items: [EntrySlice] {
        var items: [EntrySlice] = []
        forEachItem { items.append($0) }
        return items
    }

    /// Lends the items one after the other, where the slice is an array of texts.
    @inline(__always)
    public func forEachItem(_ body: (EntrySlice) -> Void) {
        let bytes = unsafe EntryBytes(base: base, count: byteCount)
        var place = 1
        while bytes.byte(at: place) == UInt8(ascii: "\"") {
            let start = place + 1
            // The text was scanned before, so it cannot fail now.
            guard let end = try? bytes.textEnd(from: start) else { break }
            unsafe body(EntrySlice(base: base + start, byteCount: end - start))
            guard bytes.byte(at: end + 1) == UInt8(ascii: ",") else { break }
            place = end + 2
        }
    }

    /// The instant, in milliseconds since 1970, where the slice is one.
    public var timestamp: Int64? {
        byteCount == Timestamp.byteCount ? unsafe Timestamp.parse(base) : nil
    }

    /// The number, where the slice is one.
    public var integer: Int64? {
        var value: Int64 = 0
        let bytes = unsafe EntryBytes(base: base, count: byteCount)
        let isNegative = bytes.byte(at: 0) == UInt8(ascii: "-")
        guard byteCount <= 18 else { return nil }
        for place in (isNegative ? 1 : 0)..<byteCount {
            let digit = bytes.byte(at: place) &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return isNegative ? -value : value
    }
}

extension EntrySlice: Hashable {
    /// Whether both have the same bytes.
    public static func == (lhs: EntrySlice, rhs: EntrySlice) -> Bool {
        guard lhs.byteCount == rhs.byteCount else { return false }
        return unsafe UnsafeRawBufferPointer(start: lhs.base, count: lhs.byteCount).elementsEqual(
            UnsafeRawBufferPointer(start: rhs.base, count: rhs.byteCount))
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}
