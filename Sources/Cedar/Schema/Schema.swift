// SPDX-License-Identifier: Apache-2.0

/// The entity types and actions of a world, with all names resolved.
public struct Schema: Sendable {
    package var entityTypes: [String: EntityType] = [:]
    package var actions: [EntityUID: Action] = [:]
    let document: SchemaDocument

    /// An entity type.
    package struct EntityType: Hashable, Sendable {
        package let name: String
        /// All types that an entity of this type may be in, directly or not.
        package var ancestors: Set<String>
        package let attributes: RecordType
        package let tags: Type?
        /// The identifiers of an enumerated type.
        package let enumeration: [String]?
    }

    /// An action.
    package struct Action: Sendable {
        package let uid: EntityUID
        let parents: [EntityUID]
        /// All groups that the action is in, directly or not.
        package var ancestors: Set<EntityUID>
        package let principals: [String]
        package let resources: [String]
        package var context: RecordType

        /// Whether no request can be of this action: a list of types is empty, which only the JSON
        /// format can say of one alone.
        fileprivate var isForNothing: Bool { principals.isEmpty || resources.isEmpty }
    }

    /// Reads a schema in Cedar's syntax.
    ///
    /// - Throws: `CedarErrors` with every error found.
    public init(parsing text: String, file: String = "schema.cedarschema") throws(CedarErrors) {
        var parser = SchemaParser(Source(file: file, text: text))
        try self.init(resolving: try parser.parse())
    }

    init(resolving document: SchemaDocument) throws(CedarErrors) {
        self.document = document
        var resolver = SchemaResolver(document)
        let resolved = resolver.resolve()
        guard resolver.errors.isEmpty else { throw CedarErrors(errors: resolver.errors) }
        entityTypes = resolved.entityTypes
        actions = resolved.actions
    }

    /// The same schema, with truth values added to the context of every action.
    ///
    /// - Parameter names: The names of the attributes.
    /// - Returns: The other schema.
    public func addingToContexts(_ names: [String]) -> Schema {
        guard !names.isEmpty else { return self }
        var schema = self
        let added = names.map {
            RecordType.Field(
                name: Text($0), attribute: AttributeType(type: .bool, isRequired: true))
        }
        for (uid, action) in actions {
            let context = action.context
            schema.actions[uid]?.context = RecordType(
                context.attributes + added, isOpen: context.isOpen)
        }
        return schema
    }

    /// The actions as entities, with their groups as parents.
    public var actionEntities: [Entity] {
        actions.values.map { Entity(uid: $0.uid, parents: $0.parents) }
    }

    /// The names of the entity types, sorted.
    public var entityTypeNames: [String] { entityTypes.keys.sorted() }

    /// Whether an entity of the first type may be in one of the second.
    package func mayBeIn(_ type: String, _ ancestor: String) -> Bool {
        type == ancestor || entityTypes[type]?.ancestors.contains(ancestor) ?? false
    }

    func isDeclared(_ type: String) -> Bool {
        entityTypes[type] != nil || isActionType(type)
    }

    func isActionType(_ type: String) -> Bool {
        actions.keys.contains { $0.type == type }
    }
}

extension Schema.Action: Hashable {
    /// Whether both stand in the same groups and are for the same requests.
    package static func == (left: Self, right: Self) -> Bool {
        guard left.uid == right.uid, left.parents == right.parents,
            left.ancestors == right.ancestors
        else { return false }
        return left.isForNothing && right.isForNothing
            || left.principals == right.principals && left.resources == right.resources
                && left.context == right.context
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(uid)
    }
}

extension Schema: Equatable {
    /// Whether both declare the same entity types and actions, however they are written.
    public static func == (left: Schema, right: Schema) -> Bool {
        left.entityTypes == right.entityTypes && left.actions == right.actions
    }
}
