// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What an expression can come to.
struct TruthStates: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let holds = TruthStates(rawValue: 1)
    static let fails = TruthStates(rawValue: 2)
    static let error = TruthStates(rawValue: 4)
    static let all: TruthStates = [.holds, .fails, .error]
}

/// A statement about a request and its entities, which is true or false of each.
indirect enum Formula: Sendable {
    case constant(Bool)
    /// The expression comes to one of these states.
    case state(Expression, TruthStates)
    case and([Formula])
    /// One of them is true. Others were false under the assumptions of these steps.
    case or([Formula], since: Set<Int> = [])

    /// That an expression evaluates to a truth value: `&&` and `||` in the order of evaluation.
    static func evaluates(_ expression: Expression, to value: Bool) -> Formula {
        switch expression.kind {
        case .literal(.bool(let literal)): return .constant(literal == value)
        case .not(let operand): return evaluates(operand, to: !value)
        case .and(let operands): return chain(operands, neutral: true, value)
        case .or(let operands): return chain(operands, neutral: false, value)
        case .conditional(let test, let yes, let no):
            return .or([
                .and([evaluates(test, to: true), evaluates(yes, to: value)]),
                .and([evaluates(test, to: false), evaluates(no, to: value)]),
            ])
        default: return .state(expression, value ? .holds : .fails)
        }
    }

    private static func chain(
        _ operands: [Expression], neutral: Bool, _ value: Bool
    ) -> Formula {
        if value == neutral { return .and(operands.map { evaluates($0, to: value) }) }
        // One operand decides, and all before it left the decision open.
        return .or(
            operands.indices.map { index in
                .and(
                    operands[..<index].map { evaluates($0, to: neutral) }
                        + [evaluates(operands[index], to: value)])
            })
    }

    /// The statement that this one is false.
    var negation: Formula {
        switch self {
        case .constant(let value): .constant(!value)
        case .state(let expression, let states):
            .state(expression, TruthStates.all.subtracting(states))
        case .and(let parts): .or(parts.map(\.negation))
        case .or(let parts, _): .and(parts.map(\.negation))
        }
    }

    /// What is left of a statement under assumptions.
    enum Simplified {
        case holds
        /// It is false because of the assumptions of these steps.
        case fails(Set<Int>)
        case left(Formula)
    }

    /// What is left of the statement under assumptions.
    func simplified(_ evaluator: SymbolicEvaluator) -> Simplified {
        switch self {
        case .constant(let value): return value ? .holds : .fails([])
        case .state(let expression, let states):
            evaluator.reads.clear()
            let found: TruthStates
            switch evaluator.evaluate(expression) {
            case .value(.bool(let value)): found = value ? .holds : .fails
            case .value, .failure, .open: found = .error
            case .needs: return .left(self)
            }
            return states.contains(found) ? .holds : .fails(evaluator.reads.steps)
        case .and(let parts): return Self.conjunction(parts, evaluator)
        case .or(let parts, let since): return Self.disjunction(parts, since, evaluator)
        }
    }

    private static func conjunction(
        _ parts: [Formula], _ evaluator: SymbolicEvaluator
    ) -> Simplified {
        var left: [Formula] = []
        for part in parts {
            switch part.simplified(evaluator) {
            case .holds: continue
            case .fails(let steps): return .fails(steps)
            case .left(.and(let inner)): left += inner
            case .left(let formula): left.append(formula)
            }
        }
        if left.isEmpty { return .holds }
        return .left(left.count == 1 ? left[0] : .and(left))
    }

    private static func disjunction(
        _ parts: [Formula], _ since: Set<Int>, _ evaluator: SymbolicEvaluator
    ) -> Simplified {
        var left: [Formula] = []
        var since = since
        for part in parts {
            switch part.simplified(evaluator) {
            case .holds: return .holds
            case .fails(let steps): since.formUnion(steps)
            case .left(.or(let inner, let steps)):
                left += inner
                since.formUnion(steps)
            case .left(let formula): left.append(formula)
            }
        }
        if left.isEmpty { return .fails(since) }
        return .left(left.count == 1 && since.isEmpty ? left[0] : .or(left, since: since))
    }

    /// The expression to settle first: one that stands alone, else one of the shortest choice.
    var nextExpression: Expression? {
        switch self {
        case .constant: nil
        case .state(let expression, _): expression
        case .and(let parts), .or(let parts, _):
            parts.min { $0.size < $1.size }?.nextExpression
        }
    }

    private var size: Int {
        switch self {
        case .constant: 0
        case .state: 1
        case .and(let parts), .or(let parts, _): parts.reduce(0) { $0 + $1.size }
        }
    }
}
