// SPDX-License-Identifier: Apache-2.0

/// X only if Y before and no Z since; no X after Y until Z.
///
/// State: for each key the latest Y, and for the first sentence the Z that ended it, so that a
/// finding can name it. A Y that lasts for a limited time leaves with it.
struct StandingEvaluator: RuleEvaluator {
    enum Part {
        static let end = 0
        static let begin = 1
        static let judged = 2
    }

    private struct Mark: BitwiseCopyable, Sendable {
        var time: Int64
        var index: UInt64
        /// The last second that the mark covers.
        var last: Int64
        var endTime: Int64 = 0
        var endIndex: UInt64 = 0
        var isEnded = false
    }

    private(set) var tally = RuleTally()
    private let isRequired: Bool
    private let within: TimeSpan
    private let hasEnds: Bool
    private let selectors: [CompiledSelector]
    private let width: Int
    private var keys = ExpiringKeys()
    private var marks: [Mark] = []

    init(_ standing: Standing, isRequired: Bool, selectors: [CompiledSelector], width: Int) {
        self.isRequired = isRequired
        within = standing.within
        hasEnds = !standing.ends.isEmpty
        self.selectors = selectors
        self.width = width
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var judgedRow = -1
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            let time = batch.times[row]
            keys.expire(before: time)
            switch selector.part {
            case Part.end: end(key, time, batch.indexes[row])
            case Part.begin: begin(key, time, batch.indexes[row], context.calendar)
            default:
                guard judgedRow != row else { continue }
                judgedRow = row
                judge(key, time, batch.indexes[row], context, &verdicts)
            }
        }
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        keys.expire(before: time)
    }

    private mutating func begin(
        _ key: RuleKey, _ time: Int64, _ index: UInt64, _ calendar: RuleCalendar
    ) {
        place(Mark(time: time, index: index, last: within.last(from: time, calendar)), key)
    }

    private mutating func place(_ mark: Mark, _ key: RuleKey) {
        let number = keys.insert(key).number
        if number == marks.count {
            marks.append(mark)
        } else {
            marks[number] = mark
        }
        keys.hold(number, through: mark.last)
    }

    private mutating func end(_ key: RuleKey, _ time: Int64, _ index: UInt64) {
        guard let number = keys.table.find(key), !marks[number].isEnded else { return }
        if isRequired {
            marks[number].isEnded = true
            marks[number].endTime = time
            marks[number].endIndex = index
        } else {
            keys.remove(number)
        }
    }

    private mutating func judge(
        _ key: RuleKey, _ time: Int64, _ index: UInt64, _ context: RuleContext,
        _ verdicts: inout [RuleVerdict]
    ) {
        tally.evaluate(time, index)
        let mark = keys.table.find(key).map { marks[$0] }
        let stands = mark.map { !$0.isEnded } ?? false
        guard stands != isRequired else {
            tally.satisfied &+= 1
            return
        }
        var verdict = RuleVerdict(
            rule: context.rule, outcome: .violated, key: key.values(width), time: time,
            index: index, witnesses: [index])
        if let mark, !mark.isEnded {
            verdict.witnesses = mark.index == index ? [index] : [mark.index, index]
            if hasEnds, context.gaps.touches(from: mark.time, to: time) {
                verdict.outcome = .unknown
            }
        } else {
            if let mark { verdict.witnesses = [mark.index, mark.endIndex, index] }
            let start = mark?.endTime ?? within.first(to: time, context.calendar)
            let searched = min(time, max(start, context.origin ?? time))
            verdict.searched = searched...time
            if context.gaps.touches(from: start, to: time) { verdict.outcome = .unknown }
        }
        tally.count(verdict.outcome)
        verdicts.append(verdict)
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += keys.count
        statistics.heldCount += keys.count
        statistics.byteCount += keys.byteCount + marks.count * 48
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(keys.count)
        for number in keys.table.sortedNumbers {
            let mark = marks[number]
            writer.write(keys.table.keys[number], width: width)
            writer.write(mark.time)
            writer.write(index: mark.index)
            writer.write(mark.last)
            writer.write(mark.isEnded ? 1 : 0)
            guard mark.isEnded else { continue }
            writer.write(mark.endTime)
            writer.write(index: mark.endIndex)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        var previous: RuleKey?
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            if let previous, previous >= key { throw RuleError(.malformedState) }
            previous = key
            var mark = Mark(
                time: try reader.integer(), index: try reader.index(), last: try reader.integer())
            mark.isEnded = try reader.flag()
            if mark.isEnded {
                guard isRequired else { throw RuleError(.malformedState) }
                mark.endTime = try reader.integer()
                mark.endIndex = try reader.index()
            }
            place(mark, key)
        }
    }
}

extension TimeSpan {
    /// The first instant from which the span reaches another.
    func first(to end: Int64, _ calendar: RuleCalendar) -> Int64 {
        switch self {
        case .unbounded: return .min
        case .seconds(let count):
            let (difference, overflow) = end.subtractingReportingOverflow(count)
            return overflow ? .min : difference
        case .days(let count):
            return calendar.end(ofDay: calendar.day(at: end).number - count - 1)
        case .workingDays(let count):
            var day = calendar.day(at: end).number
            var left = count
            while left > 0 {
                if calendar.isWorkingDay(day) { left -= 1 }
                day -= 1
            }
            return calendar.end(ofDay: day - 1)
        case .months(let count):
            let day = calendar.day(-count, monthsAfter: calendar.day(at: end).number)
            return calendar.end(ofDay: day - 1)
        }
    }
}
