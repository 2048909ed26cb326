// SPDX-License-Identifier: Apache-2.0

/// Joins neighbouring runs and a table of recent names to one run.
struct IdentifierMerge {
    let folder: String
    let key: IdentifierKey
    let isDurable: Bool

    private static let readPageCount = 16

    /// The runs that are to be joined with a new one: sizes then grow by doubling, so that a log of any
    /// length has few of them.
    static func joined(_ runs: [IdentifierRun], with count: Int) -> Int {
        var (kept, size) = (runs.count, count)
        while kept > 0, runs[kept - 1].entries.count <= size {
            size += runs[kept - 1].entries.count
            kept -= 1
        }
        return kept
    }

    /// Writes the run; `runs` end where `recent` begins.
    func run(
        _ runs: [IdentifierRun], _ recent: RecentIdentifiers, _ end: IdentifierEnd
    ) throws(StorageError) -> IdentifierRun {
        let first = runs.first?.entries.lowerBound ?? recent.first
        var writer = try IdentifierRunWriter(in: folder, first..<recent.end, end, key: key)
        var sources = [Source(recent.sorted())]
        for run in runs { sources.append(try Source(run)) }
        while true {
            var least = -1
            for place in sources.indices {
                guard let hash = sources[place].hash else { continue }
                if least < 0 || hash < sources[least].hash ?? 0 { least = place }
            }
            guard least >= 0 else { break }
            try writer.append(sources[least].take())
        }
        return try writer.finish(isDurable: isDurable)
    }

    /// One of the lists that are joined.
    private struct Source {
        private let run: IdentifierRun?
        private var records: [IdentifierRecord]
        private var place = 0
        private var page = 0

        init(_ records: [IdentifierRecord]) {
            run = nil
            self.records = records
        }

        init(_ run: IdentifierRun) throws(StorageError) {
            self.run = run
            records = []
            try refill()
        }

        /// The next record's hash; nil at the end.
        var hash: UInt64? { place < records.count ? records[place].hash : nil }

        mutating func take() throws(StorageError) -> IdentifierRecord {
            let record = records[place]
            place += 1
            if place == records.count { try refill() }
            return record
        }

        private mutating func refill() throws(StorageError) {
            while place == records.count,
                let next = try run?.records(
                    from: page, pageMax: IdentifierMerge.readPageCount)
            {
                (records, page, place) = (next.records, next.next, 0)
            }
        }
    }
}
