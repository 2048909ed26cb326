// SPDX-License-Identifier: Apache-2.0

/// Something that is still to follow an event.
struct Obligation: BitwiseCopyable, Sendable {
    /// The time from which the deadline counts.
    var start: Int64
    /// The time and the entry of the event.
    var time: Int64
    var index: UInt64
    /// The last second that is in time.
    var deadline: Int64
    var isExtended = false
    var key: Int32 = -1
    var previous: Int32 = -1
    var next: Int32 = -1
    var generation: UInt32 = 0
}

/// The open obligations: by key, in the order in which they arose, and by deadline.
struct ObligationTable: Sendable {
    private(set) var keys = KeyTable()
    private var heads: [Int32] = []
    private var tails: [Int32] = []
    private var items: [Obligation] = []
    private var free: [Int32] = []
    private var queue = DeadlineQueue()

    var count: Int { items.count - free.count }

    var byteCount: Int {
        keys.byteCount + heads.count * 8 + items.count * 56 + queue.byteCount
    }

    /// The obligations of a key, from the oldest.
    func ofKey(_ key: RuleKey) -> [Int] {
        guard let number = keys.find(key) else { return [] }
        var result: [Int] = []
        var item = heads[number]
        while item >= 0 {
            result.append(Int(item))
            item = items[Int(item)].next
        }
        return result
    }

    subscript(_ item: Int) -> Obligation { items[item] }

    func key(of item: Int) -> RuleKey { keys.keys[Int(items[item].key)] }

    mutating func insert(_ obligation: Obligation, _ key: RuleKey) {
        let (number, isNew) = keys.insert(key)
        if number == heads.count {
            heads.append(-1)
            tails.append(-1)
        } else if isNew {
            heads[number] = -1
            tails[number] = -1
        }
        var obligation = obligation
        obligation.key = Int32(truncatingIfNeeded: number)
        obligation.previous = tails[number]
        let place: Int32
        if let reused = free.popLast() {
            place = reused
            obligation.generation = items[Int(reused)].generation
            items[Int(reused)] = obligation
        } else {
            place = Int32(truncatingIfNeeded: items.count)
            items.append(obligation)
        }
        if tails[number] >= 0 {
            items[Int(tails[number])].next = place
        } else {
            heads[number] = place
        }
        tails[number] = place
        enqueue(Int(place))
    }

    private mutating func enqueue(_ place: Int) {
        queue.append(
            .init(
                deadline: items[place].deadline, obligation: Int32(truncatingIfNeeded: place),
                generation: items[place].generation))
        guard queue.count > 1_024, queue.count > count * 2 else { return }
        let items = items
        queue.compact { items[Int($0.obligation)].generation == $0.generation }
    }

    /// Gives an obligation another deadline.
    mutating func extend(_ place: Int, to deadline: Int64) {
        items[place].deadline = deadline
        items[place].isExtended = true
        items[place].generation &+= 1
        enqueue(place)
    }

    mutating func remove(_ place: Int) {
        let item = items[place]
        let number = Int(item.key)
        if item.previous >= 0 {
            items[Int(item.previous)].next = item.next
        } else {
            heads[number] = item.next
        }
        if item.next >= 0 {
            items[Int(item.next)].previous = item.previous
        } else {
            tails[number] = item.previous
        }
        items[place].generation &+= 1
        free.append(Int32(truncatingIfNeeded: place))
        if heads[number] < 0 { keys.remove(number) }
    }

    /// The next obligation whose deadline is before a time.
    mutating func nextExpired(before time: Int64) -> Int? {
        while let nearest = queue.nearest, nearest.deadline < time {
            queue.removeNearest()
            let place = Int(nearest.obligation)
            if items[place].generation == nearest.generation { return place }
        }
        return nil
    }

    /// Removes the obligations of a key that arose before a time; gives how many.
    ///
    /// They lie in the order of time, so each is looked at once more than it is removed at most.
    mutating func discharge(_ key: RuleKey, before time: Int64) -> Int {
        guard let number = keys.find(key) else { return 0 }
        var count = 0
        var item = heads[number]
        while item >= 0, items[Int(item)].time < time {
            let next = items[Int(item)].next
            remove(Int(item))
            count += 1
            item = next
        }
        return count
    }

    /// The obligations of a key since the last that was extended, from the newest.
    func notExtended(_ key: RuleKey) -> [Int] {
        guard let number = keys.find(key) else { return [] }
        var result: [Int] = []
        var item = tails[number]
        while item >= 0, !items[Int(item)].isExtended {
            result.append(Int(item))
            item = items[Int(item)].previous
        }
        return result
    }
}
