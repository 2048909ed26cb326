// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Reporting

/// Purged entries that were there again, and were removed again: what is said of them.
struct ReturnedEntries {
    private let ranges: [Range<UInt64>]

    init(_ ranges: [Range<UInt64>]) { self.ranges = ranges }

    /// Their number.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// A member of a command's document.
    var member: (String, JSONNode) {
        (
            "removed_again",
            .array(
                ranges.map { range in
                    .object([
                        ("first", .integer(Int64(clamping: range.lowerBound))),
                        ("end", .integer(Int64(clamping: range.upperBound))),
                    ])
                })
        )
    }

    /// Says which they are, a line for each run.
    func say(on console: Console) throws {
        for range in ranges {
            let text = LocalizedText(
                fr: """
                    entrées purgées revenues, et retirées de nouveau\u{202F}: \
                    \(range.lowerBound) à \(range.upperBound - 1)

                    """,
                en: """
                    purged entries that were back, and are removed again: \
                    \(range.lowerBound) to \(range.upperBound - 1)

                    """)
            try console.write(text[console.language])
        }
    }
}
