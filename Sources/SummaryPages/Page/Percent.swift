// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Shares as people read them.
enum Percent {
    /// Hundredths of a per cent: `54,30 %`, or `54 %` where decimals say nothing.
    static func text(
        hundredths value: Int64, _ language: Language, isWhole: Bool = false
    ) -> String {
        let clamped = min(max(value, -1_000_000), 1_000_000)
        let (whole, rest) = (clamped / 100, abs(clamped % 100))
        let decimals = (rest < 10 ? "0" : "") + String(rest)
        let sign = clamped < 0 && whole == 0 ? "−" : ""
        let point = language == .french ? "," : "."
        let number = sign + (isWhole ? "\(whole)" : "\(whole)\(point)\(decimals)")
        return language == .french ? "\(number)\u{202F}%" : "\(number)%"
    }
}
