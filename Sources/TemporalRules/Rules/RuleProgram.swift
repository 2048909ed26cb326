// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Rules compiled for one schema: which events each rule listens to.
///
/// All rules share one scan of the events. Each event is looked up by its type, and only the
/// rules that listen to it see it.
public struct RuleProgram: Sendable {
    /// A selector of a rule that listens to a type.
    struct Route: Sendable {
        var rule: Int
        var selector: Int
        var conditions: ConditionTable.Group
    }

    /// The names of types and fields.
    public let schema: EventSchema
    /// The rules, whose positions number them in verdicts.
    public let rules: [TemporalRule]
    /// The calendar by which days and months are counted.
    public let calendar: RuleCalendar
    /// What tells these rules from others, in any process: saved state is bound to it.
    public let fingerprint: SHA256Digest
    /// The routes of each type, one type after the other.
    let routes: [Route]
    /// Where the routes of each type begin.
    let routeStarts: [Int]
    /// What an event must satisfy on its routes.
    let conditions: ConditionTable
    let selectors: [[CompiledSelector]]
    let widths: [Int]
    /// For each rule, the events that could excuse what is a violation without them.
    let excusingTypes: [Set<EventTypeID>]

    /// Compiles rules.
    ///
    /// - Throws: ``RuleError`` with the identifier of the first rule that makes no sense.
    public init(
        schema: EventSchema, rules: [TemporalRule], calendar: RuleCalendar = .paris
    ) throws(RuleError) {
        self.schema = schema
        self.rules = rules
        self.calendar = calendar
        var conditions = ConditionTable()
        var lists: [[Route]] = Array(repeating: [], count: schema.types.count)
        var selectors: [[CompiledSelector]] = []
        var widths: [Int] = []
        for (number, rule) in rules.enumerated() {
            let parts = rule.pattern.selectors
            widths.append(try Self.check(rule, parts.map(\.selector), schema))
            selectors.append(
                parts.map { CompiledSelector(part: $0.part, key: KeyFields($0.selector.key)) })
            for (place, part) in parts.enumerated() {
                let group = conditions.add(part.selector.conditions)
                for type in Set(part.selector.types) {
                    lists[Int(type.rawValue)].append(
                        Route(rule: number, selector: place, conditions: group))
                }
            }
        }
        var starts = [0]
        for list in lists { starts.append((starts.last ?? 0) + list.count) }
        routes = lists.flatMap { $0 }
        routeStarts = starts
        self.conditions = conditions
        self.selectors = selectors
        self.widths = widths
        excusingTypes = rules.map { rule in
            let parts = rule.pattern.excusingParts
            return Set(
                rule.pattern.selectors.filter { parts.contains($0.part) }.flatMap(\.selector.types))
        }
        fingerprint = Self.fingerprint(schema, rules, calendar)
    }

    /// The fields of each event type that some rule reads, in order: what else an event has need
    /// not be given.
    public var fieldsRead: [[FieldID]] {
        var fields: [Set<FieldID>] = Array(repeating: [], count: schema.types.count)
        for rule in rules {
            let others = rule.pattern.otherFields
            for (_, selector) in rule.pattern.selectors {
                for type in selector.types {
                    fields[Int(type.rawValue)].formUnion(
                        selector.key + selector.conditions.flatMap(\.fields) + others)
                }
            }
        }
        return fields.map { $0.sorted() }
    }

    /// Whether some rule listens to a type.
    public func listens(to type: EventTypeID) -> Bool {
        routeStarts[Int(type.rawValue)] < routeStarts[Int(type.rawValue) + 1]
    }

    /// Whether a rule makes sense; gives the length of its keys.
    private static func check(
        _ rule: TemporalRule, _ selectors: [EventSelector], _ schema: EventSchema
    ) throws(RuleError) -> Int {
        let width = selectors.first?.key.count ?? 0
        var fields = rule.pattern.otherFields
        for selector in selectors {
            // The events of a named evaluator are correlated as it says.
            var isAlike = selector.key.count == width
            if case .named = rule.pattern { isAlike = selector.key.count <= RuleKey.widthMax }
            guard isAlike, width <= RuleKey.widthMax else {
                throw RuleError(.malformedKey, subject: rule.id)
            }
            guard !selector.types.isEmpty,
                selector.types.allSatisfy({ Int($0.rawValue) < schema.types.count })
            else { throw RuleError(.emptySelector, subject: rule.id) }
            fields += selector.key + selector.conditions.flatMap(\.fields)
        }
        guard !selectors.isEmpty else { throw RuleError(.emptySelector, subject: rule.id) }
        guard fields.allSatisfy({ $0.index < schema.fields.count }) else {
            throw RuleError(.malformedKey, subject: rule.id)
        }
        if case .concurrency(let limit) = rule.pattern, limit.groups.count > RuleKey.widthMax {
            throw RuleError(.malformedKey, subject: rule.id)
        }
        switch rule.pattern {
        case .quota(let quota) where !quota.measure.isWellFormed:
            throw RuleError(.malformedKey, subject: rule.id)
        case .baseline(let baseline) where !baseline.measure.isWellFormed:
            throw RuleError(.malformedKey, subject: rule.id)
        default: break
        }
        guard rule.pattern.hasValuesWithinBounds else {
            throw RuleError(.valueOutOfBounds, subject: rule.id)
        }
        return width
    }

    private static func fingerprint(
        _ schema: EventSchema, _ rules: [TemporalRule], _ calendar: RuleCalendar
    ) -> SHA256Digest {
        var writer = StateWriter()
        writer.write(raw: "vigie rules 1\n".utf8)
        writer.write(Int64(calendar.rawValue))
        writer.write(schema.types)
        writer.write(schema.fields.map(\.name))
        for field in schema.fields {
            switch field.kind {
            case .number: writer.write(0)
            case .identifier: writer.write(1)
            case .word(let words): writer.write(["2"] + words)
            case .wordSet(let words): writer.write(["3"] + words)
            }
        }
        for rule in rules {
            writer.write([rule.id])
            rule.pattern.encode(into: &writer)
        }
        return SHA256Hasher().hash(writer.bytes)
    }
}
