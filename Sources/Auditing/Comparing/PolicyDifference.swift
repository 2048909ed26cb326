// SPDX-License-Identifier: Apache-2.0

/// What one log would have come to under another policy set.
///
/// It counts decisions by policy, region and month, and never by adviser.
public struct PolicyDifference: Sendable {
    /// How a decision differs.
    public enum Change: String, CaseIterable, Hashable, Comparable, Sendable {
        /// Permitted by the old set, not by the new one.
        case becomesDenied = "becomes_denied"
        /// Not permitted by the old set, permitted by the new one.
        case becomesAllowed = "becomes_allowed"
        /// Not permitted by either, for other reasons.
        case otherReason = "other_reason"

        /// Whether one comes first in a table: in the order of the cases.
        public static func < (left: Change, right: Change) -> Bool { left.place < right.place }

        private var place: Int {
            switch self {
            case .becomesDenied: 0
            case .becomesAllowed: 1
            case .otherReason: 2
            }
        }
    }

    /// The decisions that differ by one policy, in one region and month.
    public struct Row: Hashable, Sendable {
        /// How they differ.
        public var change: Change
        /// The policy by its `@id`, or the rule of the default denial.
        ///
        /// One of the new set's where it denies, of the old set's where that did.
        public var policy: String
        /// The actor's region, an INSEE code; nil for an act that names none.
        public var region: String?
        /// The month in Paris, `2026-03`.
        public var month: String
        /// The number of decisions.
        public var count: Int
        /// The first entries among them.
        public var examples: [UInt64]
    }

    /// The number of accesses and of acts of governance that both sets judged.
    public internal(set) var examinedCount: UInt64 = 0
    /// The number of them that lack a field or are of no known type, and that nobody can judge.
    public internal(set) var skippedCount: UInt64 = 0
    /// The number of decisions that differ, each once, in the order of ``Change``.
    public var changedCounts: [Change: UInt64] { tally.counts }
    /// The rows, by change, policy, region and month; a decision by two policies is in two.
    public var rows: [Row] { tally.rows }
    var tally = Tally()

    /// Counts that workers add up.
    struct Tally: Sendable {
        struct Key: Hashable {
            var change: Change
            var policy: String
            var region: String?
            var month: String
        }

        private static let exampleMax = 3
        var counts: [Change: UInt64] = [:]
        private var places: [Key: (count: Int, examples: [UInt64])] = [:]

        mutating func add(
            _ change: Change, by policies: [String], _ key: (String?, String), at index: UInt64
        ) {
            counts[change, default: 0] += 1
            for policy in policies {
                let key = Key(change: change, policy: policy, region: key.0, month: key.1)
                var place = places[key] ?? (0, [])
                place.count += 1
                if place.examples.count < Self.exampleMax { place.examples.append(index) }
                places[key] = place
            }
        }

        /// Adds what was found in entries that come after.
        mutating func add(_ other: Tally) {
            counts.merge(other.counts) { $0 + $1 }
            places.merge(other.places) { left, right in
                (
                    left.count + right.count,
                    Array((left.examples + right.examples).prefix(Self.exampleMax))
                )
            }
        }

        var rows: [Row] {
            let rows = places.map { key, place in
                Row(
                    change: key.change, policy: key.policy, region: key.region, month: key.month,
                    count: place.count, examples: place.examples)
            }
            return rows.sorted { left, right in
                if left.change != right.change { return left.change < right.change }
                let (first, second) = (
                    [left.policy, left.region ?? "", left.month],
                    [right.policy, right.region ?? "", right.month]
                )
                return first.lexicographicallyPrecedes(second) {
                    $0.utf8.lexicographicallyPrecedes($1.utf8)
                }
            }
        }
    }
}
