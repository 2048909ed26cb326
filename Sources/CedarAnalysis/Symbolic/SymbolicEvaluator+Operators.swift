// SPDX-License-Identifier: Apache-2.0

import Cedar

extension SymbolicEvaluator {
    func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
        _ whole: Expression
    ) -> Outcome {
        let a = evaluate(left)
        switch a {
        case .failure, .needs: return a
        case .value, .open: break
        }
        let b = evaluate(right)
        switch b {
        case .failure, .needs: return b
        case .value, .open: break
        }
        switch operation {
        case .equal: return equality(a, b)
        case .notEqual:
            let outcome = equality(a, b)
            guard case .value(.bool(let isEqual)) = outcome else { return outcome }
            return .value(.bool(!isEqual))
        case .less, .lessEqual, .greater, .greaterEqual:
            return comparison(operation, a, b, whole)
        case .in: return membership(a, b)
        case .contains, .containsAll, .containsAny: return containment(operation, a, b, whole)
        case .getTag, .hasTag: return tag(operation, a, b)
        case .add, .subtract, .multiply: return strict(whole)
        }
    }

    private func equality(_ a: Outcome, _ b: Outcome) -> Outcome {
        switch (a, b) {
        case (.value(let left), .value(let right)): return .value(.bool(left == right))
        case (.open(let left, _), .open(let right, _)) where left == right:
            return .value(.bool(true))
        case (.open(let place, let type), .value(let value)),
            (.value(let value), .open(let place, let type)):
            switch type {
            case .string: return test(.equals(value), at: place)
            case .set:
                guard case .set(let set) = value else { return .value(.bool(false)) }
                return every([.within(set)] + set.elements.map { .contains($0) }, at: place)
            default:
                if NumberConstraint.Kind(type) != nil { return test(.equals(value), at: place) }
                let chosen = closed(.open(place, type))
                guard case .value(let known) = chosen else { return chosen }
                return .value(.bool(known == value))
            }
        default: return closed(a)
        }
    }

    /// Whether every test holds, asked in order.
    private func every(_ tests: [PlaceTest], at place: Place) -> Outcome {
        for question in tests {
            let outcome = test(question, at: place)
            guard case .value(.bool(true)) = outcome else { return outcome }
        }
        return .value(.bool(true))
    }

    /// Whether some test holds, asked in order.
    private func some(_ tests: [PlaceTest], at place: Place) -> Outcome {
        for question in tests {
            let outcome = test(question, at: place)
            guard case .value(.bool(false)) = outcome else { return outcome }
        }
        return .value(.bool(false))
    }

    private func comparison(
        _ operation: BinaryOperator, _ a: Outcome, _ b: Outcome, _ whole: Expression
    ) -> Outcome {
        switch (a, b) {
        case (.value, .value): return strict(a, b, whole)
        case (.open(let place, let type), .value(let value)):
            guard let bound = number(value, like: type) else { return strict(a, b, whole) }
            switch operation {
            case .less: return test(.below(bound), at: place)
            case .lessEqual: return test(.atMost(bound), at: place)
            case .greater: return negated(test(.atMost(bound), at: place))
            default: return negated(test(.below(bound), at: place))
            }
        case (.value(let value), .open(let place, let type)):
            guard let bound = number(value, like: type) else { return strict(a, b, whole) }
            switch operation {
            case .greater: return test(.below(bound), at: place)
            case .greaterEqual: return test(.atMost(bound), at: place)
            case .less: return negated(test(.atMost(bound), at: place))
            default: return negated(test(.below(bound), at: place))
            }
        default: return closed(a)
        }
    }

    private func number(_ value: Value, like type: Type) -> Int64? {
        guard let kind = NumberConstraint.Kind(type), kind != .decimal,
            let number = NumberConstraint.number(value), kind.value(number) == value
        else { return nil }
        return number
    }

    private func negated(_ outcome: Outcome) -> Outcome {
        guard case .value(.bool(let bool)) = outcome else { return outcome }
        return .value(.bool(!bool))
    }

    /// An operator on two outcomes, once both are known.
    private func strict(_ a: Outcome, _ b: Outcome, _ whole: Expression) -> Outcome {
        let (first, second) = (closed(a, isOpaque: true), closed(b, isOpaque: true))
        guard case .value(let left) = first else { return first }
        guard case .value(let right) = second else { return second }
        return strict(
            Expression(whole.kind.with(children: [left.expression, right.expression])))
    }

    private func containment(
        _ operation: BinaryOperator, _ a: Outcome, _ b: Outcome, _ whole: Expression
    ) -> Outcome {
        switch (a, b) {
        case (.value, .value): return strict(a, b, whole)
        case (.open(let place, .set), .value(let value)):
            if operation == .contains { return test(.contains(value), at: place) }
            guard case .set(let set) = value else { return .failure }
            let tests = set.elements.map { PlaceTest.contains($0) }
            return operation == .containsAll ? every(tests, at: place) : some(tests, at: place)
        case (.open(_, .set), .open(let place, let type)) where operation == .contains:
            return closed(.open(place, type))
        case (.value(let value), .open(let place, let type)):
            guard case .set(let set) = value else { return .failure }
            if operation == .contains {
                return isOne(of: set, at: place, type)
            }
            guard case .set = type else { return .failure }
            return operation == .containsAll
                ? test(.within(set), at: place)
                : some(set.elements.map { .contains($0) }, at: place)
        default: return strict(a, b, whole)
        }
    }

    /// Whether the value at a place is an element of a known set.
    private func isOne(of set: ValueSet, at place: Place, _ type: Type) -> Outcome {
        for element in set.elements {
            let outcome = equality(.open(place, type), .value(element))
            guard case .value(.bool(false)) = outcome else { return outcome }
        }
        return .value(.bool(false))
    }
}
