// SPDX-License-Identifier: Apache-2.0

// What a rule says, as bytes: saved state is bound to them. Each part is preceded by what tells
// how long it is, so that two rules never have the same bytes.

extension RulePattern {
    func encode(into writer: inout StateWriter) {
        let parts = selectors
        writer.write(parts.count)
        for (part, selector) in parts {
            writer.write(part)
            selector.encode(into: &writer)
        }
        let others = otherFields
        writer.write(others.count)
        for field in others { writer.write(field.index) }
        let numbers = numbers
        writer.write(numbers.count)
        for number in numbers { writer.write(number) }
    }

    private var numbers: [Int64] {
        switch self {
        case .never: [0]
        case .required(let rule): [1] + rule.within.numbers
        case .forbidden(let rule): [2] + rule.within.numbers
        case .deadline(let rule):
            [3, rule.isStrict ? 1 : 0, rule.startField == nil ? 0 : 1] + rule.within.numbers
                + rule.extendedWithin.numbers
                + (rule.warnsAfter.map { [1] + $0.numbers } ?? [0])
        case .quota(let rule):
            [4, rule.limit, Int64(rule.reporting.rawValue)] + rule.measure.numbers
                + rule.window.numbers
        case .exclusive(let rule): [5] + rule.within.numbers
        case .concurrency(let rule): [6, rule.limit, Int64(rule.reporting.rawValue)]
        case .baseline(let rule):
            [
                7, Int64(rule.dayCount), Int64(rule.activeDayCountMin), rule.factorThousandths,
                rule.floor,
            ] + rule.measure.numbers
        case .named(let rule):
            [8] + rule.name.rawValue.utf8.map { Int64($0) } + [-1] + rule.values
        }
    }
}

extension TimeSpan {
    fileprivate var numbers: [Int64] {
        switch self {
        case .unbounded: [0, 0]
        case .seconds(let count): [1, count]
        case .days(let count): [2, Int64(count)]
        case .workingDays(let count): [3, Int64(count)]
        case .months(let count): [4, Int64(count)]
        }
    }
}

extension QuotaMeasure {
    fileprivate var numbers: [Int64] {
        switch self {
        case .events: [0]
        case .distinct: [1]
        case .sum: [2]
        }
    }
}

extension QuotaWindow {
    fileprivate var numbers: [Int64] {
        switch self {
        case .sliding(let seconds): [0, seconds]
        case .civil(let period): [1, Int64(period.rawValue)]
        }
    }
}

extension EventSelector {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(types.count)
        for type in types { writer.write(Int64(type.rawValue)) }
        writer.write(key.count)
        for field in key { writer.write(field.index) }
        writer.write(conditions.count)
        for condition in conditions {
            let (tag, numbers) = condition.numbers
            writer.write(tag)
            writer.write(condition.fields.count)
            for field in condition.fields { writer.write(field.index) }
            writer.write(numbers.count)
            for number in numbers { writer.write(number) }
        }
    }
}

extension FieldCondition {
    fileprivate var numbers: (tag: Int64, numbers: [Int64]) {
        switch self {
        case .isIn(_, let values): (0, values)
        case .isNotIn(_, let values): (1, values)
        case .atLeast(_, let bound): (2, [bound])
        case .atMost(_, let bound): (3, [bound])
        case .hasAny(_, let words): (4, [words])
        case .hasNone(_, let words): (5, [words])
        case .absent: (6, [])
        case .present: (7, [])
        case .same: (8, [])
        case .different: (9, [])
        case .exceeds(_, _, let amount): (10, [amount])
        case .outsideHours(let calendar, let start, let end):
            (11, [Int64(calendar.rawValue), Int64(start), Int64(end)])
        }
    }
}

extension StateWriter {
    /// Writes texts, each after its length.
    mutating func write(_ texts: [String]) {
        write(texts.count)
        for text in texts {
            write(text.utf8.count)
            write(raw: text.utf8)
        }
    }
}
