// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// A kind of request: an action, with types of principal and resource that it admits.
public struct RequestTypes: Hashable, Sendable {
    /// The action.
    public let action: EntityUID
    /// The type of the principal.
    public let principal: String
    /// The type of the resource.
    public let resource: String

    /// The request of which nothing but these types is known.
    var request: PartialRequest {
        PartialRequest(
            principal: .unknown(type: principal), action: .known(action),
            resource: .unknown(type: resource))
    }
}

extension Schema {
    /// Every combination of types that an action admits, in a fixed order.
    var requestTypes: [RequestTypes] {
        var result: [RequestTypes] = []
        for action in actions.values.sorted(by: { "\($0.uid)".precedesByBytes("\($1.uid)") }) {
            for principal in Set(action.principals).sorted() {
                for resource in Set(action.resources).sorted() {
                    result.append(
                        RequestTypes(
                            action: action.uid, principal: principal, resource: resource))
                }
            }
        }
        return result
    }
}

/// A statement about all requests of some types, and what bears on it.
struct Question: Sendable {
    let schema: Schema
    let types: RequestTypes
    let setting: TypeSetting
    let vocabulary: Vocabulary
    let formula: Formula

    init(_ schema: Schema, _ types: RequestTypes, _ formula: Formula) {
        self.schema = schema
        self.types = types
        let evaluator = PartialEvaluator(types, schema)
        setting = evaluator.types
        self.formula = formula
        vocabulary = Vocabulary(formula.expressions, evaluator)
    }

    /// The type of the value at a place.
    func type(at place: Place) -> Type? {
        switch place {
        case .principal: return .entity([types.principal])
        case .resource: return .entity([types.resource])
        case .context(let path): return Self.type(.record(setting.contextType), path[...])
        case .tag(let uid, _): return schema.entityTypes[uid.type]?.tags
        case .attribute(let uid, let path):
            guard let entity = schema.entityTypes[uid.type] else { return nil }
            if path.count > 2, path[0] == Place.tagMark, let tags = entity.tags {
                return Self.type(tags, path[2...])
            }
            return Self.type(.record(entity.attributes), path[...])
        }
    }

    private static func type(_ type: Type, _ path: ArraySlice<Text>) -> Type? {
        guard let name = path.first else { return type }
        guard case .record(let record) = type, let field = record[name.string] else { return nil }
        return Self.type(field.type, path.dropFirst())
    }
}

extension PartialEvaluator {
    /// An evaluator for requests of which only the types are known.
    init(_ types: RequestTypes, _ schema: Schema) {
        request = types.request
        entities = PartialEntities(isComplete: false)
        self.types = TypeSetting(schema, types.request)
    }
}

extension Formula {
    /// The expressions that the statement is about.
    var expressions: [Expression] {
        switch self {
        case .constant: []
        case .state(let expression, _): [expression]
        case .and(let parts), .or(let parts, _): parts.flatMap(\.expressions)
        }
    }
}
