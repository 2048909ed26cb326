// SPDX-License-Identifier: Apache-2.0

/// The times that the log does not cover.
///
/// Gaps are few; they are kept apart from each other and in order.
struct GapTable: Hashable, Sendable {
    private(set) var gaps: [ClosedRange<Int64>] = []

    mutating func insert(_ gap: ClosedRange<Int64>) {
        var merged = gap
        gaps.removeAll { other in
            guard other.overlaps(merged) else { return false }
            merged =
                min(other.lowerBound, merged.lowerBound)...max(other.upperBound, merged.upperBound)
            return true
        }
        let place = gaps.firstIndex { $0.lowerBound > merged.lowerBound } ?? gaps.count
        gaps.insert(merged, at: place)
    }

    /// Whether some instant between two is not covered, both included.
    func touches(from start: Int64, to end: Int64) -> Bool {
        guard !gaps.isEmpty, start <= end else { return false }
        return gaps.contains { $0.lowerBound <= end && start <= $0.upperBound }
    }
}
