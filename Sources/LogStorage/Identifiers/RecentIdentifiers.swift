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

    /// The index of the first entry that it may hold.
    let first: UInt64
    /// The number of entries, those without a name included.
    private(set) var count = 0
    /// A slot's index is that of the entry plus 1, and 0 where it is free; at most half are taken.
    private var slots: [IdentifierRecord]

    /// An empty table; one that follows a full one starts with as many slots.
    init(first: UInt64, slotCount: Int = 1_024) {
        self.first = first
        slots = [IdentifierRecord](repeating: .init(hash: 0, index: 0), count: slotCount)
    }

    var slotCount: Int { slots.count }

    var end: UInt64 { first + UInt64(count) }

    /// Adds the name of the next entry.
    mutating func append(_ hash: UInt64) {
        if 2 * (count + 1) > slots.count { grow() }
        count += 1
        place(IdentifierRecord(hash: hash, index: end))
    }

    /// Passes over an entry that has no name.
    mutating func skip() { count += 1 }

    private mutating func grow() {
        let old = slots
        slots = [IdentifierRecord](repeating: .init(hash: 0, index: 0), count: 2 * old.count)
        for record in old where record.index != 0 { place(record) }
    }

    private mutating func place(_ record: IdentifierRecord) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: record.hash) & mask
        while slots[slot].index != 0 { slot = (slot + 1) & mask }
        slots[slot] = record
    }

    /// A word of the slot that is looked at first: to read it early brings it near.
    @inline(__always)
    func touch(_ hash: UInt64) -> UInt64 {
        slots[Int(truncatingIfNeeded: hash) & (slots.count - 1)].hash
    }

    /// Adds the indices of the entries whose name has a hash.
    func collect(_ hash: UInt64, into found: inout [UInt64]) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].index != 0 {
            if slots[slot].hash == hash { found.append(slots[slot].index - 1) }
            slot = (slot + 1) & mask
        }
    }

    /// Calls a function with each hash.
    func forEach(_ body: (UInt64) -> Void) {
        for record in slots where record.index != 0 { body(record.hash) }
    }

    /// All of them, in the order of a run.
    ///
    /// Each goes to the bucket of its leading bits, which hold a few: hashes under a secret are spread
    /// evenly. What is left to do is between near neighbours.
    func sorted() -> [IdentifierRecord] {
        let bits = max(1, UInt64.bitWidth - slots.count.leadingZeroBitCount - 4)
        let shift = UInt64(UInt64.bitWidth - bits)
        var starts = [Int](repeating: 0, count: 1 << bits + 1)
        var taken = 0
        for record in slots where record.index != 0 {
            starts[Int(record.hash &>> shift) + 1] += 1
            taken += 1
        }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var records = [IdentifierRecord](repeating: .init(hash: 0, index: 0), count: taken)
        for record in slots where record.index != 0 {
            let bucket = Int(record.hash &>> shift)
            records[starts[bucket]] = IdentifierRecord(hash: record.hash, index: record.index - 1)
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
