// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Reporting
import TransparencyLog

extension AccessTrail {
    /// The trail as text, one paragraph a line of it.
    func text(in language: Language) -> String {
        var text = title[language] + "\n\n" + notice[language] + "\n\n"
        if let purgeNotice { text += purgeNotice[language] + "\n\n" }
        for line in lines {
            let cells = cells(line, in: language).filter { !$0.isEmpty }
            text += cells.joined(separator: " · ") + "\n"
        }
        if hasProofs, !lines.isEmpty {
            text += "\n" + proofNotice[language] + "\n\n"
            for line in lines { text += "\(Self.proofName(line)) \(line.leafHash.hex)\n" }
        }
        return text + (lines.isEmpty ? none[language] + "\n" : "")
    }

    private var none: LocalizedText {
        LocalizedText(fr: "Aucun accès n’est au journal.", en: "The log holds no access.")
    }

    /// What the proofs are, and what they are not.
    private var proofNotice: LocalizedText {
        LocalizedText(
            fr: """
                Preuves\u{202F}: chaque fichier montre que l’entrée de cette empreinte est au journal à \
                cette place, et que nul ne peut plus l’échanger\u{202F}: `vigie prove verify FICHIER \
                --leaf-hash EMPREINTE --key CLÉ`. L’entrée elle-même désigne aussi l’autre partie\u{202F}; \
                elle se lit chez le délégué, ou devant un juge.
                """,
            en: """
                Proofs: each file shows that the entry of that hash is in the log at that place, and \
                that nobody can exchange it any more: `vigie prove verify FILE --leaf-hash HASH --key \
                KEY`. The entry itself names the other party too; it is read with the officer, or \
                before a judge.
                """)
    }

    /// The proofs, as a section of the page.
    private func proofSection(in language: Language) -> String {
        guard hasProofs, !lines.isEmpty else { return "" }
        let titles = [
            LocalizedText(fr: "Fichier", en: "File"), LocalizedText(fr: "Empreinte", en: "Hash"),
        ].map { "<th scope=\"col\">\(HTMLText.escaped($0[language]))</th>" }.joined()
        let rows = lines.map { line in
            "<tr><td>\(Self.proofName(line))</td><td><code>\(line.leafHash.hex)</code></td></tr>\n"
        }.joined()
        let table = """
            <table><thead><tr>\(titles)</tr></thead>
            <tbody>
            \(rows)</tbody></table>
            """
        let name = LocalizedText(fr: "Preuves", en: "Proofs")[language]
        return """
            <h2>\(name)</h2>
            <p>\(HTMLText.escaped(String(proofNotice[language].filter { $0 != "`" })))</p>
            \(scrolling(name, table))
            """
    }

    /// A table in a box that scrolls where the page is narrow, by the keyboard too.
    private func scrolling(_ name: String, _ table: String) -> String {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(HTMLText.escaped(name))">
        \(table)
        </div>
        """
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
                ("proof", hasProofs ? .string(Self.proofName(line)) : .null),
            ])
        }
        return JSONNode.object([
            ("schema_version", .integer(1)), ("exit_code", .integer(0)),
            ("complete", .boolean(true)), ("log", .string(head.origin)),
            ("tree_size", .integer(Int64(clamping: head.treeSize))),
            ("root_hash", .string(head.rootHash.hex)),
            ("purged_before", purgedBefore.map { .string(ShownInstant($0).utc) } ?? .null),
            ("accesses", .array(rows)),
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
            : scrolling(
                title[language],
                """
                <table><thead><tr>\(headings.joined())</tr></thead>
                <tbody>
                \(rows.joined())</tbody></table>
                """)
        let head = LocalizedText(
            fr:
                "Journal \(head.origin), \(Sentence.count(head.treeSize, .french)) entrées, empreinte "
                + "\(head.rootHash.hex).",
            en: "Log \(head.origin), \(Sentence.count(head.treeSize, .english)) entries, root hash "
                + "\(head.rootHash.hex).")
        return HTMLText.document(
            title: title[language], language: language,
            body: """
                <main>
                <h1>\(HTMLText.escaped(title[language]))</h1>
                <p>\(HTMLText.escaped(notice[language]))</p>
                \(purgeNotice.map { "<p>\(HTMLText.escaped($0[language]))</p>" } ?? "")
                \(table)
                \(proofSection(in: language))
                </main>
                <footer><p>\(HTMLText.escaped(head[language]))</p></footer>
                """)
    }
}
