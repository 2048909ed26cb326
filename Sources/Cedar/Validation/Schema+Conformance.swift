// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// A fault with what its message quotes.
    private typealias Fault = (kind: ConformanceFault, facts: [String])

    private func failure(_ fault: Fault) -> CedarErrors {
        let facts = [fault.kind.rawValue] + fault.facts
        return CedarErrors(errors: [
            CedarError(.invalidRequest, facts, at: .none, in: document.source)
        ])
    }

    /// Checks that a request is one that its action admits.
    ///
    /// - Throws: `CedarErrors` that says what does not conform.
    public func validate(_ request: Request) throws(CedarErrors) {
        let parts = [("principal", request.principal), ("resource", request.resource)]
        for (role, uid) in parts {
            if entityTypes[uid.type] == nil { throw failure((.undeclaredType, [role, uid.type])) }
        }
        guard let action = actions[request.action] else {
            throw failure((.undeclaredAction, [request.action.description]))
        }
        for (_, uid) in parts {
            if let fault = enumerationFault(uid) { throw failure(fault) }
        }
        for ((role, uid), types) in zip(parts, [action.principals, action.resources]) {
            if !types.contains(where: { $0.hasSameBytes(as: uid.type) }) {
                throw failure(
                    (.inapplicableType, [role, uid.type, request.action.description]))
            }
        }
        if let fault = fault(request.context, action.context) { throw failure(fault) }
    }

    /// Checks that attributes are some of those that the context of an action may have.
    ///
    /// - Throws: `CedarErrors` that says what does not conform.
    package func validate(
        contextPart known: Record, of action: EntityUID
    ) throws(CedarErrors) {
        guard let type = actions[action]?.context else {
            throw failure((.undeclaredAction, [action.description]))
        }
        for (name, value) in zip(known.keys, known.values) {
            guard let declared = type[name] else { throw failure((.undeclaredAttribute, [name])) }
            if let fault = fault(value, declared.type, name) { throw failure(fault) }
        }
    }

    /// Checks that every entity conforms to its type, and actions to what the schema declares.
    ///
    /// - Throws: `CedarErrors` with one error for each entity that does not.
    public func validate(_ entities: Entities) throws(CedarErrors) {
        var errors: [CedarError] = []
        for entity in entities.all {
            guard let fault = fault(entity) else { continue }
            let facts = [entity.uid.description, fault.kind.rawValue] + fault.facts
            errors.append(CedarError(.invalidEntity, facts, at: .none, in: document.source))
        }
        errors.sort { $0.facts[0].precedesByBytes($1.facts[0]) }
        guard errors.isEmpty else { throw CedarErrors(errors: errors) }
    }

    private func fault(_ entity: Entity) -> Fault? {
        if entity.uid.isAction {
            guard let action = actions[entity.uid] else {
                return (.undeclaredAction, [entity.uid.description])
            }
            let isBare = entity.attributes.count == 0 && entity.tags.count == 0
            return isBare && action.ancestors == entity.ancestors ? nil : (.wrongGroups, [])
        }
        guard let type = entityTypes[entity.uid.type] else { return (.undeclaredEntityType, []) }
        if let fault = enumerationFault(entity.uid) { return fault }
        for ancestor in entity.ancestors.sorted(by: { $0.ordered(with: $1) == .before }) {
            if !type.ancestors.contains(ancestor.type) {
                return (.forbiddenParent, [ancestor.type])
            }
            if let fault = enumerationFault(ancestor) { return fault }
        }
        if let fault = fault(entity.attributes, type.attributes) { return fault }
        for (key, value) in zip(entity.tags.keys, entity.tags.values) {
            guard let tagType = type.tags else { return (.noTags, []) }
            if let fault = fault(value, tagType, key) { return fault }
        }
        return nil
    }

    private func enumerationFault(_ uid: EntityUID) -> Fault? {
        guard let ids = entityTypes[uid.type]?.enumeration,
            !ids.contains(where: { $0.hasSameBytes(as: uid.id) })
        else { return nil }
        return (.notEnumerated, [uid.description, StringEscapes.shown(uid.id)])
    }

    /// Why a value is not of a type; nil if it is.
    private func fault(_ value: Value, _ type: Type, _ name: String) -> Fault? {
        switch (value, type) {
        case (.bool, .bool), (.int, .long), (.string, .string),
            (.decimal, .extended("decimal")), (.ipaddr, .extended("ipaddr")),
            (.datetime, .extended("datetime")), (.duration, .extended("duration")):
            return nil
        case (.entity(let uid), .entity(let names)):
            guard names.contains(where: { $0.hasSameBytes(as: uid.type) }) else { break }
            return enumerationFault(uid)
        case (.set(let set), .set(let element?)):
            return set.elements.lazy.compactMap { fault($0, element, name) }.first
        case (.record(let record), .record(let declared)): return fault(record, declared)
        default: break
        }
        return (.wrongType, [name, type.description, value.typeName])
    }

    private func fault(_ record: Record, _ type: RecordType) -> Fault? {
        for field in type.attributes {
            let name = field.name.string
            guard let value = record[name] else {
                if field.attribute.isRequired { return (.missingAttribute, [name]) }
                continue
            }
            if let fault = fault(value, field.attribute.type, name) { return fault }
        }
        for key in record.keys where type[key] == nil { return (.undeclaredAttribute, [key]) }
        return nil
    }
}
