// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What a schema says of the expressions of a request: their types, and whether they can fail.
///
/// It speaks of requests and entities that conform to the schema. Without a schema, or where the
/// type is not known, it says nothing, and nothing is concluded.
struct TypeSetting: Sendable {
    let schema: Schema?
    let principal: String?
    let action: EntityUID?
    let resource: String?

    init(_ schema: Schema?, _ request: PartialRequest) {
        self.schema = schema
        principal = request.principal.type
        action = request.action.uid
        resource = request.resource.type
    }

    /// The type of an expression that has a value.
    func type(of expression: Expression) -> Type? {
        switch expression.kind {
        case .literal(let value): return Self.type(of: value)
        case .variable(let variable): return type(of: variable)
        case .not, .and, .or, .isEmpty, .has, .like, .isType: return .bool
        case .negate: return .long
        case .conditional(_, let yes, let no):
            guard let first = type(of: yes), let second = type(of: no) else { return nil }
            return first == second ? first : nil
        case .binary(let operation, let left, _): return type(of: operation, left)
        case .attribute(let base, let name): return attribute(name, of: base)?.type
        case .set(let elements):
            guard let first = elements.first.flatMap({ type(of: $0) }) else { return .set(nil) }
            return elements.allSatisfy { type(of: $0) == first } ? .set(first) : .set(nil)
        case .record: return nil
        case .call(let function, _): return function.resultType
        }
    }

    private static func type(of value: Value) -> Type? {
        switch value {
        case .bool: .bool
        case .int: .long
        case .string: .string
        case .entity(let uid): .entity([uid.type])
        case .decimal: .extended("decimal")
        case .ipaddr: .extended("ipaddr")
        case .datetime: .extended("datetime")
        case .duration: .extended("duration")
        case .set(let set):
            .set(set.elements.first.flatMap { type(of: $0) })
        case .record: nil
        }
    }

    private func type(of variable: Variable) -> Type? {
        switch variable {
        case .principal: principal.map { .entity([$0]) }
        case .action: action.map { .entity([$0.type]) }
        case .resource: resource.map { .entity([$0]) }
        case .context: action.flatMap { schema?.actions[$0] }.map { .record($0.context) }
        }
    }

    private func type(of operation: BinaryOperator, _ left: Expression) -> Type? {
        switch operation {
        case .add, .subtract, .multiply: return .long
        case .getTag:
            guard case .entity(let names)? = type(of: left), names.count == 1 else { return nil }
            return schema?.entityTypes[names[0]]?.tags
        default: return .bool
        }
    }

    /// The type of the context; empty where the action is not known.
    var contextType: RecordType {
        action.flatMap { schema?.actions[$0]?.context } ?? RecordType([])
    }

    /// The declaration of an attribute.
    func attribute(_ name: String, of base: Expression) -> AttributeType? {
        switch type(of: base) {
        case .record(let record)?: record[name]
        case .entity(let names)? where names.count == 1:
            schema?.entityTypes[names[0]]?.attributes[name]
        default: nil
        }
    }
}

extension TypeSetting {
    /// Whether the expression always has a truth value.
    func isCertainlyBoolean(_ expression: Expression) -> Bool {
        type(of: expression) == .bool && !canFail(expression)
    }

    /// Whether the expression may have no value.
    func canFail(_ expression: Expression) -> Bool {
        if expression.kind.children.contains(where: canFail) { return true }
        func isBoolean(_ part: Expression) -> Bool { type(of: part) == .bool }
        switch expression.kind {
        case .literal, .variable, .set, .record: return false
        case .not(let operand): return !isBoolean(operand)
        case .and(let operands), .or(let operands): return !operands.allSatisfy(isBoolean)
        case .conditional(let test, _, _): return !isBoolean(test)
        case .negate: return true
        case .binary(let operation, let left, let right): return canFail(operation, left, right)
        case .isEmpty(let operand): return !isSet(operand)
        case .attribute(let base, let name):
            guard case .record(let record)? = type(of: base) else { return true }
            return record[name]?.isRequired != true
        case .has(let base, let names): return canFail(base, names)
        case .like(let operand, _): return type(of: operand) != .string
        case .isType(let operand, _, let ancestor):
            return !isEntity(operand) || ancestor.map { !isEntity($0) } ?? false
        case .call(let function, let arguments): return canFail(function, arguments)
        }
    }

    private func isSet(_ expression: Expression) -> Bool {
        if case .set? = type(of: expression) { return true }
        return false
    }

    private func isEntity(_ expression: Expression) -> Bool {
        if case .entity? = type(of: expression) { return true }
        return false
    }

    private func canFail(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) -> Bool {
        switch operation {
        case .equal, .notEqual: return false
        case .less, .lessEqual, .greater, .greaterEqual:
            let ordered: [Type] = [.long, .extended("datetime"), .extended("duration")]
            guard let type = type(of: left), ordered.contains(type) else { return true }
            return self.type(of: right) != type
        case .in:
            guard isEntity(left) else { return true }
            if case .set(.entity?)? = type(of: right) { return false }
            return !isEntity(right)
        case .add, .subtract, .multiply, .getTag: return true
        case .contains: return !isSet(left)
        case .containsAll, .containsAny: return !isSet(left) || !isSet(right)
        case .hasTag: return !isEntity(left) || type(of: right) != .string
        }
    }

    /// A path of `has` passes through records and entities alone.
    private func canFail(_ base: Expression, _ names: [String]) -> Bool {
        var path = base
        for (position, name) in names.enumerated() {
            switch type(of: path) {
            case .record?, .entity?: break
            default: return true
            }
            if position + 1 < names.count, attribute(name, of: path) == nil { return true }
            path = Expression(.attribute(path, name))
        }
        return false
    }

    private func canFail(_ function: ExtensionFunction, _ arguments: [Expression]) -> Bool {
        if function.isConstructor {
            guard arguments.count == 1, case .literal(.string(let text)) = arguments[0].kind else {
                return true
            }
            return function.construct(text) == nil
        }
        switch function {
        case .offset, .durationSince, .toDate: return true
        default:
            return arguments.count != function.arity
                || arguments.contains { type(of: $0) != .extended(function.typeName) }
        }
    }
}
