// SPDX-License-Identifier: Apache-2.0

/// Keys that are held until a second of their own has passed, or for ever, numbered densely:
/// evaluators keep what they know of each in an array under its number.
struct ExpiringKeys: Sendable {
    private(set) var table = KeyTable()
    private var expiries = DeadlineQueue()
    // By number: a deadline of another generation counts no more.
    private var generations: [UInt32] = []

    /// How many keys are held.
    var count: Int { table.count }

    /// The memory held, in bytes.
    var byteCount: Int { table.byteCount + generations.count * 4 + expiries.byteCount }

    /// The number of a key, given now if it has none.
    mutating func insert(_ key: RuleKey) -> (number: Int, isNew: Bool) {
        let found = table.insert(key)
        if found.number == generations.count { generations.append(0) }
        return found
    }

    /// Holds a key until a second has passed, whatever was said of it before.
    mutating func hold(_ number: Int, through last: Int64) {
        generations[number] &+= 1
        guard last < .max else { return }
        expiries.append(
            .init(
                deadline: last, obligation: Int32(truncatingIfNeeded: number),
                generation: generations[number]))
        guard expiries.count > 1_024, expiries.count > table.count * 2 else { return }
        let generations = generations
        expiries.compact { generations[Int($0.obligation)] == $0.generation }
    }

    /// Lets a key go.
    mutating func remove(_ number: Int) {
        generations[number] &+= 1
        table.remove(number)
    }

    /// Lets the keys go whose second has passed.
    mutating func expire(before time: Int64) {
        while let nearest = expiries.nearest, nearest.deadline < time {
            expiries.removeNearest()
            let number = Int(nearest.obligation)
            if generations[number] == nearest.generation { remove(number) }
        }
    }
}
