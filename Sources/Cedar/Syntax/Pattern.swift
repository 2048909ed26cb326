// SPDX-License-Identifier: Apache-2.0

/// The pattern of a `like`: code points and wildcards.
package struct Pattern: Hashable, Sendable {
    /// One element; nil is the wildcard `*`.
    package let elements: [Unicode.Scalar?]

    /// Whether the whole text matches, in time proportional to text times pattern at worst.
    package func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        var textIndex = scalars.startIndex
        var index = 0
        var retry: (index: Int, textIndex: String.UnicodeScalarView.Index)?
        while textIndex < scalars.endIndex {
            if index < elements.count, let wanted = elements[index] {
                if scalars[textIndex] == wanted {
                    index += 1
                    textIndex = scalars.index(after: textIndex)
                    continue
                }
            } else if index < elements.count {
                index += 1
                retry = (index, textIndex)
                continue
            }
            guard let last = retry else { return false }
            let next = scalars.index(after: last.textIndex)
            retry = (last.index, next)
            index = last.index
            textIndex = next
        }
        return elements[index...].allSatisfy { $0 == nil }
    }

    /// The pattern as a Cedar literal, with its quotes.
    package var quoted: String { "\"\(body)\"" }

    /// The pattern as it stands between the quotes of a literal; a combining mark is always escaped.
    var body: String {
        elements.map { element in
            guard let element else { return "*" }
            return element == "*" ? "\\*" : StringEscapes.escaped(element, isFirst: true)
        }.joined()
    }
}
