// SPDX-License-Identifier: Apache-2.0

/// Numbers keys densely, by open addressing: evaluators keep their state in arrays under those
/// numbers, and a look-up allocates nothing.
///
/// A removed key's number is used again for the next one.
struct KeyTable: Sendable {
    private(set) var keys: [RuleKey] = []
    private var hashes: [UInt32] = []
    private var isUsed: [Bool] = []
    private var free: [Int32] = []
    // Numbers plus one; zero where there is none. A power of two long.
    private var slots: [Int32] = Array(repeating: 0, count: 16)

    /// How many keys there are.
    var count: Int { keys.count - free.count }

    /// One more than the largest number in use.
    var capacity: Int { keys.count }

    /// The memory held, in bytes.
    var byteCount: Int { keys.count * 33 + slots.count * 4 }

    /// The numbers in use, by key.
    var sortedNumbers: [Int] {
        keys.indices.filter { isUsed[$0] }.sorted { keys[$0] < keys[$1] }
    }

    /// The number of a key.
    func find(_ key: RuleKey) -> Int? {
        let mask = slots.count &- 1
        var place = Int(key.mixed) & mask
        while true {
            let number = Int(slots[place]) &- 1
            if number < 0 { return nil }
            if keys[number] == key { return number }
            place = (place &+ 1) & mask
        }
    }

    /// The number of a key, given now if it has none.
    mutating func insert(_ key: RuleKey) -> (number: Int, isNew: Bool) {
        let mask = slots.count &- 1
        let hash = key.mixed
        var place = Int(hash) & mask
        while true {
            let number = Int(slots[place]) &- 1
            if number < 0 { break }
            if keys[number] == key { return (number, false) }
            place = (place &+ 1) & mask
        }
        let number: Int
        if let reused = free.popLast() {
            number = Int(reused)
            keys[number] = key
            hashes[number] = hash
            isUsed[number] = true
        } else {
            number = keys.count
            keys.append(key)
            hashes.append(hash)
            isUsed.append(true)
        }
        slots[place] = Int32(truncatingIfNeeded: number &+ 1)
        if count &* 2 > slots.count { grow() }
        return (number, true)
    }

    /// Removes a key by its number.
    ///
    /// The keys behind it move up, so that no look-up meets a hole before its key.
    mutating func remove(_ number: Int) {
        let mask = slots.count &- 1
        var hole = Int(hashes[number]) & mask
        while Int(slots[hole]) != number &+ 1 { hole = (hole &+ 1) & mask }
        var next = (hole &+ 1) & mask
        while slots[next] != 0 {
            let home = Int(hashes[Int(slots[next]) &- 1]) & mask
            // The key may move if its home is not between the hole and its place.
            if (next &- home) & mask >= (next &- hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        slots[hole] = 0
        isUsed[number] = false
        free.append(Int32(truncatingIfNeeded: number))
    }

    /// Removes all keys and keeps the memory.
    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
        isUsed.removeAll(keepingCapacity: true)
        free.removeAll(keepingCapacity: true)
        for place in slots.indices { slots[place] = 0 }
    }

    private mutating func grow() {
        var larger = [Int32](repeating: 0, count: slots.count * 2)
        let mask = larger.count - 1
        for number in slots where number != 0 {
            var place = Int(hashes[Int(number) - 1]) & mask
            while larger[place] != 0 { place = (place + 1) & mask }
            larger[place] = number
        }
        slots = larger
    }
}
