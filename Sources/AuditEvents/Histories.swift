// SPDX-License-Identifier: Apache-2.0

/// The changes of all things of one sort, by thing, each in the order of time.
///
/// All changes lie in one array, thing by thing, so that a question is an index and a binary
/// search, and neither hashes nor allocates.
struct Histories: Sendable {
    private let changes: [StateChange]
    /// Where the changes of each thing start; one more than there are things.
    private let starts: [Int32]

    /// Lays the changes out by thing, and puts late ones where they belong.
    init(_ rows: [RegistryRecord.Row]) {
        let thingCount = rows.reduce(0) { max($0, $1.thing.index + 1) }
        var starts: [Int32] = Array(repeating: 0, count: thingCount + 1)
        for row in rows { starts[row.thing.index + 1] += 1 }
        for thing in 0..<thingCount { starts[thing + 1] += starts[thing] }
        var next = starts
        var order = Array(repeating: 0, count: rows.count)
        for (place, row) in rows.enumerated() {
            order[Int(next[row.thing.index])] = place
            next[row.thing.index] += 1
        }
        var changes = order.map { rows[$0].change }
        for thing in 0..<thingCount {
            let range = Int(starts[thing])..<Int(starts[thing + 1])
            let isSorted = range.dropFirst().allSatisfy {
                changes[$0 - 1].moment < changes[$0].moment
            }
            if !isSorted { changes[range].sort { $0.moment < $1.moment } }
        }
        self.changes = changes
        self.starts = starts
    }

    private func range(of thing: InternedID?) -> Range<Int> {
        guard let thing, thing.index + 1 < starts.count else { return 0..<0 }
        return Int(starts[thing.index])..<Int(starts[thing.index + 1])
    }

    /// The changes of one thing, oldest first.
    subscript(thing: InternedID?) -> ArraySlice<StateChange> {
        changes[range(of: thing)]
    }

    /// The last change that a point of view sees and that answers a question.
    func last(
        of thing: InternedID?, _ view: AsOf, where answers: (borrowing StateChange) -> Bool
    ) -> StateChange? {
        let range = range(of: thing)
        var place = firstPlace(in: range, notBefore: view.moment)
        while place > range.lowerBound {
            place -= 1
            guard changes[place].moment.index < view.knownBefore, answers(changes[place]) else {
                continue
            }
            return changes[place]
        }
        return nil
    }

    /// The first place of a range whose change is not before a moment.
    private func firstPlace(in range: Range<Int>, notBefore moment: Moment) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if changes[middle].moment < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
