// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Makes a request and entities that agree with assumptions and conform to the schema.
struct ExampleBuilder {
    let question: Question
    let model: Model

    /// The example; nil if some value cannot be made up.
    var example: Example? {
        guard let principal = uid(at: .principal), let resource = uid(at: .resource),
            let context = record(question.setting.contextType, at: .context([]))
        else { return nil }
        let request = Request(
            principal: principal, action: question.types.action, resource: resource,
            context: context)
        var uids = Set(model.existence.filter(\.value).keys)
        for uid in [principal, resource] where model.existence[uid] != false { uids.insert(uid) }
        var entities = question.schema.actionEntities
        for uid in uids.sorted(by: { $0.description.precedesByBytes($1.description) })
        where question.schema.entityTypes[uid.type]?.enumeration == nil {
            guard let entity = entity(uid) else { return nil }
            entities.append(entity)
        }
        return Example(request: request, entities: Entities(entities))
    }

    private func uid(at place: Place) -> EntityUID? {
        guard let type = question.type(at: place), case .entity(let uid)? = value(type, at: place)
        else { return nil }
        return uid
    }

    private func entity(_ uid: EntityUID) -> Entity? {
        guard let type = question.schema.entityTypes[uid.type],
            let attributes = record(type.attributes, at: .attribute(uid, []))
        else { return nil }
        var tags: [(String, Value)] = []
        for case (.tag(let owner, let key), true) in model.presence where owner == uid {
            guard let tagType = type.tags, let value = value(tagType, at: .tag(uid, key)) else {
                return nil
            }
            tags.append((key.string, value))
        }
        let parents = (model.parents[uid] ?? []).sorted {
            $0.description.precedesByBytes($1.description)
        }
        return Entity(uid: uid, attributes: attributes, tags: Record(tags), parents: parents)
    }

    /// A record with every attribute that must be there or was assumed to be.
    private func record(_ type: RecordType, at place: Place) -> Record? {
        var fields: [(String, Value)] = []
        for field in type.attributes {
            let member = place.member(field.name)
            guard field.attribute.isRequired || model.presence[member] == true else { continue }
            guard let value = value(field.attribute.type, at: member) else { return nil }
            fields.append((field.name.string, value))
        }
        return Record(fields)
    }

    /// The value at a place: the one chosen, one that the constraint leaves, or any of the type.
    private func value(_ type: Type, at place: Place) -> Value? {
        if let chosen = model.values[place] { return chosen }
        if let constraint = model.constraints[place] { return constraint.sample }
        switch type {
        case .bool: return .bool(false)
        case .long: return .int(0)
        case .string: return .string("other-1")
        case .set: return .set(ValueSet([]))
        case .entity(let names):
            guard let name = names.first else { return nil }
            if let first = question.schema.entityTypes[name]?.enumeration?.first {
                return .entity(EntityUID(type: name, id: first))
            }
            let action = question.schema.actions.keys.filter { $0.type.hasSameBytes(as: name) }
                .min { $0.id.precedesByBytes($1.id) }
            return action.map { .entity($0) } ?? type.freshValue(besides: [])
        case .record(let record): return self.record(record, at: place).map { .record($0) }
        case .extended("ipaddr"): return IPAddress("203.0.113.1").map { .ipaddr($0) }
        case .extended("decimal"): return .decimal(0)
        case .extended("datetime"): return .datetime(0)
        case .extended("duration"): return .duration(0)
        default: return nil
        }
    }
}
