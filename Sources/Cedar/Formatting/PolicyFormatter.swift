// SPDX-License-Identifier: Apache-2.0

/// Lays out policies in one way: the same tokens and comments, with the same meaning.
///
/// Formatting a formatted text changes nothing. What fits on a line of a hundred columns is written on
/// one, unless its author broke it after the bracket that opens it or at one of its operators.
public struct PolicyFormatter {
    private var layout: TokenLayout

    /// Formats a text of policies.
    ///
    /// - Throws: `CedarErrors` if the text does not parse.
    public static func format(
        _ text: String, file: String = "policies.cedar"
    ) throws(CedarErrors) -> String {
        let source = Source(file: file, text: text)
        var parser = PolicyParser(source)
        _ = try parser.parsePolicies()
        var formatter = PolicyFormatter(source)
        return formatter.run()
    }

    /// The comments of a text, in order.
    package static func comments(in text: String) -> [String] {
        let source = Source(file: "policies.cedar", text: text)
        return TokenReader(source).comments.map { source.text($0) }
    }

    private init(_ source: Source) {
        layout = TokenLayout(source) { tokens, position in
            TokenSpacing(source: source, tokens: tokens).hasSpace(before: position)
        }
    }

    private mutating func run() -> String {
        while !layout.isAtEnd {
            if layout.index > 0 { layout.page.blankLine() }
            layout.flushCommentsWithBlankLines()
            policy()
        }
        return layout.finish()
    }

    private mutating func policy() {
        while layout.isAt(.at) {
            layout.take()
            layout.take()
            if layout.isAt(.leftParen) { layout.take(until: layout.index + 3) }
            layout.breakLine()
        }
        layout.take()
        layout.sequence(until: layout.closing(layout.index) + 1)
        while !layout.isAt(.semicolon) {
            layout.breakLine()
            condition()
        }
        layout.takeSemicolon()
    }

    /// A clause on one line, or its expression on lines of its own.
    private mutating func condition() {
        let close = layout.closing(layout.index + 1)
        let isLast = layout.tokens[close + 1].kind == .symbol(.semicolon)
        if layout.fits(layout.index..<close + 1, before: isLast ? 1 : 0) {
            return layout.take(until: close + 1)
        }
        layout.take(until: layout.index + 2)
        layout.breakLine()
        layout.page.indent(by: 1)
        layout.expression(until: close)
        layout.breakLine()
        layout.flushComments()
        layout.page.indent(by: -1)
        layout.page.newLine()
        layout.take()
    }
}

/// Where spaces stand between the tokens of policies.
private struct TokenSpacing {
    let source: Source
    let tokens: [Token]

    private static let keywords: Set<String> = ["if", "then", "else", "in", "is", "has", "like"]
    private static let heads: Set<String> = ["permit", "forbid"]

    private func word(_ position: Int) -> String { source.text(tokens[position].span) }

    private func isKeyword(_ position: Int) -> Bool {
        tokens[position].kind == .identifier && Self.keywords.contains(word(position))
    }

    /// Whether an effect stands here, and not an attribute of that name.
    private func isEffect(_ position: Int) -> Bool {
        guard Self.heads.contains(word(position)) else { return false }
        guard position > 0 else { return true }
        switch tokens[position - 1].kind {
        case .symbol(.semicolon), .symbol(.rightParen): return true
        case .identifier: return position > 1 && tokens[position - 2].kind == .symbol(.at)
        default: return false
        }
    }

    /// Whether a token that may be unary is.
    private func isUnary(_ position: Int) -> Bool {
        guard tokens[position].kind == .symbol(.minus) || tokens[position].kind == .symbol(.not)
        else { return false }
        guard position > 0 else { return true }
        switch tokens[position - 1].kind {
        case .integer, .string, .slot, .symbol(.rightParen), .symbol(.rightBracket),
            .symbol(.rightBrace):
            return false
        case .identifier: return isKeyword(position - 1)
        default: return true
        }
    }

    func hasSpace(before position: Int) -> Bool {
        guard position > 0 else { return false }
        let token = tokens[position]
        let previous = tokens[position - 1]
        switch token.kind {
        case .symbol(.comma), .symbol(.dot), .symbol(.doubleColon), .symbol(.colon),
            .symbol(.rightParen), .symbol(.rightBracket), .symbol(.semicolon):
            return false
        case .symbol(.rightBrace): return previous.kind != .symbol(.leftBrace)
        case .symbol(.leftBracket) where isOperand(position - 1): return false
        case .symbol(.leftParen) where previous.kind == .identifier:
            return isKeyword(position - 1) || isEffect(position - 1)
        default: break
        }
        switch previous.kind {
        case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.dot), .symbol(.doubleColon),
            .symbol(.at):
            return false
        case .symbol(.minus), .symbol(.not): return !isUnary(position - 1)
        default: return true
        }
    }

    private func isOperand(_ position: Int) -> Bool {
        switch tokens[position].kind {
        case .identifier: !isKeyword(position)
        case .string, .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace): true
        default: false
        }
    }
}
