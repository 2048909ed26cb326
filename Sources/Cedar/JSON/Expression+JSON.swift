// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// The expression in Cedar's JSON format of policies.
    var json: JSONValue {
        switch kind {
        case .literal(let value): return .single("Value", value.json)
        case .variable(let variable): return .single("Var", .string(variable.rawValue))
        case .not(let operand): return Self.unary("!", operand)
        case .negate(let operand): return Self.unary("neg", operand)
        case .isEmpty(let operand): return Self.unary("isEmpty", operand)
        case .and(let operands): return Self.chain("&&", operands)
        case .or(let operands): return Self.chain("||", operands)
        case .conditional(let test, let yes, let no):
            return .single(
                "if-then-else",
                .object([("if", test.json), ("then", yes.json), ("else", no.json)]))
        case .binary(let operation, let left, let right):
            return Self.binary(operation.rawValue, left.json, right.json)
        case .attribute(let base, let name): return Self.access(".", base.json, name)
        case .has(let base, let names): return Self.has(base, names)
        case .like(let operand, let pattern):
            return .single(
                "like", .object([("left", operand.json), ("pattern", pattern.json)]))
        case .isType(let operand, let type, let ancestor):
            var members: [(key: String, value: JSONValue)] = [
                ("left", operand.json), ("entity_type", .string(type)),
            ]
            if let ancestor { members.append(("in", ancestor.json)) }
            return .single("is", .object(members))
        case .set(let elements): return .single("Set", .array(elements.map(\.json)))
        case .record(let fields):
            return .single("Record", .object(fields.map { ($0.key, $0.value.json) }))
        case .call(let function, let arguments):
            return .single(function.rawValue, .array(arguments.map(\.json)))
        }
    }

    private static func unary(_ name: String, _ operand: Expression) -> JSONValue {
        .single(name, .single("arg", operand.json))
    }

    private static func binary(
        _ name: String, _ left: JSONValue, _ right: JSONValue
    ) -> JSONValue {
        .single(name, .object([("left", left), ("right", right)]))
    }

    private static func chain(_ name: String, _ operands: [Expression]) -> JSONValue {
        var result = operands[0].json
        for operand in operands.dropFirst() { result = binary(name, result, operand.json) }
        return result
    }

    private static func access(
        _ name: String, _ base: JSONValue, _ attribute: String
    ) -> JSONValue {
        .single(name, .object([("left", base), ("attr", .string(attribute))]))
    }

    /// `e has a.b` is written as the conjunction that it is short for.
    private static func has(_ base: Expression, _ names: [String]) -> JSONValue {
        var path = base.json
        // The list of names instead, where the base would double at each step of a nest.
        if names.count > 1, path.isLarger(than: 1_000) {
            let list = JSONValue.array(names.map(JSONValue.string))
            return .single("has", .object([("left", path), ("attr", list)]))
        }
        var result: JSONValue?
        for name in names {
            let test = access("has", path, name)
            result = result.map { binary("&&", $0, test) } ?? test
            path = access(".", path, name)
        }
        return result ?? .null
    }
}

extension Pattern {
    /// One element for each wildcard and each code point.
    var json: JSONValue {
        .array(
            elements.map { element in
                element.map { .single("Literal", .string(String($0))) } ?? .string("Wildcard")
            })
    }
}

extension Policy {
    /// The policy in Cedar's JSON format.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("effect", .string(effect.rawValue)),
            ("principal", Self.json(scope.principal, slot: "?principal")),
            ("action", actionJSON),
            ("resource", Self.json(scope.resource, slot: "?resource")),
            (
                "conditions",
                .array(
                    conditions.map {
                        .object([
                            ("kind", .string($0.isUnless ? "unless" : "when")),
                            ("body", $0.expression.json),
                        ])
                    })
            ),
        ]
        if !annotations.isEmpty {
            members.append(
                (
                    "annotations",
                    .object(annotations.map { ($0.key, $0.value.map(JSONValue.string) ?? .null) })
                ))
        }
        return .object(members)
    }

    private static func json(_ constraint: ScopeConstraint, slot: String) -> JSONValue {
        func member(_ reference: EntityReference) -> (key: String, value: JSONValue) {
            guard case .uid(let uid) = reference else { return ("slot", .string(slot)) }
            return ("entity", uid.json)
        }
        switch constraint {
        case .any: return .single("op", .string("All"))
        case .equal(let reference): return .object([("op", .string("==")), member(reference)])
        case .in(let reference): return .object([("op", .string("in")), member(reference)])
        case .isType(let type):
            return .object([("op", .string("is")), ("entity_type", .string(type))])
        case .isTypeIn(let type, let reference):
            return .object([
                ("op", .string("is")), ("entity_type", .string(type)),
                ("in", .object([member(reference)])),
            ])
        }
    }

    private var actionJSON: JSONValue {
        switch scope.action {
        case .any: .single("op", .string("All"))
        case .equal(let uid): .object([("op", .string("==")), ("entity", uid.json)])
        case .in(let uid): .object([("op", .string("in")), ("entity", uid.json)])
        case .inAny(let uids):
            .object([("op", .string("in")), ("entities", .array(uids.map(\.json)))])
        }
    }
}

extension PolicySet {
    /// The set in Cedar's JSON format: policies, templates and links by name.
    public var jsonText: String {
        let fixed = policies.filter { $0.link == nil }
        let links: [JSONValue] = policies.compactMap { policy in
            guard let link = policy.link else { return nil }
            var values: [(key: String, value: JSONValue)] = []
            if let uid = link.principal {
                values.append(("?principal", .single("__entity", uid.json)))
            }
            if let uid = link.resource {
                values.append(("?resource", .single("__entity", uid.json)))
            }
            return .object([
                ("templateId", .string(link.templateID)), ("newId", .string(policy.id)),
                ("values", .object(values)),
            ])
        }
        return JSONValue.object([
            ("staticPolicies", .object(fixed.map { ($0.id, $0.json) })),
            ("templates", .object(templates.map { ($0.id, $0.json) })),
            ("templateLinks", .array(links)),
        ]).serialized
    }
}
