// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import Diagnostics
import Reporting

/// Waivers as a table: what each covers, and how it stands at a moment.
public struct WaiverTable: Sendable {
    private let waivers: [Waiver]
    private let now: Int64

    /// Shows waivers as they stand at a moment, in milliseconds since 1970.
    public init(_ waivers: [Waiver], now: Int64) { (self.waivers, self.now) = (waivers, now) }

    /// The table.
    public func text(in language: Language) -> String {
        let header = [
            LocalizedText(fr: "Dérogation", en: "Waiver")[language], Label.rule.text[language],
            LocalizedText(fr: "Du", en: "From")[language],
            LocalizedText(fr: "Au (exclu)", en: "Until (excluded)")[language],
            LocalizedText(fr: "État", en: "State")[language],
            LocalizedText(fr: "Couverts", en: "Covered")[language],
            LocalizedText(fr: "Portée", en: "Scope")[language],
        ]
        let lines = waivers.map { waiver in
            // From its granting at the earliest, whatever it says: nothing is covered afterwards.
            let start = max(waiver.validFrom, waiver.grantedAt)
            return [
                VisibleText(waiver.id).text, VisibleText(waiver.rule).text,
                ShownInstant(start).date(in: language),
                ShownInstant(waiver.validUntil).date(in: language), state(waiver)[language],
                String(waiver.coveredCount),
                VisibleText(waiver.scope.items.joined(separator: " ")).text,
            ]
        }
        return TextTable.rendered([header] + lines) + "\n"
    }

    private func state(_ waiver: Waiver) -> LocalizedText {
        let faults = waiver.faults
        guard faults.isEmpty else {
            return LocalizedText(
                fr: "invalide\u{202F}: " + faults.map(\.text.french).joined(separator: ", "),
                en: "invalid: " + faults.map(\.text.english).joined(separator: ", "))
        }
        if waiver.revokedAt != nil { return LocalizedText(fr: "révoquée", en: "revoked") }
        if waiver.isClosed { return LocalizedText(fr: "close", en: "closed") }
        if waiver.period.upperBound <= now { return LocalizedText(fr: "expirée", en: "expired") }
        if now < waiver.period.lowerBound { return LocalizedText(fr: "à venir", en: "to come") }
        return LocalizedText(fr: "en vigueur", en: "in force")
    }
}
