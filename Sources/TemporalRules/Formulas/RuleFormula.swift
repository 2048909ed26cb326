// SPDX-License-Identifier: Apache-2.0

/// The formula of metric first-order temporal logic that a rule stands for, in MonPoly's syntax.
///
/// Each event is a time point. Its type is a relation without attributes, and each of its fields
/// a relation of one: an access by 7 to 9 makes `profile_view()`, `actor(7)` and `subject(9)`
/// true. `entry(i)` is the index of its entry. A set holds one tuple for each word.
///
/// The formula is true of the entries that violate the rule. What the logic cannot say is
/// written as a relation or an interval in guillemets, and ``isStandard`` is false: deadlines
/// and windows of the calendar, starts taken from a field, and the robust baseline.
public struct RuleFormula: Hashable, Sendable {
    /// The formula.
    public let text: String
    /// Whether it is in the logic, without additions.
    public let isStandard: Bool
    /// The relations, in MonPoly's signature format.
    public let signature: String

    /// Lowers a rule.
    public init(_ pattern: RulePattern, schema: EventSchema, variables: [String] = []) {
        var writer = RuleFormulaWriter(schema: schema, variables: variables)
        text = writer.formula(pattern)
        isStandard = writer.isStandard
        let types = schema.types.map { Self.relation($0) + "()" }
        let fields = schema.fields.map { field in
            switch field.kind {
            case .number, .identifier: Self.relation(field.name) + "(int)"
            case .word, .wordSet: Self.relation(field.name) + "(string)"
            }
        }
        signature = (types + fields + ["entry(int)"]).joined(separator: "\n") + "\n"
    }

    /// A name as a relation: what a formula's names cannot hold becomes `_`.
    public static func relation(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }
}

/// Writes the parts of a rule's formula.
struct RuleFormulaWriter {
    let schema: EventSchema
    /// The names of the key's variables, as the sentence gives them.
    let variables: [String]
    private(set) var isStandard = true

    init(schema: EventSchema, variables: [String]) {
        self.schema = schema
        self.variables = variables
    }

    mutating func addition(_ text: String) -> String {
        isStandard = false
        return "«" + text + "»"
    }

    private func variable(_ place: Int) -> String {
        place < variables.count ? variables[place] : "k\(place + 1)"
    }

    private func key(_ width: Int) -> [String] { (0..<width).map { variable($0) } }

    private func relation(_ field: FieldID) -> String {
        RuleFormula.relation(schema.name(of: field))
    }

    // MARK: Events

    /// Some of the events happens, with the key bound, and other fields bound by name.
    private mutating func events(
        _ selectors: [EventSelector], binding others: [(FieldID, String)] = []
    ) -> String {
        var alternatives: [String] = []
        for selector in selectors {
            let types = Set(selector.types).sorted()
                .map { RuleFormula.relation(schema.name(of: $0)) + "()" }
            var parts = [
                types.count == 1 ? types[0] : "(" + types.joined(separator: " OR ") + ")"
            ]
            for (place, field) in selector.key.enumerated() {
                parts.append("\(relation(field))(\(variable(place)))")
            }
            for (field, name) in others { parts.append("\(relation(field))(\(name))") }
            for condition in selector.conditions { parts.append(self.condition(condition)) }
            alternatives.append("(" + parts.joined(separator: " AND ") + ")")
        }
        return alternatives.count == 1
            ? alternatives[0] : "(" + alternatives.joined(separator: " OR ") + ")"
    }

    private func value(_ value: Int64, of field: FieldID) -> String {
        switch schema.fields[field.index].kind {
        case .number, .identifier: return String(value)
        case .word(let words), .wordSet(let words):
            let isWord = value >= 0 && value < words.count
            return "\"" + (isWord ? words[Int(value)] : "?") + "\""
        }
    }

    private func words(_ mask: Int64, of field: FieldID) -> [String] {
        (Int64(0)..<63).filter { mask & (1 << $0) != 0 }
            .map { "\(relation(field))(\(value($0, of: field)))" }
    }

    private func any(_ parts: [String]) -> String {
        parts.isEmpty
            ? "FALSE"
            : parts.count == 1
                ? parts[0] : "(" + parts.joined(separator: " OR ") + ")"
    }

    private mutating func condition(_ condition: FieldCondition) -> String {
        switch condition {
        case .isIn(let field, let values):
            return any(values.map { "\(relation(field))(\(value($0, of: field)))" })
        case .isNotIn(let field, let values):
            let some = "(EXISTS v. \(relation(field))(v))"
            return ([some] + values.map { "(NOT \(relation(field))(\(value($0, of: field))))" })
                .joined(separator: " AND ")
        case .atLeast(let field, let bound):
            return "(EXISTS v. \(relation(field))(v) AND \(bound) <= v)"
        case .atMost(let field, let bound):
            return "(EXISTS v. \(relation(field))(v) AND v <= \(bound))"
        case .hasAny(let field, let mask): return any(words(mask, of: field))
        case .hasNone(let field, let mask):
            let parts = words(mask, of: field).map { "(NOT \($0))" }
            return parts.isEmpty ? "TRUE" : parts.joined(separator: " AND ")
        case .absent(let field): return "(NOT (EXISTS v. \(relation(field))(v)))"
        case .present(let field): return "(EXISTS v. \(relation(field))(v))"
        case .same(let left, let right):
            return "(EXISTS v. \(relation(left))(v) AND \(relation(right))(v))"
        case .different(let left, let right):
            return "(EXISTS v, w. (\(relation(left))(v) AND \(relation(right))(w)) AND NOT v = w)"
        case .exceeds(let left, let right, let amount):
            return "(EXISTS v, w. (\(relation(left))(v) AND \(relation(right))(w)) "
                + "AND w + \(amount) < v)"
        case .outsideHours(_, let start, let end):
            let clock = [start, end].map { "\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60)" }
            return addition("outside \(clock[0])-\(clock[1])")
        }
    }

    // MARK: Intervals

    private mutating func interval(_ span: TimeSpan, isStrict: Bool = false) -> String {
        let open = isStrict ? "(" : "["
        switch span {
        case .unbounded: return isStrict ? "(0,*)" : ""
        case .seconds(let count): return "\(open)0,\(count)s]"
        case .days(let count): return addition("\(open)0,\(count) civil days]")
        case .workingDays(let count): return addition("\(open)0,\(count) working days]")
        case .months(let count): return addition("\(open)0,\(count) months]")
        }
    }

    // MARK: Rules

    mutating func formula(_ pattern: RulePattern) -> String {
        switch pattern {
        case .never(let selectors): return "entry(i) AND " + events(selectors)
        case .required(let rule):
            return "(entry(i) AND \(events(rule.events))) AND NOT " + standing(rule)
        case .forbidden(let rule):
            return "(entry(i) AND \(events(rule.events))) AND " + standing(rule)
        case .deadline(let rule): return deadline(rule)
        case .quota(let rule): return quota(rule)
        case .exclusive(let rule):
            let interval = interval(rule.within)
            let (first, second) = (events(rule.first), events(rule.second))
            return "entry(i) AND ((\(first) AND (ONCE\(interval) \(second))) OR "
                + "(\(second) AND (ONCE\(interval) \(first))))"
        case .concurrency(let rule): return concurrency(rule)
        case .baseline(let rule):
            let factor = Double(rule.factorThousandths) / 1_000
            return "(entry(i) AND \(events(rule.events))) AND "
                + addition(
                    "count of the civil day > median + \(factor) MAD of the last "
                        + "\(rule.dayCount) days, at least \(rule.activeDayCountMin) active, "
                        + "above \(rule.floor)")
        case .named(let rule):
            return "entry(i) AND " + addition(rule.name.rawValue)
        }
    }

    private mutating func standing(_ rule: Standing) -> String {
        let interval = interval(rule.within)
        guard !rule.ends.isEmpty else { return "(ONCE\(interval) \(events(rule.begins)))" }
        return "((NOT \(events(rule.ends))) SINCE\(interval) \(events(rule.begins)))"
    }

    private mutating func deadline(_ rule: Deadline) -> String {
        let trigger = events(rule.triggers)
        let answer = events(rule.answers)
        var text = "(entry(i) AND \(trigger))"
        if !rule.guardBegins.isEmpty {
            let state = Standing(
                [], begins: rule.guardBegins, ends: rule.guardEnds, within: .unbounded)
            text = "(\(text) AND \(standing(state)))"
        }
        if let field = rule.startField {
            text = "(\(text) AND \(addition("time counted from \(schema.name(of: field))")))"
        }
        let first = interval(rule.within, isStrict: rule.isStrict)
        text += " AND (NOT (EVENTUALLY\(first) \(answer)))"
        guard !rule.extensions.isEmpty else { return text }
        let more = interval(rule.extendedWithin, isStrict: rule.isStrict)
        let extended = interval(rule.within)
        return "(\(text)) AND NOT ((EVENTUALLY\(extended) \(events(rule.extensions))) "
            + "AND (EVENTUALLY\(more) \(answer)))"
    }

    private mutating func quota(_ rule: Quota) -> String {
        let width = rule.events.first?.key.count ?? 0
        var counted: [(FieldID, String)] = []
        var subject = "j"
        var summary = "CNT"
        switch rule.measure {
        case .events: break
        case .distinct(let fields):
            counted = fields.enumerated().map { ($1, "p\($0 + 1)") }
            subject = "p1"
        case .sum(let field):
            counted = [(field, "n")]
            (subject, summary) = ("n", "SUM")
        }
        let names = counted.map(\.1)
        let hasEntries = rule.measure.isDistinct == false
        let past = window(rule, counted)
        let groups = width == 0 ? "" : "; " + key(width).joined(separator: ",")
        let all = hasEntries ? past : "(EXISTS j. \(past))"
        var text = "(entry(i) AND "
        text +=
            names.isEmpty
            ? events(rule.events)
            : "(EXISTS \(names.joined(separator: ", ")). "
                + events(rule.events, binding: counted) + ")"
        text +=
            ") AND (EXISTS c. (c <- \(summary) \(subject)\(groups) \(all)) "
            + "AND \(rule.limit) < c)"
        guard rule.reporting == .crossing else { return text }
        let others = "(\(past) AND NOT entry(j))"
        let before = hasEntries ? others : "(EXISTS j. \(others))"
        return text + " AND (NOT (EXISTS c. (c <- \(summary) \(subject)\(groups) \(before)) "
            + "AND \(rule.limit) < c))"
    }

    /// The events of the window, each with its entry `j`.
    private mutating func window(_ rule: Quota, _ counted: [(FieldID, String)]) -> String {
        let interval: String
        switch rule.window {
        case .sliding(let seconds): interval = "[0,\(seconds)s)"
        case .civil(let period): interval = addition("[the same civil \(period)]")
        }
        let event = "(entry(j) AND \(events(rule.events, binding: counted)))"
        guard !rule.resets.isEmpty else { return "(ONCE\(interval) \(event))" }
        return "((NOT \(events(rule.resets))) SINCE\(interval) \(event))"
    }

    private mutating func concurrency(_ rule: Concurrency) -> String {
        let width = rule.begins.first?.key.count ?? 0
        let groups = rule.groups.enumerated().map { ($1, "g\($0 + 1)") }
        let names = groups.map(\.1)
        let begin = events(rule.begins, binding: groups)
        let again =
            names.isEmpty ? begin : "(EXISTS \(names.joined(separator: ", ")). \(begin))"
        let stop = rule.ends.isEmpty ? again : "(\(events(rule.ends)) OR \(again))"
        let open = "((NOT \(stop)) SINCE \(begin))"
        let list = names.isEmpty ? "" : "; " + names.joined(separator: ",")
        let keys = key(width)
        let opening =
            keys.isEmpty ? begin : "(EXISTS \(keys.joined(separator: ", ")). \(begin))"
        let text =
            "(entry(i) AND \(opening)) AND (EXISTS c. (c <- CNT \(variable(0))\(list) \(open)) "
            + "AND \(rule.limit) < c)"
        guard rule.reporting == .crossing else { return text }
        return text + " AND (NOT (EXISTS c. (c <- CNT \(variable(0))\(list) "
            + "(PREVIOUS \(open))) AND \(rule.limit) < c))"
    }
}

extension QuotaMeasure {
    fileprivate var isDistinct: Bool {
        if case .distinct = self { true } else { false }
    }
}
