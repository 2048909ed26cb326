// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Reporting

/// Purged entries that were there again, and were removed again, or would be: what is said of them.
struct ReturnedEntries {
    private let ranges: [Range<UInt64>]
    private let isPlanned: Bool
    /// Whether it is known which they are.
    let isKnown: Bool

    /// Entries, in whole bundles; nil where only a recovery can tell which.
    init(_ ranges: [Range<UInt64>]?, isPlanned: Bool = false) {
        (self.ranges, self.isPlanned, isKnown) = (ranges ?? [], isPlanned, ranges != nil)
    }

    /// Their number.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// A member of a command's document.
    var member: (String, JSONNode) {
        (
            "removed_again",
            !isKnown
                ? .null
                : .array(
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
                fr: "\(outcome.french)\u{202F}: \(range.lowerBound) à \(range.upperBound - 1)\n",
                en: "\(outcome.english): \(range.lowerBound) to \(range.upperBound - 1)\n")
            try console.write(text[console.language])
        }
    }

    private var outcome: LocalizedText {
        isPlanned
            ? LocalizedText(
                fr: "entrées purgées revenues, à retirer de nouveau",
                en: "purged entries that are back, to be removed again")
            : LocalizedText(
                fr: "entrées purgées revenues, et retirées de nouveau",
                en: "purged entries that were back, and are removed again")
    }
}
