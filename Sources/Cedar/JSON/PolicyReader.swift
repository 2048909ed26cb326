// SPDX-License-Identifier: Apache-2.0

/// Reads policies from Cedar's JSON format.
struct PolicyReader {
    let values: ValueReader

    private func failure(_ place: String, _ reason: String) -> CedarErrors {
        values.failure(place, reason)
    }

    private func text(_ json: JSONValue?, _ place: String) throws(CedarErrors) -> String {
        guard case .string(let text)? = json else { throw failure(place, "a text is expected") }
        return text
    }

    private func member(_ json: JSONValue, _ key: String) throws(CedarErrors) -> JSONValue {
        guard let value = json[key] else { throw failure(key, "a member is missing") }
        return value
    }

    func policy(_ json: JSONValue, id: PolicyID) throws(CedarErrors) -> Policy {
        guard let effect = Effect(rawValue: try text(json["effect"], "effect")) else {
            throw failure("effect", "`permit` or `forbid` is expected")
        }
        var annotations: [Annotation] = []
        if case .object(let members)? = json["annotations"] {
            for (key, value) in members {
                var text: String?
                if case .null = value {} else { text = try self.text(value, "annotations") }
                annotations.append(Annotation(key: key, value: text))
            }
        }
        let scope = Scope(
            principal: try constraint(try member(json, "principal"), "?principal"),
            action: try action(try member(json, "action")),
            resource: try constraint(try member(json, "resource"), "?resource"),
            spans: [.none, .none, .none])
        guard case .array(let bodies) = try member(json, "conditions") else {
            throw failure("conditions", "an array is expected")
        }
        var conditions: [Condition] = []
        for body in bodies {
            let kind = try text(body["kind"], "kind")
            guard kind == "when" || kind == "unless" else {
                throw failure("kind", "`when` or `unless` is expected")
            }
            conditions.append(
                Condition(
                    isUnless: kind == "unless", expression: try expression(body["body"] ?? .null)))
        }
        return Policy(
            id: id, effect: effect, annotations: annotations, span: .none,
            source: values.source, scope: scope, conditions: conditions)
    }

    private func reference(_ json: JSONValue, _ slot: String) throws(CedarErrors) -> EntityReference
    {
        if case .string(let name)? = json["slot"] {
            guard name == slot else { throw failure("slot", "`\(slot)` is expected") }
            return .slot
        }
        return .uid(try values.uid(try member(json, "entity"), at: "entity"))
    }

    private func constraint(
        _ json: JSONValue, _ slot: String
    ) throws(CedarErrors) -> ScopeConstraint {
        switch try text(json["op"], "op") {
        case "All": return .any
        case "==": return .equal(try reference(json, slot))
        case "in": return .in(try reference(json, slot))
        case "is":
            let type = try typeName(json["entity_type"])
            guard let inner = json["in"] else { return .isType(type) }
            return .isTypeIn(type, try reference(inner, slot))
        default: throw failure("op", "`All`, `==`, `in` or `is` is expected")
        }
    }

    private func typeName(_ json: JSONValue?) throws(CedarErrors) -> String {
        let name = try text(json, "entity_type")
        guard ValueReader.isTypeName(name) else {
            throw failure("entity_type", "`\(name)` is not a type name")
        }
        return name
    }

    private func action(_ json: JSONValue) throws(CedarErrors) -> ActionConstraint {
        let constraint: ActionConstraint
        switch try text(json["op"], "op") {
        case "All": constraint = .any
        case "==": constraint = .equal(try values.uid(try member(json, "entity"), at: "action"))
        case "in":
            if case .array(let elements)? = json["entities"] {
                var uids: [EntityUID] = []
                for element in elements { uids.append(try values.uid(element, at: "action")) }
                constraint = .inAny(uids)
            } else {
                constraint = .in(try values.uid(try member(json, "entity"), at: "action"))
            }
        default: throw failure("op", "`All`, `==` or `in` is expected")
        }
        for uid in constraint.actions where !uid.isAction {
            throw failure("action", "`\(uid)` is not an action")
        }
        return constraint
    }

    func expression(_ json: JSONValue) throws(CedarErrors) -> Expression {
        guard case .object(let members) = json, members.count == 1 else {
            throw failure("body", "an object with one member is expected")
        }
        let result = Expression(try kind(members[0].key, members[0].value))
        guard result.height <= Expression.maximumHeight else {
            throw failure("body", "the expression is nested too deeply")
        }
        return result
    }

    private func kind(_ name: String, _ json: JSONValue) throws(CedarErrors) -> Expression.Kind {
        switch name {
        case "Value": return .literal(try values.value(json, nil, at: "Value"))
        case "Var":
            guard let variable = Variable(rawValue: try text(json, "Var")) else {
                throw failure("Var", "unknown variable")
            }
            return .variable(variable)
        case "!": return .not(try expression(try member(json, "arg")))
        case "neg": return .negate(try expression(try member(json, "arg")))
        case "isEmpty": return .isEmpty(try expression(try member(json, "arg")))
        case "&&", "||": return try chain(name, json)
        case "if-then-else":
            return .conditional(
                try expression(try member(json, "if")),
                then: try expression(try member(json, "then")),
                else: try expression(try member(json, "else")))
        case ".":
            return .attribute(
                try expression(try member(json, "left")), try text(json["attr"], "attr"))
        case "has":
            return .has(
                try expression(try member(json, "left")), [try text(json["attr"], "attr")])
        case "is":
            let ancestor = try json["in"].map { (inner) throws(CedarErrors) in
                try expression(inner)
            }
            return .isType(
                try expression(try member(json, "left")), try typeName(json["entity_type"]),
                in: ancestor)
        case "like": return try like(json)
        case "Set": return .set(try list(json))
        case "Record":
            guard case .object(let members) = json else {
                throw failure("Record", "an object is expected")
            }
            var fields: [RecordField] = []
            for (key, value) in members {
                fields.append(RecordField(key: key, value: try expression(value)))
            }
            return .record(fields)
        default: return try operation(name, json)
        }
    }

    private func operation(
        _ name: String, _ json: JSONValue
    ) throws(CedarErrors) -> Expression.Kind {
        if let operation = BinaryOperator(rawValue: name) {
            return .binary(
                operation, try expression(try member(json, "left")),
                try expression(try member(json, "right")))
        }
        guard let function = ExtensionFunction(rawValue: name) else {
            throw failure(name, "unknown operator")
        }
        let arguments = try list(json)
        if !function.isConstructor, arguments.isEmpty {
            throw failure(name, "a receiver is missing")
        }
        return .call(function, arguments)
    }

    private func list(_ json: JSONValue) throws(CedarErrors) -> [Expression] {
        guard case .array(let elements) = json else {
            throw failure("arguments", "an array is expected")
        }
        var result: [Expression] = []
        for element in elements { result.append(try expression(element)) }
        return result
    }

    private func chain(_ name: String, _ json: JSONValue) throws(CedarErrors) -> Expression.Kind {
        let left = try expression(try member(json, "left"))
        let right = try expression(try member(json, "right"))
        switch (name, left.kind) {
        case ("&&", .and(let operands)): return .and(operands + [right])
        case ("||", .or(let operands)): return .or(operands + [right])
        default: return name == "&&" ? .and([left, right]) : .or([left, right])
        }
    }

    private func like(_ json: JSONValue) throws(CedarErrors) -> Expression.Kind {
        guard case .array(let parts) = try member(json, "pattern") else {
            throw failure("pattern", "an array is expected")
        }
        var elements: [Unicode.Scalar?] = []
        for part in parts {
            if case .string("Wildcard") = part {
                elements.append(nil)
            } else {
                elements += try text(part["Literal"], "Literal").unicodeScalars.map { $0 }
            }
        }
        return .like(try expression(try member(json, "left")), Pattern(elements: elements))
    }
}

extension PolicySet {
    /// Reads a set from Cedar's JSON format.
    ///
    /// - Throws: `CedarErrors` for anything else, and for links that do not fit their templates.
    public init(json text: String, file: String = "policies.json") throws(CedarErrors) {
        let values = ValueReader(source: Source(file: file, text: text))
        let reader = PolicyReader(values: values)
        let json = try JSONValue(parsing: text, file: file)
        var policies: [Policy] = []
        var templates: [Policy] = []
        if case .object(let members)? = json["staticPolicies"] {
            for (id, body) in members { policies.append(try reader.policy(body, id: id)) }
        }
        if case .object(let members)? = json["templates"] {
            for (id, body) in members { templates.append(try reader.policy(body, id: id)) }
        }
        guard !policies.contains(where: \.isTemplate), templates.allSatisfy(\.isTemplate) else {
            throw values.failure("templates", "policies with slots, and only those, are templates")
        }
        self.init(policies: policies, templates: templates)
        guard case .array(let links)? = json["templateLinks"] else { return }
        for link in links {
            guard case .string(let template)? = link["templateId"],
                case .string(let id)? = link["newId"], let filled = link["values"]
            else { throw values.failure("templateLinks", "`templateId`, `newId`, `values`") }
            let principal = try filled["?principal"].map { (uid) throws(CedarErrors) in
                try values.uid(uid, at: "?principal")
            }
            let resource = try filled["?resource"].map { (uid) throws(CedarErrors) in
                try values.uid(uid, at: "?resource")
            }
            guard self.link(template: template, as: id, principal: principal, resource: resource)
            else { throw values.failure("templateLinks", "`\(id)` does not fit its template") }
        }
    }
}
