// SPDX-License-Identifier: Apache-2.0

/// Lays out schemas in one way: the same tokens and comments, with the same meaning.
///
/// Formatting a formatted text changes nothing. A blank line between declarations is kept, and so is a
/// break after the bracket that opens a record or a list.
public struct SchemaFormatter {
    private var layout: TokenLayout

    /// Formats a schema in Cedar's syntax.
    ///
    /// - Throws: `CedarErrors` if the text is not a schema.
    public static func format(
        _ text: String, file: String = "schema.cedarschema"
    ) throws(CedarErrors) -> String {
        _ = try Schema(parsing: text, file: file)
        var formatter = SchemaFormatter(Source(file: file, text: text))
        return formatter.run()
    }

    private init(_ source: Source) {
        layout = TokenLayout(source, hasSpace: Self.hasSpace)
    }

    private mutating func run() -> String {
        declarations()
        return layout.finish()
    }

    private mutating func declarations() {
        while !layout.isAtEnd, !layout.isAt(.rightBrace) {
            layout.flushCommentsWithBlankLines()
            annotations()
            if layout.word(layout.index) == "namespace" { namespace() } else { declaration() }
        }
    }

    private mutating func annotations() {
        while layout.isAt(.at) {
            layout.take()
            layout.take()
            if layout.isAt(.leftParen) { layout.take(until: layout.index + 3) }
            layout.breakLine()
        }
    }

    private mutating func namespace() {
        while !layout.isAt(.leftBrace) { layout.take() }
        layout.take()
        layout.breakLine()
        layout.page.indent(by: 1)
        declarations()
        layout.flushComments()
        layout.page.indent(by: -1)
        layout.page.newLine()
        layout.take()
        layout.breakLine()
    }

    /// A declaration on one line, or its names, what they are in, and the rest one after the other.
    private mutating func declaration() {
        layout.flushComments()
        var end = layout.index
        while layout.tokens[end].kind != .symbol(.semicolon) { end = layout.closing(end) + 1 }
        let starts = clauses(until: end)
        if starts.allSatisfy({ !layout.startsLine($0) }), layout.fits(layout.index..<end + 1) {
            layout.take(until: end)
        } else {
            names(until: starts.first ?? end)
            for (start, next) in zip(starts, starts.dropFirst() + [end]) {
                let columns = layout.columns(start..<next) ?? TokenLayout.width
                let more = next == end ? 1 : 0
                let hasOwnLine =
                    layout.startsLine(start)
                    || columns + 5 <= TokenLayout.width && !layout.fits(start..<next, before: more)
                layout.page.indent(by: hasOwnLine ? 1 : 0)
                if hasOwnLine { layout.breakLine() }
                layout.sequence(until: next)
                layout.page.indent(by: hasOwnLine ? -1 : 0)
            }
        }
        layout.takeSemicolon()
    }

    /// Where `in`, `appliesTo`, `tags` and `attributes` begin.
    private func clauses(until end: Int) -> [Int] {
        var starts: [Int] = []
        var position = layout.index + 1
        while position < end {
            let isName =
                position == layout.index + 1
                || layout.tokens[position - 1].kind == .symbol(.comma)
            let words = ["in", "appliesTo", "tags", "attributes"]
            if !isName, layout.tokens[position].kind == .identifier,
                words.contains(layout.word(position))
            {
                starts.append(position)
            }
            position = layout.closing(position) + 1
        }
        return starts
    }

    /// The keyword and the names, in rows; where it is a type, all of it.
    private mutating func names(until end: Int) {
        layout.take()
        layout.page.indent(by: 1)
        while layout.index < end, layout.tokens[layout.index + 1].kind == .symbol(.comma) {
            layout.take()
            layout.takeFirst()
            let columns = (layout.columns(layout.index..<layout.index + 1) ?? 0) + 2
            if layout.startsLine(layout.index)
                || layout.page.column + columns > TokenLayout.width
            {
                layout.breakLine()
            }
        }
        if layout.index < end { layout.take() }
        layout.page.indent(by: -1)
        layout.sequence(until: end)
    }

    private static func hasSpace(_ tokens: [Token], _ position: Int) -> Bool {
        guard position > 0 else { return false }
        switch tokens[position].kind {
        case .symbol(.comma), .symbol(.semicolon), .symbol(.colon), .symbol(.question),
            .symbol(.less), .symbol(.greater), .symbol(.rightBracket), .symbol(.doubleColon),
            .symbol(.leftParen), .symbol(.rightParen):
            return false
        case .symbol(.rightBrace): return tokens[position - 1].kind != .symbol(.leftBrace)
        default: break
        }
        switch tokens[position - 1].kind {
        case .symbol(.less), .symbol(.leftBracket), .symbol(.doubleColon), .symbol(.leftParen),
            .symbol(.at):
            return false
        default: return true
        }
    }
}
