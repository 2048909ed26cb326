// SPDX-License-Identifier: Apache-2.0

/// Lays out policies in one way: the same tokens and comments, with the same meaning.
///
/// Formatting a formatted text changes nothing.
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
        layout = TokenLayout(source)
    }

    private mutating func run() -> String {
        while !layout.isAtEnd {
            if !layout.page.isEmpty { layout.blankLine() }
            policy()
        }
        return layout.finish()
    }

    private var tokens: [Token] { layout.tokens }
    private var index: Int { layout.index }

    private func word(_ token: Token) -> String { layout.source.text(token.span) }

    private mutating func take(space: Bool = false) { layout.take(space: space) }

    private mutating func policy() {
        while tokens[index].kind == .symbol(.at) {
            take()
            take()
            if tokens[index].kind == .symbol(.leftParen) { for _ in 0..<3 { take() } }
            layout.newLine()
        }
        take()
        scope()
        while tokens[index].kind != .symbol(.semicolon) {
            layout.flushTrailingComments()
            layout.newLine()
            condition()
        }
        take()
        layout.flushTrailingComments()
        layout.newLine()
    }

    private mutating func scope() {
        let end = layout.closing(index)
        let isPlain = end - index <= 7 && !layout.hasComments(index..<end)
        take(space: true)
        if !isPlain { layout.indent(by: 1) }
        var depth = 0
        var startsItem = true
        while index < end {
            if startsItem, !isPlain { layout.newLine() }
            startsItem = false
            take(space: spaceBefore(index))
            switch tokens[index - 1].kind {
            case .symbol(.leftParen), .symbol(.leftBracket): depth += 1
            case .symbol(.rightParen), .symbol(.rightBracket): depth -= 1
            case .symbol(.comma) where depth == 0: startsItem = true
            default: break
            }
        }
        layout.flushCommentsBeforeToken()
        if !isPlain {
            layout.indent(by: -1)
            layout.newLine()
        }
        take()
    }

    private mutating func condition() {
        let open = index + 1
        let end = layout.closing(open)
        let line = (open + 1..<end).reduce(into: "") { text, position in
            if spaceBefore(position), position > open + 1 { text += " " }
            text += word(tokens[position])
        }
        let keyword = word(tokens[index])
        let isShort = keyword.utf8.count + line.utf8.count + 5 <= TokenLayout.width
        let fitsOneLine = isShort && !layout.hasComments(index..<end) && !line.utf8.contains(10)
        take()
        take(space: true)
        if !fitsOneLine { layout.indent(by: 1) }
        if !fitsOneLine { layout.newLine() }
        var depth = 0
        while index < end {
            let isFirst = index == open + 1
            take(space: isFirst ? fitsOneLine : spaceBefore(index))
            switch tokens[index - 1].kind {
            case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.leftBrace): depth += 1
            case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace): depth -= 1
            case .symbol(.and) where depth == 0 && !fitsOneLine: layout.newLine()
            case .symbol(.or) where depth == 0 && !fitsOneLine: layout.newLine()
            default: break
            }
        }
        layout.flushCommentsBeforeToken()
        if !fitsOneLine {
            layout.indent(by: -1)
            layout.newLine()
        }
        take(space: fitsOneLine)
    }

    private static let keywords: Set<String> = ["if", "then", "else", "in", "is", "has", "like"]

    private func isKeyword(_ position: Int) -> Bool {
        tokens[position].kind == .identifier && Self.keywords.contains(word(tokens[position]))
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

    /// Whether a space stands before a token inside a policy.
    private func spaceBefore(_ position: Int) -> Bool {
        let token = tokens[position]
        let previous = tokens[position - 1]
        switch token.kind {
        case .symbol(.comma), .symbol(.dot), .symbol(.doubleColon), .symbol(.colon),
            .symbol(.rightParen), .symbol(.rightBracket), .symbol(.semicolon):
            return false
        case .symbol(.rightBrace): return previous.kind != .symbol(.leftBrace)
        case .symbol(.leftBracket) where isOperand(position - 1): return false
        case .symbol(.leftParen) where previous.kind == .identifier:
            return isKeyword(position - 1)
        default: break
        }
        switch previous.kind {
        case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.dot), .symbol(.doubleColon):
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
