// SPDX-License-Identifier: Apache-2.0

extension Entities {
    /// Reads entities from Cedar's JSON format.
    ///
    /// With a schema, values may be written in the short forms that their types allow, and the
    /// actions that the schema declares are added with their groups.
    ///
    /// - Throws: `CedarErrors` for malformed JSON, a duplicate entity or a cycle.
    public init(
        json text: String, schema: Schema? = nil, file: String = "entities.json"
    ) throws(CedarErrors) {
        let source = Source(file: file, text: text)
        let reader = ValueReader(source: source)
        let json = try JSONValue(parsing: text, file: file)
        guard case .array(let elements) = json else {
            throw reader.failure("entities", "an array is expected")
        }
        var entities: [Entity] = []
        var seen: [EntityUID: Entity] = [:]
        for element in elements {
            let entity = try reader.entity(element, schema)
            if let other = seen.updateValue(entity, forKey: entity.uid) {
                // The same entity twice with the same content is one entity.
                if entity.hasSameContent(as: other) { continue }
                throw CedarErrors(errors: [
                    CedarError(
                        .duplicateEntity, [entity.uid.description], at: .none, in: source)
                ])
            }
            entities.append(entity)
        }
        for action in schema?.actionEntities ?? [] where seen[action.uid] == nil {
            entities.append(action)
        }
        self.init(entities)
        if let uid = cyclic {
            throw CedarErrors(errors: [
                CedarError(.entityCycle, [uid.description], at: .none, in: source)
            ])
        }
    }
}

extension ValueReader {
    func entity(_ json: JSONValue, _ schema: Schema?) throws(CedarErrors) -> Entity {
        guard let name = json["uid"] else {
            throw failure("entity", "an object with `uid` is expected")
        }
        let uid = try uid(name, at: "uid")
        let type = schema?.entityTypes[uid.type]
        let place = uid.description
        guard case .array(let parents) = json["parents"] ?? .null else {
            throw failure(place, "`parents` must be an array")
        }
        var parentUIDs: [EntityUID] = []
        for parent in parents { parentUIDs.append(try self.uid(parent, at: place)) }
        guard case .object(let attributes) = json["attrs"] ?? .null else {
            throw failure(place, "`attrs` must be an object")
        }
        let record = try record(attributes, type.map { .record($0.attributes) }, at: place)
        guard case .object(let tags) = json["tags"] ?? .object([]) else {
            throw failure(place, "`tags` must be an object")
        }
        var tagValues: [(String, Value)] = []
        for (key, tag) in tags {
            tagValues.append((key, try value(tag, type?.tags, at: "\(place).\(key)")))
        }
        return Entity(
            uid: uid, attributes: record, tags: Record(tagValues), parents: parentUIDs)
    }
}

extension Record {
    /// Reads a context from Cedar's JSON format; with a schema, as the action's context type.
    ///
    /// - Throws: `CedarErrors` for anything but an object of Cedar values.
    public init(
        json text: String, schema: Schema? = nil, action: EntityUID? = nil,
        file: String = "context.json"
    ) throws(CedarErrors) {
        let reader = ValueReader(source: Source(file: file, text: text))
        let json = try JSONValue(parsing: text, file: file)
        let type = action.flatMap { schema?.actions[$0]?.context }
        guard case .object(let members) = json else {
            throw reader.failure("context", "an object is expected")
        }
        self = try reader.record(members, type.map { .record($0) }, at: "context")
    }
}

extension Request {
    /// Reads a request from an object with `principal`, `action`, `resource` and `context`.
    ///
    /// - Throws: `CedarErrors` for anything else.
    public init(
        json text: String, schema: Schema? = nil, file: String = "request.json"
    ) throws(CedarErrors) {
        let json = try JSONValue(parsing: text, file: file)
        try self.init(json, schema, ValueReader(source: Source(file: file, text: text)))
    }

    package init(reading json: JSONValue, schema: Schema?) throws(CedarErrors) {
        let source = Source(file: "request.json", text: "")
        try self.init(json, schema, ValueReader(source: source))
    }

    init(
        _ json: JSONValue, _ schema: Schema?, _ reader: ValueReader
    ) throws(CedarErrors) {
        let principal = try reader.uid(json["principal"] ?? .null, at: "principal")
        let action = try reader.uid(json["action"] ?? .null, at: "action")
        let resource = try reader.uid(json["resource"] ?? .null, at: "resource")
        guard case .object(let members) = json["context"] ?? .object([]) else {
            throw reader.failure("context", "an object is expected")
        }
        let type = schema?.actions[action]?.context
        let context = try reader.record(members, type.map { .record($0) }, at: "context")
        self.init(principal: principal, action: action, resource: resource, context: context)
    }
}
