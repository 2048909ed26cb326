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
    private var slots = [IdentifierRecord](repeating: .init(hash: 0, index: 0), count: 1_024)

    init(first: UInt64) { self.first = first }

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
    func sorted() -> [IdentifierRecord] {
        var records: [IdentifierRecord] = []
        records.reserveCapacity(count)
        for record in slots where record.index != 0 {
            records.append(IdentifierRecord(hash: record.hash, index: record.index - 1))
        }
        records.sort { ($0.hash, $0.index) < ($1.hash, $1.index) }
        return records
    }
}
