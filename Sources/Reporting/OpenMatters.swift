// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// What rules over time cannot decide, for people: one line a matter.
struct OpenMatters {
    let matters: [OpenMatter]
    let language: Language

    /// How many lines a terminal shows; the page and the JSON hold all.
    private static let lineCountMax = 20

    private var colon: String { language == .french ? "\u{202F}:" : ":" }

    /// The heading with the count, and the lines; nothing if nothing is open.
    var text: String {
        guard !matters.isEmpty else { return "" }
        let shown = matters.prefix(Self.lineCountMax).map { "    \(line($0))\n" }
        let rest =
            matters.count > shown.count ? "    … (\(matters.count - shown.count))\n" : ""
        let heading = "\(Label.open.text[language])\(colon) \(matters.count)"
        return "\(heading)\n\(shown.joined())\(rest)\n"
    }

    /// `R27, entrée 41 (12/03/2026 10:02:03) : échéance le … – Demande de droits en retard`.
    func line(_ matter: OpenMatter) -> String {
        let entry = Label.entry.text[language].lowercased()
        let since = ShownInstant(matter.occurredAt).paris(in: language)
        let title = VisibleText(matter.title[language]).text
        return "\(matter.policy), \(entry) \(matter.entry.index) (\(since))\(colon) "
            + "\(state(matter)) – \(title)"
    }

    /// When it is due, and whether that is near; or that nobody can know.
    func state(_ matter: OpenMatter) -> String {
        switch matter.state {
        case .unknown: return Label.unknown.text[language]
        case .pending(let until, let warns):
            let due = "\(Label.due.text[language]) \(ShownInstant(until).paris(in: language))"
            return warns ? "\(due) (\(Label.dueSoon.text[language]))" : due
        }
    }

    /// The section of the page.
    var html: String {
        guard !matters.isEmpty else { return "" }
        let headings: [Label] = [.rule, .ruleTitle, .entry, .date, .due]
        let cells = headings.map { "<th scope=\"col\">\(escaped($0))</th>" }
        let rows = matters.map { matter in
            """
            <tr><td>\(HTMLText.escaped(matter.policy))</td>\
            <td>\(HTMLText.escaped(matter.title[language]))</td>\
            <td class="figure">\(matter.entry.index)</td>\
            <td>\(ShownInstant(matter.occurredAt).paris(in: language))</td>\
            <td>\(HTMLText.escaped(state(matter)))</td></tr>

            """
        }
        return """
            <h2>\(escaped(.open))</h2>
            <p>\(escaped(.openNote))</p>
            <div class="scroll" tabindex="0" role="region" aria-label="\(escaped(.open))">
            <table>
            <caption>\(escaped(.open))</caption>
            <thead><tr>\(cells.joined())</tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table>
            </div>

            """
    }

    private func escaped(_ label: Label) -> String { HTMLText.escaped(label.text[language]) }
}

extension JSONNode {
    /// What a rule over time cannot decide.
    init(_ matter: OpenMatter) {
        var state = "unknown"
        var (due, warns): (String?, Bool) = (nil, false)
        if case .pending(let until, let isNear) = matter.state {
            (state, due, warns) = ("pending", ShownInstant(until).utc, isNear)
        }
        self = .object([
            ("rule", .string(matter.rule)), ("policy", .string(matter.policy)),
            ("title", JSONNode(matter.title)), ("basis", .string(matter.basis)),
            ("severity", .string(matter.severity.rawValue)), ("state", .string(state)),
            ("due_at", JSONNode(due)), ("warns", .boolean(warns)),
            ("entry_index", JSONNode(matter.entry.index)),
            ("leaf_hash", .string(matter.entry.leafHash.hex)),
            ("event_type", .string(matter.eventType)),
            ("occurred_at", .string(ShownInstant(matter.occurredAt).utc)),
        ])
    }

    /// The entries that made a condition true.
    init(_ witnesses: [Finding.EntryReference]) {
        self = .array(
            witnesses.map {
                .object([
                    ("entry_index", JSONNode($0.index)), ("leaf_hash", .string($0.leafHash.hex)),
                ])
            })
    }

    /// The time that was searched in vain, or null.
    init(searched: ClosedRange<Int64>?) {
        guard let searched else {
            self = .null
            return
        }
        self = .object([
            ("from", .string(ShownInstant(searched.lowerBound).utc)),
            ("until", .string(ShownInstant(searched.upperBound).utc)),
        ])
    }
}
