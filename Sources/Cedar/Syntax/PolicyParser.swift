// SPDX-License-Identifier: Apache-2.0

/// Reads policies and templates, in the order of Cedar's grammar.
///
/// An error inside a policy gives up that policy and goes on after its `;`, so that one run
/// tells of several errors.
struct PolicyParser {
    var reader: TokenReader

    init(_ source: Source) {
        reader = TokenReader(source)
    }

    // Policy ::= {Annotation} Effect '(' Scope ')' {Condition} ';'
    mutating func parsePolicies() throws(CedarErrors) -> [Policy] {
        var policies: [Policy] = []
        while !reader.isAtEnd {
            do throws(Abandoned) {
                policies.append(try parsePolicy())
            } catch {
                reader.synchronize(pastBraces: true)
            }
        }
        reader.sortErrors()
        guard reader.errors.isEmpty else { throw CedarErrors(errors: reader.errors) }
        return policies
    }

    private mutating func parsePolicy() throws(Abandoned) -> Policy {
        let lower = reader.current.span.lower
        let annotations = try parseAnnotations()
        let effect = try parseEffect()
        let scope = try parseScope()
        var conditions: [Condition] = []
        while !reader.isAt(.semicolon) {
            conditions.append(try parseCondition())
        }
        try reader.expect(.semicolon)
        return Policy(
            id: "", effect: effect, annotations: annotations, span: reader.span(from: lower),
            source: reader.source, scope: scope, conditions: conditions)
    }

    // Annotation ::= '@' ANYIDENT ['(' STR ')']
    private mutating func parseAnnotations() throws(Abandoned) -> [Annotation] {
        var annotations: [Annotation] = []
        while reader.accept(.at) {
            let span = reader.current.span
            let key = try reader.anyIdentifier()
            var value: String?
            if reader.accept(.leftParen) {
                value = try reader.string()
                try reader.expect(.rightParen)
            }
            if annotations.contains(where: { $0.key == key }) {
                reader.note(.duplicateAnnotation, [key], at: span)
            }
            annotations.append(Annotation(key: key, value: value))
        }
        return annotations
    }

    private mutating func parseEffect() throws(Abandoned) -> Effect {
        let token = reader.current
        let word = try reader.anyIdentifier()
        guard let effect = Effect(rawValue: word) else {
            throw reader.failure(.invalidEffect, [word], at: token.span)
        }
        return effect
    }

    private mutating func parseCondition() throws(Abandoned) -> Condition {
        let token = reader.current
        guard reader.isAt(word: "when") || reader.isAt(word: "unless") else {
            throw reader.unexpected("`when`, `unless` or `;`")
        }
        let word = try reader.anyIdentifier()
        try reader.expect(.leftBrace)
        if reader.isAt(.rightBrace) {
            throw reader.failure(.emptyCondition, [word], at: token.span)
        }
        let expression = try parseExpression()
        try reader.expect(.rightBrace)
        return Condition(isUnless: word == "unless", expression: expression)
    }

    // Scope ::= Principal ',' Action ',' Resource
    private mutating func parseScope() throws(Abandoned) -> Scope {
        try reader.expect(.leftParen)
        let principal = try parseConstraint("principal")
        try expectComma(before: "action")
        let (action, actionSpan) = try parseActionConstraint()
        try expectComma(before: "resource")
        let resource = try parseConstraint("resource")
        _ = reader.accept(.comma)
        try reader.expect(.rightParen)
        return Scope(
            principal: principal.0, action: action, resource: resource.0,
            spans: [principal.1, actionSpan, resource.1])
    }

    private mutating func expectComma(before name: String) throws(Abandoned) {
        if reader.isAt(.rightParen) {
            throw reader.failure(.invalidScope, [name, ""], at: reader.current.span)
        }
        try reader.expect(.comma)
    }

    private mutating func expectVariable(_ name: String) throws(Abandoned) {
        guard reader.accept(word: name) else {
            let found = reader.isAtEnd ? "" : reader.text(reader.current)
            throw reader.failure(.invalidScope, [name, found], at: reader.current.span)
        }
        if reader.isAt(.assign) {
            throw reader.failure(.invalidOperator, ["="], at: reader.current.span)
        }
        if reader.isAt(.colon) { throw reader.unexpected("`is`") }
    }

    private mutating func parseConstraint(
        _ name: String
    ) throws(Abandoned) -> (ScopeConstraint, SourceSpan) {
        let lower = reader.current.span.lower
        try expectVariable(name)
        var constraint = ScopeConstraint.any
        if reader.accept(.equalEqual) {
            constraint = .equal(try parseReference(name))
        } else if reader.accept(word: "in") {
            constraint = .in(try parseReference(name))
        } else if reader.accept(word: "is") {
            let type = try parsePath()
            constraint = .isType(type)
            if reader.accept(word: "in") {
                constraint = .isTypeIn(type, try parseReference(name))
            }
        }
        return (constraint, reader.span(from: lower))
    }

    /// An entity or the slot of this variable.
    private mutating func parseReference(_ name: String) throws(Abandoned) -> EntityReference {
        let token = reader.current
        if token.kind == .slot {
            guard reader.text(token) == "?" + name else {
                throw reader.failure(
                    .misplacedSlot, [reader.text(token), "?" + name], at: token.span)
            }
            reader.advance()
            return .slot
        }
        return .uid(try parseEntity())
    }

    mutating func parseEntity() throws(Abandoned) -> EntityUID {
        var parentheses = 0
        while reader.accept(.leftParen) { parentheses += 1 }
        var parts: [String] = []
        repeat {
            let form = "an entity, as in `User::\"alice\"`"
            guard reader.current.kind == .identifier else { throw reader.unexpected(form) }
            parts.append(try reader.identifier())
            guard reader.accept(.doubleColon) else { throw reader.unexpected(form) }
        } while reader.current.kind != .string
        let uid = EntityUID(type: parts.joined(separator: "::"), id: try reader.string())
        for _ in 0..<parentheses { try reader.expect(.rightParen) }
        return uid
    }

    private mutating func parseActionConstraint() throws(Abandoned) -> (
        ActionConstraint, SourceSpan
    ) {
        let lower = reader.current.span.lower
        try expectVariable("action")
        var constraint = ActionConstraint.any
        if reader.accept(.equalEqual) {
            constraint = .equal(try parseAction())
        } else if reader.accept(word: "in") {
            constraint = try parseActionGroups()
        }
        return (constraint, reader.span(from: lower))
    }

    /// One action, or several in brackets; parentheses may stand around either.
    private mutating func parseActionGroups() throws(Abandoned) -> ActionConstraint {
        var distance = 0
        while reader.peek(distance).kind == .symbol(.leftParen) { distance += 1 }
        guard reader.peek(distance).kind == .symbol(.leftBracket) else {
            return .in(try parseAction())
        }
        for _ in 0...distance { reader.advance() }
        var actions: [EntityUID] = []
        while !reader.isAt(.rightBracket) {
            actions.append(try parseAction())
            if !reader.accept(.comma) { break }
        }
        try reader.expect(.rightBracket)
        for _ in 0..<distance { try reader.expect(.rightParen) }
        return ActionConstraint(in: actions)
    }

    private mutating func parseAction() throws(Abandoned) -> EntityUID {
        let token = reader.current
        if token.kind == .slot {
            throw reader.failure(.misplacedSlot, [reader.text(token), "action"], at: token.span)
        }
        let uid = try parseEntity()
        if !uid.isAction {
            reader.note(
                .notAnAction, [uid.description], at: reader.span(from: token.span.lower))
        }
        return uid
    }

    // Path ::= IDENT {'::' IDENT}
    mutating func parsePath() throws(Abandoned) -> String {
        var path = try reader.identifier()
        while reader.isAt(.doubleColon), reader.peek().kind == .identifier {
            reader.advance()
            path += "::" + (try reader.identifier())
        }
        return path
    }
}
