// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Families of rules, and severities: what findings are told apart by.
extension Topic {
    /// A category of a table, with its name in words.
    public typealias Category = (name: String, title: LocalizedText)

    /// The families of rules, in the order of their codes.
    public static let families: [Category] = [
        ("purpose", LocalizedText(fr: "Finalités et catégories", en: "Purposes and categories")),
        (
            "entitlement",
            LocalizedText(fr: "Habilitations et périmètre", en: "Entitlements and scope")
        ),
        ("rights", LocalizedText(fr: "Droits des personnes", en: "Rights of persons")),
        ("governance", LocalizedText(fr: "Gouvernance", en: "Governance")),
        ("volume", LocalizedText(fr: "Volumes et exports", en: "Volumes and exports")),
        ("record", LocalizedText(fr: "Tenue du journal", en: "Keeping of the log")),
    ]

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

    /// The code of a rule's family.
    public static func family(ofRule rule: String) -> UInt8 {
        switch rule {
        case "R01", "R02", "R03", "R06", "R07", "R16": 0
        case "R04", "R05", "R11", "R12", "R15", "R20", "R24": 1
        case "R13", "R14", "R18", "R25", "R27": 2
        case "R17", "R19", "R21", "R22", "R23", "R26", "R28", "R29", "R30", "R38": 3
        case "R31", "R32", "R33", "R34": 4
        default: 5
        }
    }

    /// The topic of a finding: its rule, or the rule's family, and its severity.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - severity: `critical`, `high`, `medium` or `low`.
    /// - Returns: The code among the topics of findings.
    public static func code(ofRule rule: String, severity: String) -> UInt8 {
        let kind = rule == "R15" ? families.count : Int(family(ofRule: rule))
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
