// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Which entry has a given (`source`, `id`): derived from the entries, and rebuilt at will.
///
/// The last names are in memory; all others are in a few sorted runs on the disk, each at least twice
/// as long as the next. A filter of constant size says of most new names that no run holds them, so
/// that the memory does not grow with the log. Two names may share a hash: a hit only counts once the
/// entry was read.
struct IdentifierIndex: Sendable {
    /// The source that the log itself writes as.
    static let ownSource = Array("vigie".utf8)
    /// The number of names looked up in runs after which a filter is worth its making.
    private static let unfilteredMax = 4_096

    let key: IdentifierKey
    private let folder: String
    private let isDurable: Bool
    /// Runs of neighbouring entries, the oldest first.
    private var runs: [IdentifierRun]
    /// The run that is being written.
    private var pending: PendingRun?
    /// The names after those of the runs, and of the pending one.
    private var recent: RecentIdentifiers
    /// Memory for the table after a full one.
    private let nextTable = MadeAhead<RecentIdentifiers>()
    private var filter: IdentifierFilter?
    private var unfilteredCount = 0
    /// What was read ahead of its use; kept so that it is read.
    private var touched: UInt64 = 0

    /// Starts from the runs that are there.
    init(_ runs: IdentifierRuns, isDurable: Bool) {
        self.runs = runs.runs
        self.isDurable = isDurable
        folder = runs.folder
        key =
            runs.runs.last?.header.key
            ?? IdentifierKey(low: .random(in: 0...(.max)), high: .random(in: 0...(.max)))
        recent = RecentIdentifiers(first: runs.end)
    }

    /// What is to be made, where there is time, before the table of recent names is full.
    var tableToMake: MadeAhead<RecentIdentifiers>? {
        recent.count >= RecentIdentifiers.countMax / 2 ? nextTable : nil
    }

    /// The index after the last entry whose name is known.
    var end: UInt64 { recent.end }

    /// The hash of the name of an entry or submission; nil if it has none.
    func hash(_ bytes: RawSpan, _ scanned: borrowing ScannedEntry) -> UInt64? {
        guard let source = scanned.range(of: .source), let id = scanned.range(of: .id) else {
            return nil
        }
        return key.hash(bytes, source: source, identifier: id)
    }

    /// Adds the name of the next entry; nil if it has none that a retry could repeat.
    mutating func append(_ hash: UInt64?) {
        guard let hash else { return recent.skip() }
        recent.append(hash)
        filter?.insert(hash)
    }

    /// Adds the names of the next entries, up to the first that may be held already.
    ///
    /// - Returns: Their number.
    mutating func appendNew(_ hashes: ArraySlice<UInt64>) -> Int {
        touch(hashes)
        var count = 0
        for hash in hashes {
            guard !mayHold(hash) else { break }
            append(hash)
            count += 1
        }
        return count
    }

    /// Reads what the look-ups of some names will read: at once, where one after the other each would
    /// wait for the memory.
    mutating func touch(_ hashes: ArraySlice<UInt64>) {
        var words: UInt64 = 0
        for hash in hashes { words ^= recent.touch(hash) }
        if let filter {
            for hash in hashes { words ^= filter.touch(hash) }
        }
        touched ^= words
    }

    /// Whether an entry may have a name with this hash: most new names are told apart without a look-up.
    func mayHold(_ hash: UInt64) -> Bool {
        if let filter { return filter.mayContain(hash) }
        return !runs.isEmpty || recent.mayHold(hash) || pending?.recent.mayHold(hash) == true
    }

    /// The entries whose name has a hash, in order.
    ///
    /// - Throws: ``StorageError/Code/altered`` if a run is not as it was written.
    mutating func candidates(_ hash: UInt64) throws(StorageError) -> [UInt64] {
        if let filter, !filter.mayContain(hash) { return [] }
        var found: [UInt64] = []
        recent.collect(hash, into: &found)
        pending?.recent.collect(hash, into: &found)
        guard !runs.isEmpty else { return found }
        for run in runs { try run.collect(hash, into: &found) }
        unfilteredCount += 1
        if filter == nil, unfilteredCount > Self.unfilteredMax { filter = try makeFilter() }
        // Most names are new: nothing is then sorted, and nothing was allocated.
        return found.count < 2 ? found : found.sorted()
    }

    private func makeFilter() throws(StorageError) -> IdentifierFilter {
        let filter = try IdentifierFilter(nameCount: end, of: runs)
        pending?.recent.forEach { filter.insert($0) }
        recent.forEach { filter.insert($0) }
        return filter
    }
}

extension IdentifierIndex {
    /// Has the recent names written as a run if they are many; all of their entries are durable.
    ///
    /// - Parameters:
    ///   - end: What is known of the last entry.
    ///   - countMin: The number of names from which on they are many.
    /// - Throws: ``StorageError``.
    mutating func flush(
        _ end: IdentifierEnd, from countMin: Int = RecentIdentifiers.countMax
    ) throws(StorageError) {
        guard recent.count >= countMin else { return try settle(waits: false) }
        try settle(waits: true)
        try FileTree.makeFolder(folder, mode: 0o700)
        let keptCount = IdentifierMerge.joined(runs, with: recent.count)
        let merge = IdentifierMerge(folder: folder, key: key, isDurable: isDurable)
        let (kept, joined) = (Array(runs[..<keptCount]), Array(runs[keptCount...]))
        // Who has written so many goes on: a filter is worth its making at once. Until it is made the
        // old one serves, which lets more names through.
        let isFilterDue =
            recent.count >= RecentIdentifiers.countMax
            && (filter.map { recent.end > $0.nameCountMax } ?? true)
        pending = PendingRun(recent, keptCount: keptCount) {
            [recent] () throws(StorageError) in
            let run = try merge.run(joined, recent, end)
            // A run that is not as it was written gives no filter: the look-up that needs it makes
            // the index anew.
            let filter =
                isFilterDue
                ? try? IdentifierFilter(nameCount: recent.end, of: kept + [run]) : nil
            return PendingRun.Written(run: run, filter: filter)
        }
        recent = recent.next(in: nextTable.take())
    }

    /// Takes over the pending run, if it is written.
    private mutating func settle(waits: Bool) throws(StorageError) {
        guard let pending, waits || pending.isDone else { return }
        self.pending = nil
        guard let written = try pending.wait() else { return }
        for old in runs[pending.keptCount...] { try FileTree.remove(old.path) }
        runs.replaceSubrange(pending.keptCount..., with: [written.run])
        guard let filter = written.filter else { return }
        recent.forEach { filter.insert($0) }
        self.filter = filter
    }

    /// Waits until no run is being written any more, however that goes.
    mutating func finishWriting() { try? settle(waits: true) }

    /// Writes what the next opening would otherwise read from the entries, and waits for it.
    mutating func close(_ end: IdentifierEnd, from countMin: Int) throws(StorageError) {
        try flush(end, from: countMin)
        try settle(waits: true)
    }
}
