// SPDX-License-Identifier: Apache-2.0

/// Gives every name of a schema its meaning.
///
/// A name without namespace means, in this order: what its own namespace declares, what the
/// declarations outside all namespaces declare, a built-in type; in each, a common type comes
/// before an entity type.
struct SchemaResolver {
    private let document: SchemaDocument
    private(set) var errors: [CedarError] = []
    private var commonTypes: [String: (declaration: CommonTypeDeclaration, namespace: String)] = [:]
    private var entityNames: Set<String> = []
    private var actionNames: Set<EntityUID> = []
    private var actionTypes: Set<String> = []
    private var spans: [EntityUID: SourceSpan] = [:]
    private var resolvedCommon: [String: Type] = [:]
    private var openCommon: Set<String> = []

    init(_ document: SchemaDocument) {
        self.document = document
    }

    static func qualified(_ namespace: String, _ name: String) -> String {
        namespace.isEmpty || name.contains("::") ? name : "\(namespace)::\(name)"
    }

    private mutating func note(_ code: CedarError.Code, _ fact: String, _ span: SourceSpan) {
        note(code, [fact], span)
    }

    private mutating func note(
        _ code: CedarError.Code, _ facts: [String], _ span: SourceSpan
    ) {
        errors.append(CedarError(code, facts, at: span, in: document.source))
    }

    mutating func resolve() -> (
        entityTypes: [String: Schema.EntityType], actions: [EntityUID: Schema.Action]
    ) {
        for namespace in document.namespaces { declare(namespace) }
        for namespace in document.namespaces where !namespace.name.isEmpty {
            refuseShadowing(namespace)
        }
        var entityTypes: [String: Schema.EntityType] = [:]
        var actions: [EntityUID: Schema.Action] = [:]
        for namespace in document.namespaces {
            for common in namespace.commonTypes {
                let name = Self.qualified(namespace.name, common.name)
                _ = resolveCommon(name, common.span)
            }
            for declaration in namespace.entityTypes {
                let type = resolve(declaration, in: namespace.name)
                entityTypes[type.name] = type
            }
            for declaration in namespace.actions {
                let action = resolve(declaration, in: namespace.name)
                actions[action.uid] = action
            }
        }
        closeEntityTypes(&entityTypes)
        closeActions(&actions)
        return (entityTypes, actions)
    }

    private static let reservedTypes: Set<String> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    private mutating func declare(_ namespace: SchemaNamespace) {
        if namespace.name.isEmpty, let first = namespace.annotations.first {
            note(.unexpectedJSON, ["annotations", "`@\(first.key)` on the empty namespace"], .none)
        }
        for common in namespace.commonTypes {
            let name = Self.qualified(namespace.name, common.name)
            if Self.reservedTypes.contains(common.name) {
                note(.reservedIdentifier, common.name, common.span)
            }
            if commonTypes.updateValue((common, namespace.name), forKey: name) != nil {
                note(.duplicateDeclaration, name, common.span)
            }
        }
        for entity in namespace.entityTypes {
            let name = Self.qualified(namespace.name, entity.name)
            if entity.name == "Action" { note(.actionEntityType, name, entity.span) }
            if !entityNames.insert(name).inserted {
                note(.duplicateDeclaration, name, entity.span)
            }
        }
        for action in namespace.actions {
            let type = Self.qualified(namespace.name, "Action")
            actionTypes.insert(type)
            spans[EntityUID(type: type, id: action.name)] = action.span
            if !actionNames.insert(EntityUID(type: type, id: action.name)).inserted {
                note(.duplicateDeclaration, action.name, action.span)
            }
        }
    }

    /// A namespace may not declare what is declared outside all namespaces (Cedar RFC 70).
    private mutating func refuseShadowing(_ namespace: SchemaNamespace) {
        let types =
            namespace.commonTypes.map { ($0.name, $0.span) }
            + namespace.entityTypes.map { ($0.name, $0.span) }
        for (name, span) in types where commonTypes[name] != nil || entityNames.contains(name) {
            note(.shadowedDeclaration, [Self.qualified(namespace.name, name), name], span)
        }
        for action in namespace.actions {
            let outer = EntityUID(type: "Action", id: action.name)
            guard actionNames.contains(outer) else { continue }
            let inner = EntityUID(type: "\(namespace.name)::Action", id: action.name)
            note(.shadowedDeclaration, [inner.description, outer.description], action.span)
        }
    }

    private mutating func resolve(
        _ declaration: EntityDeclaration, in namespace: String
    ) -> Schema.EntityType {
        var parents: Set<String> = []
        for parent in declaration.parents {
            parents.insert(entityName(parent, in: namespace, declaration.span))
        }
        var attributes = RecordType.empty
        if let shape = declaration.shape {
            let type = resolve(shape, in: namespace, declaration.span)
            if case .record(let record) = type {
                attributes = record
            } else {
                note(.invalidSchema, declaration.name, declaration.span)
            }
        }
        let tags = declaration.tags.map { resolve($0, in: namespace, declaration.span) }
        return Schema.EntityType(
            name: Self.qualified(namespace, declaration.name), ancestors: parents,
            attributes: attributes, tags: tags, enumeration: declaration.enumeration)
    }

    private mutating func resolve(
        _ declaration: ActionDeclaration, in namespace: String
    ) -> Schema.Action {
        let type = Self.qualified(namespace, "Action")
        var parents: [EntityUID] = []
        for reference in declaration.parents {
            let name = reference.type ?? "Action"
            var parent = EntityUID(type: Self.qualified(namespace, name), id: reference.id)
            if !actionNames.contains(parent) {
                parent = EntityUID(type: name, id: reference.id)
            }
            if !actionNames.contains(parent) {
                note(.undeclaredAction, parent.description, declaration.span)
            }
            parents.append(parent)
        }
        var context = RecordType.empty
        if let expression = declaration.context {
            if case .record(let record) = resolve(expression, in: namespace, declaration.span) {
                context = record
            } else {
                note(.invalidSchema, declaration.name, declaration.span)
            }
        }
        var principals: [String] = []
        for name in declaration.principals ?? [] {
            principals.append(entityName(name, in: namespace, declaration.span))
        }
        var resources: [String] = []
        for name in declaration.resources ?? [] {
            resources.append(entityName(name, in: namespace, declaration.span))
        }
        return Schema.Action(
            uid: EntityUID(type: type, id: declaration.name), parents: parents,
            ancestors: Set(parents), principals: principals, resources: resources,
            context: context)
    }

    private mutating func entityName(
        _ name: String, in namespace: String, _ span: SourceSpan
    ) -> String {
        let qualified = Self.qualified(namespace, name)
        if entityNames.contains(qualified) { return qualified }
        if !entityNames.contains(name) { note(.unknownType, name, span) }
        return name
    }

    private static let builtIns: [String: Type] = [
        "Bool": .bool, "Long": .long, "String": .string, "ipaddr": .extended("ipaddr"),
        "decimal": .extended("decimal"), "datetime": .extended("datetime"),
        "duration": .extended("duration"),
    ]

    private mutating func resolve(
        _ expression: TypeExpression, in namespace: String, _ span: SourceSpan
    ) -> Type {
        switch expression {
        case .name(let name, let place): return resolve(name, in: namespace, place)
        case .common(let name):
            return resolve(name, in: namespace, span, admitsEntities: false)
        case .entity(let name): return .oneEntity(typeName(name, in: namespace, span))
        case .extended(let name), .primitive(let name):
            if let type = Self.builtIns[name] { return type }
            note(.unknownType, name, span)
            return .never
        case .set(let element): return .set(resolve(element, in: namespace, span))
        case .record(let attributes):
            var fields: [RecordType.Field] = []
            for attribute in attributes {
                let type = resolve(attribute.type, in: namespace, span)
                let resolved = AttributeType(type: type, isRequired: attribute.isRequired)
                fields.append(RecordType.Field(name: Text(attribute.name), attribute: resolved))
            }
            return .record(RecordType(fields))
        }
    }

    private mutating func resolve(
        _ name: String, in namespace: String, _ span: SourceSpan, admitsEntities: Bool = true
    ) -> Type {
        for candidate in [Self.qualified(namespace, name), name] {
            if commonTypes[candidate] != nil { return resolveCommon(candidate, span) }
            if admitsEntities, entityNames.contains(candidate) || actionTypes.contains(candidate) {
                return .oneEntity(candidate)
            }
        }
        let plain = name.hasPrefix("__cedar::") ? String(name.dropFirst(9)) : name
        if let type = Self.builtIns[plain] { return type }
        note(.unknownType, name, span)
        return .never
    }

    /// The type of an attribute that refers to an entity, which may be an action.
    private mutating func typeName(
        _ name: String, in namespace: String, _ span: SourceSpan
    ) -> String {
        let qualified = Self.qualified(namespace, name)
        if let type = [qualified, name].first(where: actionTypes.contains) { return type }
        return entityName(name, in: namespace, span)
    }

    private mutating func resolveCommon(_ name: String, _ span: SourceSpan) -> Type {
        if let type = resolvedCommon[name] { return type }
        guard let (declaration, namespace) = commonTypes[name] else { return .never }
        guard openCommon.insert(name).inserted else {
            note(.typeCycle, name, span)
            return .never
        }
        defer { openCommon.remove(name) }
        if openCommon.count > TokenReader.maximumDepth {
            note(.tooDeep, String(TokenReader.maximumDepth), span)
            return .never
        }
        let type = resolve(declaration.type, in: namespace, declaration.span)
        resolvedCommon[name] = type
        return type
    }

    /// The most ancestors that all types of a schema may have together, and all actions: those of a
    /// chain grow with the square of its length.
    private static let ancestorLimit = 1_000_000

    /// What each is in, directly or not, in the order of the text, so that errors come in it too.
    ///
    /// - Returns: The ancestors, or nil once there were too many, which is noted at `span`.
    private mutating func close<Name: Hashable>(
        _ names: [(name: Name, shown: String, span: SourceSpan)], _ direct: (Name) -> [Name]
    ) -> [Name: Set<Name>]? {
        var result: [Name: Set<Name>] = [:]
        var left = Self.ancestorLimit
        for (name, shown, span) in names {
            var found: Set<Name> = []
            var open = direct(name)
            while let next = open.popLast() {
                if found.insert(next).inserted { open += direct(next) }
            }
            left -= found.count
            if left < 0 {
                note(.hierarchyTooDeep, [shown, String(Self.ancestorLimit), "in all"], span)
                return nil
            }
            result[name] = found
        }
        return result
    }

    private mutating func closeEntityTypes(_ types: inout [String: Schema.EntityType]) {
        let direct = types.mapValues { Array($0.ancestors) }
        let names = document.namespaces.flatMap { namespace in
            namespace.entityTypes.map { declaration in
                let name = Self.qualified(namespace.name, declaration.name)
                return (name: name, shown: name, span: declaration.span)
            }
        }
        let closed = close(names) { direct[$0] ?? [] }
        for (name, ancestors) in closed ?? [:] { types[name]?.ancestors = ancestors }
    }

    private mutating func closeActions(_ actions: inout [EntityUID: Schema.Action]) {
        let direct = actions.mapValues(\.parents)
        let names = document.namespaces.flatMap { namespace in
            namespace.actions.map { action in
                let uid = EntityUID(
                    type: Self.qualified(namespace.name, "Action"), id: action.name)
                return (name: uid, shown: uid.description, span: spans[uid] ?? .none)
            }
        }
        let closed = close(names) { direct[$0] ?? [] }
        for (uid, shown, span) in names {
            guard let ancestors = closed?[uid] else { continue }
            if ancestors.contains(uid) { note(.actionCycle, shown, span) }
            actions[uid]?.ancestors = ancestors
        }
    }
}
