// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Disclosure
import Reporting

extension SummaryPage {
    var heading: Markup {
        Markup("h1", [], text(SummaryWords.title))
            + Markup(
                "p", [("class", "notice")], Markup("strong", [], text(SummaryWords.mention)))
    }

    /// The noise in words.
    private var noise: String {
        let (epsilon, spent) = (document.rules.epsilonMilli, document.epsilonMilli)
        return pair(
            "confidentialité différentielle, ε = \(epsilon)/1000 par mesure et par semaine\u{202F}; "
                + "dépensé ici\u{202F}: \(spent)/1000",
            "differential privacy, ε = \(epsilon)/1000 for each measure and week; spent here: "
                + "\(spent)/1000")[language]
    }

    /// The perimeter in words.
    private var perimeter: String {
        document.perimeter.region.map { code in
            let name = RegionName.name(code)
            return pair("Région \(name)", "Region \(name)")[language]
        } ?? pair("Ensemble du pilote", "The whole pilot")[language]
    }

    var identity: Markup {
        let total = document.tables.reduce(0) { $0 + $1.values.joined().count }
        let correction = document.correction.map {
            [
                (pair("Corrige la synthèse", "Corrects the summary"), $0.release),
                (pair("Motif de la correction", "Reason of the correction"), $0.reason),
            ]
        }
        return section(
            0,
            [
                facts(
                    (correction ?? []) + [
                        (pair("Période", "Period"), PeriodName.words(document.period, language)),
                        (pair("Périmètre", "Perimeter"), perimeter),
                        (
                            pair("Demandée par", "Asked by"),
                            pair(
                                "\(CodeName.role(document.body).french), demande \(document.request)",
                                "\(CodeName.role(document.body).english), request \(document.request)"
                            )[
                                language]
                        ),
                        (pair("Politique", "Policy"), document.policyTitle[language]),
                        (pair("Version de la politique", "Policy version"), document.policyVersion),
                        (pair("Journal", "Log"), document.origin),
                        (
                            pair("Entrées du journal", "Entries of the log"),
                            number(Int64(clamping: document.treeSize))
                        ),
                        (pair("Empreinte de tête", "Hash of the head"), document.rootHash.hex),
                        (
                            pair("Dernière entrée", "Last entry"),
                            ShownInstant(document.recordedUntil).paris(in: language)
                        ),
                        (pair("Règles de secret", "Rules of disclosure"), secrecy),
                        (
                            pair("Cases masquées", "Masked cells"),
                            pair(
                                "\(document.maskedCount) sur \(total)",
                                "\(document.maskedCount) of \(total)")[language]
                        ),
                        (
                            pair("Bruit statistique ajouté", "Statistical noise added"),
                            document.rules.epsilonMilli == 0
                                ? pair("aucun", "none")[language]
                                : noise
                        ),
                    ])
            ])
    }

    /// The thresholds in one sentence.
    private var secrecy: String {
        let rules = document.rules
        return pair(
            "au moins \(rules.agentsMin) conseillers, \(rules.personsMin) demandeurs d’emploi, "
                + "\(rules.employersMin) employeurs derrière un chiffre\u{202F}; un conseiller y pèse "
                + "\(rules.agentShareMax)\u{202F}% au plus, un employeur \(rules.employerShareMax)\u{202F}% "
                + "(voir l’annexe)",
            "at least \(rules.agentsMin) advisers, \(rules.personsMin) job seekers, "
                + "\(rules.employersMin) employers behind a figure; one adviser is at most "
                + "\(rules.agentShareMax)% of it, one employer \(rules.employerShareMax)% (see the annex)"
        )[language]
    }

    var essentials: Markup {
        func said(_ value: Int64?) -> String {
            value.map { number($0) } ?? SummaryWords.masked[language]
        }
        let all = document.perimeter.text
        let uses = document.table("uses")
        let accesses = uses?.value(all, "all") ?? nil
        let third = share(uses?.value(all, "P3") ?? nil, accesses)
        let promotions = document.table("promotions")
        let agreed = promotions?.value(all, "p3-agreed") ?? nil
        let bare = promotions?.value(all, "p3-bare") ?? nil
        let refused = document.table("refusals")?.value(all, "all") ?? nil
        let period = document.period.text
        let found = document.table("findings")?.value("all", period) ?? nil
        let thirdWords = third.map {
            pair(", dont \($0) pour la promotion de profils", ", \($0) of them to promote profiles")
        }
        let promoted = document.table("occupations")?.value(Topic.promoted.name, period) ?? nil
        let confirmed = document.table("reviews")?.value("confirmed", period) ?? nil
        let confirmedWords = confirmed.map {
            pair(
                ", dont confirmés après examen\u{202F}: \(number($0))",
                ", confirmed after review: \(number($0))")
        }
        let sentences = [
            pair(
                "Accès effectués par les conseillers\u{202F}: \(said(accesses))"
                    + "\(thirdWords?.french ?? "").",
                "Accesses made by advisers: \(said(accesses))\(thirdWords?.english ?? "")."),
            pair(
                "Promotions de profils\u{202F}: \(said(promoted)), dont avec l’accord cité de la "
                    + "personne\u{202F}: \(said(agreed)), sans accord cité\u{202F}: \(said(bare)).",
                "Profile promotions: \(said(promoted)), citing the person’s agreement: "
                    + "\(said(agreed)), citing none: \(said(bare))."),
            pair(
                "Accès refusés\u{202F}: \(said(refused)).", "Accesses refused: \(said(refused))."),
            pair(
                "Écarts aux règles relevés par l’audit\u{202F}: \(said(found))"
                    + "\(confirmedWords?.french ?? "").",
                "Departures from the rules that the audit found: \(said(found))"
                    + "\(confirmedWords?.english ?? "")."),
            pair(
                "Le journal est intègre jusqu’à son entrée "
                    + "\(number(Int64(clamping: document.treeSize)))\u{202F}; chacun peut le vérifier.",
                "The log is intact up to its entry \(number(Int64(clamping: document.treeSize))); "
                    + "anyone can verify it."),
        ]
        return section(
            1, [Markup("ol", [], sentences.map { Markup("li", [], text($0)) })])
    }

    var access: Markup {
        var content = drawn("licences") { bars($0, $1) }
        if let cap = document.licenceCap, let licences = document.table("licences") {
            let title = pair("Licences et plafond du pilote", "Licences and the pilot’s cap")
            let drawing = Chart.cap(
                title[language], language,
                value: licences.value(document.perimeter.text, "all") ?? nil, cap: cap)
            content.insert(figure(title[language], drawing), at: 0)
        }
        return section(2, content + licencesByMonth + drawn("advisers") { bars($0, $1) })
    }

    private var licencesByMonth: [Markup] {
        drawn("licences-by-month") { table, title in
            var style = CurveStyle(isStep: true)
            if let cap = document.licenceCap {
                style.level = (Int64(cap), pair("plafond \(cap)", "cap \(cap)")[language])
            }
            return Chart.curve(title, language, points: months(of: table, column: 0), style)
        }
    }

    var uses: Markup {
        let map = drawn("map") { table, title in
            let rows = table.layout.rows.indices.filter { !table.layout.rows[$0].isTotal }
            let single = table.layout.columns.count == 1
            let columns = table.layout.columns.indices.filter {
                single || !table.layout.columns[$0].isTotal
            }
            return Chart.heat(
                title, language, rows: rows.map { name(table.layout.rows[$0]) },
                columns: columns.map { name(table.layout.columns[$0]) },
                values: rows.map { row in columns.map { table.values[row][$0] } })
        }
        return section(
            3,
            drawn("uses") { bars($0, $1) } + drawn("uses-by-month") { bars($0, $1) } + map
                + (document.table("acts").map { [table($0)] } ?? []))
    }

    var protection: Markup {
        section(
            4,
            drawn("promotions") { bars($0, $1) } + flow
                + (document.table("persons").map { [table($0)] } ?? [])
                + drawn("refusals") { bars($0, $1) })
    }

    /// From being informed to being promoted.
    private var flow: [Markup] {
        guard let persons = document.table("persons") else { return [] }
        let period = document.period.text
        let title = pair("De l’information à la promotion", "From notice to promotion")
        let promoted = document.table("occupations")?.value(Topic.promoted.name, period)
        let steps = [
            (pair("Informés", "Informed"), persons.value(period, "informed")),
            (pair("Accords donnés", "Agreements"), persons.value(period, "agreed")),
            (pair("Promotions", "Promotions"), promoted ?? nil),
            (pair("Accords retirés", "Withdrawn"), persons.value(period, "withdrawn")),
        ]
        let drawing = Chart.bars(
            title[language], language, rows: steps.map { ($0.0[language], [$0.1]) },
            series: [])
        let rows = steps.map { step in
            [step.0[language], step.1.map { number($0) } ?? SummaryWords.masked[language]]
        }
        return [
            figure(title[language], drawing),
            list(title, [pair("Étape", "Step"), pair("Nombre", "Number")], rows),
        ]
    }
}
