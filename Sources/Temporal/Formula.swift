// SPDX-License-Identifier: Apache-2.0

/// A named relation applied to terms: `p(x, 3)`.
public struct Atom: Hashable, Sendable {
    /// The name of the relation.
    public var name: String
    /// Its arguments.
    public var arguments: [Term]

    /// Makes an atom.
    public init(_ name: String, _ arguments: [Term]) {
        self.name = name
        self.arguments = arguments
    }

    /// The variables, in the order of their first occurrence.
    var variables: [String] { arguments.compactMap(\.variableName).unique }

    /// The name and number of arguments, which together identify the relation.
    var key: RelationKey { RelationKey(name: name, arity: arguments.count) }
}

/// What identifies a relation: two relations may share a name if their arities differ.
struct RelationKey: Hashable, Sendable {
    var name: String
    var arity: Int
}

/// A summary of the values that a variable takes in a set of tuples.
public struct Aggregation: Hashable, Sendable {
    /// The ways to summarise.
    public enum Operation: String, CaseIterable, Hashable, Sendable {
        /// How many tuples.
        case count = "CNT"
        /// The smallest value.
        case minimum = "MIN"
        /// The greatest value.
        case maximum = "MAX"
        /// The sum.
        case sum = "SUM"
        /// The mean, as a float.
        case average = "AVG"
        /// The median, as a float.
        case median = "MED"
    }

    /// The variable that receives the result.
    public var result: String
    /// How to summarise.
    public var operation: Operation
    /// The variable to summarise.
    public var variable: String
    /// The variables by which tuples are grouped.
    public var groups: [String]
    /// The type of the result, once types were checked.
    var resultType = ValueType.float

    /// Makes an aggregation.
    public init(result: String, operation: Operation, variable: String, groups: [String]) {
        self.result = result
        self.operation = operation
        self.variable = variable
        self.groups = groups
    }
}

/// A formula of metric first-order temporal logic, with MonPoly's operators.
public indirect enum Formula: Hashable, Sendable {
    /// The comparisons of two terms.
    public enum Comparison: String, CaseIterable, Hashable, Sendable {
        /// The same value.
        case equal = "="
        /// Smaller.
        case less = "<"
        /// Smaller or the same.
        case lessOrEqual = "<="
        /// The first text occurs in the second.
        case substring = "SUBSTRING"
    }

    /// The connectives of two formulas.
    public enum Connective: String, CaseIterable, Hashable, Sendable {
        /// Both.
        case and = "AND"
        /// Either.
        case or = "OR"
        /// The second, if the first.
        case implies = "IMPLIES"
        /// Both or neither.
        case equivalent = "EQUIV"
    }

    /// The quantifiers.
    public enum Quantifier: String, CaseIterable, Hashable, Sendable {
        /// For some values.
        case exists = "EXISTS"
        /// For all values.
        case forAll = "FORALL"
    }

    /// The temporal operators of one formula.
    public enum Modality: String, CaseIterable, Hashable, Sendable {
        /// At the time point before.
        case previous = "PREVIOUS"
        /// At the time point after.
        case next = "NEXT"
        /// At some time point up to now.
        case once = "ONCE"
        /// At some time point from now on.
        case eventually = "EVENTUALLY"
        /// At all time points up to now.
        case historically = "PAST_ALWAYS"
        /// At all time points from now on.
        case always = "ALWAYS"
    }

    /// The temporal operators of two formulas.
    public enum Chain: String, CaseIterable, Hashable, Sendable {
        /// The second was true, and the first at every time point since.
        case since = "SINCE"
        /// The second will be true, and the first at every time point until then.
        case until = "UNTIL"
    }

    /// Two terms compared.
    case compare(Comparison, Term, Term)
    /// A text that contains a match of a pattern, with terms for its groups.
    case matches(Term, Term, [Term?])
    /// A relation.
    case atom(Atom)
    /// A relation defined by a formula, inside another.
    case binding(Atom, Formula, Formula)
    /// Negation.
    case not(Formula)
    /// A connective.
    case connect(Connective, Formula, Formula)
    /// A quantifier.
    case quantify(Quantifier, [String], Formula)
    /// A summary.
    case aggregate(Aggregation, Formula)
    /// A temporal operator of one formula.
    case modal(Modality, Interval, Formula)
    /// A temporal operator of two formulas.
    case chain(Chain, Interval, Formula, Formula)
}

extension Formula {
    /// Always true.
    public static let truth = Formula.compare(.equal, .constant(.int(0)), .constant(.int(0)))
    /// Always false.
    public static let falsehood = Formula.compare(.equal, .constant(.int(0)), .constant(.int(1)))

    /// The free variables, in the order in which results show them.
    public var freeVariables: [String] {
        switch self {
        case .compare(_, let left, let right): left.variables.union(right.variables)
        case .matches(let text, let pattern, let groups):
            groups.reduce(text.variables.union(pattern.variables)) {
                $0.union($1?.variables ?? [])
            }
        case .atom(let atom): atom.variables
        case .binding(_, _, let body): body.freeVariables
        case .not(let inner), .modal(_, _, let inner): inner.freeVariables
        case .connect(_, let left, let right): left.freeVariables.union(right.freeVariables)
        case .quantify(_, let bound, let inner): inner.freeVariables.subtracting(bound)
        case .aggregate(let aggregation, _): [aggregation.result].union(aggregation.groups.unique)
        case .chain(_, _, let left, let right): right.freeVariables.union(left.freeVariables)
        }
    }

    /// The free variables of which a relation of one is true: of `entry(j)`, `j`.
    ///
    /// What stands under a negation says of no value that the relation is true of it.
    public func freeVariables(in relation: String) -> Set<String> {
        switch self {
        case .atom(let atom):
            atom.name == relation && atom.arguments.count == 1 ? Set(atom.variables) : []
        case .not: []
        case .quantify(_, let bound, let inner):
            inner.freeVariables(in: relation).subtracting(bound)
        case .aggregate(let aggregation, let inner):
            inner.freeVariables(in: relation).intersection(aggregation.groups)
        case .binding(let atom, _, let body):
            atom.name == relation ? [] : body.freeVariables(in: relation)
        default: children.reduce(into: []) { $0.formUnion($1.freeVariables(in: relation)) }
        }
    }

    /// The formulas directly inside.
    var children: [Formula] {
        switch self {
        case .compare, .matches, .atom: []
        case .not(let inner), .quantify(_, _, let inner), .aggregate(_, let inner),
            .modal(_, _, let inner):
            [inner]
        case .binding(_, let left, let right), .connect(_, let left, let right),
            .chain(_, _, let left, let right):
            [left, right]
        }
    }

    /// The same operator over other formulas.
    func mapChildren<E: Error>(_ transform: (Formula) throws(E) -> Formula) throws(E) -> Formula {
        switch self {
        case .compare, .matches, .atom: self
        case .binding(let atom, let left, let right):
            .binding(atom, try transform(left), try transform(right))
        case .not(let inner): .not(try transform(inner))
        case .connect(let connective, let left, let right):
            .connect(connective, try transform(left), try transform(right))
        case .quantify(let quantifier, let names, let inner):
            .quantify(quantifier, names, try transform(inner))
        case .aggregate(let aggregation, let inner):
            .aggregate(aggregation, try transform(inner))
        case .modal(let modality, let interval, let inner):
            .modal(modality, interval, try transform(inner))
        case .chain(let chain, let interval, let left, let right):
            .chain(chain, interval, try transform(left), try transform(right))
        }
    }

    /// The negated formula, if this is a negation.
    var negated: Formula? {
        if case .not(let inner) = self { inner } else { nil }
    }

    /// Whether the operator looks at other time points.
    var isTemporal: Bool {
        switch self {
        case .modal, .chain: true
        default: false
        }
    }
}
