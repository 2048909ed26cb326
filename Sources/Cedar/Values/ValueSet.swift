// SPDX-License-Identifier: Apache-2.0

/// A set of values, kept sorted and without duplicates.
public struct ValueSet: Hashable, Sendable {
    /// The elements in a fixed order, each once.
    public let elements: [Value]

    /// Makes a set; duplicates are dropped.
    public init(_ values: [Value]) {
        let sorted = values.sorted { $0.ordered(with: $1) == .before }
        var unique: [Value] = []
        unique.reserveCapacity(sorted.count)
        for value in sorted where unique.last != value { unique.append(value) }
        elements = unique
    }

    /// Whether the value is an element.
    ///
    /// - Complexity: O(log *n*)
    public func contains(_ value: Value) -> Bool {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            switch elements[middle].ordered(with: value) {
            case .same: return true
            case .before: low = middle + 1
            case .after: high = middle
            }
        }
        return false
    }

    func ordered(with other: ValueSet) -> Ordering {
        var order = Ordering(elements.count, other.elements.count)
        for (a, b) in zip(elements, other.elements) where order == .same {
            order = a.ordered(with: b)
        }
        return order
    }
}

/// Values by name, kept sorted by the bytes of the names.
public struct Record: Hashable, Sendable {
    /// The names in order of their bytes.
    public let keys: [String]
    /// The value of each name, in the same order.
    public let values: [Value]

    /// The record without attributes.
    public static let empty = Record(sortedKeys: [], values: [])

    // INVARIANT: the keys are sorted and distinct.
    private init(sortedKeys: [String], values: [Value]) {
        keys = sortedKeys
        self.values = values
    }

    /// Makes a record; of two equal names the last wins.
    public init(_ fields: [(String, Value)]) {
        let order = fields.indices.sorted { left, right in
            switch fields[left].0.byteOrder(fields[right].0) {
            case .before: true
            case .after: false
            case .same: left < right
            }
        }
        var keys: [String] = []
        var values: [Value] = []
        for index in order {
            if let last = keys.last, last.hasSameBytes(as: fields[index].0) {
                values[values.count - 1] = fields[index].1
            } else {
                keys.append(fields[index].0)
                values.append(fields[index].1)
            }
        }
        self.init(sortedKeys: keys, values: values)
    }

    /// The value of an attribute.
    ///
    /// - Complexity: O(log *n*)
    public subscript(key: String) -> Value? {
        position(of: key).map { values[$0] }
    }

    /// The position of an attribute among the keys.
    func position(of key: String) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            switch keys[middle].byteOrder(key) {
            case .same: return middle
            case .before: low = middle + 1
            case .after: high = middle
            }
        }
        return nil
    }

    /// The number of attributes.
    public var count: Int { keys.count }

    /// Whether both have the same attributes with the same values.
    public static func == (left: Record, right: Record) -> Bool {
        left.ordered(with: right) == .same
    }

    /// Feeds names and values.
    public func hash(into hasher: inout Hasher) {
        for key in keys { key.hashBytes(into: &hasher) }
        hasher.combine(values)
    }

    func ordered(with other: Record) -> Ordering {
        var order = Ordering(count, other.count)
        for (a, b) in zip(keys, other.keys) where order == .same { order = a.byteOrder(b) }
        for (a, b) in zip(values, other.values) where order == .same { order = a.ordered(with: b) }
        return order
    }
}
