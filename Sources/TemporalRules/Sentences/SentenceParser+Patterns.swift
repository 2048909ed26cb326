// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension SentenceParser {
    /// Reads the whole sentence.
    mutating func sentence() throws(SentenceError) -> (RulePattern, [String]) {
        let result: (RulePattern, [String])
        if take(.after) {
            result = try deadline(isStrict: false)
        } else if take(.every) {
            result = try deadline(isStrict: true)
        } else if take(.neverBoth) {
            result = try exclusive()
        } else if take(.never) {
            result = try never()
        } else if take(.atMost) {
            result = try atMost()
        } else if take(.no) {
            result = try forbidden()
        } else {
            result = try required()
        }
        try expectEnd()
        return result
    }

    /// The selectors with their keys, all over the same variables.
    private func correlated(
        _ lists: [Events], variables: [String]? = nil, others: [String] = []
    ) throws(SentenceError) -> [[EventSelector]] {
        let key = variables ?? lists.first?.variables.unique ?? []
        var result: [[EventSelector]] = []
        for list in lists {
            var selectors: [EventSelector] = []
            for (selector, bindings) in list.items {
                var selector = selector
                for name in key {
                    guard let field = bindings.first(where: { $0.name == name })?.field else {
                        throw SentenceError(.loneVariable, at: list.column, subject: name)
                    }
                    selector.key.append(field)
                }
                for (place, (name, field)) in bindings.enumerated() {
                    guard key.contains(name) || others.contains(name) else {
                        throw SentenceError(.loneVariable, at: list.column, subject: name)
                    }
                    // A variable bound twice in one event: both fields have the same value.
                    if let first = bindings[..<place].first(where: { $0.name == name }) {
                        selector.conditions.append(.same(first.field, field))
                    }
                }
                selectors.append(selector)
            }
            result.append(selectors)
        }
        guard key.count <= RuleKey.widthMax else {
            throw SentenceError(
                .loneVariable, at: lists.first?.column ?? 1, subject: key[RuleKey.widthMax])
        }
        return result
    }

    private mutating func never() throws(SentenceError) -> (RulePattern, [String]) {
        let events = try events()
        return (.never(try correlated([events])[0]), events.variables.unique)
    }

    private mutating func exclusive() throws(SentenceError) -> (RulePattern, [String]) {
        let first = try events()
        try expect(.and)
        let second = try events()
        let span = take(.within) ? try self.span() : .unbounded
        let parts = try correlated([first, second])
        return (
            .exclusive(Exclusive(parts[0], parts[1], within: span)), first.variables.unique
        )
    }

    /// X only if Y before within W and no Z since.
    private mutating func required() throws(SentenceError) -> (RulePattern, [String]) {
        guard token.kind == .word, !setting.schema.types(named: token.text).isEmpty else {
            throw failure(.unknownSentence)
        }
        let events = try events()
        try expect(.onlyIf)
        let begins = try self.events()
        try expect(.before)
        let span = take(.within) ? try self.span() : .unbounded
        var ends = Events()
        if take(.andNo) {
            ends = try self.events()
            try expect(.since)
        }
        let parts = try correlated([events, begins, ends])
        let standing = Standing(parts[0], begins: parts[1], ends: parts[2], within: span)
        return (.required(standing), events.variables.unique)
    }

    /// No X after Y within W until Z.
    private mutating func forbidden() throws(SentenceError) -> (RulePattern, [String]) {
        let events = try events()
        try expect(.after)
        let begins = try self.events()
        let span = take(.within) ? try self.span() : .unbounded
        let ends = take(.until) ? try self.events() : Events()
        let parts = try correlated([events, begins, ends])
        let standing = Standing(parts[0], begins: parts[1], ends: parts[2], within: span)
        return (.forbidden(standing), events.variables.unique)
    }

    // MARK: After X, Y within D

    private mutating func deadline(isStrict: Bool) throws(SentenceError) -> (RulePattern, [String])
    {
        let triggers = try events()
        var (guardBegins, guardEnds) = (Events(), Events())
        if take(.while_) {
            guardBegins = try events()
            try expect(.until)
            guardEnds = try events()
        }
        if isStrict { try expect(.followedBy) } else { skipComma() }
        let answers = try events()
        try expect(.within)
        var rule = Deadline(after: [], expects: [], within: try span())
        rule.isStrict = isStrict
        var (excuses, extensions) = (Events(), Events())
        while token.kind != .end {
            skipComma()
            if take(.unless) {
                excuses = try events()
            } else if take(.orWithin) {
                rule.extendedWithin = try span()
                try expect(.if_)
                extensions = try events()
            } else if take(.warningAfter) {
                rule.warnsAfter = try span()
            } else if take(.countedFrom) {
                rule.startField = try field()
            } else {
                throw unexpected("la fin", "the end")
            }
        }
        let parts = try correlated(
            [triggers, answers, excuses, extensions, guardBegins, guardEnds])
        rule.triggers = parts[0]
        rule.answers = parts[1] + parts[2]
        rule.extensions = parts[3]
        (rule.guardBegins, rule.guardEnds) = (parts[4], parts[5])
        return (.deadline(rule), triggers.variables.unique)
    }

    // MARK: At most

    private mutating func atMost() throws(SentenceError) -> (RulePattern, [String]) {
        if take(.medianPlus) { return try baseline() }
        let limit = try number()
        if take(.openFrom) { return try concurrency(limit) }
        let counted = try counted()
        let events = try events()
        let groups = try groups()
        try expect(.in_)
        var rule = Quota([], measure: .events, window: try window(), limit: limit)
        var resets = Events()
        while token.kind != .end {
            skipComma()
            if take(.startingAgainAfter) {
                resets = try self.events()
            } else if take(.eachTime) {
                rule.reporting = .everyEvent
            } else {
                throw unexpected("la fin", "the end")
            }
        }
        let parts = try correlated([events, resets], variables: groups, others: counted.names)
        rule.measure = try measure(counted, events)
        (rule.events, rule.resets) = (parts[0], parts[1])
        return (.quota(rule), groups)
    }

    /// What is counted, as it is written: a variable to distinguish or to add up.
    private struct Counted {
        var names: [String] = []
        var isTotal = false
    }

    private mutating func counted() throws(SentenceError) -> Counted {
        var counted = Counted()
        if take(.total) {
            counted.isTotal = true
            counted.names = [try name()]
            try expect(.of)
        } else if language == .english, take(.distinct) {
            counted.names = try names()
            try expect(.of)
        } else if language == .french, token.kind == .word,
            setting.schema.types(named: token.text).isEmpty
        {
            counted.names = try names()
            try expect(.distinct)
            try expect(.of)
        }
        return counted
    }

    private mutating func names() throws(SentenceError) -> [String] {
        var names = [try name()]
        while take(symbol: ",") { names.append(try name()) }
        return names
    }

    private mutating func groups() throws(SentenceError) -> [String] {
        take(.per) ? try names() : []
    }

    private func measure(
        _ counted: Counted, _ events: Events
    ) throws(SentenceError) -> QuotaMeasure {
        guard !counted.names.isEmpty else { return .events }
        let fields = try fields(counted.names, in: events)
        if counted.isTotal { return .sum(fields[0]) }
        guard fields.count <= 2 else {
            throw SentenceError(.loneVariable, at: events.column, subject: counted.names[2])
        }
        return .distinct(fields)
    }

    /// The fields that variables have, the same in all events.
    private func fields(
        _ names: [String], in events: Events
    ) throws(SentenceError) -> [FieldID] {
        var fields: [FieldID] = []
        for name in names {
            let all = events.items.map { item in
                item.bindings.first { $0.name == name }?.field
            }
            guard let first = all.first, let field = first, all.allSatisfy({ $0 == field }) else {
                throw SentenceError(.loneVariable, at: events.column, subject: name)
            }
            fields.append(field)
        }
        return fields
    }

    private mutating func concurrency(_ limit: Int64) throws(SentenceError) -> (
        RulePattern, [String]
    ) {
        let begins = try events()
        try expect(.to)
        let ends = try events()
        let groups = try groups()
        let key = ends.variables.unique
        let parts = try correlated([begins, ends], variables: key, others: groups)
        var rule = Concurrency(
            begins: parts[0], ends: parts[1], groups: try fields(groups, in: begins), limit: limit)
        skipComma()
        if take(.eachTime) { rule.reporting = .everyEvent }
        return (.concurrency(rule), groups)
    }

    private mutating func baseline() throws(SentenceError) -> (RulePattern, [String]) {
        let factor = try number()
        try expect(.mad)
        try expect(.of)
        let counted = try counted()
        let events = try events()
        let groups = try groups()
        try expect(.over)
        let dayCount = try number()
        switch try unit() {
        case .day, .civilDay: break
        default: throw unexpected("des jours", "days")
        }
        var (activeDayCount, floor): (Int64, Int64) = (1, 0)
        while token.kind != .end {
            skipComma()
            if take(.atLeast) {
                activeDayCount = try number()
                try expect(.active)
            } else if take(.above) {
                floor = try number()
            } else {
                throw unexpected("la fin", "the end")
            }
        }
        guard (0...1_000).contains(factor), (1...366).contains(dayCount),
            (1...dayCount).contains(activeDayCount)
        else { throw failure(.valueTooLarge) }
        let parts = try correlated([events], variables: groups, others: counted.names)
        return (
            .baseline(
                Baseline(
                    parts[0], measure: try measure(counted, events), dayCount: Int(dayCount),
                    activeDayCountMin: Int(activeDayCount), factorThousandths: factor * 1_000,
                    floor: floor)), groups
        )
    }
}

extension [String] {
    /// The names, each once, in the order of their first occurrence.
    fileprivate var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
