// SPDX-License-Identifier: Apache-2.0

/// A rule over time: a name, and what it says.
public struct TemporalRule: Hashable, Sendable {
    /// The name by which findings know the rule.
    public var id: String
    /// What it says.
    public var pattern: RulePattern

    /// Makes a rule.
    public init(id: String, _ pattern: RulePattern) {
        self.id = id
        self.pattern = pattern
    }
}

extension RulePattern {
    /// The selectors with the part that each gives, in the order in which one event plays them.
    var selectors: [(part: Int, selector: EventSelector)] {
        func all(_ part: Int, _ selectors: [EventSelector]) -> [(Int, EventSelector)] {
            selectors.map { (part, $0) }
        }
        switch self {
        case .never(let events): return all(0, events)
        case .required(let rule), .forbidden(let rule):
            typealias Part = StandingEvaluator.Part
            return all(Part.end, rule.ends) + all(Part.begin, rule.begins)
                + all(Part.judged, rule.events)
        case .deadline(let rule):
            typealias Part = DeadlineEvaluator.Part
            return all(Part.guardEnd, rule.guardEnds) + all(Part.guardBegin, rule.guardBegins)
                + all(Part.trigger, rule.triggers) + all(Part.extend, rule.extensions)
                + all(Part.answer, rule.answers)
        case .quota(let rule):
            typealias Part = QuotaEvaluator.Part
            return all(Part.reset, rule.resets) + all(Part.counted, rule.events)
        case .exclusive(let rule):
            typealias Part = ExclusiveEvaluator.Part
            return all(Part.first, rule.first) + all(Part.second, rule.second)
        case .concurrency(let rule):
            typealias Part = ConcurrencyEvaluator.Part
            return all(Part.end, rule.ends) + all(Part.begin, rule.begins)
        case .baseline(let rule): return all(0, rule.events)
        case .named(let rule): return rule.parts.map { ($0.number, $0.selector) }
        }
    }

    /// The fields that the rule reads besides those of its selectors.
    var otherFields: [FieldID] {
        switch self {
        case .deadline(let rule): rule.startField.map { [$0] } ?? []
        case .quota(let rule): rule.measure.fields
        case .concurrency(let rule): rule.groups
        case .baseline(let rule): rule.measure.fields
        case .never, .required, .forbidden, .exclusive, .named: []
        }
    }

    private var spans: [TimeSpan] {
        switch self {
        case .required(let rule), .forbidden(let rule): [rule.within]
        case .deadline(let rule):
            [rule.within, rule.extendedWithin] + (rule.warnsAfter.map { [$0] } ?? [])
        case .exclusive(let rule): [rule.within]
        case .never, .quota, .concurrency, .baseline, .named: []
        }
    }

    /// Whether all numbers are within bounds that keep the state bounded.
    var hasValuesWithinBounds: Bool {
        guard spans.allSatisfy(\.isWellFormed) else { return false }
        switch self {
        case .deadline(let rule):
            // What must happen later cannot happen within no time.
            return rule.within != .unbounded
                && !(rule.isStrict && (rule.within == .seconds(0)))
        case .quota(let rule):
            guard case .sliding(let seconds) = rule.window else { return true }
            return (1...TimeSpan.secondsMax).contains(seconds)
        case .baseline(let rule):
            return (1...366).contains(rule.dayCount)
                && (1...rule.dayCount).contains(rule.activeDayCountMin)
                && (0...1_000_000).contains(rule.factorThousandths)
        case .named(let rule):
            return rule.values.allSatisfy { (0...NamedRule.valueMax).contains($0) }
        default: return true
        }
    }

    /// The parts whose events excuse what is a violation without them.
    var excusingParts: Set<Int> {
        switch self {
        case .required: [StandingEvaluator.Part.begin]
        case .forbidden: [StandingEvaluator.Part.end]
        case .deadline:
            [
                DeadlineEvaluator.Part.answer, DeadlineEvaluator.Part.extend,
                DeadlineEvaluator.Part.guardEnd,
            ]
        case .quota: [QuotaEvaluator.Part.reset]
        case .named(let rule): rule.name.excusingParts
        case .never, .exclusive, .concurrency, .baseline: []
        }
    }

    /// Whether the rule waits for something that must come again and again, so that there is
    /// always a deadline open and nothing is to be said of it.
    public var recurs: Bool {
        switch self {
        case .deadline(let rule): rule.isStrict
        case .named(let rule): rule.name == .retention
        default: false
        }
    }

    /// The evaluator that starts from nothing.
    func evaluator(_ selectors: [CompiledSelector], width: Int) -> any RuleEvaluator {
        switch self {
        case .never: NeverEvaluator(selectors: selectors, width: width)
        case .required(let rule):
            StandingEvaluator(rule, isRequired: true, selectors: selectors, width: width)
        case .forbidden(let rule):
            StandingEvaluator(rule, isRequired: false, selectors: selectors, width: width)
        case .deadline(let rule): DeadlineEvaluator(rule, selectors: selectors, width: width)
        case .quota(let rule): QuotaEvaluator(rule, selectors: selectors, width: width)
        case .exclusive(let rule): ExclusiveEvaluator(rule, selectors: selectors, width: width)
        case .concurrency(let rule): ConcurrencyEvaluator(rule, selectors: selectors, width: width)
        case .baseline(let rule): BaselineEvaluator(rule, selectors: selectors, width: width)
        case .named(let rule): rule.evaluator(selectors)
        }
    }
}

extension QuotaMeasure {
    var fields: [FieldID] {
        switch self {
        case .events: []
        case .distinct(let fields): fields
        case .sum(let field): [field]
        }
    }

    var isWellFormed: Bool {
        guard case .distinct(let fields) = self else { return true }
        return (1...2).contains(fields.count)
    }
}
