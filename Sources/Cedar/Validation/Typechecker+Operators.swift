// SPDX-License-Identifier: Apache-2.0

extension Typechecker {
    mutating func checkBinary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
        _ whole: Expression, _ prior: Set<Capability>
    ) -> Answer {
        switch operation {
        case .equal: return checkEqual(left, right, whole, prior)
        case .notEqual:
            let answer = checkEqual(left, right, whole, prior)
            switch answer.type {
            case .alwaysTrue: return Answer.sound(.alwaysFalse).after(answer)
            case .alwaysFalse: return Answer.sound(.alwaysTrue).after(answer)
            default: return Answer.sound(.bool).after(answer)
            }
        case .less, .lessEqual, .greater, .greaterEqual:
            return checkComparison(left, right, prior)
        case .add, .subtract, .multiply:
            let a = expect(left, [.long], prior)
            let b = expect(right, [.long], prior)
            return Answer.sound(.long).after(a, b)
        case .in: return checkIn(left, check(left, prior), right, prior)
        case .contains:
            let a = expect(left, [.set(nil)], prior)
            let b = check(right, prior)
            var element: Type?
            if case .set(let known) = a.type { element = known }
            let isCompatible = enforceEqual(element, b.type, whole)
            return isCompatible ? Answer.sound(.bool).after(a, b) : .failed(.bool)
        case .containsAll, .containsAny:
            let a = expect(left, [.set(nil)], prior)
            let b = expect(right, [.set(nil)], prior)
            let isCompatible = enforceEqual(a.type, b.type, whole)
            return isCompatible ? Answer.sound(.bool).after(a, b) : .failed(.bool)
        case .getTag, .hasTag: return checkTag(operation, left, right, whole, prior)
        }
    }

    /// In strict mode, two compared types must have a common type.
    private mutating func enforceEqual(_ a: Type?, _ b: Type?, _ whole: Expression) -> Bool {
        guard mode == .strict, let a, let b else { return true }
        return join([a, b], whole) != nil
    }

    private mutating func checkEqual(
        _ left: Expression, _ right: Expression, _ whole: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let a = check(left, prior)
        let b = check(right, prior)
        let type = equalityType(left, a.type, right, b.type)
        if type != .alwaysFalse, !enforceEqual(a.type, b.type, whole) { return .failed(type) }
        return Answer.sound(type).after(a, b)
    }

    private func equalityType(
        _ left: Expression, _ a: Type?, _ right: Expression, _ b: Type?
    ) -> Type {
        if let x = constantValue(left), let y = constantValue(right) {
            return x == y ? .alwaysTrue : .alwaysFalse
        }
        if let a, let b, a.isDisjoint(from: b) { return .alwaysFalse }
        return .bool
    }

    private func constantValue(_ expression: Expression) -> Value? {
        constantEntity(expression).map(Value.entity) ?? expression.foldedLiteral
    }

    /// The entity that an expression always is: a literal, or the action of the environment.
    private func constantEntity(_ expression: Expression) -> EntityUID? {
        switch expression.kind {
        case .literal(.entity(let uid)): uid
        case .variable(.action): environment.action
        default: nil
        }
    }

    private mutating func checkComparison(
        _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let a = check(left, prior)
        let b = check(right, prior)
        guard let x = a.type, let y = b.type else { return .failed(.bool) }
        let comparable: [Type] = [.extended("datetime"), .extended("duration"), .long]
        if comparable.contains(x), x == y { return Answer.sound(.bool).after(a, b) }
        let expected: [Type]
        if x == .long || y == .long {
            expected = [.long]
        } else if let known = [x, y].first(where: comparable.contains) {
            expected = [known]
        } else {
            expected = comparable
        }
        let names = expected.map(\.description).joined(separator: ", or ")
        for (expression, type) in [(left, x), (right, y)] where !expected.contains(type) {
            note(.unexpectedType, [names, type.description], expression)
        }
        return .failed(.bool)
    }

    /// Checks `left in right`, of which the left side was checked before.
    private mutating func checkIn(
        _ left: Expression, _ answer: Answer, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let a = admit(answer, left, [.anyEntity], advice: "in")
        let b = expect(right, [.set(.anyEntity), .anyEntity], prior)
        guard let x = a.type, let y = b.type else { return .failed(.bool) }
        guard a.isSound, b.isSound else { return .failed(.bool) }
        return .sound(membershipType(left, x, right, y))
    }

    private func membershipType(
        _ left: Expression, _ a: Type, _ right: Expression, _ b: Type
    ) -> Type {
        if let uid = constantEntity(left), uid.isAction, let targets = constantEntities(right) {
            let actions = targets.filter(\.isAction)
            let groups = schema.actions[uid]?.ancestors ?? []
            let holds = actions.contains { $0 == uid || groups.contains($0) }
            return holds ? .alwaysTrue : .alwaysFalse
        }
        guard case .entity(let types) = a else { return .bool }
        let ancestors: [String]
        switch b {
        case .entity(let names), .set(.entity(let names)): ancestors = names
        case .set(.never): return .alwaysFalse
        default: return .bool
        }
        let isPossible = types.contains { type in
            ancestors.contains { schema.mayBeIn(type, $0) || isActionPair(type, $0) }
        }
        return isPossible ? .bool : .alwaysFalse
    }

    /// Whether an action of the first type may be in one of the second.
    private func isActionPair(_ a: String, _ b: String) -> Bool {
        a == b
            || schema.actions.values.contains { action in
                action.uid.type == a && action.ancestors.contains { $0.type == b }
            }
    }

    private func constantEntities(_ expression: Expression) -> [EntityUID]? {
        if let uid = constantEntity(expression) { return [uid] }
        guard case .set(let elements) = expression.kind else { return nil }
        let uids = elements.compactMap(constantEntity)
        return uids.count == elements.count ? uids : nil
    }

    mutating func checkIs(
        _ whole: Expression, _ operand: Expression, _ name: String, _ ancestor: Expression?,
        _ prior: Set<Capability>
    ) -> Answer {
        // Short for `operand is name && operand in ancestor`; checked once, so that what nests such
        // tests is not checked twice at each step.
        let found = check(operand, prior)
        let answer = admit(found, operand, [.anyEntity])
        var type = Type.bool
        if case .entity(let names) = answer.type {
            type = !names.contains(name) ? .alwaysFalse : names.count == 1 ? .alwaysTrue : .bool
        }
        let test = Answer.sound(type).after(answer)
        guard let ancestor else { return test }
        guard type != .alwaysFalse else {
            printer.reached[whole.span] = 1
            return test
        }
        let membership = checkIn(operand, found, ancestor, prior)
        return Answer.sound(membership.type == .alwaysFalse ? .alwaysFalse : .bool)
            .after(test, membership)
    }

    mutating func checkSet(
        _ whole: Expression, _ elements: [Expression], _ prior: Set<Capability>
    ) -> Answer {
        if elements.isEmpty, mode == .strict {
            note(.emptySet, [], whole)
            return .failed(nil)
        }
        var types: [Type] = []
        var isSound = true
        for element in elements {
            let answer = check(element, prior)
            isSound = isSound && answer.isSound
            if let type = answer.type { types.append(type) }
        }
        guard types.count == elements.count, let type = join(types, whole) else {
            return .failed(nil)
        }
        return isSound ? .sound(.set(type)) : .failed(.set(type))
    }

    mutating func checkRecord(_ fields: [RecordField], _ prior: Set<Capability>) -> Answer {
        var types: [RecordType.Field] = []
        var isSound = true
        for field in fields.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            let answer = check(field.value, prior)
            isSound = isSound && answer.isSound
            guard let type = answer.type else { continue }
            let attribute = AttributeType(type: type, isRequired: true)
            types.append(RecordType.Field(name: Text(field.key), attribute: attribute))
        }
        guard types.count == fields.count else { return .failed(nil) }
        let type = Type.record(RecordType(types))
        return isSound ? .sound(type) : .failed(type)
    }
}
