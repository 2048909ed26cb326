// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Yams

/// A small log, and what a rule says of it.
public struct RuleExample: Sendable {
    /// What the example shows.
    public let name: String
    /// The events, in order; their entries are numbered from 0.
    public let events: EventBatch
    /// When the log is closed: the last event's time where the sheet names none.
    public let end: Int64
    /// The entries that are violated.
    public let violated: [UInt64]
    /// The entries that wait for their deadline.
    public let pending: [UInt64]

    /// Whether a rule says of the example what it should.
    ///
    /// - Throws: ``RuleError`` if the rule makes no sense.
    public func isSatisfied(by rule: TemporalRule, in schema: EventSchema) throws(RuleError)
        -> Bool
    {
        let program = try RuleProgram(schema: schema, rules: [rule])
        var monitor = RuleMonitor(program)
        var verdicts = try monitor.consume(events)
        let (due, open) = monitor.close(at: end)
        verdicts += due + open
        return isSatisfied(by: verdicts)
    }

    /// Whether these are the verdicts that the sheet expects.
    public func isSatisfied(by verdicts: [RuleVerdict]) -> Bool {
        func entries(_ isWanted: (RuleVerdict.Outcome) -> Bool) -> [UInt64] {
            verdicts.filter { isWanted($0.outcome) }.map(\.index).sorted()
        }
        let found = (
            entries { $0 == .violated },
            entries { if case .pending = $0 { true } else { false } }
        )
        return found.0 == violated.sorted() && found.1 == pending.sorted()
    }
}

extension RuleSheetReader {
    mutating func examples(_ node: Node?, _ setting: RuleSentence.Setting) -> [RuleExample] {
        guard let node else { return [] }
        guard let list = node.sequence else {
            fault(.wrongValue, "examples", node)
            return []
        }
        return list.map { example($0, setting) }
    }

    private mutating func example(_ node: Node, _ setting: RuleSentence.Setting) -> RuleExample {
        let fields = mapping(node, keys: ["name", "log", "until", "violated", "pending"])
        var batch = EventBatch(schema: setting.schema)
        var numbers: [String: Int64] = [:]
        let lines = text(fields, "log", in: node).split(separator: "\n")
        for line in lines where !line.allSatisfy({ $0 == " " }) {
            if !append(line, to: &batch, setting, &numbers) {
                fault(.malformedEvent, String(line.prefix(80)), fields["log"] ?? node)
            }
        }
        var end = batch.times.last ?? 0
        if let until = fields["until"] {
            let words = (until.scalar?.string ?? "").split(separator: " ")
            if words.count == 2, let time = Self.time(words[0], words[1]) {
                end = time
            } else {
                fault(.wrongValue, "until", until)
            }
        }
        return RuleExample(
            name: text(fields, "name", in: node), events: batch, end: end,
            violated: entries(fields["violated"]), pending: entries(fields["pending"]))
    }

    private mutating func entries(_ node: Node?) -> [UInt64] {
        guard let node else { return [] }
        guard let list = node.sequence else {
            fault(.wrongValue, node.scalar?.string ?? "[…]", node)
            return []
        }
        return list.compactMap { item in
            if let entry = item.scalar.flatMap({ UInt64($0.string) }) { return entry }
            fault(.wrongValue, item.scalar?.string ?? "[…]", item)
            return nil
        }
    }

    /// Adds the event of a line: `2026-03-02 09:00:00 adviser.withdraw actor=a1`.
    private func append(
        _ line: Substring, to batch: inout EventBatch, _ setting: RuleSentence.Setting,
        _ numbers: inout [String: Int64]
    ) -> Bool {
        let words = line.split(separator: " ")
        guard words.count >= 3, let time = Self.time(words[0], words[1]),
            let type = setting.schema.type(String(words[2])), time >= batch.times.last ?? .min
        else { return false }
        batch.append(type, time: time, index: UInt64(batch.count))
        for word in words.dropFirst(3) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let field = setting.schema.field(String(parts[0])),
                let value = Self.value(String(parts[1]), field, setting, &numbers)
            else { return false }
            batch.set(field, to: value)
        }
        return true
    }

    private static func value(
        _ text: String, _ field: FieldID, _ setting: RuleSentence.Setting,
        _ numbers: inout [String: Int64]
    ) -> Int64? {
        switch setting.schema.fields[field.index].kind {
        case .number: return Int64(text)
        case .word(let words): return words.firstIndex(of: text).map { Int64($0) }
        case .wordSet(let words):
            var set: Int64 = 0
            for word in text.split(separator: "+") {
                guard let bit = words.firstIndex(of: String(word)), bit < 63 else { return nil }
                set |= 1 << bit
            }
            return set
        case .identifier:
            if let number = setting.identify(text) { return number }
            // Texts that the caller does not know get numbers that it does not use.
            if let number = numbers[text] { return number }
            numbers[text] = -1 - Int64(numbers.count)
            return numbers[text]
        }
    }

    /// The second of a date and a time of day, in Paris or, with a final `Z`, in UTC.
    private static func time(_ date: Substring, _ clock: Substring) -> Int64? {
        let isUniversal = clock.hasSuffix("Z")
        let day = date.split(separator: "-").compactMap { Int($0) }
        let parts = (isUniversal ? clock.dropLast() : clock).split(separator: ":")
            .compactMap { Int($0) }
        guard day.count == 3, parts.count == 3, (1...9_998).contains(day[0]),
            (1...12).contains(day[1]),
            (1...CivilDate.dayCount(year: day[0], month: day[1])).contains(day[2]),
            (0..<24).contains(parts[0]), (0..<60).contains(parts[1]), (0..<60).contains(parts[2])
        else { return nil }
        let civil = CivilDate(year: day[0], month: day[1], day: day[2])
        let second = parts[0] * 3_600 + parts[1] * 60 + parts[2]
        if isUniversal { return Int64(civil.daysSinceEpoch * 86_400 + second) }
        return ParisTime.milliseconds(civil, millisecondOfDay: second * 1_000) / 1_000
    }
}
