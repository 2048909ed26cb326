// SPDX-License-Identifier: Apache-2.0

/// A value that a Cedar expression can have.
public enum Value: Sendable {
    /// `true` or `false`.
    case bool(Bool)
    /// A 64-bit integer, Cedar's `Long`.
    case int(Int64)
    /// A text, compared by code point.
    case string(String)
    /// A reference to an entity, which need not exist.
    case entity(EntityUID)
    /// A set: no order, no duplicates.
    case set(ValueSet)
    /// A record: values by name.
    case record(Record)
    /// A decimal, in ten-thousandths.
    case decimal(Int64)
    /// An address or a range of addresses.
    case ipaddr(IPAddress)
    /// An instant, in milliseconds since 1970-01-01T00:00:00Z.
    case datetime(Int64)
    /// A length of time in milliseconds.
    case duration(Int64)
}

extension Value {
    /// A place in the fixed order of kinds.
    private var rank: Int {
        switch self {
        case .bool: 0
        case .int: 1
        case .string: 2
        case .entity: 3
        case .set: 4
        case .record: 5
        case .decimal: 6
        case .ipaddr: 7
        case .datetime: 8
        case .duration: 9
        }
    }

    /// A total order over all values; it means nothing in Cedar, and keeps sets canonical.
    func ordered(with other: Value) -> Ordering {
        switch (self, other) {
        case (.bool(let a), .bool(let b)): Ordering(a ? 1 : 0, b ? 1 : 0)
        case (.int(let a), .int(let b)): Ordering(a, b)
        case (.string(let a), .string(let b)): a.byteOrder(b)
        case (.entity(let a), .entity(let b)): a.ordered(with: b)
        case (.set(let a), .set(let b)): a.ordered(with: b)
        case (.record(let a), .record(let b)): a.ordered(with: b)
        case (.decimal(let a), .decimal(let b)): Ordering(a, b)
        case (.ipaddr(let a), .ipaddr(let b)): a.ordered(with: b)
        case (.datetime(let a), .datetime(let b)): Ordering(a, b)
        case (.duration(let a), .duration(let b)): Ordering(a, b)
        default: Ordering(rank, other.rank)
        }
    }

    /// The kind of value, in the words of Cedar's error messages.
    public var typeName: String {
        switch self {
        case .bool: "bool"
        case .int: "long"
        case .string: "string"
        case .entity(let uid): "(entity of type `\(uid.type)`)"
        case .set: "set"
        case .record: "record"
        case .decimal: "decimal"
        case .ipaddr: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

extension Value: Hashable {
    /// Whether both are the same value; values of different kinds never are.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.entity(let a), .entity(let b)): a == b
        case (.set(let a), .set(let b)): a == b
        case (.record(let a), .record(let b)): a == b
        case (.decimal(let a), .decimal(let b)): a == b
        case (.ipaddr(let a), .ipaddr(let b)): a == b
        case (.datetime(let a), .datetime(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        default: false
        }
    }

    /// Feeds the kind and the value.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        switch self {
        case .bool(let value): hasher.combine(value)
        case .int(let value), .decimal(let value), .datetime(let value), .duration(let value):
            hasher.combine(value)
        case .string(let value): value.hashBytes(into: &hasher)
        case .entity(let value): hasher.combine(value)
        case .set(let value): hasher.combine(value)
        case .record(let value): hasher.combine(value)
        case .ipaddr(let value): hasher.combine(value)
        }
    }
}
