// SPDX-License-Identifier: Apache-2.0

/// A set of time distances, as formulas write it: `[0,30)`, `(2,*)`.
public struct Interval: Hashable, Sendable {
    /// The smallest distance, as written.
    public var lower: Int
    /// Whether `lower` itself belongs to the interval.
    public var includesLower: Bool
    /// The greatest distance, as written; none for `*`.
    public var upper: Int?
    /// Whether `upper` itself belongs to the interval.
    public var includesUpper: Bool

    /// Makes an interval from its bounds.
    public init(
        from lower: Int, includesLower: Bool = true, to upper: Int?, includesUpper: Bool = true
    ) {
        self.lower = lower
        self.includesLower = includesLower
        self.upper = upper
        self.includesUpper = upper == nil ? false : includesUpper
    }

    /// Every distance: `[0,*)`.
    public static let everything = Interval(from: 0, to: nil)

    /// Whether the bounds are the right way round and not negative.
    ///
    /// `(1,2)` passes although no integer lies in it, as in MonPoly.
    var isWellFormed: Bool {
        guard lower >= 0 else { return false }
        guard let upper else { return true }
        return includesLower && includesUpper ? lower <= upper : lower < upper
    }

    /// The smallest integer distance.
    var first: Int { includesLower || lower == .max ? lower : lower + 1 }

    /// The greatest integer distance; none if there is no bound.
    var last: Int? {
        guard let upper else { return nil }
        return includesUpper || upper == .min ? upper : upper - 1
    }

    /// Whether a distance is inside.
    func contains(_ distance: Int) -> Bool {
        distance >= first && !isBefore(distance)
    }

    /// Whether the whole interval lies before a distance.
    func isBefore(_ distance: Int) -> Bool {
        guard let last else { return false }
        return distance > last
    }
}

extension Interval: CustomStringConvertible {
    /// The interval as formulas write it.
    public var description: String {
        let end = upper.map { "\($0)" + (includesUpper ? "]" : ")") } ?? "*)"
        return (includesLower ? "[" : "(") + "\(lower)," + end
    }
}

/// The distance between two timestamps, held at the largest integer.
func distance(from earlier: Int, to later: Int) -> Int {
    let (difference, overflow) = later.subtractingReportingOverflow(earlier)
    return overflow ? .max : difference
}
