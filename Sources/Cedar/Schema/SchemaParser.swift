// SPDX-License-Identifier: Apache-2.0

/// Reads schemas in Cedar's syntax, in the order of its grammar.
struct SchemaParser {
    private var reader: TokenReader
    private var document: SchemaDocument

    init(_ source: Source) {
        reader = TokenReader(source)
        document = SchemaDocument(source: source)
    }

    // Schema ::= {Namespace | Declaration}
    mutating func parse() throws(CedarErrors) -> SchemaDocument {
        var top = SchemaNamespace(name: "")
        while !reader.isAtEnd {
            do throws(Abandoned) {
                let lower = reader.current.span.lower
                let annotations = try parseAnnotations()
                if reader.isAt(word: "namespace") {
                    try parseNamespace(annotations)
                } else {
                    try parseDeclaration(annotations, from: lower, into: &top)
                }
            } catch {
                reader.synchronize()
            }
        }
        reader.sortErrors()
        guard reader.errors.isEmpty else { throw CedarErrors(errors: reader.errors) }
        let isUsed = !(top.commonTypes.isEmpty && top.entityTypes.isEmpty && top.actions.isEmpty)
        if isUsed || document.namespaces.isEmpty { document.namespaces.insert(top, at: 0) }
        return document
    }

    private mutating func parseAnnotations() throws(Abandoned) -> [(key: String, value: String)] {
        var annotations: [(key: String, value: String)] = []
        while reader.accept(.at) {
            let span = reader.current.span
            let key = try reader.anyIdentifier()
            var value = ""
            if reader.accept(.leftParen) {
                value = try reader.string()
                try reader.expect(.rightParen)
            }
            if annotations.contains(where: { $0.key == key }) {
                reader.note(.duplicateAnnotation, [key], at: span)
            }
            annotations.append((key, value))
        }
        return annotations
    }

    // Namespace ::= 'namespace' Path '{' {Declaration} '}'
    private mutating func parseNamespace(
        _ annotations: [(key: String, value: String)]
    ) throws(Abandoned) {
        reader.advance()
        let span = reader.current.span
        var namespace = SchemaNamespace(name: try parseNamespaceName(), annotations: annotations)
        if document.namespaces.contains(where: { $0.name == namespace.name }) {
            reader.note(.duplicateDeclaration, [namespace.name], at: span)
        }
        try reader.expect(.leftBrace)
        while !reader.accept(.rightBrace) {
            let lower = reader.current.span.lower
            let inner = try parseAnnotations()
            try parseDeclaration(inner, from: lower, into: &namespace)
        }
        document.namespaces.append(namespace)
    }

    private mutating func parseNamespaceName() throws(Abandoned) -> String {
        var path = try reader.identifier()
        while reader.accept(.doubleColon) { path += "::" + (try reader.identifier()) }
        return path
    }

    private mutating func parseDeclaration(
        _ annotations: [(key: String, value: String)], from lower: Int,
        into namespace: inout SchemaNamespace
    ) throws(Abandoned) {
        if reader.accept(word: "entity") {
            namespace.entityTypes += try parseEntities(annotations, from: lower)
        } else if reader.accept(word: "action") {
            namespace.actions += try parseActions(annotations, from: lower)
        } else if reader.accept(word: "type") {
            let name = try reader.identifier()
            try reader.expect(.assign)
            let type = try parseType()
            try reader.expect(.semicolon)
            namespace.commonTypes.append(
                CommonTypeDeclaration(
                    name: name, type: type, annotations: annotations,
                    span: reader.span(from: lower)))
        } else {
            throw reader.unexpected("`entity`, `action`, `type` or `namespace`")
        }
    }

    // Entity ::= 'entity' Idents ['in' Types] [['='] Record] ['tags' Type] ';'
    private mutating func parseEntities(
        _ annotations: [(key: String, value: String)], from lower: Int
    ) throws(Abandoned) -> [EntityDeclaration] {
        var names = [try reader.identifier()]
        while reader.accept(.comma) { names.append(try reader.identifier()) }
        var parents: [String] = []
        var shape: TypeExpression?
        var tags: TypeExpression?
        var enumeration: [String]?
        if reader.accept(word: "enum") {
            enumeration = try parseEnumeration()
        } else {
            if reader.accept(word: "in") { parents = try parseTypeNames() }
            if reader.accept(.assign) || reader.isAt(.leftBrace) { shape = try parseRecord() }
            if reader.accept(word: "tags") { tags = try parseType() }
        }
        try reader.expect(.semicolon)
        let span = reader.span(from: lower)
        return names.map {
            EntityDeclaration(
                name: $0, parents: parents, shape: shape, tags: tags, enumeration: enumeration,
                annotations: annotations, span: span)
        }
    }

    private mutating func parseEnumeration() throws(Abandoned) -> [String] {
        try reader.expect(.leftBracket)
        var ids = [try reader.string()]
        while reader.accept(.comma) { ids.append(try reader.string()) }
        try reader.expect(.rightBracket)
        return ids
    }

    /// One path, or several in brackets.
    private mutating func parseTypeNames() throws(Abandoned) -> [String] {
        guard reader.accept(.leftBracket) else { return [try parsePath()] }
        if reader.accept(.rightBracket) { return [] }
        var names = [try parsePath()]
        while reader.accept(.comma) { names.append(try parsePath()) }
        try reader.expect(.rightBracket)
        return names
    }

    private mutating func parsePath() throws(Abandoned) -> String {
        var path = try pathPart()
        while reader.isAt(.doubleColon), reader.peek().kind == .identifier {
            reader.advance()
            path += "::" + (try pathPart())
        }
        return path
    }

    /// `__cedar` may begin the name of a built-in type here.
    private mutating func pathPart() throws(Abandoned) -> String {
        reader.isAt(word: "__cedar")
            ? try reader.anyIdentifier() : try reader.identifier()
    }

    /// A name: a text, or an identifier that is no word of the language of policies.
    private mutating func parseName() throws(Abandoned) -> String {
        if reader.current.kind == .string { return try reader.string() }
        return try pathPart()
    }

    // Action ::= 'action' Names ['in' Refs] ['appliesTo' '{' … '}'] ['attributes' '{' '}'] ';'
    private mutating func parseActions(
        _ annotations: [(key: String, value: String)], from lower: Int
    ) throws(Abandoned) -> [ActionDeclaration] {
        let nameSpan = reader.current.span
        var names = [try parseName()]
        while reader.accept(.comma) { names.append(try parseName()) }
        var action = ActionDeclaration(name: names[0], annotations: annotations, span: nameSpan)
        if reader.accept(word: "in") { action.parents = try parseActionReferences() }
        if reader.accept(word: "appliesTo") { try parseAppliesTo(&action) }
        if reader.accept(word: "attributes") {
            try reader.expect(.leftBrace)
            try reader.expect(.rightBrace)
        }
        try reader.expect(.semicolon)
        return names.map { name in
            ActionDeclaration(
                name: name, parents: action.parents, principals: action.principals,
                resources: action.resources, context: action.context,
                annotations: annotations, span: action.span)
        }
    }

    private mutating func parseActionReferences() throws(Abandoned) -> [ActionReference] {
        guard reader.accept(.leftBracket) else { return [try parseActionReference()] }
        var references = [try parseActionReference()]
        while reader.accept(.comma) { references.append(try parseActionReference()) }
        try reader.expect(.rightBracket)
        return references
    }

    private mutating func parseActionReference() throws(Abandoned) -> ActionReference {
        if reader.current.kind == .string || reader.peek().kind != .symbol(.doubleColon) {
            return ActionReference(type: nil, id: try parseName())
        }
        let type = try parsePath()
        try reader.expect(.doubleColon)
        return ActionReference(type: type, id: try reader.string())
    }

    private mutating func parseAppliesTo(
        _ action: inout ActionDeclaration
    ) throws(Abandoned) {
        try reader.expect(.leftBrace)
        var seen: Set<String> = []
        repeat {
            let token = reader.current
            let word = try reader.anyIdentifier()
            if !seen.insert(word).inserted {
                reader.note(.duplicateDeclaration, [word], at: token.span)
            }
            try reader.expect(.colon)
            switch word {
            case "principal": action.principals = try parseApplicable(word, action.name)
            case "resource": action.resources = try parseApplicable(word, action.name)
            case "context": action.context = try parseType()
            default:
                let expected = "`principal`, `resource` or `context`"
                throw reader.failure(.unexpectedToken, [word, expected], at: token.span)
            }
        } while reader.accept(.comma) && !reader.isAt(.rightBrace)
        try reader.expect(.rightBrace)
        for word in ["principal", "resource"] where !seen.contains(word) {
            reader.note(.missingDeclaration, [word, action.name], at: action.span)
        }
    }

    /// The types that an action applies to: at least one.
    private mutating func parseApplicable(
        _ word: String, _ action: String
    ) throws(Abandoned) -> [String] {
        let lower = reader.current.span.lower
        let names = try parseTypeNames()
        if names.isEmpty {
            reader.note(.emptyDeclaration, [action, word], at: reader.span(from: lower))
        }
        return names
    }

    // Type ::= Path | 'Set' '<' Type '>' | Record
    private mutating func parseType() throws(Abandoned) -> TypeExpression {
        reader.enter()
        defer { reader.leave() }
        if reader.isTooDeep {
            throw reader.failure(
                .tooDeep, [String(TokenReader.maximumDepth)], at: reader.current.span)
        }
        if reader.isAt(.leftBrace) { return try parseRecord() }
        let lower = reader.current.span.lower
        if reader.isAt(word: "Set"), reader.peek().kind == .symbol(.less) {
            reader.advance()
            reader.advance()
            let element = try parseType()
            try reader.expect(.greater)
            return .set(element)
        }
        let name = try parsePath()
        return .name(name, reader.span(from: lower))
    }

    private mutating func parseRecord() throws(Abandoned) -> TypeExpression {
        try reader.expect(.leftBrace)
        var attributes: [AttributeDeclaration] = []
        var positions: [Text: Int] = [:]
        while !reader.isAt(.rightBrace) {
            let annotations = try parseAnnotations()
            let name = try parseName()
            let isOptional = reader.accept(.question)
            try reader.expect(.colon)
            let attribute = AttributeDeclaration(
                name: name, type: try parseType(), isRequired: !isOptional,
                annotations: annotations)
            // Of two attributes with the same name the last one counts.
            if let position = positions[Text(name)] {
                attributes[position] = attribute
            } else {
                positions[Text(name)] = attributes.count
                attributes.append(attribute)
            }
            if !reader.accept(.comma) { break }
        }
        try reader.expect(.rightBrace)
        return .record(attributes)
    }
}
