// SPDX-License-Identifier: Apache-2.0

import Auditing
public import Diagnostics

/// Families of rules, and severities: what findings are told apart by.
extension Topic {
    /// A category of a table, with its name in words.
    public typealias Category = (name: String, title: LocalizedText)

    /// The families of rules, in the order of their codes.
    public static let families: [Category] = RuleFamily.allCases.map { ($0.name, $0.title) }

    /// The severities, the gravest first.
    public static let severities: [Category] = [
        ("severity-critical", LocalizedText(fr: "Critique", en: "Critical")),
        ("severity-high", LocalizedText(fr: "Élevée", en: "High")),
        ("severity-medium", LocalizedText(fr: "Moyenne", en: "Medium")),
        ("severity-low", LocalizedText(fr: "Faible", en: "Low")),
    ]

    /// Accesses outside the portfolio that nothing explains (R15), which are one family's part.
    public static let unexplained: Category = (
        "unexplained", LocalizedText(fr: "Non expliqués (R15)", en: "Unexplained (R15)")
    )

    /// The topic of a finding: its rule, or the rule's family, and its severity.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - severity: `critical`, `high`, `medium` or `low`.
    /// - Returns: The code among the topics of findings.
    public static func code(ofRule rule: String, severity: String) -> UInt8 {
        let kind = rule == "R15" ? families.count : Int(RuleFamily(ofRule: rule).rawValue)
        let rank = severities.firstIndex { $0.name.utf8.dropFirst(9).elementsEqual(severity.utf8) }
        return UInt8(kind * severities.count + (rank ?? severities.count - 1))
    }

    /// Every family by every severity, and rule R15 by every severity.
    static var findings: [Topic] {
        let kinds = families + [unexplained]
        return kinds.enumerated().flatMap { place, kind in
            severities.enumerated().map { rank, severity in
                Topic(
                    measure: .findings, name: "\(kind.name)-\(severity.name.dropFirst(9))",
                    title: LocalizedText(
                        fr: "\(kind.title.french), \(severity.title.french)",
                        en: "\(kind.title.english), \(severity.title.english)"),
                    groups: [
                        place == families.count ? "entitlement" : kind.name, kind.name,
                        severity.name,
                    ], code: UInt8(place * severities.count + rank))
            }
        }
    }
}
