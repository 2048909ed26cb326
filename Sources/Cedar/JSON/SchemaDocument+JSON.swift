// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// Reads a schema from Cedar's JSON format.
    ///
    /// - Throws: `CedarErrors` for malformed JSON and for what a schema may not say.
    public init(json text: String, file: String = "schema.json") throws(CedarErrors) {
        let source = Source(file: file, text: text)
        let reader = SchemaReader(values: ValueReader(source: source))
        let json = try LocatedJSON(parsing: source)
        try self.init(resolving: try reader.document(json, source))
    }

    /// The schema in Cedar's JSON format.
    public var jsonText: String {
        JSONValue.object(document.namespaces.map { ($0.name, $0.json) }).serialized
    }
}

extension SchemaNamespace {
    var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if !commonTypes.isEmpty {
            let types = commonTypes.map { type in
                (key: type.name, value: type.type.json.annotated(type.annotations))
            }
            members.append(("commonTypes", .object(types)))
        }
        members.append(("entityTypes", .object(entityTypes.map { ($0.name, $0.json) })))
        members.append(("actions", .object(actions.map { ($0.name, $0.json) })))
        return JSONValue.object(members).annotated(annotations)
    }
}

extension JSONValue {
    /// This object with a member for annotations, if there are any.
    func annotated(_ annotations: [(key: String, value: String)]) -> JSONValue {
        guard !annotations.isEmpty, case .object(let members) = self else { return self }
        let list = annotations.map { (key: $0.key, value: JSONValue.string($0.value)) }
        return .object(members + [("annotations", .object(list))])
    }

    static func strings(_ texts: [String]) -> JSONValue {
        .array(texts.map(JSONValue.string))
    }
}

extension EntityDeclaration {
    var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if let enumeration { members.append(("enum", .strings(enumeration))) }
        if !parents.isEmpty { members.append(("memberOfTypes", .strings(parents))) }
        if let shape { members.append(("shape", shape.json)) }
        if let tags { members.append(("tags", tags.json)) }
        return JSONValue.object(members).annotated(annotations)
    }
}

extension ActionDeclaration {
    var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if !parents.isEmpty {
            let list = parents.map { parent in
                var reference: [(key: String, value: JSONValue)] = [("id", .string(parent.id))]
                if let type = parent.type { reference.append(("type", .string(type))) }
                return JSONValue.object(reference)
            }
            members.append(("memberOf", .array(list)))
        }
        if principals != nil || resources != nil || context != nil {
            var applies: [(key: String, value: JSONValue)] = [
                ("principalTypes", .strings(principals ?? [])),
                ("resourceTypes", .strings(resources ?? [])),
            ]
            if let context { applies.append(("context", context.json)) }
            members.append(("appliesTo", .object(applies)))
        }
        return JSONValue.object(members).annotated(annotations)
    }
}

extension TypeExpression {
    var json: JSONValue {
        switch self {
        case .name(let name, _):
            return .object([("type", .string("EntityOrCommon")), ("name", .string(name))])
        case .common(let name): return .single("type", .string(name))
        case .entity(let name):
            return .object([("type", .string("Entity")), ("name", .string(name))])
        case .extended(let name):
            return .object([("type", .string("Extension")), ("name", .string(name))])
        case .primitive(let name):
            return .single("type", .string(name == "Bool" ? "Boolean" : name))
        case .set(let element):
            return .object([("type", .string("Set")), ("element", element.json)])
        case .record(let attributes):
            let fields = attributes.map { attribute in
                (key: attribute.name, value: attribute.json)
            }
            return .object([("type", .string("Record")), ("attributes", .object(fields))])
        }
    }
}

extension AttributeDeclaration {
    var json: JSONValue {
        guard case .object(let members) = type.json else { return type.json }
        let flag: [(key: String, value: JSONValue)] =
            isRequired ? [] : [("required", .bool(false))]
        return JSONValue.object(members + flag).annotated(annotations)
    }
}
