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
        let json = try LocatedJSON(parsing: source)
        guard case .array(let elements) = json.kind else {
            throw reader.failure("entities", "an array is expected", at: json.span)
        }
        var entities: [Entity] = []
        var seen: [EntityUID: Entity] = [:]
        var spans: [EntityUID: SourceSpan] = [:]
        for element in elements {
            let entity = try reader.entity(element, schema)
            if let other = seen.updateValue(entity, forKey: entity.uid) {
                // The same entity twice with the same content is one entity.
                if entity.hasSameContent(as: other) { continue }
                throw CedarErrors(errors: [
                    CedarError(
                        .duplicateEntity, [entity.uid.description], at: element.member("uid").span,
                        in: source)
                ])
            }
            entities.append(entity)
            spans[entity.uid] = element.member("uid").span
        }
        let given = entities.filter(\.uid.isAction)
        for action in schema?.actionEntities ?? [] where seen[action.uid] == nil {
            entities.append(action)
        }
        var hierarchy = EntityHierarchy(entities)
        do throws(EntityHierarchy.Fault) {
            try hierarchy.check()
        } catch {
            throw CedarErrors(errors: [CedarError(error, entities, spans, in: source)])
        }
        // What the text says of the groups must be all, without what the schema would add.
        for action in Entities(given).all {
            guard let declared = schema?.actions[action.uid],
                declared.ancestors != action.ancestors
            else { continue }
            let facts = [action.uid.description, ConformanceFault.wrongGroups.rawValue]
            throw CedarErrors(errors: [
                CedarError(.invalidEntity, facts, at: spans[action.uid] ?? .none, in: source)
            ])
        }
        self.init(entities)
    }
}

extension ValueReader {
    func entity(_ json: LocatedJSON, _ schema: Schema?) throws(CedarErrors) -> Entity {
        guard let name = json["uid"] else {
            throw failure("entity", "an object with `uid` is expected", at: json.span)
        }
        let uid = try uid(name, at: "uid")
        let type = schema?.entityTypes[uid.type]
        let place = uid.description
        guard case .array(let parents) = json.member("parents").kind else {
            throw failure(place, "`parents` must be an array", at: json.member("parents").span)
        }
        var parentUIDs: [EntityUID] = []
        for parent in parents { parentUIDs.append(try self.uid(parent, at: place)) }
        guard case .object(let attributes) = json.member("attrs").kind else {
            throw failure(place, "`attrs` must be an object", at: json.member("attrs").span)
        }
        let record = try record(attributes, type.map { .record($0.attributes) }, at: place)
        guard case .object(let tags) = json["tags"]?.kind ?? .object([]) else {
            throw failure(place, "`tags` must be an object", at: json.member("tags").span)
        }
        var tagValues: [(String, Value)] = []
        for tag in tags {
            let inner = try value(tag.value, type?.tags, at: "\(place).\(tag.key)")
            tagValues.append((tag.key, inner))
        }
        return Entity(
            uid: uid, attributes: record, tags: Record(tagValues), parents: parentUIDs)
    }
}

extension ValueReader {
    /// A context: a record, and not an entity or an extension value, which are written as objects too.
    fileprivate func context(
        _ json: LocatedJSON, _ type: RecordType?
    ) throws(CedarErrors) -> Record {
        guard case .object(let members) = json.kind,
            !(members.count == 1 && ["__entity", "__extn"].contains(members[0].key))
        else { throw failure("context", "an object is expected", at: json.span) }
        return try record(members, type.map { .record($0) }, at: "context")
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
        let source = Source(file: file, text: text)
        let reader = ValueReader(source: source)
        let json = try LocatedJSON(parsing: source)
        self = try reader.context(json, action.flatMap { schema?.actions[$0]?.context })
    }
}

extension Request {
    /// Reads a request from an object with `principal`, `action`, `resource` and `context`.
    ///
    /// - Throws: `CedarErrors` for anything else.
    public init(
        json text: String, schema: Schema? = nil, file: String = "request.json"
    ) throws(CedarErrors) {
        let source = Source(file: file, text: text)
        let json = try LocatedJSON(parsing: source)
        try self.init(json, schema, ValueReader(source: source))
    }

    package init(reading json: JSONValue, schema: Schema?) throws(CedarErrors) {
        let source = Source(file: "request.json", text: "")
        try self.init(LocatedJSON(json), schema, ValueReader(source: source))
    }

    init(
        _ json: LocatedJSON, _ schema: Schema?, _ reader: ValueReader
    ) throws(CedarErrors) {
        let principal = try reader.uid(json.member("principal"), at: "principal")
        let action = try reader.uid(json.member("action"), at: "action")
        let resource = try reader.uid(json.member("resource"), at: "resource")
        let written = json["context"] ?? LocatedJSON(.object([]), json.span)
        let context = try reader.context(written, schema?.actions[action]?.context)
        self.init(principal: principal, action: action, resource: resource, context: context)
    }
}

extension CedarError {
    /// An entity that was read has the place of its name; an action of the schema has none.
    fileprivate init(
        _ fault: EntityHierarchy.Fault, _ entities: [Entity], _ spans: [EntityUID: SourceSpan],
        in source: Source
    ) {
        let (code, position): (Code, Int) =
            switch fault {
            case .cycle(let position): (.entityCycle, position)
            case .tooDeep(let position): (.hierarchyTooDeep, position)
            }
        let uid = entities[position].uid
        let facts = [uid.description, "\(EntityHierarchy.depthLimit)"]
        self.init(
            code, code == .entityCycle ? [facts[0]] : facts, at: spans[uid] ?? .none, in: source)
    }
}
