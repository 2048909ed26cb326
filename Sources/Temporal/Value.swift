// SPDX-License-Identifier: Apache-2.0

/// The type of an attribute.
public enum ValueType: String, CaseIterable, Hashable, Sendable {
    /// A 64-bit integer.
    case int
    /// A double.
    case float
    /// Bytes, compared as bytes.
    case string
    /// A pattern, kept as its text.
    case regexp
}

/// A constant, in a formula or in a log.
///
/// Texts are bytes and are compared as bytes, so that two spellings of one
/// accented letter stay different. Floats have a total order in which every NaN is
/// the same value, so that sets of tuples stay sets.
public enum Value: Sendable {
    /// An integer.
    case int(Int)
    /// A float.
    case float(Double)
    /// A text.
    case string([UInt8])
    /// A pattern.
    case regexp([UInt8])

    /// The type of the value.
    public var type: ValueType {
        switch self {
        case .int: .int
        case .float: .float
        case .string: .string
        case .regexp: .regexp
        }
    }
}

extension Value: Hashable, Comparable {
    /// Whether two values are the same.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
        case (.string(let a), .string(let b)): a == b
        case (.regexp(let a), .regexp(let b)): a == b
        default: false
        }
    }

    /// Feeds the value to a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .int(let value): hasher.combine(value)
        case .float(let value): hasher.combine(value.isNaN ? Double.infinity : value)
        case .string(let bytes), .regexp(let bytes): hasher.combine(bytes)
        }
    }

    /// Whether one value comes before another: numbers by size, texts by bytes.
    public static func < (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a < b
        case (.float(let a), .float(let b)): a.isNaN ? !b.isNaN : a < b
        case (.string(let a), .string(let b)), (.regexp(let a), .regexp(let b)):
            a.lexicographicallyPrecedes(b)
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .int: 0
        case .float: 1
        case .string: 2
        case .regexp: 3
        }
    }
}

extension Value: CustomStringConvertible {
    /// The value as formulas and results show it: `12`, `7.5`, `"text"`, `r"pattern"`.
    public var description: String {
        switch self {
        case .int(let value): String(value)
        case .float(let value): value.decimalText(significantDigits: 6)
        case .string(let bytes): Value.quoted(bytes)
        case .regexp(let bytes): "r" + Value.quoted(bytes)
        }
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        let quote = UInt8(ascii: "\"")
        if bytes.count > 1, bytes.first == quote, bytes.last == quote {
            return String(decoding: bytes, as: UTF8.self)
        }
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
}

/// Orders tuples by their first different value, as results are printed.
func precedes(_ left: [Value], _ right: [Value]) -> Bool {
    for (a, b) in zip(left, right) where a != b { return a < b }
    return left.count < right.count
}
