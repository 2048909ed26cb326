// SPDX-License-Identifier: Apache-2.0

/// A pattern as runs of bytes with a wildcard between each two.
///
/// A run begins with the first byte of a code point, so that a match of bytes is one of code points.
struct BytePattern {
    private let runs: [[UInt8]]

    init(_ pattern: Pattern) {
        var runs: [[UInt8]] = [[]]
        for element in pattern.elements {
            if let scalar = element {
                runs[runs.count - 1] += Array(String(scalar).utf8)
            } else {
                runs.append([])
            }
        }
        self.runs = runs
    }

    func matches(_ text: String) -> Bool {
        let quick = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
            unsafe matches(UnsafeRawBufferPointer(buffer))
        }
        if let quick { return quick }
        return unsafe Array(text.utf8).withUnsafeBytes { buffer in unsafe matches(buffer) }
    }

    /// The first run is at the start and the last at the end; those between go leftmost.
    private func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        let last = runs.count - 1
        guard unsafe holds(0, text, at: 0) else { return false }
        if last == 0 { return text.count == runs[0].count }
        var position = runs[0].count
        let end = text.count - runs[last].count
        guard position <= end, unsafe holds(last, text, at: end) else { return false }
        for run in 1..<last where !runs[run].isEmpty {
            while unsafe !holds(run, text, at: position) {
                position += 1
                if position + runs[run].count > end { return false }
            }
            position += runs[run].count
            if position > end { return false }
        }
        return true
    }

    private func holds(_ run: Int, _ text: UnsafeRawBufferPointer, at position: Int) -> Bool {
        let count = runs[run].count
        guard position + count <= text.count else { return false }
        var index = 0
        while index < count {
            if unsafe text[position + index] != runs[run][index] { return false }
            index += 1
        }
        return true
    }
}
