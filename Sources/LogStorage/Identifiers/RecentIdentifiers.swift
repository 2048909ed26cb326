// SPDX-License-Identifier: Apache-2.0

/// The hash of an entry's name, and the entry's index.
struct IdentifierRecord: Sendable {
    var hash: UInt64
    var index: UInt64
}

/// The names of the last entries, in memory: a table with open addressing that holds a bounded number.
struct RecentIdentifiers: Sendable {
    /// The number of entries at which the table goes to the disk as a run.
    static let countMax = 1 << 16

    /// The number of slots of a table that is full.
    private static let slotCountMax = 1 << 17

    /// The index of the first entry that it may hold.
    private(set) var first: UInt64
    // Hashes stand by themselves, in the order of their entries, and slots are small: memory that is new
    // costs more than all else that is done here.
    /// The hash of each entry's name, or a number in its stead if it has none.
    private var hashes: [UInt64] = []
    /// The place of a hash plus 1, under bits of the hash where there is room; 0 where the slot is free.
    ///
    /// At most five in eight are taken, so that a full table with a batch beyond does not grow once more.
    private var slots: [UInt32]

    /// An empty table.
    init(first: UInt64, slotCount: Int = 1 << 11) {
        self.first = first
        slots = [UInt32](repeating: 0, count: slotCount)
        hashes.reserveCapacity(Self.capacity(slotCount))
    }

    /// An empty table with as many slots as a full one has, and all of its memory used once.
    static var full: RecentIdentifiers {
        var table = RecentIdentifiers(first: 0, slotCount: slotCountMax)
        table.hashes = [UInt64](repeating: 0, count: capacity(slotCountMax))
        table.hashes.removeAll(keepingCapacity: true)
        return table
    }

    /// The table that follows this one, in such memory if there is some.
    ///
    /// After a full one it starts with as many slots.
    func next(in memory: RecentIdentifiers?) -> RecentIdentifiers {
        guard count >= Self.countMax else { return RecentIdentifiers(first: end) }
        var next = memory ?? RecentIdentifiers(first: end, slotCount: Self.slotCountMax)
        next.first = end
        return next
    }

    /// The number of entries that a table holds before it grows.
    private static func capacity(_ slotCount: Int) -> Int { slotCount / 8 * 5 }

    /// The number of entries, those without a name included.
    var count: Int { hashes.count }

    var end: UInt64 { first + UInt64(count) }

    /// Adds the name of the next entry.
    mutating func append(_ hash: UInt64) {
        hashes.append(hash)
        if count > Self.capacity(slots.count) { return grow() }
        place(hash, count)
    }

    /// Passes over an entry that has no name: a look-up that finds it reads the entry, and sees that.
    mutating func skip() { append(end &* 0x9E37_79B9_7F4A_7C15) }

    private mutating func grow() {
        precondition(slots.count < 1 << 30, "a table goes to the disk long before")
        slots = [UInt32](repeating: 0, count: 4 * slots.count)
        hashes.reserveCapacity(Self.capacity(slots.count))
        for number in 1...count { place(hashes[number - 1], number) }
    }

    private mutating func place(_ hash: UInt64, _ number: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = tag(hash) | UInt32(truncatingIfNeeded: number)
    }

    /// The bits of a hash that its slot has room for.
    @inline(__always)
    private func tag(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: hash &>> 32) & ~UInt32(truncatingIfNeeded: slots.count - 1)
    }

    /// The slot that is looked at first: to read it early brings it near.
    @inline(__always)
    func touch(_ hash: UInt64) -> UInt64 {
        UInt64(slots[Int(truncatingIfNeeded: hash) & (slots.count - 1)])
    }

    /// Whether some name has a hash, or one that is alike.
    @inline(__always)
    func mayHold(_ hash: UInt64) -> Bool {
        let (mask, tag) = (slots.count - 1, tag(hash))
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] & ~UInt32(truncatingIfNeeded: mask) == tag { return true }
            slot = (slot + 1) & mask
        }
        return false
    }

    /// Adds the indices of the entries whose name has a hash.
    func collect(_ hash: UInt64, into found: inout [UInt64]) {
        let (mask, tag) = (slots.count - 1, tag(hash))
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let place = Int(slots[slot] & UInt32(truncatingIfNeeded: mask)) - 1
            if slots[slot] & ~UInt32(truncatingIfNeeded: mask) == tag, hashes[place] == hash {
                found.append(first + UInt64(place))
            }
            slot = (slot + 1) & mask
        }
    }

    /// Calls a function with each hash.
    func forEach(_ body: (UInt64) -> Void) {
        for hash in hashes { body(hash) }
    }

    /// All of them, in the order of a run.
    ///
    /// Each goes to the bucket of its leading bits, which hold a few: hashes under a secret are spread
    /// evenly. What is left to do is between near neighbours.
    func sorted() -> [IdentifierRecord] {
        let bits = max(1, UInt64.bitWidth - slots.count.leadingZeroBitCount - 4)
        let shift = UInt64(UInt64.bitWidth - bits)
        var starts = [Int](repeating: 0, count: 1 << bits + 1)
        for hash in hashes { starts[Int(hash &>> shift) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var records = [IdentifierRecord](repeating: .init(hash: 0, index: 0), count: count)
        for place in hashes.indices {
            let bucket = Int(hashes[place] &>> shift)
            records[starts[bucket]] = IdentifierRecord(
                hash: hashes[place], index: first + UInt64(place))
            starts[bucket] += 1
        }
        Self.sortNeighbours(&records)
        return records
    }

    /// Sorts by insertion, at a price that grows with the distance of each record from its place.
    private static func sortNeighbours(_ records: inout [IdentifierRecord]) {
        for place in records.indices.dropFirst() {
            let record = records[place]
            var hole = place
            while hole > 0,
                (record.hash, record.index) < (records[hole - 1].hash, records[hole - 1].index)
            {
                records[hole] = records[hole - 1]
                hole -= 1
            }
            records[hole] = record
        }
    }
}
