// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What has been assumed of the value at a place, for values that are not chosen outright.
///
/// `assuming` answers nil only where no value is left, so that a search which meets nil has lost
/// nothing.
enum Constraint: Sendable {
    case number(NumberConstraint)
    case text(TextConstraint)
    case set(SetConstraint)
    /// Any other value: only equality is asked of it.
    case opaque(excluded: Set<Value>)

    /// No assumption about a value of a type.
    init(_ type: Type, _ schema: Schema) {
        switch type {
        case .long: self = .number(NumberConstraint(kind: .long))
        case .extended("datetime"): self = .number(NumberConstraint(kind: .datetime))
        case .extended("duration"): self = .number(NumberConstraint(kind: .duration))
        case .extended("decimal"): self = .number(NumberConstraint(kind: .decimal))
        case .string: self = .text(TextConstraint())
        case .set(let element): self = .set(SetConstraint(element: element, schema: schema))
        default: self = .opaque(excluded: [])
        }
    }

    /// The constraint with one more assumption; nil if no value is left.
    func assuming(_ test: PlaceTest, _ holds: Bool) -> Constraint? {
        switch self {
        case .number(let number): number.assuming(test, holds).map { .number($0) }
        case .text(let text): text.assuming(test, holds).map { .text($0) }
        case .set(let set): set.assuming(test, holds).map { .set($0) }
        case .opaque(let excluded):
            if case .equals(let value) = test, !holds {
                .opaque(excluded: excluded.union([value]))
            } else {
                self
            }
        }
    }

    /// Whether the test has one answer for every value that is left; nil if it has both.
    func answer(to test: PlaceTest) -> Bool? {
        if assuming(test, true) == nil { return false }
        return assuming(test, false) == nil ? true : nil
    }

    /// Whether a value is left by all assumptions.
    func admits(_ value: Value) -> Bool {
        switch self {
        case .number(let number): number.admits(value)
        case .text(let text): text.admits(value)
        case .set(let set): set.admits(value)
        case .opaque(let excluded): !excluded.contains(value)
        }
    }

    /// A value that is left, if one was found.
    var sample: Value? {
        switch self {
        case .number(let number): number.sample.map(number.kind.value)
        case .text(let text): text.sample.map(Value.string)
        case .set(let set): set.sample
        case .opaque: nil
        }
    }
}

/// What has been assumed of a number.
struct NumberConstraint: Sendable {
    /// The types that are numbers underneath.
    enum Kind: Hashable, Sendable {
        case long, datetime, duration, decimal

        func value(_ number: Int64) -> Value {
            switch self {
            case .long: .int(number)
            case .datetime: .datetime(number)
            case .duration: .duration(number)
            case .decimal: .decimal(number)
            }
        }

        init?(_ type: Type) {
            switch type {
            case .long: self = .long
            case .extended("datetime"): self = .datetime
            case .extended("duration"): self = .duration
            case .extended("decimal"): self = .decimal
            default: return nil
            }
        }
    }

    let kind: Kind
    var low = Int64.min
    var high = Int64.max
    var excluded: Set<Int64> = []

    init(kind: Kind) { self.kind = kind }

    /// The number under a value of this kind.
    static func number(_ value: Value) -> Int64? {
        switch value {
        case .int(let number), .datetime(let number), .duration(let number),
            .decimal(let number):
            number
        default: nil
        }
    }

    func assuming(_ test: PlaceTest, _ holds: Bool) -> NumberConstraint? {
        var next = self
        switch test {
        case .equals(let value):
            guard let number = Self.number(value), kind.value(number) == value else {
                return holds ? nil : self
            }
            if holds {
                next.low = max(low, number)
                next.high = min(high, number)
            } else {
                next.excluded.insert(number)
            }
        case .below(let bound) where holds:
            guard bound > .min else { return nil }
            next.high = min(high, bound - 1)
        case .below(let bound): next.low = max(low, bound)
        case .atMost(let bound) where holds: next.high = min(high, bound)
        case .atMost(let bound):
            guard bound < .max else { return nil }
            next.low = max(low, bound + 1)
        default: return self
        }
        return next.sample == nil ? nil : next
    }

    func admits(_ value: Value) -> Bool {
        guard let number = Self.number(value) else { return false }
        return kind.value(number) == value && low <= number && number <= high
            && !excluded.contains(number)
    }

    /// The number nearest to zero that is left.
    var sample: Int64? {
        guard low <= high else { return nil }
        let start = min(max(0, low), high)
        var up = start
        while excluded.contains(up), up < high { up += 1 }
        if !excluded.contains(up) { return up }
        var down = start
        while excluded.contains(down), down > low { down -= 1 }
        return excluded.contains(down) ? nil : down
    }
}
