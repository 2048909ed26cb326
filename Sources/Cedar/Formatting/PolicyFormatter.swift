// SPDX-License-Identifier: Apache-2.0

/// Lays out policies in one way: the same tokens and comments, with the same meaning.
///
/// Formatting a formatted text changes nothing.
public struct PolicyFormatter {
    private let source: Source
    private let tokens: [Token]
    private let comments: [SourceSpan]
    private var index = 0
    private var commentIndex = 0
    private var page = PageWriter()

    /// The longest line that is not broken where it could be.
    private static let width = 80

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

    private init(_ source: Source) {
        var lexer = Lexer(source)
        lexer.run()
        self.source = source
        tokens = lexer.tokens
        comments = lexer.comments
    }

    private mutating func run() -> String {
        while tokens[index].kind != .end {
            if !page.isEmpty { page.blankLine() }
            policy()
        }
        if commentIndex < comments.count, !page.isEmpty { page.blankLine() }
        flushComments(before: Int.max)
        return page.finish()
    }

    private func word(_ token: Token) -> String { source.text(token.span) }

    /// Writes the comments that stand before an offset, each to the end of its line.
    private mutating func flushComments(before offset: Int) {
        while commentIndex < comments.count, comments[commentIndex].lower < offset {
            let span = comments[commentIndex]
            let previous = index > 0 ? tokens[index - 1].span.upper : 0
            let gap = source.bytes[min(previous, span.lower)..<span.lower]
            let isTrailing = index > 0 && !gap.contains(10)
            page.comment(source.text(span), isTrailing: isTrailing)
            commentIndex += 1
        }
    }

    /// Writes the next token, after its comments, with or without a space before.
    private mutating func take(space: Bool = false) {
        flushComments(before: tokens[index].span.lower)
        page.write(word(tokens[index]), space: space)
        index += 1
    }

    private mutating func policy() {
        while tokens[index].kind == .symbol(.at) {
            take()
            take()
            if tokens[index].kind == .symbol(.leftParen) { for _ in 0..<3 { take() } }
            page.newLine()
        }
        take()
        scope()
        while tokens[index].kind != .symbol(.semicolon) {
            flushTrailingComments()
            page.newLine()
            condition()
        }
        take()
        flushTrailingComments()
        page.newLine()
    }

    /// Writes the comments that follow the last token on its own line.
    private mutating func flushTrailingComments() {
        guard commentIndex < comments.count else { return }
        let next = comments[commentIndex].lower
        let end = tokens[index - 1].span.upper
        guard next >= end, !source.bytes[end..<next].contains(10) else { return }
        flushComments(before: next + 1)
    }

    /// The index of the bracket that closes the one at `start`.
    private func closing(_ start: Int) -> Int {
        var depth = 0
        for position in start..<tokens.count {
            switch tokens[position].kind {
            case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.leftBrace): depth += 1
            case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace):
                depth -= 1
                if depth == 0 { return position }
            default: break
            }
        }
        return tokens.count - 1
    }

    private func hasComments(_ range: Range<Int>) -> Bool {
        let lower = tokens[range.lowerBound].span.lower
        let upper = tokens[range.upperBound].span.lower
        return comments.contains { $0.lower > lower && $0.lower < upper }
    }

    private mutating func scope() {
        let end = closing(index)
        let isPlain = end - index <= 7 && !hasComments(index..<end)
        take(space: true)
        if !isPlain { page.indent(by: 1) }
        var depth = 0
        var startsItem = true
        while index < end {
            if startsItem, !isPlain { page.newLine() }
            startsItem = false
            take(space: spaceBefore(index))
            switch tokens[index - 1].kind {
            case .symbol(.leftParen), .symbol(.leftBracket): depth += 1
            case .symbol(.rightParen), .symbol(.rightBracket): depth -= 1
            case .symbol(.comma) where depth == 0: startsItem = true
            default: break
            }
        }
        flushComments(before: tokens[index].span.lower)
        if !isPlain {
            page.indent(by: -1)
            page.newLine()
        }
        take()
    }

    private mutating func condition() {
        let open = index + 1
        let end = closing(open)
        let line = (open + 1..<end).reduce(into: "") { text, position in
            if spaceBefore(position), position > open + 1 { text += " " }
            text += word(tokens[position])
        }
        let keyword = word(tokens[index])
        let isShort = keyword.utf8.count + line.utf8.count + 5 <= Self.width
        let fitsOneLine = isShort && !hasComments(index..<end) && !line.utf8.contains(10)
        take()
        take(space: true)
        if !fitsOneLine { page.indent(by: 1) }
        if !fitsOneLine { page.newLine() }
        var depth = 0
        while index < end {
            let isFirst = index == open + 1
            take(space: isFirst ? fitsOneLine : spaceBefore(index))
            switch tokens[index - 1].kind {
            case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.leftBrace): depth += 1
            case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace): depth -= 1
            case .symbol(.and) where depth == 0 && !fitsOneLine: page.newLine()
            case .symbol(.or) where depth == 0 && !fitsOneLine: page.newLine()
            default: break
            }
        }
        flushComments(before: tokens[index].span.lower)
        if !fitsOneLine {
            page.indent(by: -1)
            page.newLine()
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

/// Collects lines with their indentation.
private struct PageWriter {
    private var lines: [String] = []
    private var line = ""
    private var level = 0
    /// Whether the line must end before the next token, because a comment ended it.
    private var mustBreak = false

    var isEmpty: Bool { lines.isEmpty && line.isEmpty }

    mutating func write(_ text: String, space: Bool) {
        if mustBreak { newLine() }
        if line.isEmpty {
            line = String(repeating: "  ", count: level) + text
        } else {
            line += (space ? " " : "") + text
        }
    }

    mutating func comment(_ text: String, isTrailing: Bool) {
        if !isTrailing { newLine() }
        write(text, space: true)
        mustBreak = true
    }

    mutating func newLine() {
        mustBreak = false
        if !line.isEmpty { lines.append(line) }
        line = ""
    }

    mutating func blankLine() {
        newLine()
        lines.append("")
    }

    mutating func indent(by amount: Int) {
        level += amount
    }

    mutating func finish() -> String {
        newLine()
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}
