// SPDX-License-Identifier: Apache-2.0

/// Writes the tokens of a text again with other white space, and every comment where it stood.
///
/// What fits on a line is written on one line, unless its author broke it: after the bracket that
/// opens it, or at one of its operators.
struct TokenLayout {
    let source: Source
    let tokens: [Token]
    /// Whether a space stands before each token, where a line holds both it and the one before.
    let spaces: [Bool]
    private let comments: [SourceSpan]
    private(set) var index = 0
    private var commentIndex = 0
    var page = PageWriter()

    /// The index of the bracket that closes the one at each index.
    private var closings: [Int]
    /// The columns of the tokens before each index, on one line.
    private var widths = [0]
    /// How many of the tokens before each index cannot stand on one line with those before them.
    private var breaks = [0]

    /// The longest line that is not broken where it could be.
    static let width = 100

    /// Cuts a text into tokens; `hasSpace` says of each whether a space stands before it.
    init(_ source: Source, hasSpace: ([Token], Int) -> Bool) {
        var lexer = Lexer(source)
        lexer.run()
        self.source = source
        tokens = lexer.tokens
        comments = lexer.comments
        spaces = lexer.tokens.indices.map { hasSpace(lexer.tokens, $0) }
        closings = Array(lexer.tokens.indices)
        var open: [Int] = []
        for position in tokens.indices {
            switch tokens[position].kind {
            case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.leftBrace):
                open.append(position)
            case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace):
                if let start = open.popLast() { closings[start] = position }
            default: break
            }
        }
        measure()
    }

    private mutating func measure() {
        var comment = 0
        for (position, token) in tokens.enumerated() {
            let bytes = source.bytes[token.span.lower..<token.span.upper]
            let columns = bytes.count { $0 & 0xC0 != 0x80 } + (spaces[position] ? 1 : 0)
            widths.append(widths[position] + columns)
            var mustBreak = isBroken(position)
            while comment < comments.count, comments[comment].lower < token.span.lower {
                mustBreak = true
                comment += 1
            }
            breaks.append(breaks[position] + (mustBreak ? 1 : 0))
        }
    }

    /// Whether the author broke the line at a token where that is kept.
    private func isBroken(_ position: Int) -> Bool {
        guard position > 0 else { return false }
        let previous = tokens[position - 1]
        switch previous.kind {
        case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.leftBrace):
            // An empty pair is never broken.
            return closings[position - 1] != position && startsLine(position)
        case .symbol(.and), .symbol(.or): if startsLine(position) { return true }
        case .string:
            if source.bytes[previous.span.lower..<previous.span.upper].contains(10) { return true }
        default: break
        }
        switch tokens[position].kind {
        case .symbol(.and), .symbol(.or): return startsLine(position)
        case .identifier where word(position) == "then" || word(position) == "else":
            return startsLine(position)
        default: return false
        }
    }

    /// Whether a token begins a line in the source.
    func startsLine(_ position: Int) -> Bool {
        guard position > 0 else { return false }
        let gap = tokens[position - 1].span.upper..<tokens[position].span.lower
        return source.bytes[gap].contains(10)
    }

    var isAtEnd: Bool { tokens[index].kind == .end }

    func word(_ position: Int) -> String { source.text(tokens[position].span) }

    func isAt(_ symbol: Symbol) -> Bool { tokens[index].kind == .symbol(symbol) }

    func closing(_ start: Int) -> Int { closings[start] }

    /// The columns of tokens on one line; nil if they cannot stand on one.
    func columns(_ range: Range<Int>) -> Int? {
        guard let first = range.first else { return 0 }
        guard breaks[range.upperBound] == breaks[first + 1] else { return nil }
        return widths[range.upperBound] - widths[first] - (spaces[first] ? 1 : 0)
    }

    /// Whether tokens fit on what is left of the line, with so many columns after them.
    func fits(_ range: Range<Int>, before more: Int = 0) -> Bool {
        guard let first = range.first, let columns = columns(range) else { return range.isEmpty }
        let space = spaces[first] ? 1 : 0
        return page.column + space + columns + more <= Self.width
    }
}

extension TokenLayout {
    /// Writes the next token, after its comments.
    mutating func take() {
        flushComments(before: tokens[index].span.lower)
        takeFirst()
    }

    /// Writes the next token, and then the comments that stood before it.
    mutating func takeFirst() {
        page.write(word(index), space: spaces[index])
        index += 1
        flushComments(before: tokens[index - 1].span.lower)
    }

    /// Writes the `;` that is next, and then the comments on the line of the token before it.
    mutating func takeSemicolon() {
        let pending = comments[commentIndex...].prefix { $0.lower < tokens[index].span.lower }
        if pending.allSatisfy(isTrailing) { takeFirst() } else { take() }
        breakLine()
    }

    /// Writes tokens on one line.
    mutating func take(until end: Int) {
        while index < end { take() }
    }

    /// Ends the line, after the comments that follow the last token on its own line.
    mutating func breakLine() {
        flushTrailingComments()
        page.newLine()
    }

    private mutating func flushTrailingComments() {
        guard index > 0, commentIndex < comments.count else { return }
        let next = comments[commentIndex].lower
        let end = tokens[index - 1].span.upper
        guard next >= end, next < tokens[index].span.lower,
            !source.bytes[end..<next].contains(10)
        else { return }
        flushComments(before: next + 1)
    }

    /// Writes the comments that stand before the next token.
    mutating func flushComments() {
        flushComments(before: tokens[index].span.lower)
    }

    /// Writes the comments that stand before an offset, each to the end of its line.
    private mutating func flushComments(before offset: Int) {
        while commentIndex < comments.count, comments[commentIndex].lower < offset {
            let span = comments[commentIndex]
            page.comment(source.text(span), isTrailing: isTrailing(span) && !page.isEmpty)
            commentIndex += 1
        }
    }

    /// Whether something stands before a comment on its line.
    private func isTrailing(_ comment: SourceSpan) -> Bool {
        let before = source.bytes[..<comment.lower].reversed().first { $0 != 32 && $0 != 9 }
        return before != nil && before != 10 && before != 13
    }

    /// Writes the comments before the next token, and keeps blank lines around them.
    mutating func flushCommentsWithBlankLines() {
        var end = index > 0 ? tokens[index - 1].span.upper : 0
        let next = tokens[index].span.lower
        while commentIndex < comments.count, comments[commentIndex].lower < next {
            let span = comments[commentIndex]
            if isBlankLine(end..<span.lower) { page.blankLine() }
            flushComments(before: span.lower + 1)
            end = span.upper
        }
        if isBlankLine(end..<next), !isAtEnd { page.blankLine() }
    }

    private func isBlankLine(_ gap: Range<Int>) -> Bool {
        !page.isEmpty && source.bytes[gap].count { $0 == 10 } > 1
    }

    /// The page, after the comments that are left.
    mutating func finish() -> String {
        if commentIndex < comments.count, !page.isEmpty, index > 0 { page.blankLine() }
        flushCommentsWithBlankLines()
        return page.finish()
    }
}
