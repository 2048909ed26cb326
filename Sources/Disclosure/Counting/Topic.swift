// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Diagnostics
import TransparencyLog

/// What sort of thing a table counts; figures of different measures share no event.
public enum Measure: String, CaseIterable, Hashable, Sendable {
    /// Accesses that took place.
    case accesses
    /// Accesses that were refused.
    case refusals
    /// Acts of job seekers about their own data.
    case persons
    /// Licences that are active at the end of each month.
    case licences
    /// Advisers at the end of each month, and departures during it.
    case advisers
    /// Findings of the audit, by family.
    case findings
    /// What became of findings.
    case reviews
    /// How long something took that has a deadline.
    case delays
    /// Promotions by the occupation that the offer asks for; the accesses hold their total.
    case occupations
    /// Employers whom the acts of a month concerned, each once.
    case employers

    /// Whether figures of several dates are about the same things, and do not add up.
    public var isState: Bool { tellsChanges || self == .employers }

    /// Whether the difference of two dates tells who came and who left.
    var tellsChanges: Bool { self == .licences || self == .advisers }
}

/// What one event counts as, within its measure: the finest category that a figure tells apart.
public struct Topic: Hashable, Comparable, Sendable {
    /// The measure.
    public let measure: Measure
    /// The identifier, which never changes.
    public let name: String
    /// What it is called in a table.
    public let title: LocalizedText
    /// The categories above: a purpose, a family, a severity.
    public let groups: [String]

    /// The place of the topic among those of its measure.
    public let code: UInt8

    /// Whether one topic stands before another.
    public static func < (left: Topic, right: Topic) -> Bool { left.code < right.code }
}

extension Topic {
    /// Topics in the order of their codes; the groups of each stand with spaces between.
    static func list(
        _ measure: Measure, _ rows: [(name: String, groups: String, fr: String, en: String)]
    ) -> [Topic] {
        rows.enumerated().map { place, row in
            Topic(
                measure: measure, name: row.name, title: LocalizedText(fr: row.fr, en: row.en),
                groups: row.groups.split(separator: " ").map(String.init), code: UInt8(place))
        }
    }

    /// The topics of every measure, in the order of their codes.
    public static let all: [Measure: [Topic]] = [
        .accesses: list(
            .accesses,
            [
                ("p1-employers", "P1", "Recherche d’employeurs", "Search for employers"),
                (
                    "p1-external", "P1 external", "Profils externes, en prospection",
                    "External profiles, prospecting"
                ),
                ("p2-offers", "P2", "Consultation d’offres", "Offers consulted"),
                (
                    "p2-external", "P2 external", "Profils externes, pour des offres",
                    "External profiles, for offers"
                ),
                (
                    "p3-consult", "P3", "Profils inscrits consultés ou exportés",
                    "Registered profiles seen or exported"
                ),
                (
                    "p3-agreed", "P3 promoted", "Promotions avec accord",
                    "Promotions with agreement"
                ),
                (
                    "p3-bare", "P3 promoted", "Promotions sans accord cité",
                    "Promotions citing no agreement"
                ),
            ]),
        .refusals: list(
            .refusals,
            [
                ("refused-employer", "refused", "Employeurs et offres", "Employers and offers"),
                ("refused-profile", "refused", "Profils inscrits", "Registered profiles"),
                ("refused-external", "refused", "Plateforme et exports", "Platform and exports"),
            ]),
        .persons: list(
            .persons,
            [
                ("informed", "flow", "Informés", "Informed"),
                ("agreed", "flow", "Accords donnés", "Agreements given"),
                ("withdrawn", "rights", "Accords retirés", "Agreements withdrawn"),
                ("objected", "rights", "Oppositions", "Objections"),
                ("restricted", "rights", "Limitations et effacements", "Restrictions, erasures"),
                ("request", "rights", "Demandes de droits", "Rights requests"),
            ]),
        .licences: list(
            .licences, [("active", "licence", "Licences actives", "Active licences")]),
        .advisers: list(
            .advisers,
            [
                ("ready", "volunteer", "Volontaires prêts", "Volunteers, ready"),
                ("not-ready", "volunteer", "Pas encore prêts", "Not ready yet"),
            ]),
        .findings: findings,
        .reviews: list(
            .reviews,
            [
                ("explained", "review", "Expliqués", "Explained"),
                ("confirmed", "review", "Confirmés", "Confirmed"),
                ("dismissed", "review", "Écartés", "Dismissed"),
                ("closed", "review", "Clos", "Closed"),
                ("corrected", "review", "Corrigés", "Corrected"),
            ]),
        .delays: delays, .occupations: occupations, .employers: employers,
    ]

    /// What an access that took place counts as; nil under no purpose of the three, which is a
    /// finding and not a use.
    static func code(
        ofAccess type: EventType, purpose: EntrySlice?, hasAgreement: Bool
    ) -> UInt8? {
        let isExternal = type == .linkedinProfileView || type == .linkedinMessage
        guard let purpose else { return nil }
        if purpose == "P1-PROSPECTION" { return isExternal ? 1 : 0 }
        if purpose == "P2-OFFRES" { return isExternal ? 3 : 2 }
        guard purpose == "P3-PROMOTION" else { return nil }
        switch type {
        case .profilePromote, .profileShare, .contactReveal: return hasAgreement ? 5 : 6
        default: return 4
        }
    }

    /// Whether the accesses of a topic are promotions of a registered profile.
    static func isPromotion(_ access: UInt8) -> Bool { access == 5 || access == 6 }

    /// What an access that was refused counts as.
    static func code(ofRefusal type: EventType) -> UInt8 {
        switch type {
        case .profileSearch, .profileView, .profileMatch, .profilePromote, .profileShare,
            .contactReveal:
            1
        case .linkedinSearch, .linkedinProfileView, .linkedinMessage, .linkedinExport,
            .exportRequest, .exportPerform:
            2
        default: 0
        }
    }
}
