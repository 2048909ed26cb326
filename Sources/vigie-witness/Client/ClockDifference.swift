// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import LogStorage

/// How far this machine's clock is from another's: five minutes make every `recorded_at` doubtful, or
/// what the other one states.
enum ClockDifference {
    /// The greatest difference that nothing is said of, in seconds.
    private static let secondsMax: UInt64 = 300

    /// Says a difference that is too large.
    ///
    /// - Parameters:
    ///   - seconds: What the other clock showed just now, in seconds since 1970.
    ///   - whose: Whose clock that is: an authority's, or a witness's name.
    ///   - console: Where to say it.
    static func say(of seconds: Int64, _ whose: LocalizedText, on console: Console) {
        let (difference, isBeyond) = (WriterOptions.clock() / 1_000)
            .subtractingReportingOverflow(seconds)
        guard isBeyond || difference.magnitude > secondsMax else { return }
        console.say(
            LocalizedText(
                fr:
                    "L’horloge de cette machine diffère de \(difference) s de celle \(whose[.french]).",
                en:
                    "This machine's clock differs by \(difference) s from that of \(whose[.english])."
            ))
    }
}
