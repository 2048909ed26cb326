// SPDX-License-Identifier: Apache-2.0

/// Counts events, different values or amounts for each key, in the last seconds or in the
/// current civil period.
///
/// All events of the window lie in one ring, so that each enters and leaves once; those of one
/// key are chained backwards. Of different values, the latest event of each counts.
struct WindowCount: Sendable {
    private struct Entry: BitwiseCopyable, Sendable {
        var time: Int64
        var index: UInt64
        var amount: Int64
        /// The sequence number of the event before, of the same key; -1 if there is none.
        var previous: Int
        /// The number of the key; -1 once it was reset.
        var actor: Int32
        /// The number of the value; -1 if values are not distinguished.
        var pair: Int32
    }

    private static let amountMax: Int64 = 1 << 40
    private static let stepCountMax = 4_096

    let window: QuotaWindow
    private let isDistinct: Bool
    private let subjects: KeyFields
    private let amountColumn: Int?
    private var actors = KeyTable()
    private var counts: [Int64] = []
    private var latest: [Int] = []
    private var heldCounts: [Int32] = []
    private var pairs = KeyTable()
    private var pairLatest: [Int] = []
    private var ring = RingQueue<Entry>()
    private var day: CivilDay?
    private var dayPeriod = 0
    /// The civil period of the events held.
    private(set) var period: Int?

    init(_ measure: QuotaMeasure, window: QuotaWindow) {
        self.window = window
        switch measure {
        case .events: (isDistinct, subjects, amountColumn) = (false, KeyFields([]), nil)
        case .distinct(let fields):
            (isDistinct, subjects, amountColumn) = (true, KeyFields(fields), nil)
        case .sum(let field):
            (isDistinct, subjects, amountColumn) = (false, KeyFields([]), field.index)
        }
    }

    var keyCount: Int { actors.count + pairs.count }
    var heldCount: Int { ring.count }
    var byteCount: Int {
        actors.byteCount + pairs.byteCount + counts.count * 20 + pairLatest.count * 8
            + ring.capacity * 40
    }

    /// The keys and their counts, by key.
    var totals: [(key: RuleKey, count: Int64)] {
        actors.sortedNumbers.map { (actors.keys[$0], counts[$0]) }
    }

    /// The civil period of a time, which is looked up once a day.
    mutating func period(at time: Int64, _ civil: CivilPeriod, _ calendar: RuleCalendar) -> Int {
        if let day, day.contains(time) { return dayPeriod }
        let day = calendar.day(at: time)
        self.day = day
        dayPeriod = civil.number(ofDay: day.number)
        return dayPeriod
    }

    /// Drops what is outside the window at a time.
    mutating func expire(at time: Int64, _ calendar: RuleCalendar) {
        switch window {
        case .sliding(let seconds):
            while let first = ring.first, distance(first.time, time) >= seconds { dropFirst() }
        case .civil(let civil):
            let now = period(at: time, civil, calendar)
            if period != now { removeAll() }
            period = now
        }
    }

    private func distance(_ earlier: Int64, _ later: Int64) -> Int64 {
        let (difference, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow ? .max : difference
    }

    private mutating func dropFirst() {
        guard let entry = ring.first else { return }
        let sequence = ring.start
        ring.removeFirst()
        guard entry.actor >= 0 else { return }
        let actor = Int(entry.actor)
        if isDistinct {
            let pair = Int(entry.pair)
            if pairLatest[pair] == sequence {
                counts[actor] &-= 1
                pairs.remove(pair)
            }
        } else {
            counts[actor] &-= entry.amount
        }
        heldCounts[actor] &-= 1
        if heldCounts[actor] == 0 { actors.remove(actor) }
    }

    mutating func removeAll() {
        ring.removeAll()
        actors.removeAll()
        pairs.removeAll()
        counts.removeAll(keepingCapacity: true)
        latest.removeAll(keepingCapacity: true)
        heldCounts.removeAll(keepingCapacity: true)
        pairLatest.removeAll(keepingCapacity: true)
    }

    /// Counts an event; gives the key's count before and after, or nothing if the event lacks
    /// what is counted.
    mutating func add(
        _ key: RuleKey, _ batch: borrowing EventBatch, row: Int
    ) -> (before: Int64, after: Int64)? {
        var subject = RuleKey()
        var amount: Int64 = 1
        if isDistinct {
            guard let value = subjects.key(batch, row: row) else { return nil }
            subject = value
        } else if let amountColumn {
            let value = batch.columns[amountColumn][row]
            guard value != EventBatch.absent else { return nil }
            amount = min(max(value, -Self.amountMax), Self.amountMax)
        }
        return add(key, subject, amount, batch.times[row], batch.indexes[row])
    }

    private mutating func add(
        _ key: RuleKey, _ subject: RuleKey, _ amount: Int64, _ time: Int64, _ index: UInt64
    ) -> (before: Int64, after: Int64) {
        let (actor, isNew) = actors.insert(key)
        if actor == counts.count {
            counts.append(0)
            latest.append(-1)
            heldCounts.append(0)
        } else if isNew {
            counts[actor] = 0
            latest[actor] = -1
            heldCounts[actor] = 0
        }
        let before = counts[actor]
        var pair = -1
        if isDistinct {
            let (number, isNewPair) = pairs.insert(
                RuleKey(Int64(actor), subject.first, subject.second))
            pair = number
            if number == pairLatest.count { pairLatest.append(0) }
            pairLatest[number] = ring.end
            if isNewPair { counts[actor] &+= 1 }
        } else {
            counts[actor] &+= amount
        }
        let previous = latest[actor]
        latest[actor] = ring.end
        heldCounts[actor] &+= 1
        ring.append(
            Entry(
                time: time, index: index, amount: amount, previous: previous,
                actor: Int32(truncatingIfNeeded: actor), pair: Int32(truncatingIfNeeded: pair)))
        return (before, counts[actor])
    }

    /// Forgets what a key counted.
    mutating func reset(_ key: RuleKey) {
        guard let actor = actors.find(key) else { return }
        var sequence = latest[actor]
        while sequence >= ring.start {
            let entry = ring[sequence]
            if isDistinct, pairLatest[Int(entry.pair)] == sequence {
                pairs.remove(Int(entry.pair))
            }
            ring[sequence].actor = -1
            sequence = entry.previous
        }
        actors.remove(actor)
    }

    /// The entries that a key's count is made of, the latest ones if they are many.
    func witnesses(of key: RuleKey) -> [UInt64] {
        guard let actor = actors.find(key) else { return [] }
        var result: [UInt64] = []
        var sequence = latest[actor]
        var steps = 0
        while sequence >= ring.start, steps < Self.stepCountMax,
            result.count < RuleVerdict.witnessCountMax
        {
            let entry = ring[sequence]
            if !isDistinct || pairLatest[Int(entry.pair)] == sequence { result.append(entry.index) }
            sequence = entry.previous
            steps += 1
        }
        return result.reversed()
    }

    func encode(into writer: inout StateWriter, width: Int) {
        writer.write(period == nil ? 0 : 1)
        writer.write(period ?? 0)
        let live = (ring.start..<ring.end).filter { ring[$0].actor >= 0 }
        writer.write(live.count)
        for sequence in live {
            let entry = ring[sequence]
            writer.write(actors.keys[Int(entry.actor)], width: width)
            if isDistinct {
                let pair = pairs.keys[Int(entry.pair)]
                writer.write(RuleKey(pair.second, pair.third), width: subjects.count)
            }
            writer.write(entry.time)
            writer.write(index: entry.index)
            if amountColumn != nil { writer.write(entry.amount) }
        }
    }

    mutating func decode(from reader: inout StateReader, width: Int) throws(RuleError) {
        let hasPeriod = try reader.flag()
        let number = try reader.integer()
        guard hasPeriod || number == 0 else { throw RuleError(.malformedState) }
        period = hasPeriod ? Int(number) : nil
        var lastTime = Int64.min
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            let subject = isDistinct ? try reader.key(width: subjects.count) : RuleKey()
            let time = try reader.integer()
            let index = try reader.index()
            let amount = amountColumn == nil ? 1 : try reader.integer()
            guard time >= lastTime, (-Self.amountMax...Self.amountMax).contains(amount) else {
                throw RuleError(.malformedState)
            }
            lastTime = time
            _ = add(key, subject, amount, time, index)
        }
    }
}
