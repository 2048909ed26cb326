// SPDX-License-Identifier: Apache-2.0

/// Reads schemas from Cedar's JSON format into the same form as the text format.
struct SchemaReader {
    let values: ValueReader

    private func failure(_ place: String, _ reason: String, at span: SourceSpan) -> CedarErrors {
        values.failure(place, reason, at: span)
    }

    private func members(
        _ json: LocatedJSON?, _ place: String
    ) throws(CedarErrors) -> [LocatedJSON.Member] {
        if case .object(let members)? = json?.kind { return members }
        switch json {
        case nil: return []
        case let json?: throw failure(place, "an object is expected", at: json.span)
        }
    }

    private func text(_ json: LocatedJSON, _ place: String) throws(CedarErrors) -> String {
        guard case .string(let text) = json.kind else {
            throw failure(place, "a text is expected", at: json.span)
        }
        return text
    }

    private func texts(_ json: LocatedJSON?, _ place: String) throws(CedarErrors) -> [String] {
        guard let json else { return [] }
        guard case .array(let elements) = json.kind else {
            throw failure(place, "an array is expected", at: json.span)
        }
        var result: [String] = []
        for element in elements { result.append(try text(element, place)) }
        return result
    }

    /// Refuses members that the format does not have: they are spelling mistakes.
    private func check(
        _ members: [LocatedJSON.Member], _ known: Set<String>, _ place: String
    ) throws(CedarErrors) {
        for member in members where !known.contains(member.key) {
            throw failure(place, "unknown member `\(member.key)`", at: member.keySpan)
        }
    }

    private func name(
        _ text: String, _ place: String, at span: SourceSpan
    ) throws(CedarErrors) -> String {
        guard ValueReader.isTypeName(text) else {
            throw failure(place, "`\(text)` is not a name", at: span)
        }
        return text
    }

    func document(_ json: LocatedJSON, _ source: Source) throws(CedarErrors) -> SchemaDocument {
        var document = SchemaDocument(source: source)
        for member in try members(json, "schema") {
            let (key, body) = (member.key, member.value)
            let parts = try members(body, key)
            try check(parts, ["commonTypes", "entityTypes", "actions", "annotations"], key)
            for part in ["entityTypes", "actions"] where body[part] == nil {
                throw failure(key, "missing member `\(part)`", at: body.span)
            }
            var namespace = SchemaNamespace(
                name: key.isEmpty ? key : try name(key, "schema", at: member.keySpan),
                annotations: try annotations(body))
            for member in try members(body["commonTypes"], "commonTypes") {
                let type = member.value
                namespace.commonTypes.append(
                    CommonTypeDeclaration(
                        name: try identifier(member, "commonTypes"),
                        type: try self.type(type, ["annotations"]),
                        annotations: try annotations(type), span: member.keySpan))
            }
            for member in try members(body["entityTypes"], "entityTypes") {
                namespace.entityTypes.append(
                    try entity(
                        try identifier(member, "entityTypes"), member.value, member.keySpan))
            }
            for member in try members(body["actions"], "actions") {
                namespace.actions.append(try action(member.key, member.value, member.keySpan))
            }
            document.namespaces.append(namespace)
        }
        return document
    }

    /// A name without namespace.
    private func identifier(
        _ member: LocatedJSON.Member, _ place: String
    ) throws(CedarErrors) -> String {
        if member.key.contains("::") {
            throw failure(place, "`\(member.key)` has a namespace", at: member.keySpan)
        }
        return try name(member.key, place, at: member.keySpan)
    }

    private func annotations(
        _ json: LocatedJSON
    ) throws(CedarErrors) -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        for member in try members(json["annotations"], "annotations") {
            let (key, value) = (member.key, member.value)
            guard ValueReader.isIdentifier(key) else {
                throw failure(
                    "annotations", "`\(key)` is not an identifier", at: member.keySpan)
            }
            if case .null = value.kind {
                result.append((key, ""))
            } else {
                result.append((key, try text(value, "annotations")))
            }
        }
        return result
    }

    private func entity(
        _ name: String, _ json: LocatedJSON, _ span: SourceSpan
    ) throws(CedarErrors) -> EntityDeclaration {
        let isEnumerated = json["enum"] != nil
        let known: Set<String> =
            isEnumerated
            ? ["enum", "annotations"] : ["memberOfTypes", "shape", "tags", "annotations"]
        try check(try members(json, name), known, name)
        var entity = EntityDeclaration(
            name: name, annotations: try annotations(json), span: span)
        entity.parents = try texts(json["memberOfTypes"], name)
        for parent in entity.parents {
            _ = try self.name(parent, name, at: json.member("memberOfTypes").span)
        }
        if let shape = json["shape"] { entity.shape = try type(shape) }
        if let tags = json["tags"] { entity.tags = try type(tags) }
        if isEnumerated {
            let ids = try texts(json["enum"], name)
            if ids.isEmpty {
                throw failure(
                    name, "an enumerated type needs identifiers", at: json.member("enum").span)
            }
            entity.enumeration = ids
        }
        return entity
    }

    private func action(
        _ id: String, _ json: LocatedJSON, _ span: SourceSpan
    ) throws(CedarErrors) -> ActionDeclaration {
        let known: Set = ["memberOf", "appliesTo", "annotations"]
        // Actions have no attributes; a null where they would be says so.
        let isBare = json["attributes"]?.isNull ?? false
        try check(try members(json, id), isBare ? known.union(["attributes"]) : known, id)
        var action = ActionDeclaration(name: id, annotations: try annotations(json), span: span)
        switch json["memberOf"]?.kind {
        case nil, .null?: break
        case .array(let parents)?:
            for parent in parents { action.parents.append(try reference(parent, id)) }
        default:
            throw failure(id, "`memberOf` must be an array", at: json.member("memberOf").span)
        }
        switch json["appliesTo"] {
        case nil: break
        case let applies? where applies.isNull: break
        case let applies?:
            let parts: Set = ["principalTypes", "resourceTypes", "context"]
            try check(try members(applies, id), parts, id)
            for part in ["principalTypes", "resourceTypes"] where applies[part] == nil {
                throw failure(id, "missing member `\(part)`", at: applies.span)
            }
            action.principals = try texts(applies["principalTypes"], id)
            action.resources = try texts(applies["resourceTypes"], id)
            if let context = applies["context"] { action.context = try type(context) }
        }
        return action
    }

    private func reference(
        _ json: LocatedJSON, _ place: String
    ) throws(CedarErrors) -> ActionReference {
        try check(try members(json, place), ["id", "type"], place)
        var type: String?
        if let name = json["type"], !name.isNull { type = try text(name, place) }
        return ActionReference(type: type, id: try text(json.member("id"), place))
    }

    /// A type; `others` are the members that may stand beside those of the type itself.
    private func type(
        _ json: LocatedJSON, _ others: Set<String> = []
    ) throws(CedarErrors) -> TypeExpression {
        let kind = try text(json.member("type"), "type")
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
                throw failure("Set", "missing member `element`", at: json.span)
            }
            return .set(try type(element))
        case "Entity":
            return .entity(
                try name(
                    try text(json.member("name"), "name"), "Entity", at: json.member("name").span))
        case "Extension": return .extended(try text(json.member("name"), "name"))
        case "EntityOrCommon":
            return .name(try reference(json.member("name")), json.member("name").span)
        case "Record": return .record(try attributes(json))
        default: return .common(try reference(json.member("type")))
        }
    }

    /// The name of a type, which may begin with `__cedar`.
    private func reference(_ json: LocatedJSON) throws(CedarErrors) -> String {
        let text = try text(json, "type")
        let plain = text.hasPrefix("__cedar::") ? String(text.dropFirst(9)) : text
        _ = try name(plain, "type", at: json.span)
        return text
    }

    private func attributes(_ json: LocatedJSON) throws(CedarErrors) -> [AttributeDeclaration] {
        if let flag = json["additionalAttributes"] {
            guard case .bool(false) = flag.kind else {
                throw failure("Record", "`additionalAttributes` is not supported", at: flag.span)
            }
        }
        guard let declared = json["attributes"] else {
            throw failure("Record", "missing member `attributes`", at: json.span)
        }
        var attributes: [AttributeDeclaration] = []
        for member in try members(declared, "attributes") {
            let (key, attribute) = (member.key, member.value)
            var isRequired = true
            if let flag = attribute["required"] {
                guard case .bool(let value) = flag.kind else {
                    throw failure(key, "`required` must be a Boolean", at: flag.span)
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
