// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics
import Foundation
import Reporting
import Testing

/// The forms for other programs; `make formats-check` has them read by readers of others.
@Suite struct ExchangeTests {
    static let hostile = "=cmd|'/C calc'!A0;\"<&>]]>`\u{1B}[2J\u{202E}\n\r\t\u{0}\u{FFFE}\u{7F}é"

    private func text(
        _ report: Report, _ format: ExchangeFormat, _ language: Language = .french
    ) throws -> String {
        var text = ""
        try report.write(format, in: language) { text += $0 }
        return text
    }

    @Test func theTableOpensInASpreadsheet() throws {
        let text = try text(SampleReport.report(), .csv)
        #expect(text.unicodeScalars.first == "\u{FEFF}")
        let lines = text.dropFirst().components(separatedBy: "\r\n")
        #expect(lines.count == 3 && lines[2].isEmpty)
        #expect(lines[0].hasPrefix("id;rule;severity;kind;title;"))
        #expect(
            lines[1].hasPrefix(
                "R15-1042;R15;medium;permitted_but_forbidden;Accès hors portefeuille non expliqué;"
                    + "RGPD 32;1042;0000000000000001"))
        #expect(lines[1].contains(";2026-03-29T01:00:00.000Z;29/03/2026 03:00:00;75;profile.view;"))
    }

    @Test(arguments: [
        "=1+1", "+33612345678", "-1", "@SUM(A1)", "\u{FF1D}1", "%0A", "|calc", "\t=1", "\r=1",
    ])
    func noCellIsComputed(_ text: String) throws {
        var finding = SampleReport.finding()
        finding.basis = text
        let table = try self.text(SampleReport.report([finding]), .csv)
        let row = try #require(table.components(separatedBy: "\r\n").dropFirst().first)
        let cell = try #require(row.components(separatedBy: ";").dropFirst(5).first)
        #expect(cell.hasPrefix("\"'") || cell.hasPrefix("\\u{"), "\(cell)")
    }

    @Test func eachFindingIsATestCase() throws {
        var waived = SampleReport.finding()
        waived.waiver = .init(id: "w-1", index: 9)
        let text = try text(SampleReport.report([SampleReport.finding(), waived]), .junit)
        #expect(
            text.contains(
                "<testsuites name=\"vigie audit\" tests=\"4\" failures=\"1\" errors=\"0\" "
                    + "skipped=\"1\" time=\"0\">"))
        #expect(text.contains("<skipped message=\"Couvert par dérogation: w-1\"/>"))
        #expect(text.contains("<failure type=\"medium\" message=\"Accès hors portefeuille"))
    }

    @Test func gaugesNameNobody() throws {
        let text = try text(SampleReport.report(), .prometheus)
        #expect(text.contains("vigie_audit_findings{severity=\"medium\"} 1\n"))
        #expect(text.contains("vigie_audit_findings{severity=\"critical\"} 0\n"))
        #expect(text.contains("vigie_audit_rule_findings{rule=\"R15\"} 1\n"))
        #expect(!text.contains("P0123456789ab"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.hasPrefix("vigie_audit_"))
        }
    }

    @Test func alteredLogsAreToldByEveryForm() throws {
        let report = SampleReport.altered()
        #expect(try text(report, .sarif).contains("\"ruleId\": \"LOG201\""))
        #expect(try text(report, .junit).contains("<failure type=\"altered\""))
        #expect(try text(report, .ocsf).contains("\"class_uid\":2004"))
        #expect(try text(report, .prometheus).contains("vigie_audit_intact 0\n"))
    }

    @Test(arguments: ExchangeFormat.allCases, Language.allCases)
    func nothingHostilePasses(_ format: ExchangeFormat, _ language: Language) throws {
        let report = SampleReport.report(
            [SampleReport.finding(hostile: Self.hostile)], hostile: Self.hostile)
        let text = try text(report, format, language)
        for scalar in text.unicodeScalars where scalar.value < 0x20 {
            #expect(scalar == "\n" || format == .csv && scalar == "\r")
        }
        switch format {
        case .csv: #expect(text.components(separatedBy: "\r\n").count == 3)
        case .junit:
            let parser = ElementScan(text)
            #expect(parser.isBalanced)
        case .sarif, .ocsf:
            for line in format == .ocsf ? text.components(separatedBy: "\n").dropLast() : [text] {
                _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
            }
        case .prometheus: #expect(!text.contains("\u{202E}"))
        }
    }

    @Test func linesAreChained() throws {
        let findings = (0..<4).map { number in
            var finding = SampleReport.finding()
            finding.basis = "\(number)"
            return finding
        }
        let lines = try text(SampleReport.report(findings), .ocsf).split(separator: "\n")
        #expect(lines.count == 4)
        var previous: String?
        for line in lines {
            let event = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let list = try #require(event["attestation_list"] as? [[String: Any]])
            let own = try #require(list.first?["fingerprint"] as? [String: Any])
            let value = try #require(own["value"] as? String)
            let before = list.first?["prev_event"] as? [String: Any]
            let link = (before?["fingerprint"] as? [String: Any])?["value"] as? String
            #expect(link == previous)
            // The canonical form without the fingerprint, cut out of the text of the line.
            let members =
                "\"fingerprint\":{\"algorithm\":\"SHA-256\",\"algorithm_id\":3,"
                + "\"encoding\":\"Hex\",\"encoding_id\":1,\"serialization\":\"JCS\","
                + "\"serialization_id\":2,\"value\":\"\(value)\"},"
            let bare = line.replacingOccurrences(of: members, with: "")
            #expect(bare.count < line.count)
            #expect(SHA256Hasher().hash(Array(bare.utf8)).hex == value)
            previous = value
        }
    }
}

/// Whether every element of a document is closed, in order, and no text holds a mark.
private struct ElementScan {
    let isBalanced: Bool

    init(_ text: String) {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst() {
            guard let end = piece.firstIndex(of: ">") else {
                isBalanced = false
                return
            }
            let tag = piece[..<end]
            let name = tag.prefix { $0 != " " && $0 != "/" }
            if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else {
                    isBalanced = false
                    return
                }
            } else {
                open.append(name)
            }
        }
        isBalanced = open.isEmpty
    }
}
