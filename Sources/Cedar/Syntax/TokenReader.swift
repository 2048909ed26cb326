// SPDX-License-Identifier: Apache-2.0

/// Gives up the policy or declaration at hand; the error is already noted.
struct Abandoned: Error {}

/// Walks over the tokens of a text and notes errors: what both parsers share.
struct TokenReader {
    let source: Source
    let comments: [SourceSpan]
    private let tokens: [Token]
    private var index = 0
    private(set) var errors: [CedarError]
    private var depth = 0

    /// How deep brackets may nest.
    static let maximumDepth = 100

    init(_ source: Source) {
        var lexer = Lexer(source)
        lexer.run()
        self.source = source
        tokens = lexer.tokens
        errors = lexer.errors
        comments = lexer.comments
    }

    var current: Token { tokens[index] }
    var isAtEnd: Bool { current.kind == .end }
    /// The offset after the last token that was read.
    var previousEnd: Int { index > 0 ? tokens[index - 1].span.upper : 0 }

    func peek(_ distance: Int = 1) -> Token {
        tokens[min(index + distance, tokens.count - 1)]
    }

    func text(_ token: Token) -> String { source.text(token.span) }

    func span(from lower: Int) -> SourceSpan {
        SourceSpan(lower: lower, upper: max(lower, previousEnd))
    }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    mutating func accept(_ symbol: Symbol) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

    func isAt(word: String) -> Bool {
        current.kind == .identifier && text(current) == word
    }

    mutating func accept(word: String) -> Bool {
        guard isAt(word: word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Symbol) throws(Abandoned) {
        if !accept(symbol) { throw unexpected("`\(symbol.rawValue)`") }
    }

    mutating func expect(word: String) throws(Abandoned) {
        if !accept(word: word) { throw unexpected("`\(word)`") }
    }

    /// Notes an error and goes on.
    mutating func note(_ code: CedarError.Code, _ facts: [String], at span: SourceSpan) {
        errors.append(CedarError(code, facts, at: span, in: source))
    }

    /// Notes an error that ends the policy or declaration.
    mutating func failure(
        _ code: CedarError.Code, _ facts: [String], at span: SourceSpan
    ) -> Abandoned {
        note(code, facts, at: span)
        return Abandoned()
    }

    mutating func unexpected(_ expected: String) -> Abandoned {
        guard isAtEnd else {
            let word = text(current)
            let known = Self.foreignOperators[word] ?? expected
            return failure(.unexpectedToken, [word, known], at: current.span)
        }
        return failure(.unexpectedEnd, [expected], at: current.span)
    }

    /// Operators of other languages, with the way Cedar writes them.
    private static let foreignOperators = [
        "and": "`&&`", "or": "`||`", "not": "`!`", "=": "`==`", "/": "`//` for a comment",
    ]

    /// Goes one level of brackets deeper; paired with `leave`.
    mutating func enter() { depth += 1 }
    mutating func leave() { depth -= 1 }
    var isTooDeep: Bool { depth > TokenReader.maximumDepth }

    /// Skips to after the `;` that ends the policy or declaration at hand.
    ///
    /// A `;` inside braces does not end a policy.
    mutating func synchronize(pastBraces: Bool = false) {
        depth = 0
        while !isAtEnd {
            let isSemicolon = isAt(.semicolon)
            advance()
            if isSemicolon, !(pastBraces && isAt(.rightBrace)) { return }
        }
    }

    /// Sorts the errors, and leaves out those that a character without meaning brought about: what
    /// follows it up to the next `;`.
    mutating func sortErrors() {
        errors.sort { $0.span.lower < $1.span.lower }
        let ends = tokens.filter { $0.kind == .symbol(.semicolon) }.map(\.span.lower)
        var nextEnd = 0
        var lastInvalid: Int?
        errors = errors.filter { error in
            if error.code == .invalidToken {
                lastInvalid = error.span.lower
                return true
            }
            guard let lower = lastInvalid else { return true }
            while nextEnd < ends.count, ends[nextEnd] < lower { nextEnd += 1 }
            return nextEnd < ends.count && ends[nextEnd] < error.span.lower
        }
    }
}

extension TokenReader {
    static let reserved: Set<String> = [
        "true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar",
    ]

    /// Any identifier, reserved or not.
    mutating func anyIdentifier() throws(Abandoned) -> String {
        guard current.kind == .identifier else { throw unexpected("an identifier") }
        let word = text(current)
        advance()
        return word
    }

    /// An identifier that is not reserved; a reserved one is noted as an error.
    mutating func identifier() throws(Abandoned) -> String {
        let token = current
        let word = try anyIdentifier()
        if TokenReader.reserved.contains(word) {
            note(.reservedIdentifier, [word], at: token.span)
        }
        return word
    }

    /// A string literal without its quotes and escapes.
    mutating func string() throws(Abandoned) -> String {
        guard current.kind == .string else { throw unexpected("a text in quotes") }
        var scalars = String.UnicodeScalarView()
        for unit in literalUnits(isPattern: false) {
            switch unit {
            case .scalar(let scalar): scalars.append(scalar)
            case .star: scalars.append("*")
            case .malformed(let span): note(.invalidEscape, [source.text(span)], at: span)
            }
        }
        advance()
        return String(scalars)
    }

    /// A string literal as a pattern.
    mutating func pattern() throws(Abandoned) -> Pattern {
        guard current.kind == .string else { throw unexpected("a pattern in quotes") }
        var elements: [Unicode.Scalar?] = []
        for unit in literalUnits(isPattern: true) {
            switch unit {
            case .scalar(let scalar): elements.append(scalar)
            case .star: elements.append(nil)
            case .malformed(let span): note(.invalidEscape, [source.text(span)], at: span)
            }
        }
        advance()
        return Pattern(elements: elements)
    }

    private func literalUnits(isPattern: Bool) -> [StringEscapes.Unit] {
        let span = current.span
        return StringEscapes.decode(
            source.bytes[span.lower + 1..<span.upper - 1], isPattern: isPattern)
    }
}
