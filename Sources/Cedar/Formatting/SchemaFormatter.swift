// SPDX-License-Identifier: Apache-2.0

/// Lays out schemas in one way: the same tokens and comments, with the same meaning.
///
/// Formatting a formatted text changes nothing. A blank line between declarations is kept.
public struct SchemaFormatter {
    private var layout: TokenLayout
    private var isNested = false

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
        layout = TokenLayout(source)
    }

    private mutating func run() -> String {
        while !layout.isAtEnd {
            separate()
            annotations()
            if layout.word(layout.index) == "namespace" { namespace() } else { declaration() }
        }
        return layout.finish()
    }

    /// Keeps a blank line before a declaration.
    private mutating func separate() {
        if !layout.page.isEmpty, layout.followsBlankLine { layout.blankLine() }
    }

    private mutating func annotations() {
        while layout.isAt(.at) {
            layout.take()
            layout.take()
            if layout.isAt(.leftParen) { for _ in 0..<3 { layout.take() } }
            layout.flushTrailingComments()
            layout.newLine()
        }
    }

    private mutating func namespace() {
        layout.take()
        layout.take(space: true)
        while !layout.isAt(.leftBrace) { layout.take() }
        layout.take(space: true)
        layout.flushTrailingComments()
        layout.newLine()
        layout.indent(by: 1)
        while !layout.isAt(.rightBrace) {
            separate()
            annotations()
            declaration()
        }
        layout.flushCommentsBeforeToken()
        layout.newLine()
        layout.indent(by: -1)
        layout.take()
        layout.flushTrailingComments()
        layout.newLine()
    }

    private mutating func declaration() {
        layout.flushCommentsBeforeToken()
        let start = layout.index
        var end = start
        while layout.tokens[end].kind != .symbol(.semicolon) { end += 1 }
        let isAction = layout.word(start) == "action"
        let fits = fitsLine(start..<end)
        while layout.index < end {
            if layout.isAt(.leftBrace) {
                braces(isBroken: isAction || !fits)
            } else {
                layout.take(space: layout.index > start && spaceBefore(layout.index))
            }
        }
        layout.take()
        layout.flushTrailingComments()
        layout.newLine()
    }

    /// Whether tokens fit on what is left of the line, without a comment among them.
    private func fitsLine(_ range: Range<Int>) -> Bool {
        if layout.hasComments(range) { return false }
        var count = layout.page.column
        for position in range {
            let word = layout.word(position)
            if word.utf8.contains(10) { return false }
            count += word.unicodeScalars.count + (spaceBefore(position) ? 1 : 0)
        }
        return count < TokenLayout.width
    }

    /// The members of a record or of `appliesTo`, one a line if they are broken.
    private mutating func braces(isBroken: Bool) {
        let end = layout.closing(layout.index)
        let isEmpty = end == layout.index + 1 && !layout.hasComments(layout.index..<end)
        let breaks = isBroken && !isEmpty
        layout.take(space: true)
        if breaks {
            layout.flushTrailingComments()
            layout.indent(by: 1)
            layout.newLine()
        }
        var isFirst = true
        var angles = 0
        var brackets = 0
        while layout.index < end {
            let position = layout.index
            if layout.isAt(.leftBrace) {
                let inner = layout.closing(position)
                braces(isBroken: breaks && !fitsLine(position..<inner + 1))
            } else {
                let startsLine = isFirst && breaks
                layout.take(space: startsLine ? false : isFirst ? !breaks : spaceBefore(position))
            }
            isFirst = false
            switch layout.tokens[layout.index - 1].kind {
            case .symbol(.less): angles += 1
            case .symbol(.greater): angles -= 1
            case .symbol(.leftBracket): brackets += 1
            case .symbol(.rightBracket): brackets -= 1
            case .symbol(.comma) where breaks && angles == 0 && brackets == 0:
                layout.flushTrailingComments()
                layout.newLine()
                isFirst = true
            default: break
            }
        }
        layout.flushCommentsBeforeToken()
        if breaks {
            layout.newLine()
            layout.indent(by: -1)
        }
        layout.take(space: !breaks && !isEmpty)
    }

    private func spaceBefore(_ position: Int) -> Bool {
        guard position > 0 else { return false }
        switch layout.tokens[position].kind {
        case .symbol(.comma), .symbol(.semicolon), .symbol(.colon), .symbol(.question),
            .symbol(.less), .symbol(.greater), .symbol(.rightBracket), .symbol(.doubleColon),
            .symbol(.leftParen), .symbol(.rightParen):
            return false
        default: break
        }
        switch layout.tokens[position - 1].kind {
        case .symbol(.less), .symbol(.leftBracket), .symbol(.doubleColon), .symbol(.leftParen),
            .symbol(.at):
            return false
        default: return true
        }
    }
}
