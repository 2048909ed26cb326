// SPDX-License-Identifier: Apache-2.0

/// A schema as written, in either format, before names are resolved.
struct SchemaDocument: Sendable {
    var namespaces: [SchemaNamespace] = []
    let source: Source
}

/// One `namespace` block; the declarations outside all blocks have the name "".
struct SchemaNamespace: Sendable {
    let name: String
    var annotations: [(key: String, value: String)] = []
    var commonTypes: [CommonTypeDeclaration] = []
    var entityTypes: [EntityDeclaration] = []
    var actions: [ActionDeclaration] = []
}

/// A common type: `type Name = …`.
struct CommonTypeDeclaration: Sendable {
    let name: String
    let type: TypeExpression
    let annotations: [(key: String, value: String)]
    let span: SourceSpan
}

/// An entity type: `entity Name in [Parents] { … } tags Type` or `entity Name enum ["…"]`.
struct EntityDeclaration: Sendable {
    let name: String
    var parents: [String] = []
    var shape: TypeExpression?
    var tags: TypeExpression?
    var enumeration: [String]?
    let annotations: [(key: String, value: String)]
    let span: SourceSpan
}

/// An action: `action "name" in [groups] appliesTo { … }`.
struct ActionDeclaration: Sendable {
    let name: String
    var parents: [ActionReference] = []
    var principals: [String]?
    var resources: [String]?
    var context: TypeExpression?
    let annotations: [(key: String, value: String)]
    let span: SourceSpan
}

/// An action group: its type may be left out.
struct ActionReference: Sendable {
    let type: String?
    let id: String
}

/// A type as written.
indirect enum TypeExpression: Sendable {
    /// A common type, an entity type or a built-in type.
    case name(String, SourceSpan)
    /// A name that the JSON format says is a common type or a built-in one.
    case common(String)
    /// A name that the JSON format says is an entity type.
    case entity(String)
    /// A name that the JSON format says is an extension type.
    case extended(String)
    case primitive(String)
    case set(TypeExpression)
    case record([AttributeDeclaration])
}

/// An attribute: `name?: Type`.
struct AttributeDeclaration: Sendable {
    let name: String
    let type: TypeExpression
    let isRequired: Bool
    let annotations: [(key: String, value: String)]
}
