// SPDX-License-Identifier: Apache-2.0

/// Reads policies from Cedar's JSON format.
struct PolicyReader {
    let values: ValueReader

    private func failure(_ place: String, _ reason: String, at span: SourceSpan) -> CedarErrors {
        values.failure(place, reason, at: span)
    }

    private func text(_ json: LocatedJSON, _ place: String) throws(CedarErrors) -> String {
        guard case .string(let text) = json.kind else {
            throw failure(place, "a text is expected", at: json.span)
        }
        return text
    }

    /// The members of an object that has no others than these.
    private func members(
        _ json: LocatedJSON, _ known: Set<String>, _ place: String
    ) throws(CedarErrors) -> [LocatedJSON.Member] {
        guard case .object(let members) = json.kind else {
            throw failure(place, "an object is expected", at: json.span)
        }
        for member in members where !known.contains(member.key) {
            throw failure(place, "unknown member `\(member.key)`", at: member.keySpan)
        }
        return members
    }

    private func member(_ json: LocatedJSON, _ key: String) throws(CedarErrors) -> LocatedJSON {
        guard let value = json[key] else {
            throw failure(key, "a member is missing", at: json.span)
        }
        return value
    }

    func policy(_ json: LocatedJSON, id: PolicyID) throws(CedarErrors) -> Policy {
        let known: Set = [
            "effect", "principal", "action", "resource", "conditions", "annotations",
        ]
        _ = try members(json, known, id)
        guard let effect = Effect(rawValue: try text(json.member("effect"), "effect")) else {
            throw failure(
                "effect", "`permit` or `forbid` is expected", at: json.member("effect").span)
        }
        var annotations: [Annotation] = []
        if let list = json["annotations"] {
            guard case .object(let members) = list.kind else {
                throw failure("annotations", "an object is expected", at: list.span)
            }
            for member in members {
                guard ValueReader.isIdentifier(member.key) else {
                    throw failure(
                        "annotations", "`\(member.key)` is not an identifier", at: member.keySpan)
                }
                var text: String?
                if case .null = member.value.kind {
                } else {
                    text = try self.text(member.value, "annotations")
                }
                annotations.append(Annotation(key: member.key, value: text))
            }
        }
        let scope = Scope(
            principal: try constraint(try member(json, "principal"), "?principal"),
            action: try action(try member(json, "action")),
            resource: try constraint(try member(json, "resource"), "?resource"),
            spans: ["principal", "action", "resource"].map { json.member($0).span })
        let list = try member(json, "conditions")
        guard case .array(let bodies) = list.kind else {
            throw failure("conditions", "an array is expected", at: list.span)
        }
        var conditions: [Condition] = []
        for body in bodies {
            _ = try members(body, ["kind", "body"], "conditions")
            let kind = try text(body.member("kind"), "kind")
            guard kind == "when" || kind == "unless" else {
                throw failure(
                    "kind", "`when` or `unless` is expected", at: body.member("kind").span)
            }
            conditions.append(
                Condition(
                    isUnless: kind == "unless", expression: try expression(body.member("body"))))
        }
        return Policy(
            id: id, effect: effect, annotations: annotations, span: json.span,
            source: values.source, scope: scope, conditions: conditions)
    }

    private func reference(_ json: LocatedJSON, _ slot: String) throws(CedarErrors)
        -> EntityReference
    {
        if json["entity"] == nil, case .string(let name)? = json["slot"]?.kind {
            guard name == slot else {
                throw failure("slot", "`\(slot)` is expected", at: json.member("slot").span)
            }
            return .slot
        }
        return .uid(try values.uid(try member(json, "entity"), at: "entity"))
    }

    private func constraint(
        _ json: LocatedJSON, _ slot: String
    ) throws(CedarErrors) -> ScopeConstraint {
        switch try text(json.member("op"), "op") {
        case "All", "all": return .any
        case "==": return .equal(try reference(json, slot))
        case "in": return .in(try reference(json, slot))
        case "is":
            let type = try typeName(json.member("entity_type"))
            guard let inner = Self.present(json["in"]) else { return .isType(type) }
            return .isTypeIn(type, try reference(inner, slot))
        default:
            throw failure("op", "`All`, `==`, `in` or `is` is expected", at: json.member("op").span)
        }
    }

    /// The value of a member that may be null instead of absent.
    private static func present(_ json: LocatedJSON?) -> LocatedJSON? {
        if case .null? = json?.kind { return nil }
        return json
    }

    private func typeName(_ json: LocatedJSON) throws(CedarErrors) -> String {
        let name = try text(json, "entity_type")
        guard ValueReader.isTypeName(name) else {
            throw failure("entity_type", "`\(name)` is not a type name", at: json.span)
        }
        return name
    }

    private func action(_ json: LocatedJSON) throws(CedarErrors) -> ActionConstraint {
        let constraint: ActionConstraint
        switch try text(json.member("op"), "op") {
        case "All", "all": constraint = .any
        case "==": constraint = .equal(try values.uid(try member(json, "entity"), at: "action"))
        case "in":
            if case .array(let elements)? = json["entities"]?.kind {
                var uids: [EntityUID] = []
                for element in elements { uids.append(try values.uid(element, at: "action")) }
                constraint = ActionConstraint(in: uids)
            } else {
                constraint = .in(try values.uid(try member(json, "entity"), at: "action"))
            }
        default:
            throw failure("op", "`All`, `==` or `in` is expected", at: json.member("op").span)
        }
        for uid in constraint.actions where !uid.isAction {
            throw failure("action", "`\(uid)` is not an action", at: json.span)
        }
        return constraint
    }

    func expression(_ json: LocatedJSON) throws(CedarErrors) -> Expression {
        guard case .object(let members) = json.kind, members.count == 1 else {
            throw failure("body", "an object with one member is expected", at: json.span)
        }
        let result = Expression(try kind(members[0].key, members[0].value), json.span)
        guard result.height <= Expression.maximumHeight else {
            throw failure("body", "the expression is nested too deeply", at: json.span)
        }
        return result
    }

    private func kind(_ name: String, _ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        switch name {
        case "Value": return try literal(json)
        case "Var":
            guard let variable = Variable(rawValue: try text(json, "Var")) else {
                throw failure("Var", "unknown variable", at: json.span)
            }
            return .variable(variable)
        case "!": return .not(try operand(json, name))
        case "neg": return .negate(try operand(json, name))
        case "isEmpty": return .isEmpty(try operand(json, name))
        case "&&", "||": return try chain(name, json)
        case "if-then-else":
            _ = try members(json, ["if", "then", "else"], name)
            return .conditional(
                try expression(try member(json, "if")),
                then: try expression(try member(json, "then")),
                else: try expression(try member(json, "else")))
        case ".":
            _ = try members(json, ["left", "attr"], name)
            return .attribute(
                try expression(try member(json, "left")), try text(json.member("attr"), "attr"))
        case "has": return try has(json)
        case "is":
            _ = try members(json, ["left", "entity_type", "in"], name)
            let ancestor = try Self.present(json["in"]).map { (inner) throws(CedarErrors) in
                try expression(inner)
            }
            return .isType(
                try expression(try member(json, "left")), try typeName(json.member("entity_type")),
                in: ancestor)
        case "like": return try like(json)
        case "Set": return .set(try list(json))
        case "Record":
            guard case .object(let members) = json.kind else {
                throw failure("Record", "an object is expected", at: json.span)
            }
            var fields: [RecordField] = []
            for member in members {
                fields.append(
                    RecordField(key: member.key, value: try expression(member.value)))
            }
            return .record(fields)
        default: return try operation(name, json)
        }
    }

    private func operation(
        _ name: String, _ json: LocatedJSON
    ) throws(CedarErrors) -> Expression.Kind {
        if let operation = BinaryOperator(rawValue: name) {
            _ = try members(json, ["left", "right"], name)
            return .binary(
                operation, try expression(try member(json, "left")),
                try expression(try member(json, "right")))
        }
        guard let function = ExtensionFunction(rawValue: name) else {
            throw failure(name, "unknown operator", at: json.span)
        }
        return .call(function, try list(json))
    }

    private func operand(_ json: LocatedJSON, _ name: String) throws(CedarErrors) -> Expression {
        _ = try members(json, ["arg"], name)
        return try expression(try member(json, "arg"))
    }

    /// A value: one with calls inside is computed only when the policy is.
    private func literal(_ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        switch json.kind {
        case .array(let elements):
            var items: [Expression] = []
            for element in elements { items.append(Expression(try literal(element), element.span)) }
            let isPlain = items.allSatisfy { if case .literal = $0.kind { true } else { false } }
            if !isPlain { return .set(items) }
        case .object(let members):
            if members.count == 1, members[0].key == "__extn",
                ValueReader.isCall(members[0].value)
            {
                return try call(members[0].value)
            }
            var fields: [RecordField] = []
            for member in members where members[0].key != "__entity" {
                let value = Expression(try literal(member.value), member.value.span)
                fields.append(RecordField(key: member.key, value: value))
            }
            let isPlain = fields.allSatisfy {
                if case .literal = $0.value.kind { true } else { false }
            }
            if !isPlain { return .record(fields) }
        default: break
        }
        return .literal(try values.value(json, nil, at: "Value"))
    }

    private func call(_ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        let name = try text(json.member("fn"), "fn")
        guard let function = ExtensionFunction(rawValue: name) else {
            throw failure(
                "Value", "`\(name)` is not an extension function", at: json.member("fn").span)
        }
        var arguments: [LocatedJSON] = json["arg"].map { [$0] } ?? []
        if case .array(let elements)? = json["args"]?.kind { arguments = elements }
        var items: [Expression] = []
        for argument in arguments { items.append(Expression(try literal(argument), argument.span)) }
        return .call(function, items)
    }

    /// One name, or the names of a path.
    private func has(_ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        _ = try members(json, ["left", "attr"], "has")
        let base = try expression(try member(json, "left"))
        guard case .array(let parts)? = json["attr"]?.kind else {
            return .has(base, [try text(json.member("attr"), "attr")])
        }
        var names: [String] = []
        for part in parts { names.append(try text(part, "attr")) }
        if names.isEmpty { throw failure("has", "a name is missing", at: json.span) }
        return .has(base, names)
    }

    private func list(_ json: LocatedJSON) throws(CedarErrors) -> [Expression] {
        guard case .array(let elements) = json.kind else {
            throw failure("arguments", "an array is expected", at: json.span)
        }
        var result: [Expression] = []
        for element in elements { result.append(try expression(element)) }
        return result
    }

    private func chain(_ name: String, _ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        _ = try members(json, ["left", "right"], name)
        let left = try expression(try member(json, "left"))
        let right = try expression(try member(json, "right"))
        switch (name, left.kind) {
        case ("&&", .and(let operands)): return .and(operands + [right])
        case ("||", .or(let operands)): return .or(operands + [right])
        default: return name == "&&" ? .and([left, right]) : .or([left, right])
        }
    }

    private func like(_ json: LocatedJSON) throws(CedarErrors) -> Expression.Kind {
        _ = try members(json, ["left", "pattern"], "like")
        let list = try member(json, "pattern")
        guard case .array(let parts) = list.kind else {
            throw failure("pattern", "an array is expected", at: list.span)
        }
        var elements: [Unicode.Scalar?] = []
        for part in parts {
            if case .string("Wildcard") = part.kind {
                elements.append(nil)
            } else {
                _ = try members(part, ["Literal"], "pattern")
                elements += try text(part.member("Literal"), "Literal").unicodeScalars.map { $0 }
            }
        }
        return .like(try expression(try member(json, "left")), Pattern(elements: elements))
    }
}
