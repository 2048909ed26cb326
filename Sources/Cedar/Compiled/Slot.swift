// SPDX-License-Identifier: Apache-2.0

/// A value as two words: its kind, and its bits or its number in a table.
///
/// Texts, entities, sets, records and addresses of the store are interned, so that two of its
/// values are equal exactly if their words are.
struct Slot: Hashable, BitwiseCopyable {
    enum Tag: UInt8 {
        case bool, int, string, entity, set, record, decimal, ipaddr, datetime, duration
        /// A value of the request that the store does not hold, by its number in the frame.
        case foreign
        /// Evaluation failed; this and what follows are no values.
        case error
        /// The compiled form cannot tell; the reference evaluator must.
        case unknown
    }

    let tag: Tag
    let bits: Int64

    static let error = Slot(tag: .error, bits: 0)
    static let unknown = Slot(tag: .unknown, bits: 0)
    static let yes = Slot(tag: .bool, bits: 1)
    static let no = Slot(tag: .bool, bits: 0)

    init(tag: Tag, bits: Int64) {
        self.tag = tag
        self.bits = bits
    }

    init(_ value: Bool) {
        self.init(tag: .bool, bits: value ? 1 : 0)
    }

    init(_ tag: Tag, _ index: Int) {
        self.init(tag: tag, bits: Int64(index))
    }

    var index: Int { Int(bits) }
    /// Whether the value cannot be worked with any more.
    @inline(__always)
    var isStopped: Bool { tag.rawValue >= Tag.error.rawValue }

    func precedes(_ other: Slot) -> Bool {
        tag == other.tag ? bits < other.bits : tag.rawValue < other.tag.rawValue
    }
}

/// A name and a value: one attribute or one tag.
///
/// It is small, since a decision reads many.
struct SlotField: Hashable, BitwiseCopyable {
    let name: Int32
    private let tag: Slot.Tag
    private let bits: Int64

    init(name: Int, value: Slot) {
        self.name = Int32(name)
        tag = value.tag
        bits = value.bits
    }

    var value: Slot { Slot(tag: tag, bits: bits) }
}

/// A part of a table.
struct SlotRange: BitwiseCopyable {
    private let first: Int32
    private let size: Int32

    init(start: Int = 0, count: Int = 0) {
        first = Int32(start)
        size = Int32(count)
    }

    var start: Int { Int(first) }
    var count: Int { Int(size) }
    var end: Int { Int(first + size) }
}

/// The fields of a record or an entity, with the number of the list of their names.
struct FieldRange: BitwiseCopyable {
    let range: SlotRange
    let shape: Int32

    static let empty = FieldRange(range: SlotRange(), shape: 0)
}
