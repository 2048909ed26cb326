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
            var namespace = SchemaNamespace(
                name: key.isEmpty ? key : try name(key, "schema"),
                annotations: try annotations(body))
            for (typeName, type) in try members(body["commonTypes"], "commonTypes") {
                namespace.commonTypes.append(
                    CommonTypeDeclaration(
                        name: try name(typeName, "commonTypes"), type: try self.type(type),
                        annotations: try annotations(type), span: .none))
            }
            for (typeName, entity) in try members(body["entityTypes"], "entityTypes") {
                namespace.entityTypes.append(
                    try self.entity(try name(typeName, "entityTypes"), entity))
            }
            for (id, action) in try members(body["actions"], "actions") {
                namespace.actions.append(try self.action(id, action))
            }
            document.namespaces.append(namespace)
        }
        return document
    }

    private func annotations(
        _ json: JSONValue
    ) throws(CedarErrors) -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        for (key, value) in try members(json["annotations"], "annotations") {
            result.append((key, try text(value, "annotations")))
        }
        return result
    }

    private func entity(
        _ name: String, _ json: JSONValue
    ) throws(CedarErrors) -> EntityDeclaration {
        let known: Set = ["memberOfTypes", "shape", "tags", "enum", "annotations"]
        try check(try members(json, name), known, name)
        var entity = EntityDeclaration(
            name: name, annotations: try annotations(json), span: .none)
        entity.parents = try texts(json["memberOfTypes"], name)
        if let shape = json["shape"] { entity.shape = try type(shape) }
        if let tags = json["tags"] { entity.tags = try type(tags) }
        if json["enum"] != nil {
            entity.enumeration = try texts(json["enum"], name)
            let isPlain = entity.parents.isEmpty && entity.shape == nil && entity.tags == nil
            guard entity.enumeration?.isEmpty == false, isPlain else {
                throw failure(name, "an enumerated type has identifiers and nothing else")
            }
        }
        return entity
    }

    private func action(_ id: String, _ json: JSONValue) throws(CedarErrors) -> ActionDeclaration {
        let known: Set = ["memberOf", "appliesTo", "attributes", "annotations"]
        try check(try members(json, id), known, id)
        var action = ActionDeclaration(name: id, annotations: try annotations(json), span: .none)
        if case .array(let parents)? = json["memberOf"] {
            for parent in parents {
                let type = try parent["type"].map { (type) throws(CedarErrors) in
                    try text(type, id)
                }
                action.parents.append(
                    ActionReference(type: type, id: try text(parent["id"], id)))
            }
        }
        if let applies = json["appliesTo"] {
            let parts: Set = ["principalTypes", "resourceTypes", "context"]
            try check(try members(applies, id), parts, id)
            action.principals = try texts(applies["principalTypes"], id)
            action.resources = try texts(applies["resourceTypes"], id)
            if let context = applies["context"] { action.context = try type(context) }
        }
        return action
    }

    private func type(_ json: JSONValue) throws(CedarErrors) -> TypeExpression {
        switch try text(json["type"], "type") {
        case "Bool", "Boolean": return .primitive("Bool")
        case "Long": return .primitive("Long")
        case "String": return .primitive("String")
        case "Set":
            guard let element = json["element"] else {
                throw failure("Set", "`element` is missing")
            }
            return .set(try type(element))
        case "Entity": return .entity(try name(try text(json["name"], "name"), "Entity"))
        case "Extension": return .extended(try text(json["name"], "name"))
        case "EntityOrCommon": return .name(try text(json["name"], "name"), .none)
        case "Record":
            if let flag = json["additionalAttributes"], case .bool(true) = flag {
                throw failure("Record", "`additionalAttributes` is not supported")
            }
            var attributes: [AttributeDeclaration] = []
            for (key, attribute) in try members(json["attributes"], "attributes") {
                var isRequired = true
                if case .bool(let flag)? = attribute["required"] { isRequired = flag }
                attributes.append(
                    AttributeDeclaration(
                        name: key, type: try type(attribute), isRequired: isRequired,
                        annotations: try annotations(attribute)))
            }
            return .record(attributes)
        case let common: return .name(try name(common, "type"), .none)
        }
    }
}
