// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// A condition on the history of events: what stands inside `temporal { … }`.
///
/// The language is that of Dogwood 1.0: past only, each operator with a window, `&&` and `!`
/// but no `||`. Macros, pins and event schemas of one's own are not read.
public indirect enum TemporalCondition: Hashable, Sendable {
    /// Both, the left first: what it binds, the right may use.
    case and(TemporalCondition, TemporalCondition)
    /// Not; it binds nothing.
    case not(TemporalCondition)
    /// At some time point within the last seconds.
    case formerly(Int64, TemporalCondition)
    /// At the time point before, if it is within the last seconds.
    case previous(Int64, TemporalCondition)
    /// The right happened within the last seconds, and the left held at each point after it.
    case since(TemporalCondition, Int64, TemporalCondition)
    /// The event of the time point.
    case event(EventPredicate)
    /// A comparison, which may bind a variable.
    case compare(Comparison, Term, Term)
    /// For some value of a variable, which some event gives.
    case exists(String, String, TemporalCondition)
    /// The number of the time point.
    case timePoint(String)

    /// The comparisons.
    public enum Comparison: String, CaseIterable, Hashable, Sendable {
        /// The same value.
        case equal = "=="
        /// Another value.
        case notEqual = "!="
        /// Smaller.
        case less = "<"
        /// Smaller or the same.
        case lessOrEqual = "<="
        /// Greater.
        case greater = ">"
        /// Greater or the same.
        case greaterOrEqual = ">="
    }

    /// What is compared or matched.
    public indirect enum Term: Hashable, Sendable {
        /// A value.
        case value(Value)
        /// A field of the request's context.
        case context([String])
        /// The request's principal or one of its attributes.
        case principal([String])
        /// The request's resource or one of its attributes.
        case resource([String])
        /// A variable.
        case variable(String)
        /// Any value that the event has.
        case wildcard
        /// Several values, as a set.
        case array([Term])
        /// A count or a sum.
        case aggregate(Aggregate)
    }

    /// A number made of the different rows that satisfy a condition.
    public struct Aggregate: Hashable, Sendable {
        /// The variable that is summed; none for a count.
        public var summed: String?
        /// The variables by which rows differ, with their types.
        public var domain: [Binder]
        /// What the rows satisfy.
        public var body: TemporalCondition
    }

    /// A variable and its type.
    public struct Binder: Hashable, Sendable {
        /// The variable.
        public var name: String
        /// The type, which is `Timepoint` or a type of the schema.
        public var type: String
    }
}

/// An event to look for: an action, a kind, and patterns of fields.
public struct EventPredicate: Hashable, Sendable {
    /// The action.
    public var action: EntityUID
    /// The kind of event: `request`, `response`.
    public var kind: String
    /// The fields, each by its path with dots, and what they must be.
    public var fields: [Field]

    /// A field and its pattern.
    public struct Field: Hashable, Sendable {
        /// The path.
        public var path: String
        /// The pattern.
        public var term: TemporalCondition.Term
    }
}

extension TemporalCondition {
    /// The conditions directly inside, without those of aggregates.
    var children: [TemporalCondition] {
        switch self {
        case .and(let left, let right), .since(let left, _, let right): [left, right]
        case .not(let inner), .formerly(_, let inner), .previous(_, let inner),
            .exists(_, _, let inner):
            [inner]
        case .event, .compare, .timePoint: []
        }
    }

    /// The terms directly inside.
    var terms: [Term] {
        switch self {
        case .event(let predicate): predicate.fields.map(\.term)
        case .compare(_, let left, let right): [left, right]
        default: []
        }
    }

    /// The conjuncts of a chain of `&&`, in order.
    var conjuncts: [TemporalCondition] {
        if case .and(let left, let right) = self {
            left.conjuncts + right.conjuncts
        } else {
            [self]
        }
    }

    /// How many seconds back the condition can look.
    var reach: Int64 {
        let inner = (children + terms.compactMap(\.aggregate?.body)).map(\.reach).max() ?? 0
        let own: Int64 =
            switch self {
            case .formerly(let window, _), .previous(let window, _), .since(_, let window, _):
                window
            default: 0
            }
        let (sum, overflow) = own.addingReportingOverflow(inner)
        return overflow ? .max : sum
    }

    /// Every predicate inside, with those of aggregates.
    var predicates: [EventPredicate] {
        var found: [EventPredicate] = []
        if case .event(let predicate) = self { found.append(predicate) }
        for inner in children + terms.compactMap(\.aggregate?.body) { found += inner.predicates }
        return found
    }

    /// The windows inside, with those of aggregates.
    var windows: [Int64] {
        var found: [Int64] = []
        switch self {
        case .formerly(let window, _), .previous(let window, _), .since(_, let window, _):
            found.append(window)
        default: break
        }
        for inner in children + terms.compactMap(\.aggregate?.body) { found += inner.windows }
        return found
    }

    /// The variables that nothing inside binds.
    var freeVariables: Set<String> {
        var free: Set<String> = []
        for term in terms { free.formUnion(term.freeVariables) }
        for inner in children { free.formUnion(inner.freeVariables) }
        if case .timePoint(let name) = self { free.insert(name) }
        if case .exists(let name, _, _) = self { free.remove(name) }
        return free
    }
}

extension TemporalCondition.Term {
    var aggregate: TemporalCondition.Aggregate? {
        if case .aggregate(let aggregate) = self { aggregate } else { nil }
    }

    var variableName: String? {
        if case .variable(let name) = self { name } else { nil }
    }

    var freeVariables: Set<String> {
        switch self {
        case .variable(let name): [name]
        case .array(let terms): terms.reduce(into: []) { $0.formUnion($1.freeVariables) }
        case .aggregate(let aggregate):
            aggregate.body.freeVariables.subtracting(aggregate.domain.map(\.name))
        case .value, .context, .principal, .resource, .wildcard: []
        }
    }
}
