// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What partial evaluation made of an expression.
enum Reduced {
    /// It has this value, whatever the unknown parts are.
    case value(Value)
    /// It fails with this error, whatever the unknown parts are.
    case failure(EvaluationError)
    /// It has the value of this expression, or fails as it does.
    case residual(Expression)

    /// An expression with the same value and the same failures.
    func expression(of original: Expression) -> Expression {
        switch self {
        case .value(let value): value.expression(at: original.span)
        // The original fails in the same way when it is evaluated again.
        case .failure: original
        case .residual(let expression): expression
        }
    }

    var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }
}

/// Evaluates as much of an expression as is known.
///
/// For every request and store that agree with what is known, and conform to the schema if there
/// is one, the result has the value of the expression, or fails with the same error.
struct PartialEvaluator {
    let request: PartialRequest
    let entities: PartialEntities
    let types: TypeSetting

    func reduce(_ expression: Expression) -> Reduced {
        switch expression.kind {
        case .literal(let value): return .value(value)
        case .variable(let variable): return reduce(variable, expression)
        case .and(let operands): return chain(operands, expression, neutral: true)
        case .or(let operands): return chain(operands, expression, neutral: false)
        case .conditional(let test, let yes, let no):
            return conditional(test, yes, no, expression)
        case .attribute(let base, let name): return attribute(name, of: base, expression)
        case .has(let base, let names): return has(base, names, expression)
        case .isType(let operand, let type, let ancestor):
            return isType(operand, type, ancestor, expression)
        case .binary(let operation, let left, let right):
            return binary(operation, left, right, expression)
        default: return strict(expression)
        }
    }

    private func reduce(_ variable: Variable, _ expression: Expression) -> Reduced {
        let uid: EntityUID?
        switch variable {
        case .principal: uid = request.principal.uid
        case .action: uid = request.action.uid
        case .resource: uid = request.resource.uid
        case .context:
            guard !request.context.isOpen else { return .residual(expression) }
            return .value(.record(request.context.known))
        }
        return uid.map { .value(.entity($0)) } ?? .residual(expression)
    }

    /// An operator that evaluates all its operands, in order, and looks at no entity.
    private func strict(_ expression: Expression) -> Reduced {
        let operands = expression.kind.children
        let reduced = operands.map(reduce)
        let parts = zip(reduced, operands).map { $0.expression(of: $1) }
        let rebuilt = Expression(expression.kind.with(children: parts), expression.span)
        for part in reduced {
            switch part {
            case .value: continue
            case .failure: return part
            case .residual: return .residual(rebuilt)
            }
        }
        return evaluate(rebuilt)
    }

    /// Evaluates an expression of known parts, which looks at no entity that is not in the store.
    func evaluate(_ expression: Expression, _ store: Entities = .empty) -> Reduced {
        let nobody = EntityUID(type: "", id: "")
        let request = Request(principal: nobody, action: nobody, resource: nobody)
        do throws(EvaluationError) {
            return .value(try Evaluator(request: request, entities: store).evaluate(expression))
        } catch {
            return .failure(error)
        }
    }

    private func chain(
        _ operands: [Expression], _ whole: Expression, neutral: Bool
    ) -> Reduced {
        var kept: [Expression] = []
        for operand in operands {
            let reduced = reduce(operand)
            switch reduced {
            case .value(.bool(neutral)): continue
            case .value(.bool):
                // What came before may still fail, unless it is known not to.
                if kept.allSatisfy(types.isCertainlyBoolean) { return reduced }
                kept.append(reduced.expression(of: operand))
                return .residual(joined(kept, whole, neutral))
            case .residual(let expression): kept.append(expression)
            case .value, .failure:
                if kept.isEmpty { return strict(Expression(.not(operand), operand.span)) }
                kept.append(operand)
                return .residual(joined(kept, whole, neutral))
            }
        }
        if kept.isEmpty { return .value(.bool(neutral)) }
        return .residual(joined(kept, whole, neutral))
    }

    /// The operands that are left, as one expression that takes nothing but truth values.
    private func joined(
        _ kept: [Expression], _ whole: Expression, _ neutral: Bool
    ) -> Expression {
        if kept.count == 1, types.type(of: kept[0]) == .bool { return kept[0] }
        let literal = Expression(.literal(.bool(neutral)), whole.span)
        let operands = kept.count == 1 ? [literal, kept[0]] : kept
        return Expression(neutral ? .and(operands) : .or(operands), whole.span)
    }

    private func conditional(
        _ test: Expression, _ yes: Expression, _ no: Expression, _ whole: Expression
    ) -> Reduced {
        switch reduce(test) {
        case .value(.bool(let holds)): return reduce(holds ? yes : no)
        case .value, .failure: return strict(Expression(.not(test), test.span))
        case .residual(let left):
            let (first, second) = (reduce(yes), reduce(no))
            if let value = first.value, value == second.value, types.isCertainlyBoolean(left) {
                return first
            }
            return .residual(
                Expression(
                    .conditional(
                        left, then: first.expression(of: yes), else: second.expression(of: no)),
                    whole.span))
        }
    }
}

extension Expression.Kind {
    /// The same operator on other operands.
    func with(children: [Expression]) -> Expression.Kind {
        switch self {
        case .literal, .variable: self
        case .not: .not(children[0])
        case .negate: .negate(children[0])
        case .and: .and(children)
        case .or: .or(children)
        case .conditional: .conditional(children[0], then: children[1], else: children[2])
        case .binary(let operation, _, _): .binary(operation, children[0], children[1])
        case .isEmpty: .isEmpty(children[0])
        case .attribute(_, let name): .attribute(children[0], name)
        case .has(_, let names): .has(children[0], names)
        case .like(_, let pattern): .like(children[0], pattern)
        case .isType(_, let type, let ancestor):
            .isType(children[0], type, in: ancestor == nil ? nil : children[1])
        case .set: .set(children)
        case .record(let fields):
            .record(zip(fields, children).map { RecordField(key: $0.key, value: $1) })
        case .call(let function, _): .call(function, children)
        }
    }
}
