// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A place that holds a value: an attribute of the context or of an entity, or a tag.
public struct ValuePlace: Hashable, Sendable {
    /// What the value belongs to.
    public enum Owner: Hashable, Sendable {
        /// The context of the request.
        case context
        /// The attributes of an entity.
        case entity(EntityUID)
        /// The tags of an entity.
        case tags(EntityUID)
    }

    /// What the value belongs to.
    public let owner: Owner
    /// The names that lead to it: at least one.
    public let path: [String]

    /// The place as Cedar's syntax writes it.
    public var text: String {
        switch owner {
        case .context: "context" + path.map(ExpressionPrinter.access).joined()
        case .entity(let uid): "\(uid)" + path.map(ExpressionPrinter.access).joined()
        case .tags(let uid):
            "\(uid).getTag(\(StringEscapes.quoted(path[0])))"
                + path.dropFirst().map(ExpressionPrinter.access).joined()
        }
    }
}

/// One thing that could be otherwise in a request or in the data.
public enum Change: Hashable, Sendable {
    /// Another principal.
    case principal(EntityUID)
    /// Another action.
    case action(EntityUID)
    /// Another resource.
    case resource(EntityUID)
    /// An entity becomes a member of another.
    case join(EntityUID, EntityUID)
    /// An entity is no longer directly in another.
    case leave(EntityUID, EntityUID)
    /// A value is another; nil was no value.
    case value(ValuePlace, Value, was: Value?)
    /// A value is there, whichever it is.
    case presence(ValuePlace)
    /// A value is not there.
    case absence(ValuePlace)

    /// How far it takes the request and the facts from what they are.
    var distance: ChangeDistance {
        switch self {
        case .principal, .action, .resource: ChangeDistance(questions: 1, facts: 1)
        case .value(_, _, .some(let old)):
            if case .bool = old {
                ChangeDistance(facts: 1)
            } else {
                ChangeDistance(facts: 1, replacements: 1)
            }
        case .join, .leave, .value, .presence, .absence: ChangeDistance(facts: 1)
        }
    }

    /// The change in words: an instruction.
    public var words: LocalizedText {
        switch self {
        case .principal(let uid):
            LocalizedText(fr: "demander en tant que `\(uid)`", en: "ask as `\(uid)`")
        case .action(let uid):
            LocalizedText(fr: "demander l’action `\(uid)`", en: "ask for the action `\(uid)`")
        case .resource(let uid):
            LocalizedText(fr: "demander pour `\(uid)`", en: "ask about `\(uid)`")
        case .join(let uid, let group):
            LocalizedText(fr: "placer `\(uid)` dans `\(group)`", en: "put `\(uid)` in `\(group)`")
        case .leave(let uid, let group):
            LocalizedText(
                fr: "retirer `\(uid)` de `\(group)`", en: "take `\(uid)` out of `\(group)`")
        case .value(let place, let value, let old):
            LocalizedText(
                fr: "donner à `\(place.text)` la valeur `\(value.cedarText)`"
                    + (old.map { " (au lieu de `\($0.cedarText)`)" } ?? " (aujourd’hui absente)"),
                en: "set `\(place.text)` to `\(value.cedarText)`"
                    + (old.map { " (instead of `\($0.cedarText)`)" } ?? " (absent today)"))
        case .presence(let place):
            LocalizedText(
                fr: "donner une valeur à `\(place.text)`", en: "give `\(place.text)` a value")
        case .absence(let place):
            LocalizedText(fr: "retirer `\(place.text)`", en: "remove `\(place.text)`")
        }
    }
}

/// How large a set of changes is.
///
/// First comes how many parts of the question are other (who asks, what for, about whom), since
/// that is another question; then how many facts are other, each attribute, tag or membership being
/// one; then how many of those facts say something other than was recorded, instead of something
/// that was absent or a yes for a no.
struct ChangeDistance: Comparable {
    var questions = 0
    var facts = 0
    var replacements = 0

    static func + (left: ChangeDistance, right: ChangeDistance) -> ChangeDistance {
        ChangeDistance(
            questions: left.questions + right.questions, facts: left.facts + right.facts,
            replacements: left.replacements + right.replacements)
    }

    static func < (left: ChangeDistance, right: ChangeDistance) -> Bool {
        (left.questions, left.facts, left.replacements)
            < (right.questions, right.facts, right.replacements)
    }
}

/// A request with the data it is judged by, as they are or as they could be.
struct World {
    var request: Request
    var entities: Entities

    var evaluator: Evaluator { Evaluator(request: request, entities: entities) }

    mutating func apply(_ change: Change) {
        switch change {
        case .principal(let uid): request.principal = uid
        case .action(let uid): request.action = uid
        case .resource(let uid): request.resource = uid
        case .join(let uid, let group):
            update(uid) { entity in
                Entity(
                    uid: uid, attributes: entity.attributes, tags: entity.tags,
                    parents: entity.parents + [group])
            }
        case .leave(let uid, let group):
            update(uid) { entity in
                Entity(
                    uid: uid, attributes: entity.attributes, tags: entity.tags,
                    parents: entity.parents.filter { $0 != group })
            }
        case .value(let place, let value, _): set(place, value)
        case .presence(let place): set(place, .bool(true))
        case .absence(let place): set(place, nil)
        }
    }

    private mutating func update(_ uid: EntityUID, _ body: (Entity) -> Entity) {
        entities.insert([body(entities[uid] ?? Entity(uid: uid))])
    }

    private mutating func set(_ place: ValuePlace, _ value: Value?) {
        switch place.owner {
        case .context: request.context = request.context.setting(place.path[...], value)
        case .entity(let uid):
            update(uid) { entity in
                Entity(
                    uid: uid, attributes: entity.attributes.setting(place.path[...], value),
                    tags: entity.tags, parents: entity.parents)
            }
        case .tags(let uid):
            update(uid) { entity in
                Entity(
                    uid: uid, attributes: entity.attributes,
                    tags: entity.tags.setting(place.path[...], value), parents: entity.parents)
            }
        }
    }
}

extension Record {
    /// The record with the value at a path set, or removed.
    fileprivate func setting(_ path: ArraySlice<String>, _ value: Value?) -> Record {
        guard let name = path.first else { return self }
        var fields = zip(keys, values).filter { !$0.0.hasSameBytes(as: name) }
            .map { ($0.0, $0.1) }
        if path.count > 1 {
            var inner = Record.empty
            if case .record(let record)? = self[name] { inner = record }
            fields.append((name, .record(inner.setting(path.dropFirst(), value))))
        } else if let value {
            fields.append((name, value))
        }
        return Record(fields)
    }
}
