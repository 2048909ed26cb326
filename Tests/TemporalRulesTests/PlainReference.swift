// SPDX-License-Identifier: Apache-2.0

@testable import TemporalRules

/// What each sentence means, written from its definition: for every event, look at all others.
///
/// It imports the module's internals for the calendar only.
struct PlainReference {
    struct Answer: Hashable, Comparable, CustomStringConvertible {
        var index: UInt64
        var key: [Int64]
        var outcome: String

        var description: String { "\(outcome)@\(index)\(key)" }

        static func < (left: Answer, right: Answer) -> Bool {
            left.index != right.index
                ? left.index < right.index : left.description < right.description
        }
    }

    let events: EventBatch
    let calendar: RuleCalendar
    /// The time at which the log is closed.
    let end: Int64

    private func key(_ row: Int, _ selectors: [EventSelector]) -> [[Int64]] {
        selectors.compactMap { selector in
            guard selector.types.contains(EventTypeID(rawValue: events.types[row])),
                selector.conditions.allSatisfy({ $0.holds(events, row: row) })
            else { return nil }
            let values = selector.key.map { events.columns[Int($0.rawValue)][row] }
            return values.contains(EventBatch.absent) ? nil : values
        }
    }

    private func plays(_ row: Int, _ selectors: [EventSelector], _ key: [Int64]) -> Bool {
        self.key(row, selectors).contains(key)
    }

    /// Whether a row lies within a span after another.
    private func reaches(_ from: Int, _ span: TimeSpan, _ to: Int) -> Bool {
        events.times[to] <= span.last(from: events.times[from], calendar)
    }

    private func stands(_ rule: Standing, _ row: Int, _ key: [Int64]) -> Bool {
        (0...row).contains { begin in
            plays(begin, rule.begins, key) && reaches(begin, rule.within, row)
                && !(begin + 1..<max(begin + 1, row + 1)).contains { plays($0, rule.ends, key) }
        }
    }

    func answers(_ pattern: RulePattern) -> [Answer] {
        (0..<events.count).flatMap { row in answers(pattern, row) }.sorted()
    }

    private func answers(_ pattern: RulePattern, _ row: Int) -> [Answer] {
        func violated(_ key: [Int64], _ isViolated: Bool) -> [Answer] {
            isViolated ? [Answer(index: events.indexes[row], key: key, outcome: "violated")] : []
        }
        switch pattern {
        case .never(let selectors):
            guard let key = key(row, selectors).first else { return [] }
            return violated(key, true)
        case .required(let rule):
            guard let key = key(row, rule.events).first else { return [] }
            return violated(key, !stands(rule, row, key))
        case .forbidden(let rule):
            guard let key = key(row, rule.events).first else { return [] }
            return violated(key, stands(rule, row, key))
        case .deadline(let rule): return deadline(rule, row)
        case .quota(let rule): return quota(rule, row)
        case .exclusive(let rule):
            let keys = Set(key(row, rule.first) + key(row, rule.second))
            return keys.flatMap { key in
                violated(
                    key,
                    (0...row).contains { other in
                        reaches(other, rule.within, row)
                            && (plays(row, rule.first, key) && plays(other, rule.second, key)
                                || plays(row, rule.second, key) && plays(other, rule.first, key))
                    })
            }
        case .concurrency(let rule): return concurrency(rule, row)
        case .baseline(let rule): return baseline(rule, row)
        case .named: return []
        }
    }

    private func deadline(_ rule: Deadline, _ row: Int) -> [Answer] {
        guard let key = key(row, rule.triggers).first else { return [] }
        if !rule.guardBegins.isEmpty {
            let guardRule = Standing([], begins: rule.guardBegins, ends: rule.guardEnds)
            guard stands(guardRule, row, key) else { return [] }
        }
        var start = events.times[row]
        if let field = rule.startField {
            let value = events.columns[Int(field.rawValue)][row]
            if value != EventBatch.absent { start = value }
        }
        let first = rule.within.last(from: start, calendar)
        let rows =
            rule.isStrict
            ? (row..<events.count).filter { events.times[$0] > events.times[row] }
            : Array(row..<events.count)
        let isExtended = (row..<events.count).contains { later in
            events.times[later] <= first && plays(later, rule.extensions, key)
                && !rows.contains { $0 < later && plays($0, rule.answers, key) }
        }
        let last = isExtended ? max(first, rule.extendedWithin.last(from: start, calendar)) : first
        let isAnswered = rows.contains { later in
            // What the event itself says is never late.
            (events.times[later] <= last || later == row) && plays(later, rule.answers, key)
        }
        guard !isAnswered else { return [] }
        return [
            Answer(
                index: events.indexes[row], key: key,
                outcome: last < end ? "violated" : "pending until \(last)")
        ]
    }

    private func isInWindow(_ row: Int, _ window: QuotaWindow, of now: Int) -> Bool {
        switch window {
        case .sliding(let seconds): return events.times[now] - events.times[row] < seconds
        case .civil(let period):
            return period.number(ofDay: calendar.day(at: events.times[row]).number)
                == period.number(ofDay: calendar.day(at: events.times[now]).number)
        }
    }

    private func value(_ measure: QuotaMeasure, _ rows: [Int]) -> Int64 {
        switch measure {
        case .events: return Int64(rows.count)
        case .distinct(let fields):
            return Int64(
                Set(rows.map { row in fields.map { events.columns[Int($0.rawValue)][row] } }).count)
        case .sum(let field):
            return rows.reduce(0) { $0 + events.columns[Int(field.rawValue)][$1] }
        }
    }

    private func counts(_ row: Int, _ measure: QuotaMeasure) -> Bool {
        measure.fields.allSatisfy {
            events.columns[Int($0.rawValue)][row] != EventBatch.absent
        }
    }

    private func quota(_ rule: Quota, _ row: Int) -> [Answer] {
        guard let key = key(row, rule.events).first, counts(row, rule.measure) else { return [] }
        let lastReset = (0...row).last { plays($0, rule.resets, key) } ?? 0
        let rows = (0...row).filter {
            self.key($0, rule.events).first == key && counts($0, rule.measure)
                && isInWindow($0, rule.window, of: row) && $0 >= lastReset
        }
        let (before, after) = (value(rule.measure, rows.dropLast()), value(rule.measure, rows))
        let isReported = rule.reporting == .everyEvent || before <= rule.limit
        return after > rule.limit && isReported
            ? [Answer(index: events.indexes[row], key: key, outcome: "violated")] : []
    }

    private func concurrency(_ rule: Concurrency, _ row: Int) -> [Answer] {
        guard key(row, rule.begins).first != nil else { return [] }
        let group = rule.groups.map { events.columns[Int($0.rawValue)][row] }
        guard !group.contains(EventBatch.absent) else { return [] }
        func openCount(upTo limit: Int) -> Int64 {
            var open: [[Int64]: [Int64]] = [:]
            for other in 0..<limit {
                for key in key(other, rule.ends) { open[key] = nil }
                let group = rule.groups.map { events.columns[Int($0.rawValue)][other] }
                guard !group.contains(EventBatch.absent) else { continue }
                for key in key(other, rule.begins) { open[key] = group }
            }
            return Int64(open.values.filter { $0 == group }.count)
        }
        let (before, after) = (openCount(upTo: row), openCount(upTo: row + 1))
        let isReported = rule.reporting == .everyEvent || before <= rule.limit
        return after > rule.limit && isReported
            ? [Answer(index: events.indexes[row], key: group, outcome: "violated")] : []
    }

    private func baseline(_ rule: Baseline, _ row: Int) -> [Answer] {
        guard let key = key(row, rule.events).first, counts(row, rule.measure) else { return [] }
        func day(_ row: Int) -> Int { calendar.day(at: events.times[row]).number }
        func isOver(_ row: Int) -> Bool {
            let rows = (0...row).filter {
                self.key($0, rule.events).first == key && counts($0, rule.measure)
            }
            let days = Dictionary(grouping: rows, by: day)
            let past = days.filter { $0.key < day(row) && $0.key >= day(row) - rule.dayCount }
                .values.map { Double(value(rule.measure, $0)) }
            guard past.count >= rule.activeDayCountMin else { return false }
            func median(_ values: [Double]) -> Double {
                let sorted = values.sorted()
                return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            }
            let center = median(past)
            let spread = median(past.map { abs($0 - center) })
            let today = Double(value(rule.measure, days[day(row)] ?? []))
            return today > center + Double(rule.factorThousandths) / 1_000 * spread
                && today > Double(rule.floor)
        }
        guard isOver(row) else { return [] }
        let isFirst = !(0..<row).contains {
            day($0) == day(row) && self.key($0, rule.events).first == key
                && counts($0, rule.measure) && isOver($0)
        }
        return isFirst
            ? [Answer(index: events.indexes[row], key: key, outcome: "violated")] : []
    }
}
