// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Foundation
import Reporting
import Testing

@Suite struct FormatTests {
    static let hostile = "<script>'\"`&\u{1B}[2J\u{202E}\n\u{0}</style>"

    @Test func theTableIsForPeople() {
        let report = SampleReport.report()
        #expect(
            report.table(in: .french, width: 100, color: false).hasSuffix(
                """
                Gravité   Règle  Entrée  Date (Paris)         Date (UTC)                Région
                ──────────────────────────────────────────────────────────────────────────────
                moyenne   R15      1042  29/03/2026 03:00:00  2026-03-29T01:00:00.000Z  75 Nouvelle-Aquitaine
                    Accès hors portefeuille non expliqué
                    Aucun des neuf motifs n’explique cette consultation.
                      E1\u{202F}: non – la personne n’est pas dans le portefeuille
                    Fondement\u{202F}: RGPD 32


                """))
        #expect(
            report.verdict.french == "Verdict\u{202F}: journal intact, audit complet\u{202F}; "
                + "1 constat (gravité\u{202F}: moyenne 1).")
    }

    @Test(arguments: [40, 60, 80, 120])
    func wordsAreWrappedToTheWidth(width: Int) {
        var finding = SampleReport.finding()
        finding.explanation = LocalizedText(
            fr: Array(repeating: "mot", count: 90).joined(separator: " "), en: "")
        let table = SampleReport.report([finding]).table(in: .french, width: width, color: false)
        for line in table.split(separator: "\n") where line.contains("mot mot") {
            #expect(line.count <= width)
        }
    }

    @Test func colourIsNotTheOnlyMeaning() {
        let report = SampleReport.report()
        let coloured = report.table(in: .english, width: 100, color: true)
        #expect(coloured.contains("\u{1B}[33mmedium\u{1B}[0m"))
        #expect(!report.table(in: .english, width: 100, color: false).contains("\u{1B}"))
    }

    @Test(arguments: Language.allCases)
    func plainHasOneParagraphAFindingAndNoBoxes(language: Language) {
        let text = SampleReport.report().plain(in: language)
        #expect(!text.contains("─") && !text.contains("|") && !text.contains("  "))
        let paragraphs = text.split(separator: "\n").filter { $0.contains("R15") }
        #expect(paragraphs.count == 1)
    }

    @Test func nothingHostileReachesATerminal() {
        let report = SampleReport.report(
            [SampleReport.finding(hostile: Self.hostile)], hostile: Self.hostile)
        for language in Language.allCases {
            let texts = [
                report.table(in: language, width: 80, color: false), report.plain(in: language),
            ]
            for text in texts {
                let controls = text.unicodeScalars.filter {
                    ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E
                }
                #expect(controls.isEmpty)
            }
        }
    }

    @Test func nothingHostileReachesAPage() throws {
        let report = SampleReport.report(
            [SampleReport.finding(hostile: Self.hostile)], hostile: Self.hostile)
        let page = report.html(in: .french)
        #expect(!page.contains("<script"))
        #expect(page.components(separatedBy: "</style>").count == 2)
        #expect(page.contains("&lt;script&gt;&#39;&quot;&#96;&amp;\\u{1B}[2J\\u{202E}\\u{A}"))
        let plain = SampleReport.report().html(in: .french)
        #expect(plain.contains(#"<html lang="fr">"#))
        #expect(plain.contains("default-src 'none'; style-src 'sha256-"))
        for word in ["http:", "https:", "src=", "url(", "@import", "javascript:"] {
            #expect(!plain.contains(word), "\(word)")
        }
        // Apart from the two void elements and the doctype, the page is well-formed XML.
        let xml = plain.replacing("<!DOCTYPE html>\n", with: "")
            .replacing("<br>", with: "<br/>")
            .replacing(/<meta ([^>]*)>/) { "<meta \($0.output.1)/>" }
        let tags = xml.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/)
        var open: [Substring] = []
        for tag in tags where tag.output.3.isEmpty {
            if tag.output.1.isEmpty {
                open.append(tag.output.2)
            } else {
                #expect(open.popLast() == tag.output.2)
            }
        }
        #expect(open.isEmpty)
    }

    @Test func jsonIsTheSameEveryTimeAndWellFormed() throws {
        let report = SampleReport.report(
            [SampleReport.finding(hostile: Self.hostile)], hostile: Self.hostile)
        let text = report.json()
        #expect(text == report.json())
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["schema_version"] as? Int == 1)
        #expect(document["exit_code"] as? Int == 1)
        #expect(document["complete"] as? Bool == true)
        let finding = try #require((document["findings"] as? [[String: Any]])?.first)
        #expect(finding["id"] as? String == "R15-1042")
        #expect(finding["occurred_at"] as? String == "2026-03-29T01:00:00.000Z")
        #expect(
            (finding["subject"] as? [String: Any])?["pid"] as? String
                == "P0123456789ab\(Self.hostile)")
        #expect((finding["actor"] as? [String: Any])?["masked"] as? Bool == true)
    }

    @Test(arguments: [SampleReport.report(), SampleReport.report([]), SampleReport.altered()])
    func jsonHasTheMembersOfItsSchema(report: Report) throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "docs/audit-report.schema.json")
        let schema = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let document = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        var checked = 0
        compare(document, schema, "$", schema["$defs"] as? [String: Any] ?? [:], &checked)
        #expect(checked > 5)
    }

    /// Compares members, types and list items with a schema; the rest is for a real validator.
    private func compare(
        _ value: Any, _ schema: [String: Any], _ path: String, _ definitions: [String: Any],
        _ checked: inout Int
    ) {
        if let reference = schema["$ref"] as? String {
            let name = reference.replacing("#/$defs/", with: "")
            compare(
                value, definitions[name] as? [String: Any] ?? [:], path, definitions, &checked)
        } else if let object = value as? [String: Any],
            let properties = schema["properties"] as? [String: Any]
        {
            checked += 1
            let required = schema["required"] as? [String] ?? []
            #expect(Set(required).isSubset(of: object.keys), "\(path)")
            #expect(Set(object.keys).isSubset(of: properties.keys), "\(path)")
            for (name, member) in object {
                let next = properties[name] as? [String: Any] ?? [:]
                compare(member, next, "\(path).\(name)", definitions, &checked)
            }
        } else if let list = value as? [Any] {
            #expect(schema["type"] as? String == "array", "\(path)")
            for item in list {
                let next = schema["items"] as? [String: Any] ?? [:]
                compare(item, next, "\(path)[]", definitions, &checked)
            }
        }
    }

    @Test func anAlteredLogIsReportedAndNothingIsJudged() throws {
        let report = SampleReport.altered()
        let text = report.table(in: .english, width: 100, color: false)
        #expect(text.contains("ALTERED"))
        #expect(text.contains("log: entry 7 (byte 900): error LOG201: the link is broken"))
        #expect(text.hasSuffix("The log is not intact: no access was judged.\n"))
        #expect(
            report.verdict.english
                == "Verdict: log ALTERED (1 alteration); nothing else was judged.")
        #expect(report.html(in: .french).contains("LOG201"))
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        #expect((document["integrity"] as? [String: Any])?["intact"] as? Bool == false)
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max])
    func anyInstantCanBeShown(milliseconds: Int64) {
        #expect(ShownInstant(milliseconds).utc.count == 24)
        #expect(ShownInstant(milliseconds).paris(in: .french).count == 19)
    }
}
