// SPDX-License-Identifier: Apache-2.0

extension Schema {
    private func failure(_ code: CedarError.Code, _ facts: [String]) -> CedarErrors {
        CedarErrors(errors: [CedarError(code, facts, at: .none, in: document.source)])
    }

    /// Checks that a request is one that its action admits.
    ///
    /// - Throws: `CedarErrors` that says what does not conform.
    public func validate(_ request: Request) throws(CedarErrors) {
        guard let action = actions[request.action] else {
            throw failure(
                .invalidRequest, ["action `\(request.action)` is not declared in the schema"])
        }
        for (uid, types, role) in [
            (request.principal, action.principals, "principal"),
            (request.resource, action.resources, "resource"),
        ] {
            if entityTypes[uid.type] == nil {
                throw failure(
                    .invalidRequest,
                    ["\(role) type `\(uid.type)` is not declared in the schema"])
            }
            if !types.contains(uid.type) {
                let reason =
                    "\(role) type `\(uid.type)` is not valid for `\(request.action)`"
                throw failure(.invalidRequest, [reason])
            }
            if let reason = enumerationFault(uid) { throw failure(.invalidRequest, [reason]) }
        }
        if let reason = fault(.record(request.context), .record(action.context), "context") {
            throw failure(.invalidRequest, [reason])
        }
    }

    /// Checks that every entity conforms to its type, and actions to what the schema declares.
    ///
    /// - Throws: `CedarErrors` with one error for each entity that does not.
    public func validate(_ entities: Entities) throws(CedarErrors) {
        var errors: [CedarError] = []
        for entity in entities.all {
            guard let reason = fault(entity) else { continue }
            errors.append(
                CedarError(
                    .invalidEntity, [entity.uid.description, reason], at: .none,
                    in: document.source))
        }
        errors.sort { $0.facts[0].precedesByBytes($1.facts[0]) }
        guard errors.isEmpty else { throw CedarErrors(errors: errors) }
    }

    private func fault(_ entity: Entity) -> String? {
        if entity.uid.isAction {
            guard let action = actions[entity.uid] else { return "the action is not declared" }
            return action.ancestors == entity.ancestors
                ? nil : "its groups differ from the declared ones"
        }
        guard let type = entityTypes[entity.uid.type] else {
            return "its type is not declared"
        }
        if let reason = enumerationFault(entity.uid) { return reason }
        for parent in entity.parents where !type.ancestors.contains(parent.type) {
            return "it may not be in `\(parent)`"
        }
        if let reason = fault(.record(entity.attributes), .record(type.attributes), "it") {
            return reason
        }
        for (key, value) in zip(entity.tags.keys, entity.tags.values) {
            guard let tagType = type.tags else { return "its type has no tags" }
            if let reason = fault(value, tagType, "tag `\(key)`") { return reason }
        }
        return nil
    }

    private func enumerationFault(_ uid: EntityUID) -> String? {
        guard let ids = entityTypes[uid.type]?.enumeration,
            !ids.contains(where: { $0.hasSameBytes(as: uid.id) })
        else { return nil }
        return "`\(uid)` is not one of the enumerated entities"
    }

    /// Why a value is not of a type; nil if it is.
    private func fault(_ value: Value, _ type: Type, _ place: String) -> String? {
        switch (value, type) {
        case (.bool, .bool), (.int, .long), (.string, .string),
            (.decimal, .extended("decimal")), (.ipaddr, .extended("ipaddr")),
            (.datetime, .extended("datetime")), (.duration, .extended("duration")):
            return nil
        case (.entity(let uid), .entity(let names)):
            guard names.contains(uid.type) else { break }
            return enumerationFault(uid)
        case (.set(let set), .set(let element?)):
            for member in set.elements {
                if let reason = fault(member, element, place) { return reason }
            }
            return nil
        case (.record(let record), .record(let declared)):
            return fault(record, declared, place)
        default: break
        }
        return "\(place) should be of type \(type), but is a \(value.typeName)"
    }

    private func fault(_ record: Record, _ type: RecordType, _ place: String) -> String? {
        for field in type.attributes {
            let name = field.name.string
            guard let value = record[name] else {
                if field.attribute.isRequired { return "\(place) lacks the attribute `\(name)`" }
                continue
            }
            if let reason = fault(value, field.attribute.type, "attribute `\(name)`") {
                return reason
            }
        }
        for key in record.keys where type[key] == nil {
            return "\(place) has the attribute `\(key)`, which is not declared"
        }
        return nil
    }
}
