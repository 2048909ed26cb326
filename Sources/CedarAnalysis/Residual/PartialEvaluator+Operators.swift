// SPDX-License-Identifier: Apache-2.0

import Cedar

extension PartialEvaluator {
    func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
        _ whole: Expression
    ) -> Reduced {
        let (first, second) = (reduce(left), reduce(right))
        let rebuilt = Expression(
            .binary(operation, first.expression(of: left), second.expression(of: right)),
            whole.span)
        if case .failure = first { return first }
        if first.value != nil, case .failure = second { return second }
        if let a = first.value, let b = second.value {
            switch operation {
            case .in: return membership(a, b, rebuilt)
            case .getTag, .hasTag: return tag(a, b, rebuilt)
            default: return evaluate(rebuilt)
            }
        }
        if case .residual(let subject) = first, let b = second.value, operation == .in,
            isOutside(subject, b)
        {
            return .value(.bool(false))
        }
        if operation == .equal || operation == .notEqual, areDisjoint(rebuilt) {
            return .value(.bool(operation == .notEqual))
        }
        return .residual(rebuilt)
    }

    /// Whether the operands can never be equal, nor fail: entities of different types.
    private func areDisjoint(_ comparison: Expression) -> Bool {
        guard case .binary(_, let left, let right) = comparison.kind,
            case .entity(let first)? = types.type(of: left),
            case .entity(let second)? = types.type(of: right)
        else { return false }
        return Set(first.map(Text.init)).isDisjoint(with: second.map(Text.init))
            && !types.canFail(left) && !types.canFail(right)
    }

    /// Whether the schema keeps an unknown entity out of these: it is of another type, which may
    /// not be in theirs.
    private func isOutside(_ subject: Expression, _ target: Value) -> Bool {
        guard let schema = types.schema, case .entity(let names)? = types.type(of: subject),
            names.count == 1, !types.canFail(subject)
        else { return false }
        let targets: [Value]
        if case .set(let set) = target { targets = set.elements } else { targets = [target] }
        return targets.allSatisfy { value in
            guard case .entity(let uid) = value else { return false }
            return !schema.mayBeIn(names[0], uid.type)
        }
    }

    private func membership(_ subject: Value, _ target: Value, _ rebuilt: Expression) -> Reduced {
        guard case .entity(let uid) = subject else { return evaluate(rebuilt) }
        let targets: [Value]
        switch target {
        case .set(let set): targets = set.elements
        case .entity: targets = [target]
        default: return evaluate(rebuilt)
        }
        var ancestors: [EntityUID] = []
        for value in targets {
            guard case .entity(let ancestor) = value else { return evaluate(rebuilt) }
            ancestors.append(ancestor)
        }
        let answers = ancestors.map { isIn(uid, $0) }
        if answers.contains(true) { return .value(.bool(true)) }
        return answers.contains(nil) ? .residual(rebuilt) : .value(.bool(false))
    }

    /// Whether an entity is in another; nil if that is not known.
    func isIn(_ uid: EntityUID, _ ancestor: EntityUID) -> Bool? {
        if uid == ancestor { return true }
        if let action = types.schema?.actions[uid] { return action.ancestors.contains(ancestor) }
        switch entities.knowledge(of: uid) {
        case .whole(let entity): return entity.ancestors.contains(ancestor)
        case .absent: return false
        case .part(let entity):
            if let known = entity.ancestors { return known.contains(ancestor) }
        case .unknown: break
        }
        guard let schema = types.schema, schema.entityTypes[uid.type] != nil else { return nil }
        return schema.mayBeIn(uid.type, ancestor.type) ? nil : false
    }

    private func tag(_ subject: Value, _ key: Value, _ rebuilt: Expression) -> Reduced {
        guard case .entity(let uid) = subject, case .string(let name) = key else {
            return evaluate(rebuilt)
        }
        switch entities.knowledge(of: uid) {
        case .whole(let entity): return evaluate(rebuilt, Entities([entity]))
        case .absent: return evaluate(rebuilt)
        case .unknown: return .residual(rebuilt)
        case .part(let entity):
            switch entity.tags.attribute(name) {
            case .value(let value):
                let tags = Record([(name, value)])
                return evaluate(rebuilt, Entities([Entity(uid: uid, tags: tags)]))
            case .absent: return evaluate(rebuilt, Entities([Entity(uid: uid)]))
            case .unknown: return .residual(rebuilt)
            }
        }
    }
}
