// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure

/// The seventh section: who is sought through the tool, for which occupations, for whom.
extension SummaryPage {
    var practice: Markup {
        let content = ratio + occupations + employers
        return section(7, content.isEmpty ? [none] : content)
    }

    /// External profiles for a hundred registered ones, month by month.
    private var ratio: [Markup] {
        guard let found = document.table("profiles-by-month") else { return [] }
        let title = found.layout.title
        let note = pair(
            "Profils de la plateforme que les conseillers ont consultés ou contactés, à côté des "
                + "demandeurs d’emploi inscrits dont ils ont promu le profil. Le rapport dit combien "
                + "d’actes visent un profil externe pour cent promotions d’un profil inscrit\u{202F}: "
                + "plus il est haut, plus l’outil sert à chercher hors des inscrits.",
            "Profiles of the platform that advisers saw or contacted, beside the registered job "
                + "seekers whose profiles they promoted. The ratio says how many acts aim at an "
                + "external profile for a hundred promotions of a registered one: the higher it is, "
                + "the more the tool serves to look elsewhere than among the registered.")
        let rows = found.layout.rows.map { row in
            (
                row: row, external: found.value(row.id, Topic.external.name),
                promoted: found.value(row.id, Topic.promoted.name)
            )
        }
        func ratio(_ external: Int64?, _ promoted: Int64?) -> Int64? {
            guard let external, let promoted, promoted > 0 else { return nil }
            return (external * 200 + promoted) / (2 * promoted)
        }
        func said(_ value: Int64?) -> String {
            value.map { number($0) } ?? SummaryWords.masked[language]
        }
        let shown = rows.filter { rows.count == 1 || !$0.row.isTotal }
        let name = pair(
            "Profils externes pour 100 profils inscrits promus",
            "External profiles for 100 registered ones promoted")
        let curve = Chart.curve(
            name[language], language,
            points: shown.map { (self.name($0.row), ratio($0.external, $0.promoted)) },
            CurveStyle())
        let lines = rows.map { row in
            [self.name(row.row), said(row.external), said(row.promoted)] + [
                ratio(row.external, row.promoted).map { number($0) } ?? "–"
            ]
        }
        let head =
            [pair("Mois", "Month")] + [Topic.external.title, Topic.promoted.title]
            + [pair("Rapport, pour 100", "Ratio, for 100")]
        return [
            paragraph(note), figure(title[language], bars(found, title[language])),
            figure(name[language], curve), list(title, head, lines),
        ]
    }

    private var occupations: [Markup] {
        let found = drawn("occupations") { bars($0, $1) }
        guard !found.isEmpty else { return [] }
        let note = pair(
            "Chaque promotion compte pour la famille de métiers de l’offre pour laquelle le profil est "
                + "promu, d’après le répertoire opérationnel des métiers et des emplois (ROME 4.0).",
            "Each promotion counts for the family of the offer that the profile is promoted for, by "
                + "the directory of occupations of the public employment service (ROME 4.0).")
        return [paragraph(note)] + found
    }

    private var employers: [Markup] {
        let found = drawn("employers-by-month") { bars($0, $1) }
        guard !found.isEmpty else { return [] }
        let note = pair(
            "Un employeur compte une fois par mois, pour ce qui a été fait de plus avancé\u{202F}: sa "
                + "fiche consultée, puis une prospection, puis un profil promu pour l’une de ses "
                + "offres. Les mois ne s’additionnent pas\u{202F}: un même employeur revient d’un mois à "
                + "l’autre.",
            "An employer counts once a month, for the most that was done: its record seen, then "
                + "prospected, then a profile promoted for one of its offers. Months do not add up: "
                + "the same employer comes back from one month to the next.")
        return [paragraph(note)] + found
    }
}
