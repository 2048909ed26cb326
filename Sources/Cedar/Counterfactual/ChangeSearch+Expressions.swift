// SPDX-License-Identifier: Apache-2.0

extension ChangeSearch {
    private func value(_ expression: Expression) -> Value? {
        // An expression that fails has no value; making it hold may give it one.
        try? world.evaluator.evaluate(expression)
    }

    /// Makes an expression true or false, at the least cost that is found.
    func making(_ expression: Expression, _ wanted: Bool) -> ChangeSearch? {
        if value(expression) == .bool(wanted) { return self }
        switch expression.kind {
        case .not(let operand): return making(operand, !wanted)
        case .and(let operands): return wanted ? all(operands, true) : any(operands, false)
        case .or(let operands): return wanted ? any(operands, true) : all(operands, false)
        case .conditional(let test, let yes, let no):
            return Self.cheapest([
                making(test, true)?.making(yes, wanted), making(test, false)?.making(no, wanted),
            ])
        case .attribute, .binary(.getTag, _, _): return setting(expression, to: .bool(wanted))
        case .has(let base, let names): return making(base, has: names, wanted)
        case .binary(let operation, let left, let right):
            return making(operation, left, right, wanted)
        case .isEmpty(let operand): return wanted ? setting(operand, to: .set(ValueSet([]))) : nil
        case .like(let operand, let pattern):
            guard wanted else { return nil }
            var scalars = String.UnicodeScalarView()
            for case let scalar? in pattern.elements { scalars.append(scalar) }
            return setting(operand, to: .string(String(scalars)))
        case .isType(let operand, _, let ancestor?):
            return wanted ? making(.in, operand, ancestor, true)?.checked(expression, true) : nil
        case .call(let function, let arguments):
            return making(function, arguments, wanted)?.checked(expression, wanted)
        default: return nil
        }
    }

    /// This state if the expression is now as wanted.
    private func checked(_ expression: Expression, _ wanted: Bool) -> ChangeSearch? {
        value(expression) == .bool(wanted) ? self : nil
    }

    private func all(_ operands: [Expression], _ wanted: Bool) -> ChangeSearch? {
        var state: ChangeSearch? = self
        for operand in operands { state = state?.making(operand, wanted) }
        return state
    }

    private func any(_ operands: [Expression], _ wanted: Bool) -> ChangeSearch? {
        Self.cheapest(operands.map { making($0, wanted) })
    }

    /// The place that an expression reads, if it reads one.
    private func place(of expression: Expression) -> ValuePlace? {
        switch expression.kind {
        case .attribute(let base, let name):
            if case .variable(.context) = base.kind {
                return ValuePlace(owner: .context, path: [name])
            }
            if case .entity(let uid)? = value(base) {
                return ValuePlace(owner: .entity(uid), path: [name])
            }
            return place(of: base).map { ValuePlace(owner: $0.owner, path: $0.path + [name]) }
        case .binary(.getTag, let base, let key):
            guard case .entity(let uid)? = value(base), case .string(let tag)? = value(key) else {
                return nil
            }
            return ValuePlace(owner: .tags(uid), path: [tag])
        default: return nil
        }
    }

    private func setting(_ expression: Expression, to new: Value) -> ChangeSearch? {
        if value(expression) == new { return self }
        guard let place = place(of: expression) else {
            guard case .entity(let uid) = new else { return nil }
            switch expression.kind {
            case .variable(.principal): return making(.principal(uid))
            case .variable(.action): return making(.action(uid))
            case .variable(.resource): return making(.resource(uid))
            default: return nil
            }
        }
        return making(.value(place, new, was: value(expression)))
    }

    private func making(_ base: Expression, has names: [String], _ wanted: Bool) -> ChangeSearch? {
        let whole = names.reduce(base) { Expression(.attribute($0, $1), base.span) }
        guard let place = place(of: whole) else { return nil }
        return making(wanted ? .presence(place) : .absence(place))
    }

    private func making(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ wanted: Bool
    ) -> ChangeSearch? {
        switch operation {
        case .equal, .notEqual:
            return (operation == .equal) == wanted ? equating(left, right) : parting(left, right)
        case .less, .lessEqual, .greater, .greaterEqual:
            return ordering(operation, left, right, wanted)
        case .in: return moving(left, right, wanted)
        case .contains: return filling(left, right, wanted)
        case .containsAll, .containsAny:
            guard wanted, case .set(let mine)? = value(left), case .set(let others)? = value(right)
            else { return nil }
            let added =
                operation == .containsAll ? others.elements : Array(others.elements.prefix(1))
            return setting(left, to: .set(ValueSet(mine.elements + added)))
        case .hasTag:
            guard case .entity(let uid)? = value(left), case .string(let tag)? = value(right) else {
                return nil
            }
            let place = ValuePlace(owner: .tags(uid), path: [tag])
            return making(wanted ? .presence(place) : .absence(place))
        default: return nil
        }
    }

    private func equating(_ left: Expression, _ right: Expression) -> ChangeSearch? {
        Self.cheapest([
            value(right).flatMap { setting(left, to: $0) },
            value(left).flatMap { setting(right, to: $0) },
        ])
    }

    /// A truth value has one other value; what else an attribute may be, other policies say.
    private func parting(_ left: Expression, _ right: Expression) -> ChangeSearch? {
        if case .bool(let other)? = value(right) { return setting(left, to: .bool(!other)) }
        return Self.cheapest([
            value(right).flatMap { other in setting(left, toOneOutside: [other]) },
            value(left).flatMap { other in setting(right, toOneOutside: [other]) },
        ])
    }

    private func setting(
        _ expression: Expression, toOneOutside excluded: [Value]
    ) -> ChangeSearch? {
        guard case .attribute = expression.kind else { return nil }
        let values = alternatives[Text(ExpressionPrinter().text(expression))] ?? []
        return Self.cheapest(
            values.filter { !excluded.contains($0) }.map { setting(expression, to: $0) })
    }

    private func ordering(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ wanted: Bool
    ) -> ChangeSearch? {
        let isLess = (operation == .less || operation == .lessEqual) == wanted
        let isStrict = (operation == .less || operation == .greater) == wanted
        let step: Int64 = isStrict ? 1 : 0
        return Self.cheapest([
            value(right)?.shifted(by: isLess ? -step : step).flatMap { setting(left, to: $0) },
            value(left)?.shifted(by: isLess ? step : -step).flatMap { setting(right, to: $0) },
        ])
    }

    private func moving(_ left: Expression, _ right: Expression, _ wanted: Bool) -> ChangeSearch? {
        guard case .entity(let uid)? = value(left) else { return nil }
        var groups: [EntityUID] = []
        switch value(right) {
        case .entity(let group)?: groups = [group]
        case .set(let set)?:
            for case .entity(let group) in set.elements { groups.append(group) }
        default: return nil
        }
        if wanted { return uid.isAction ? nil : groups.first.flatMap { making(.join(uid, $0)) } }
        var state: ChangeSearch? = self
        for group in groups where world.evaluator.isIn(uid, group) {
            // An indirect membership is somebody else's, and is left alone.
            let isDirect = world.entities[uid]?.parents.contains(group) ?? false
            state = isDirect ? state?.making(.leave(uid, group)) : nil
        }
        return state
    }

    private func filling(_ left: Expression, _ right: Expression, _ wanted: Bool) -> ChangeSearch? {
        guard case .set(let set)? = value(left) else { return nil }
        if wanted {
            return Self.cheapest([
                Self.cheapest(set.elements.map { setting(right, to: $0) }),
                value(right).flatMap { setting(left, to: .set(ValueSet(set.elements + [$0]))) },
            ])
        }
        guard let element = value(right) else { return nil }
        return Self.cheapest([
            setting(left, to: .set(ValueSet(set.elements.filter { $0 != element }))),
            setting(right, toOneOutside: set.elements),
        ])
    }

    private func making(
        _ function: ExtensionFunction, _ arguments: [Expression], _ wanted: Bool
    ) -> ChangeSearch? {
        guard arguments.count == 2, let other = value(arguments[1]) else { return nil }
        let isLess = (function == .lessThan || function == .lessThanOrEqual) == wanted
        let isStrict = (function == .lessThan || function == .greaterThan) == wanted
        switch function {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual:
            return other.shifted(by: isStrict ? (isLess ? -1 : 1) : 0)
                .flatMap { setting(arguments[0], to: $0) }
        case .isInRange: return wanted ? setting(arguments[0], to: other) : nil
        default: return nil
        }
    }
}

extension Value {
    /// A value of an ordered type, a little larger or smaller; nil for others and beyond 64 bits.
    fileprivate func shifted(by step: Int64) -> Value? {
        func add(_ bits: Int64) -> Int64? {
            let (sum, overflow) = bits.addingReportingOverflow(step)
            return overflow ? nil : sum
        }
        switch self {
        case .int(let bits): return add(bits).map(Value.int)
        case .decimal(let bits): return add(bits).map(Value.decimal)
        case .datetime(let bits): return add(bits).map(Value.datetime)
        case .duration(let bits): return add(bits).map(Value.duration)
        default: return nil
        }
    }
}
