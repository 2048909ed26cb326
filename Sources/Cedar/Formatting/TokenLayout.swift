// SPDX-License-Identifier: Apache-2.0

/// Writes the tokens of a text again with other white space, and every comment where it stood.
struct TokenLayout {
    let source: Source
    let tokens: [Token]
    private let comments: [SourceSpan]
    private(set) var index = 0
    private var commentIndex = 0
    private(set) var page = PageWriter()

    /// The longest line that is not broken where it could be.
    static let width = 80

    init(_ source: Source) {
        var lexer = Lexer(source)
        lexer.run()
        self.source = source
        tokens = lexer.tokens
        comments = lexer.comments
    }

    var isAtEnd: Bool { tokens[index].kind == .end }

    func word(_ position: Int) -> String { source.text(tokens[position].span) }

    func isAt(_ symbol: Symbol) -> Bool { tokens[index].kind == .symbol(symbol) }

    mutating func newLine() { page.newLine() }
    mutating func blankLine() { page.blankLine() }
    mutating func indent(by amount: Int) { page.indent(by: amount) }

    /// Writes the comments that stand before an offset, each to the end of its line.
    mutating func flushComments(before offset: Int) {
        while commentIndex < comments.count, comments[commentIndex].lower < offset {
            let span = comments[commentIndex]
            let previous = index > 0 ? tokens[index - 1].span.upper : 0
            let gap = source.bytes[min(previous, span.lower)..<span.lower]
            let isTrailing = index > 0 && !gap.contains(10)
            page.comment(source.text(span), isTrailing: isTrailing)
            commentIndex += 1
        }
    }

    mutating func flushCommentsBeforeToken() {
        flushComments(before: tokens[index].span.lower)
    }

    /// Writes the next token, after its comments, with or without a space before.
    mutating func take(space: Bool = false) {
        flushCommentsBeforeToken()
        page.write(word(index), space: space)
        index += 1
    }

    /// Writes the comments that follow the last token on its own line.
    mutating func flushTrailingComments() {
        guard index > 0, commentIndex < comments.count else { return }
        let next = comments[commentIndex].lower
        let end = tokens[index - 1].span.upper
        guard next >= end, !source.bytes[end..<next].contains(10) else { return }
        flushComments(before: next + 1)
    }

    /// Whether a blank line stands before the next token or its comments.
    var followsBlankLine: Bool {
        guard index > 0 else { return false }
        let end = tokens[index - 1].span.upper
        var next = tokens[index].span.lower
        if commentIndex < comments.count { next = min(next, comments[commentIndex].lower) }
        return source.bytes[min(end, next)..<next].count { $0 == 10 } > 1
    }

    var hasRemainingComments: Bool { commentIndex < comments.count }

    /// The index of the bracket that closes the one at `start`.
    func closing(_ start: Int) -> Int {
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

    func hasComments(_ range: Range<Int>) -> Bool {
        let lower = tokens[range.lowerBound].span.lower
        let upper = tokens[range.upperBound].span.lower
        return comments.contains { $0.lower > lower && $0.lower < upper }
    }

    /// The page, after the comments that are left.
    mutating func finish() -> String {
        if hasRemainingComments, !page.isEmpty { page.blankLine() }
        flushComments(before: Int.max)
        return page.finish()
    }
}

/// Collects lines with their indentation.
struct PageWriter {
    private var lines: [String] = []
    private var line = ""
    private var level = 0
    /// Whether the line must end before the next token, because a comment ended it.
    private var mustBreak = false

    var isEmpty: Bool { lines.isEmpty && line.isEmpty }
    /// The columns that are left on the line, before a word of this length is written.
    var column: Int { line.isEmpty ? level * 2 : line.unicodeScalars.count }

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
