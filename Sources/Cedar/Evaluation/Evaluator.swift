// SPDX-License-Identifier: Apache-2.0

/// Computes the value of an expression: the reading of Cedar's semantics, operator by operator.
package struct Evaluator {
    let request: Request
    let entities: Entities

    package init(request: Request, entities: Entities) {
        self.request = request
        self.entities = entities
    }

    package func evaluate(_ expression: Expression) throws(EvaluationError) -> Value {
        switch expression.kind {
        case .literal(let value): return value
        case .variable(let variable): return value(of: variable)
        case .not(let operand): return .bool(!(try bool(operand)))
        case .negate(let operand):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(try int(operand))
            if overflow { throw failure(.overflow, ["neg", "\(Int64.min)"], expression) }
            return .int(result)
        case .and(let operands):
            for operand in operands where !(try bool(operand)) { return .bool(false) }
            return .bool(true)
        case .or(let operands):
            for operand in operands where try bool(operand) { return .bool(true) }
            return .bool(false)
        case .conditional(let test, let yes, let no):
            return try evaluate(try bool(test) ? yes : no)
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right, expression)
        case .isEmpty(let operand): return .bool(try set(operand).elements.isEmpty)
        case .attribute(let base, let name):
            return try attribute(name, of: try evaluate(base), expression)
        case .has(let base, let names): return .bool(try has(base, names))
        case .like(let operand, let pattern):
            return .bool(pattern.matches(try string(operand)))
        case .isType(let operand, let type, let ancestor):
            let uid = try entity(operand)
            guard uid.type.hasSameBytes(as: type) else { return .bool(false) }
            guard let ancestor else { return .bool(true) }
            return .bool(try isIn(uid, try evaluate(ancestor), ancestor))
        case .set(let elements):
            var values: [Value] = []
            for element in elements { values.append(try evaluate(element)) }
            return .set(ValueSet(values))
        case .record(let fields):
            return .record(try record(fields))
        case .call(let function, let arguments):
            return try call(function, arguments, expression)
        }
    }

    /// The fields are evaluated in the order of their keys: the first that fails is reported.
    private func record(_ fields: [RecordField]) throws(EvaluationError) -> Record {
        var values: [(String, Value)] = []
        for field in fields.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            values.append((field.key, try evaluate(field.value)))
        }
        return Record(values)
    }

    private func value(of variable: Variable) -> Value {
        switch variable {
        case .principal: .entity(request.principal)
        case .action: .entity(request.action)
        case .resource: .entity(request.resource)
        case .context: .record(request.context)
        }
    }

    func failure(
        _ code: EvaluationError.Code, _ facts: [String], _ expression: Expression
    ) -> EvaluationError {
        EvaluationError(code: code, facts: facts, span: expression.span)
    }

    func mismatch(
        _ expected: String, _ value: Value, _ expression: Expression
    ) -> EvaluationError {
        mismatch([expected], value, expression)
    }

    func mismatch(
        _ expected: [String], _ value: Value, _ expression: Expression
    ) -> EvaluationError {
        failure(.typeMismatch, expected + [value.typeName], expression)
    }

    /// How messages name the type of any entity.
    static let entityType = "(entity of type `any_entity_type`)"

    func bool(_ expression: Expression) throws(EvaluationError) -> Bool {
        let value = try evaluate(expression)
        guard case .bool(let bool) = value else { throw mismatch("bool", value, expression) }
        return bool
    }

    func int(_ expression: Expression) throws(EvaluationError) -> Int64 {
        let value = try evaluate(expression)
        guard case .int(let int) = value else { throw mismatch("long", value, expression) }
        return int
    }

    func string(_ expression: Expression) throws(EvaluationError) -> String {
        let value = try evaluate(expression)
        guard case .string(let text) = value else { throw mismatch("string", value, expression) }
        return text
    }

    func set(_ expression: Expression) throws(EvaluationError) -> ValueSet {
        let value = try evaluate(expression)
        guard case .set(let set) = value else { throw mismatch("set", value, expression) }
        return set
    }

    func entity(_ expression: Expression) throws(EvaluationError) -> EntityUID {
        let value = try evaluate(expression)
        guard case .entity(let uid) = value else {
            throw mismatch(Self.entityType, value, expression)
        }
        return uid
    }

    private func attribute(
        _ name: String, of base: Value, _ expression: Expression
    ) throws(EvaluationError) -> Value {
        switch base {
        case .record(let record):
            if let value = record[name] { return value }
            throw failure(.missingAttribute, ["", name], expression)
        case .entity(let uid):
            guard let entity = entities[uid] else {
                throw failure(.missingEntity, [uid.description], expression)
            }
            if let value = entity.attributes[name] { return value }
            throw failure(.missingAttribute, [uid.description, name], expression)
        default: throw mismatch(["record", Self.entityType], base, expression)
        }
    }

    /// `e has a.b.c` means `e has a && e.a has b && e.a.b has c`.
    private func has(_ base: Expression, _ names: [String]) throws(EvaluationError) -> Bool {
        var value = try evaluate(base)
        for name in names {
            let next: Value?
            switch value {
            case .record(let record): next = record[name]
            case .entity(let uid): next = entities[uid]?.attributes[name]
            default: throw mismatch(["record", Self.entityType], value, base)
            }
            guard let next else { return false }
            value = next
        }
        return true
    }

    func isIn(_ uid: EntityUID, _ ancestor: EntityUID) -> Bool {
        uid == ancestor || entities[uid]?.ancestors.contains(ancestor) ?? false
    }

    func isIn(
        _ uid: EntityUID, _ target: Value, _ expression: Expression
    ) throws(EvaluationError) -> Bool {
        switch target {
        case .entity(let ancestor): return isIn(uid, ancestor)
        case .set(let set):
            var ancestors: [EntityUID] = []
            for element in set.elements {
                guard case .entity(let ancestor) = element else {
                    throw mismatch(Self.entityType, element, expression)
                }
                ancestors.append(ancestor)
            }
            return ancestors.contains { isIn(uid, $0) }
        default: throw mismatch(["set", Self.entityType], target, expression)
        }
    }
}
