// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The tables about the effects of the pilot on practice.
extension TableMenu {
    func practice(_ id: String) throws(DisclosureError) -> TableLayout {
        switch id {
        case "profiles-by-month":
            return byMonth(
                id, .accesses,
                LocalizedText(
                    fr: "Profils externes et profils inscrits",
                    en: "External and registered profiles"),
                headings([Topic.external, Topic.promoted]), total: false)
        case "occupations": return occupations(id)
        case "employers-by-month":
            // Employers are counted month by month: a week has no figure of its own.
            guard !period.months.isEmpty else { throw DisclosureError(.unknownTable, id) }
            return byMonth(
                id, .employers,
                LocalizedText(
                    fr: "Employeurs concernés dans le mois", en: "Employers concerned in the month"),
                topics(.employers))
        default: throw DisclosureError(.unknownTable, id)
        }
    }

    /// Promotions by occupation; their sum is that of the accesses.
    private func occupations(_ id: String) -> TableLayout {
        let rows =
            topics(.occupations) + [
                TableLayout.Heading(
                    id: Topic.promoted.name, title: Topic.promoted.title, isTotal: true)
            ]
        return TableLayout(
            id: id,
            title: LocalizedText(
                fr: "Promotions par famille de métiers (ROME)",
                en: "Promotions by family of occupations (ROME)"),
            rows: rows, columns: [number],
            figures: rows.map { row in
                [
                    FigureID(
                        row.isTotal ? .accesses : .occupations, place: perimeter.text,
                        period: period, category: row.id)
                ]
            }, dividesRows: false)
    }
}
