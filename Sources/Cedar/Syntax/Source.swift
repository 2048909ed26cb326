// SPDX-License-Identifier: Apache-2.0

/// A part of a text, as byte offsets.
public struct SourceSpan: Hashable, Sendable {
    /// The offset of the first byte.
    public let lower: Int
    /// The offset after the last byte.
    public let upper: Int

    /// The span of a node that was not read from text.
    package static let none = SourceSpan(lower: 0, upper: 0)

    func joined(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(lower: Swift.min(lower, other.lower), upper: Swift.max(upper, other.upper))
    }
}

/// A text with its name, which turns byte offsets into lines and columns.
public final class Source: Sendable {
    /// The name of the file the text came from.
    public let file: String
    /// The text.
    let bytes: [UInt8]
    /// Whether the text is JSON: what stands at a place is then not Cedar's syntax.
    let isJSON: Bool
    /// The offset of the first byte of each line.
    private let lineStarts: [Int]

    init(file: String, text: String, isJSON: Bool = false) {
        self.file = file
        self.isJSON = isJSON
        bytes = Array(text.utf8)
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// The line and the column of an offset; both count from 1, columns in code points.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let end = Swift.min(Swift.max(offset, lineStarts[low]), bytes.count)
        let column = bytes[lineStarts[low]..<end].count { $0 & 0xC0 != 0x80 } + 1
        return (low + 1, column)
    }

    /// The text of a span.
    public func text(_ span: SourceSpan) -> String {
        let lower = Swift.min(Swift.max(0, span.lower), bytes.count)
        let upper = Swift.min(Swift.max(lower, span.upper), bytes.count)
        return String(decoding: bytes[lower..<upper], as: UTF8.self)
    }
}
