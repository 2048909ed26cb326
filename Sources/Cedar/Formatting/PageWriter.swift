// SPDX-License-Identifier: Apache-2.0

/// Collects lines with their indentation.
struct PageWriter {
    private var lines: [String] = []
    private var line = ""
    private var level = 0
    /// Whether the line must end before the next token, because a comment ended it.
    private var mustBreak = false

    /// The columns of one step of indentation.
    private static let step = 4

    var isEmpty: Bool { lines.isEmpty && line.isEmpty }

    /// The column at which the next word begins, its space not counted.
    var column: Int {
        line.isEmpty || mustBreak ? level * Self.step : line.unicodeScalars.count
    }

    mutating func write(_ text: String, space: Bool) {
        if mustBreak { newLine() }
        if line.isEmpty {
            line = String(repeating: " ", count: level * Self.step) + text
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

    /// Ends the line, and leaves one blank line.
    mutating func blankLine() {
        newLine()
        if lines.last != "" { lines.append("") }
    }

    mutating func indent(by amount: Int) {
        level += amount
    }

    mutating func finish() -> String {
        newLine()
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}
