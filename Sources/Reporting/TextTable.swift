// SPDX-License-Identifier: Apache-2.0

/// Lines of cells, each column as wide as its widest cell.
public enum TextTable {
    /// Renders lines; the first is a header, with a rule under it.
    public static func rendered(_ lines: [[String]]) -> String {
        var widths: [Int] = []
        for line in lines {
            for (column, cell) in line.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        var text = ""
        for (number, line) in lines.enumerated() {
            var row = ""
            for (column, cell) in line.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                row += column == line.count - 1 ? cell : cell + padding + "  "
            }
            text += row + "\n"
            if number == 0 { text += String(repeating: "─", count: max(row.count, 20)) + "\n" }
        }
        return text
    }
}
