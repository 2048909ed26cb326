// SPDX-License-Identifier: Apache-2.0

/// Text laid out in a number of columns.
enum WrappedText {
    /// The lines of a text, broken at spaces; a word longer than a line stays whole.
    ///
    /// A no-break space is not a place to break, which is what it is for.
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// A text filled with spaces to a width, on the right or, for figures, on the left.
    static func padded(_ text: String, _ width: Int, figures: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return figures ? padding + text : text + padding
    }
}
