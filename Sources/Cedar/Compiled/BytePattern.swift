// SPDX-License-Identifier: Apache-2.0

/// A pattern as runs of bytes with a wildcard between each two.
///
/// A run begins with the first byte of a code point, so that a match of bytes is one of code points.
struct BytePattern {
    private var bytes: [UInt8] = []
    /// Where each run ends among the bytes; there is at least one run.
    private var ends: [Int] = []

    init(_ pattern: Pattern) {
        for element in pattern.elements {
            if let scalar = element {
                bytes += Array(String(scalar).utf8)
            } else {
                ends.append(bytes.count)
            }
        }
        ends.append(bytes.count)
    }

    /// Whether a text has the form of the pattern.
    func matches(_ text: String) -> Bool {
        let span = unsafe text.utf8Span.span.bytes
        return matches(span, 0, span.byteCount)
    }

    private func run(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    /// The first run is at the start and the last at the end; those between go leftmost.
    func matches(_ text: RawSpan, _ start: Int, _ end: Int) -> Bool {
        let first = run(0)
        guard holds(first, text, at: start, before: end) else { return false }
        if ends.count == 1 { return end - start == first.count }
        let last = run(ends.count - 1)
        var position = start + first.count
        let rest = end - last.count
        guard position <= rest, holds(last, text, at: rest, before: end) else { return false }
        for number in 1..<ends.count - 1 {
            let middle = run(number)
            while !holds(middle, text, at: position, before: rest) {
                position += 1
                if position + middle.count > rest { return false }
            }
            position += middle.count
        }
        return true
    }

    private func holds(
        _ run: Range<Int>, _ text: RawSpan, at position: Int, before end: Int
    ) -> Bool {
        guard position + run.count <= end else { return false }
        for offset in 0..<run.count {
            let byte = unsafe text.unsafeLoad(
                fromUncheckedByteOffset: position + offset, as: UInt8.self)
            if byte != bytes[run.lowerBound + offset] { return false }
        }
        return true
    }
}
