// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure
import Reporting
import TransparencyLog

/// The sixth section: what changed in the rules, the scope and the waivers, in words.
extension SummaryPage {
    /// The events that are told, and what each is called.
    private static let names: [String: LocalizedText] = [
        "policy.activate": SummaryWords.pair("Politique mise en vigueur", "Policy put in force"),
        "policy.retire": SummaryWords.pair("Politique retirée", "Policy retired"),
        "waiver.grant": SummaryWords.pair("Dérogation accordée", "Waiver granted"),
        "waiver.revoke": SummaryWords.pair("Dérogation révoquée", "Waiver revoked"),
        "waiver.expire": SummaryWords.pair("Dérogation échue", "Waiver expired"),
        "pilot.start": SummaryWords.pair("Pilote ouvert", "Pilot opened"),
        "pilot.suspend": SummaryWords.pair("Pilote suspendu", "Pilot suspended"),
        "pilot.evaluate": SummaryWords.pair("Pilote évalué", "Pilot evaluated"),
        "pilot.extend": SummaryWords.pair("Pilote prolongé", "Pilot extended"),
        "pilot.stop": SummaryWords.pair("Pilote arrêté", "Pilot stopped"),
        "cse.consult": SummaryWords.pair("CSE consulté", "Council consulted"),
        "cse.opinion": SummaryWords.pair("Avis du CSE", "Opinion of the council"),
        "incident.detect": SummaryWords.pair(
            "Violation de données constatée", "Data breach detected"),
        "incident.notify": SummaryWords.pair(
            "Violation notifiée à la CNIL", "Breach notified to the authority"),
        "retention.purge": SummaryWords.pair(
            "Entrées anciennes du journal effacées", "Old entries of the log purged"),
        "transfer.authorise": SummaryWords.pair(
            "Transfert hors de l’Union autorisé", "Transfer out of the Union authorised"),
    ]

    var changes: Markup {
        let period = document.period.milliseconds
        let items = document.chronicle.items(Set(Self.names.keys), in: period)
        let rows = items.prefix(200).map { item in
            [
                date(item.time), Self.names[item.type]?[language] ?? item.type, detail(item),
                number(Int64(clamping: item.index)),
            ]
        }
        let table = list(
            pair("Événements de la période", "Events of the period"),
            [
                pair("Date", "Date"), pair("Événement", "Event"), pair("Détail", "Detail"),
                pair("Entrée", "Entry"),
            ], Array(rows))
        return section(6, [items.isEmpty ? none : table] + waivers)
    }

    /// The waivers that are open when the period ends.
    private var waivers: [Markup] {
        guard !document.openWaivers.isEmpty else {
            let none = pair(
                "Aucune dérogation n’est en cours à la fin de la période.",
                "No waiver is open at the end of the period.")
            return [paragraph(none)]
        }
        let rows = document.openWaivers.prefix(200).map { waiver in
            [rule(waiver.rule), date(waiver.start), date(waiver.end)]
        }
        return [
            list(
                pair(
                    "Dérogations en cours à la fin de la période",
                    "Waivers open at the end of the period"),
                [
                    pair("Règle suspendue en partie", "Rule that is waived in part"),
                    pair("Du", "From"), pair("Au", "Until"),
                ], Array(rows))
        ]
    }

    /// A rule with its title.
    func rule(_ id: String) -> String {
        document.ruleTitles[id].map { "\(id) \($0[language])" } ?? id
    }

    /// What an event says, in words; no field that could name anybody is kept.
    private func detail(_ item: Chronicle.Item) -> String {
        let values = item.values
        var parts: [String] = []
        func say(_ field: String, _ french: String, _ english: String, _ words: (String) -> String)
        {
            guard let value = values[field], !value.isEmpty else { return }
            let colon = language == .french ? "\u{202F}: " : ": "
            let name = pair(french, english)[language]
            parts.append(name.isEmpty ? words(value) : name + colon + words(value))
        }
        func plain(_ text: String) -> String { VisibleText(text).text }
        say("rule", "", "") { rule($0) }
        say("version", "version", "version", plain)
        if item.type == "policy.activate" {
            parts.append(scopeChange(item))
        } else {
            say("regions", "régions", "regions") { words($0, RegionName.name) }
        }
        say("body", "", "") { CodeName.body($0)[language] }
        say("opinion", "avis", "opinion") { CodeName.opinion($0)[language] }
        say("tool", "fondement", "ground") { CodeName.transferTool($0)[language] }
        say("decision_ref", "décision", "decision", plain)
        if item.type.hasPrefix("incident.") { say("reference", "dossier", "file", plain) }
        if item.type == "waiver.grant" { say("reason_code", "motif", "reason", plain) }
        if item.type == "retention.purge" {
            let ends = ["first", "last"].compactMap { values[$0].flatMap { Int64($0) } }
            if ends.count == 2 {
                let (first, last) = (number(ends[0]), number(ends[1]))
                parts.append(
                    pair("entrées \(first) à \(last)", "entries \(first) to \(last)")[language])
            }
        }
        if let until = values["valid_until"].flatMap({ Timestamp.parse($0) }) {
            parts.append(pair("jusqu’au \(date(until))", "until \(date(until))")[language])
        }
        let joined = parts.joined(separator: language == .french ? "\u{202F}; " : "; ")
        return joined.isEmpty ? "–" : joined
    }

    /// Codes of a list in words.
    private func words(_ list: String, _ name: (String) -> String) -> String {
        list.split(separator: " ").map { name(String($0)) }.joined(separator: ", ")
    }

    /// How the scope of a policy differs from that of the one before it.
    private func scopeChange(_ item: Chronicle.Item) -> String {
        let before = document.chronicle.items(["policy.activate"], in: Int64.min..<item.time)
            .max { ($0.time, $0.index) < ($1.time, $1.index) }
        let fields: [(name: String, title: LocalizedText, words: (String) -> String)] = [
            ("regions", pair("régions", "regions"), RegionName.name),
            ("roles", pair("rôles", "roles"), { CodeName.role($0)[language] }),
            ("purposes", pair("finalités", "purposes"), { CodeName.purpose($0)[language] }),
            (
                "categories", pair("catégories de données", "categories of data"),
                { CodeName.category($0)[language] }
            ),
        ]
        let colon = language == .french ? "\u{202F}: " : ": "
        var changes: [String] = []
        for field in fields {
            func codes(_ item: Chronicle.Item?) -> [String] {
                (item?.values[field.name] ?? "").split(separator: " ").map(String.init)
            }
            let (old, new) = (codes(before), codes(item))
            let added = new.filter { !old.contains($0) }.map(field.words)
            let removed = old.filter { !new.contains($0) }.map(field.words)
            let title = field.title[language]
            if !added.isEmpty {
                let word = before == nil ? "" : pair(" en plus", " added")[language]
                changes.append(title + word + colon + added.joined(separator: ", "))
            }
            if !removed.isEmpty {
                let word = pair(" en moins", " removed")[language]
                changes.append(title + word + colon + removed.joined(separator: ", "))
            }
        }
        guard !changes.isEmpty else {
            return pair("même périmètre qu’avant", "same scope as before")[language]
        }
        return changes.joined(separator: language == .french ? "\u{202F}; " : "; ")
    }
}
