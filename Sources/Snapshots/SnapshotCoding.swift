// SPDX-License-Identifier: Apache-2.0

/// Writes a saved state as bytes: integers in base 128, texts and lists after their length.
///
/// Equal states give equal bytes: whoever writes a set or a dictionary writes it in order.
public struct SnapshotWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Makes a writer that has written nothing.
    ///
    /// - Parameter byteCount: About how much will be written: to grow a large state, it would be copied.
    ///   Room that is not used takes no memory.
    public init(reserving byteCount: Int = 0) { bytes.reserveCapacity(byteCount) }

    /// Writes a whole number.
    public mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a number with a sign, which goes to the lowest bit.
    public mutating func write(_ value: Int64) {
        write(UInt64(bitPattern: value &<< 1) ^ UInt64(bitPattern: value &>> 63))
    }

    /// Writes a count.
    @inlinable
    public mutating func write(count: Int) { write(UInt64(count)) }

    /// Writes true or false.
    public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// Writes a text.
    public mutating func write(_ text: String) { write(bytes: text.utf8) }

    /// Writes bytes after their number.
    public mutating func write(bytes content: some Collection<UInt8>) {
        write(count: content.count)
        bytes.append(contentsOf: content)
    }

    /// Writes bytes of a number that the reader knows.
    public mutating func write(raw content: some Sequence<UInt8>) {
        bytes.append(contentsOf: content)
    }

    /// Writes whether there is a value, and the value.
    @inlinable
    public mutating func write<Value>(
        _ value: Value?, _ body: (inout SnapshotWriter, Value) -> Void
    ) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    /// Writes a list after its length.
    @inlinable
    public mutating func write<Values: Collection>(
        each values: Values, _ body: (inout SnapshotWriter, Values.Element) -> Void
    ) {
        write(count: values.count)
        for value in values { body(&self, value) }
    }
}

/// The bytes are not a state that ``SnapshotWriter`` wrote.
public struct MalformedSnapshot: Error, Hashable, Sendable {
    /// Makes the error.
    public init() {}
}

/// Reads what ``SnapshotWriter`` wrote, and refuses everything else.
public struct SnapshotReader: Sendable {
    private let bytes: [UInt8]
    private var place = 0

    /// A reader of some bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether everything was read.
    public var isAtEnd: Bool { place == bytes.count }

    /// Reads a whole number.
    public mutating func number() throws(MalformedSnapshot) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count {
            let byte = bytes[place]
            place &+= 1
            // The tenth byte holds one bit, and no number ends in a byte of nothing.
            if shift == 63, byte > 1 { throw MalformedSnapshot() }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw MalformedSnapshot() }
                return value
            }
            shift &+= 7
            if shift > 63 { throw MalformedSnapshot() }
        }
        throw MalformedSnapshot()
    }

    /// Reads a number with a sign.
    public mutating func integer() throws(MalformedSnapshot) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Reads a count of things that take at least one byte each.
    public mutating func count() throws(MalformedSnapshot) -> Int {
        let value = try number()
        guard value <= UInt64(bytes.count - place) else { throw MalformedSnapshot() }
        return Int(value)
    }

    /// Reads a number below a limit.
    public mutating func index(below limit: Int) throws(MalformedSnapshot) -> Int {
        let value = try number()
        guard value < UInt64(max(limit, 0)) else { throw MalformedSnapshot() }
        return Int(value)
    }

    /// Reads true or false.
    public mutating func flag() throws(MalformedSnapshot) -> Bool {
        switch try raw(1).first {
        case 0: return false
        case 1: return true
        default: throw MalformedSnapshot()
        }
    }

    /// Reads a text.
    public mutating func text() throws(MalformedSnapshot) -> String {
        guard let text = String(validating: try content(), as: UTF8.self) else {
            throw MalformedSnapshot()
        }
        return text
    }

    /// Reads bytes after their number.
    public mutating func content() throws(MalformedSnapshot) -> ArraySlice<UInt8> {
        try raw(count())
    }

    /// Reads a known number of bytes.
    public mutating func raw(_ count: Int) throws(MalformedSnapshot) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - place else { throw MalformedSnapshot() }
        defer { place += count }
        return bytes[place..<(place + count)]
    }

    /// Reads a value, where there is one.
    @inlinable
    public mutating func optional<Value>(
        _ body: (inout SnapshotReader) throws(MalformedSnapshot) -> Value
    ) throws(MalformedSnapshot) -> Value? {
        try flag() ? try body(&self) : nil
    }

    /// Reads a list after its length.
    @inlinable
    public mutating func list<Value>(
        _ body: (inout SnapshotReader) throws(MalformedSnapshot) -> Value
    ) throws(MalformedSnapshot) -> [Value] {
        let count = try count()
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }
}
