// SPDX-License-Identifier: Apache-2.0

/// An expression with its place in the text.
///
/// Two expressions are equal if they are the same tree, wherever they stand.
package struct Expression: Sendable {
    package let kind: Kind
    package let span: SourceSpan
    /// The longest path to a leaf, in nodes: what recursion over the tree costs.
    package let height: Int

    /// The deepest tree that is accepted, so that hostile text cannot exhaust the stack.
    package static let maximumHeight = 250

    /// The longest chain of `&&` or `||`, which the JSON format writes as nested operators.
    package static let maximumOperands = 5_000

    package init(_ kind: Kind, _ span: SourceSpan = .none) {
        self.kind = kind
        self.span = span
        height = 1 + (kind.children.lazy.map(\.height).max() ?? 0)
    }

    package indirect enum Kind: Sendable, Equatable {
        case literal(Value)
        case variable(Variable)
        case not(Expression)
        case negate(Expression)
        /// At least two operands: `a && b && c` is one node.
        case and([Expression])
        /// At least two operands.
        case or([Expression])
        case conditional(Expression, then: Expression, else: Expression)
        case binary(BinaryOperator, Expression, Expression)
        case isEmpty(Expression)
        case attribute(Expression, String)
        /// `e has a.b.c`: at least one name.
        case has(Expression, [String])
        case like(Expression, Pattern)
        case isType(Expression, String, in: Expression?)
        case set([Expression])
        case record([RecordField])
        case call(ExtensionFunction, [Expression])

        /// The expressions directly inside.
        package var children: [Expression] {
            switch self {
            case .literal, .variable: []
            case .not(let a), .negate(let a), .isEmpty(let a), .attribute(let a, _),
                .has(let a, _), .like(let a, _):
                [a]
            case .and(let all), .or(let all), .set(let all), .call(_, let all): all
            case .conditional(let a, let b, let c): [a, b, c]
            case .binary(_, let a, let b): [a, b]
            case .isType(let a, _, let b): b.map { [a, $0] } ?? [a]
            case .record(let fields): fields.map(\.value)
            }
        }

        package static func == (left: Kind, right: Kind) -> Bool {
            switch (left, right) {
            case (.literal(let a), .literal(let b)): a == b
            case (.variable(let a), .variable(let b)): a == b
            case (.binary(let f, _, _), .binary(let g, _, _)) where f != g: false
            case (.attribute(_, let a), .attribute(_, let b)) where !a.hasSameBytes(as: b): false
            case (.has(_, let a), .has(_, let b)) where a.map(Text.init) != b.map(Text.init): false
            case (.like(_, let a), .like(_, let b)) where a != b: false
            case (.isType(_, let a, _), .isType(_, let b, _)) where a != b: false
            case (.call(let f, _), .call(let g, _)) where f != g: false
            case (.record(let a), .record(let b))
            where a.map { Text($0.key) } != b.map { Text($0.key) }: false
            default: left.tag == right.tag && left.children == right.children
            }
        }

        private var tag: Int {
            switch self {
            case .literal: 0
            case .variable: 1
            case .not: 2
            case .negate: 3
            case .and: 4
            case .or: 5
            case .conditional: 6
            case .binary: 7
            case .isEmpty: 8
            case .attribute: 9
            case .has: 10
            case .like: 11
            case .isType: 12
            case .set: 13
            case .record: 14
            case .call: 15
            }
        }
    }
}

extension Expression: Equatable {
    package static func == (left: Expression, right: Expression) -> Bool {
        left.kind == right.kind
    }
}

/// One `key: value` of a record literal.
package struct RecordField: Sendable, Equatable {
    package let key: String
    package let value: Expression

    package init(key: String, value: Expression) {
        self.key = key
        self.value = value
    }

    package static func == (left: RecordField, right: RecordField) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.value == right.value
    }
}

/// The four variables of every policy.
package enum Variable: String, CaseIterable, Sendable {
    case principal, action, resource, context
}

/// Operators and built-in methods with two operands, by their name in the JSON format.
package enum BinaryOperator: String, CaseIterable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case `in`
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case contains
    case containsAll
    case containsAny
    case getTag
    case hasTag
}
