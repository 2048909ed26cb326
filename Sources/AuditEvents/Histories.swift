// SPDX-License-Identifier: Apache-2.0

/// The changes of all things of one sort, by thing, each in the order of time.
///
/// All changes lie in one array, thing by thing, so that a question is an index and a binary
/// search, and neither hashes nor allocates. Most things never saw most types of change, so the
/// types that each saw answer most questions at once.
struct Histories: Sendable {
    private let changes: [StateChange]
    /// One more than there are things.
    private let things: [Thing]

    private struct Thing: BitwiseCopyable {
        /// Where the changes of the thing start.
        var start: Int32 = 0
        /// The types of its changes.
        var types = EventTypeSet()
    }

    /// Lays the changes out by thing, and puts late ones where they belong.
    init(_ rows: [RegistryRecord.Row]) {
        let thingCount = rows.reduce(0) { max($0, $1.thing.index + 1) }
        var things = Array(repeating: Thing(), count: thingCount + 1)
        for row in rows { things[row.thing.index + 1].start += 1 }
        for thing in 0..<thingCount { things[thing + 1].start += things[thing].start }
        var next = things.map(\.start)
        var order = Array(repeating: 0, count: rows.count)
        for (place, row) in rows.enumerated() {
            things[row.thing.index].types.insert(row.change.type)
            order[Int(next[row.thing.index])] = place
            next[row.thing.index] += 1
        }
        var changes = order.map { rows[$0].change }
        for thing in 0..<thingCount {
            let range = Int(things[thing].start)..<Int(things[thing + 1].start)
            let isSorted = range.dropFirst().allSatisfy {
                changes[$0 - 1].moment < changes[$0].moment
            }
            if !isSorted { changes[range].sort { $0.moment < $1.moment } }
        }
        self.changes = changes
        self.things = things
    }

    private func range(of thing: InternedID?) -> Range<Int> {
        guard let thing, thing.index + 1 < things.count else { return 0..<0 }
        return Int(things[thing.index].start)..<Int(things[thing.index + 1].start)
    }

    /// The changes of one thing, oldest first.
    subscript(thing: InternedID?) -> ArraySlice<StateChange> {
        changes[range(of: thing)]
    }

    /// Whether a thing ever saw a change of some types.
    @inline(__always)
    func saw(_ thing: InternedID?, _ types: EventTypeSet) -> Bool {
        guard let thing, thing.index &+ 1 < things.count else { return false }
        return !things[thing.index].types.isDisjoint(with: types)
    }

    /// The last change of some types that a point of view sees, and that answers a question.
    @inline(__always)
    func last(
        of thing: InternedID?, _ view: AsOf, among types: EventTypeSet,
        where answers: (borrowing StateChange) -> Bool = { _ in true }
    ) -> StateChange? {
        guard saw(thing, types) else { return nil }
        let range = range(of: thing)
        var place = firstPlace(in: range, notBefore: view.moment)
        while place > range.lowerBound {
            place &-= 1
            guard types.contains(changes[place].type),
                changes[place].moment.index < view.knownBefore, answers(changes[place])
            else { continue }
            return changes[place]
        }
        return nil
    }

    /// The moments around a point of view between which a thing did not change.
    func period(of thing: InternedID?, around view: AsOf) -> Period {
        let range = range(of: thing)
        let place = firstPlace(in: range, notBefore: view.moment)
        return Period(
            after: place > range.lowerBound ? changes[place - 1].moment : nil,
            upTo: place < range.upperBound ? changes[place].moment : nil)
    }

    /// All things, by number.
    var all: some Sequence<InternedID> {
        (0..<max(0, things.count - 1)).lazy.map { InternedID(Int32($0)) }
    }

    /// The things that a point of view sees a change of.
    func things(before view: AsOf) -> [InternedID] {
        all.filter { thing in self[thing].contains { view.sees($0) } }
    }

    /// The first place of a range whose change is not before a moment.
    private func firstPlace(in range: Range<Int>, notBefore moment: Moment) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low &+ (high &- low) / 2
            if changes[middle].moment < moment { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

/// A set of event types, one bit each.
struct EventTypeSet: BitwiseCopyable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init() {}

    // No list of arguments: that would be an array, made at each question.
    @inline(__always)
    init(_ one: EventType) { insert(one) }

    @inline(__always)
    init(_ one: EventType, _ two: EventType) {
        insert(one)
        insert(two)
    }

    @inline(__always)
    init(_ one: EventType, _ two: EventType, _ three: EventType) {
        self.init(one, two)
        insert(three)
    }

    @inline(__always)
    mutating func insert(_ type: EventType) {
        let position = UInt64(type.rawValue)
        if position < 64 { low |= 1 &<< position } else { high |= 1 &<< (position &- 64) }
    }

    @inline(__always)
    func contains(_ type: EventType) -> Bool {
        let position = UInt64(type.rawValue)
        return (position < 64 ? low &>> position : high &>> (position &- 64)) & 1 == 1
    }

    @inline(__always)
    func isDisjoint(with other: EventTypeSet) -> Bool {
        low & other.low | high & other.high == 0
    }
}
