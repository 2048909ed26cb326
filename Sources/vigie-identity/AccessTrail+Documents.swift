// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Reporting
import TransparencyLog

extension AccessTrail {
    /// The trail as text, one paragraph a line of it.
    func text(in language: Language) -> String {
        var text = title[language] + "\n\n" + notice[language] + "\n\n"
        for line in lines {
            let cells = cells(line, in: language).filter { !$0.isEmpty }
            text += cells.joined(separator: " · ") + "\n"
        }
        return text + (lines.isEmpty ? none[language] + "\n" : "")
    }

    private var none: LocalizedText {
        LocalizedText(fr: "Aucun accès n’est au journal.", en: "The log holds no access.")
    }

    /// The trail as JSON; what is not shown to the reader is not in it either.
    func json() -> String {
        let rows = lines.map { line -> JSONNode in
            .object([
                ("index", .integer(Int64(clamping: line.index))),
                ("leaf_hash", .string(line.leafHash.hex)),
                ("occurred_at", .string(ShownInstant(line.occurredAt).utc)),
                ("access", .string(line.type)), ("purpose", .string(line.purpose)),
                ("role", .string(line.role)), ("region", .string(line.region ?? "")),
                ("categories", .array(line.categories.map { .string($0) })),
                ("outcome", .string(line.outcome)),
            ])
        }
        return JSONNode.object([
            ("schema_version", .integer(1)), ("exit_code", .integer(0)),
            ("complete", .boolean(true)), ("log", .string(head.origin)),
            ("tree_size", .integer(Int64(clamping: head.treeSize))),
            ("root_hash", .string(head.rootHash.hex)), ("accesses", .array(rows)),
        ]).rendered()
    }

    /// The trail as one HTML file that loads nothing and runs nothing.
    func html(in language: Language) -> String {
        let headings = Self.headings.map {
            "<th scope=\"col\">\(HTMLText.escaped($0[language]))</th>"
        }
        let rows = lines.map { line in
            let cells = cells(line, in: language).map { "<td>\(HTMLText.escaped($0))</td>" }
            return "<tr>\(cells.joined())</tr>\n"
        }
        let table =
            lines.isEmpty
            ? "<p>\(HTMLText.escaped(none[language]))</p>"
            : """
            <table><thead><tr>\(headings.joined())</tr></thead>
            <tbody>
            \(rows.joined())</tbody></table>
            """
        let head = LocalizedText(
            fr: "Journal \(head.origin), \(head.treeSize) entrées, empreinte \(head.rootHash.hex).",
            en: "Log \(head.origin), \(head.treeSize) entries, root hash \(head.rootHash.hex).")
        return HTMLText.document(
            title: title[language], language: language,
            body: """
                <main>
                <h1>\(HTMLText.escaped(title[language]))</h1>
                <p>\(HTMLText.escaped(notice[language]))</p>
                \(table)
                </main>
                <footer><p>\(HTMLText.escaped(head[language]))</p></footer>
                """)
    }
}
