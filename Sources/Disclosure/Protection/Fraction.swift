// SPDX-License-Identifier: Apache-2.0

/// A rational number: exact, never rounded.
public struct Fraction: Hashable, Comparable, Sendable {
    /// The numerator, without a factor in common with the denominator.
    public let numerator: Int64
    /// The denominator, greater than zero.
    public let denominator: Int64

    /// Makes a fraction; the denominator must not be zero.
    public init(_ numerator: Int64, _ denominator: Int64 = 1) {
        precondition(denominator != 0, "a fraction has a denominator")
        var (large, small) = (numerator.magnitude, denominator.magnitude)
        while small != 0 { (large, small) = (small, large % small) }
        let divisor = Int64(clamping: max(1, large))
        let sign: Int64 = denominator < 0 ? -1 : 1
        self.numerator = numerator / divisor * sign
        self.denominator = denominator / divisor * sign
    }

    /// Whether one is less than another.
    public static func < (left: Fraction, right: Fraction) -> Bool {
        Int128(left.numerator) * Int128(right.denominator)
            < Int128(right.numerator) * Int128(left.denominator)
    }

    /// The greatest whole number that is not greater.
    public var floor: Int64 {
        let quotient = numerator / denominator
        return numerator % denominator < 0 ? quotient - 1 : quotient
    }

    /// The least whole number that is not less.
    public var ceiling: Int64 {
        let quotient = numerator / denominator
        return numerator % denominator > 0 ? quotient + 1 : quotient
    }
}

/// What can be deduced of a hidden count.
public struct DeducedInterval: Hashable, Sendable {
    /// The least value that agrees with what was published.
    public var low: Fraction
    /// The greatest; nil if there is none.
    public var high: Fraction?

    /// Whether the count is thereby known.
    public var isExact: Bool { high == low }

    /// Whether the interval keeps the distance that a cell needs.
    public func satisfies(_ need: LinearTable.Need, value: Int64) -> Bool {
        // A count is never negative, and everybody knows it.
        guard low <= Fraction(value - min(need.below, value)) else { return false }
        guard let high else { return true }
        let isHighEnough = high >= Fraction(value + need.above)
        let left = Int128(high.numerator) * Int128(low.denominator)
        let right = Int128(low.numerator) * Int128(high.denominator)
        let common = Int128(high.denominator) * Int128(low.denominator)
        return isHighEnough && left - right >= Int128(need.width) * common
    }
}
