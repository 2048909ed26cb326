// SPDX-License-Identifier: Apache-2.0

/// Reads schemas from Cedar's JSON format into the same form as the text format.
struct SchemaReader {
    let values: ValueReader

    private func failure(_ place: String, _ reason: String) -> CedarErrors {
        values.failure(place, reason)
    }

    private func members(
        _ json: JSONValue?, _ place: String
    ) throws(CedarErrors) -> [(key: String, value: JSONValue)] {
        switch json {
        case nil: return []
        case .object(let members)?: return members
        default: throw failure(place, "an object is expected")
        }
    }

    private func text(_ json: JSONValue?, _ place: String) throws(CedarErrors) -> String {
        guard case .string(let text)? = json else { throw failure(place, "a text is expected") }
        return text
    }

    private func texts(_ json: JSONValue?, _ place: String) throws(CedarErrors) -> [String] {
        guard let json else { return [] }
        guard case .array(let elements) = json else {
            throw failure(place, "an array is expected")
        }
        var result: [String] = []
        for element in elements { result.append(try text(element, place)) }
        return result
    }

    /// Refuses members that the format does not have: they are spelling mistakes.
    private func check(
        _ members: [(key: String, value: JSONValue)], _ known: Set<String>, _ place: String
    ) throws(CedarErrors) {
        for (key, _) in members where !known.contains(key) {
            throw failure(place, "unknown member `\(key)`")
        }
    }

    private func name(_ text: String, _ place: String) throws(CedarErrors) -> String {
        guard ValueReader.isTypeName(text) else {
            throw failure(place, "`\(text)` is not a name")
        }
        return text
    }

    func document(_ json: JSONValue, _ source: Source) throws(CedarErrors) -> SchemaDocument {
        var document = SchemaDocument(source: source)
        for (key, body) in try members(json, "schema") {
            let parts = try members(body, key)
            try check(parts, ["commonTypes", "entityTypes", "actions", "annotations"], key)
            for part in ["entityTypes", "actions"] where body[part] == nil {
                throw failure(key, "missing member `\(part)`")
            }
            var namespace = SchemaNamespace(
                name: key.isEmpty ? key : try name(key, "schema"),
                annotations: try annotations(body))
            for (typeName, type) in try members(body["commonTypes"], "commonTypes") {
                namespace.commonTypes.append(
                    CommonTypeDeclaration(
                        name: try identifier(typeName, "commonTypes"),
                        type: try self.type(type, ["annotations"]),
                        annotations: try annotations(type), span: .none))
            }
            for (typeName, entity) in try members(body["entityTypes"], "entityTypes") {
                namespace.entityTypes.append(
                    try self.entity(try identifier(typeName, "entityTypes"), entity))
            }
            for (id, action) in try members(body["actions"], "actions") {
                namespace.actions.append(try self.action(id, action))
            }
            document.namespaces.append(namespace)
        }
        return document
    }

    /// A name without namespace.
    private func identifier(_ text: String, _ place: String) throws(CedarErrors) -> String {
        if text.contains("::") { throw failure(place, "`\(text)` has a namespace") }
        return try name(text, place)
    }

    private func annotations(
        _ json: JSONValue
    ) throws(CedarErrors) -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        for (key, value) in try members(json["annotations"], "annotations") {
            guard ValueReader.isIdentifier(key) else {
                throw failure("annotations", "`\(key)` is not an identifier")
            }
            if case .null = value {
                result.append((key, ""))
            } else {
                result.append((key, try text(value, "annotations")))
            }
        }
        return result
    }

    private func entity(
        _ name: String, _ json: JSONValue
    ) throws(CedarErrors) -> EntityDeclaration {
        let isEnumerated = json["enum"] != nil
        let known: Set<String> =
            isEnumerated
            ? ["enum", "annotations"] : ["memberOfTypes", "shape", "tags", "annotations"]
        try check(try members(json, name), known, name)
        var entity = EntityDeclaration(
            name: name, annotations: try annotations(json), span: .none)
        entity.parents = try texts(json["memberOfTypes"], name)
        for parent in entity.parents { _ = try self.name(parent, name) }
        if let shape = json["shape"] { entity.shape = try type(shape) }
        if let tags = json["tags"] { entity.tags = try type(tags) }
        if isEnumerated {
            let ids = try texts(json["enum"], name)
            if ids.isEmpty { throw failure(name, "an enumerated type needs identifiers") }
            entity.enumeration = ids
        }
        return entity
    }

    private func action(_ id: String, _ json: JSONValue) throws(CedarErrors) -> ActionDeclaration {
        let known: Set = ["memberOf", "appliesTo", "annotations"]
        try check(try members(json, id), known, id)
        var action = ActionDeclaration(name: id, annotations: try annotations(json), span: .none)
        switch json["memberOf"] {
        case nil, .null?: break
        case .array(let parents)?:
            for parent in parents { action.parents.append(try reference(parent, id)) }
        default: throw failure(id, "`memberOf` must be an array")
        }
        switch json["appliesTo"] {
        case nil, .null?: break
        case let applies?:
            let parts: Set = ["principalTypes", "resourceTypes", "context"]
            try check(try members(applies, id), parts, id)
            for part in ["principalTypes", "resourceTypes"] where applies[part] == nil {
                throw failure(id, "missing member `\(part)`")
            }
            action.principals = try texts(applies["principalTypes"], id)
            action.resources = try texts(applies["resourceTypes"], id)
            if let context = applies["context"] { action.context = try type(context) }
        }
        return action
    }

    private func reference(
        _ json: JSONValue, _ place: String
    ) throws(CedarErrors) -> ActionReference {
        try check(try members(json, place), ["id", "type"], place)
        let type = try json["type"].map { (type) throws(CedarErrors) in try text(type, place) }
        return ActionReference(type: type, id: try text(json["id"], place))
    }

    /// A type; `others` are the members that may stand beside those of the type itself.
    private func type(
        _ json: JSONValue, _ others: Set<String> = []
    ) throws(CedarErrors) -> TypeExpression {
        let kind = try text(json["type"], "type")
        let own: Set<String> =
            switch kind {
            case "Set": ["element"]
            case "Entity", "Extension", "EntityOrCommon": ["name"]
            case "Record": ["attributes", "additionalAttributes"]
            default: []
            }
        try check(try members(json, kind), own.union(others).union(["type"]), kind)
        switch kind {
        case "Bool", "Boolean": return .primitive("Bool")
        case "Long", "String": return .primitive(kind)
        case "Set":
            guard let element = json["element"] else {
                throw failure("Set", "missing member `element`")
            }
            return .set(try type(element))
        case "Entity": return .entity(try name(try text(json["name"], "name"), "Entity"))
        case "Extension": return .extended(try text(json["name"], "name"))
        case "EntityOrCommon": return .name(try reference(json["name"]), .none)
        case "Record": return .record(try attributes(json))
        default: return .common(try reference(json["type"]))
        }
    }

    /// The name of a type, which may begin with `__cedar`.
    private func reference(_ json: JSONValue?) throws(CedarErrors) -> String {
        let text = try text(json, "type")
        let plain = text.hasPrefix("__cedar::") ? String(text.dropFirst(9)) : text
        _ = try name(plain, "type")
        return text
    }

    private func attributes(_ json: JSONValue) throws(CedarErrors) -> [AttributeDeclaration] {
        if let flag = json["additionalAttributes"], case .bool(true) = flag {
            throw failure("Record", "`additionalAttributes` is not supported")
        }
        guard let declared = json["attributes"] else {
            throw failure("Record", "missing member `attributes`")
        }
        var attributes: [AttributeDeclaration] = []
        for (key, attribute) in try members(declared, "attributes") {
            var isRequired = true
            if let flag = attribute["required"] {
                guard case .bool(let value) = flag else {
                    throw failure(key, "`required` must be a Boolean")
                }
                isRequired = value
            }
            attributes.append(
                AttributeDeclaration(
                    name: key, type: try type(attribute, ["required", "annotations"]),
                    isRequired: isRequired, annotations: try annotations(attribute)))
        }
        return attributes
    }
}
