// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// The report as a test runner would write it: a suite for integrity, and one for each rule.
///
/// Each finding is a test case that failed; a waived one was skipped, with the waiver's name.
struct JUnitDocument {
    let report: Report
    let language: Language

    var text: String {
        let rules = Dictionary(grouping: report.findings, by: \.rule).sorted { $0.key < $1.key }
        let suites = [runSuite] + rules.map { suite($0.key, $0.value.map(testCase)) }
        let (cases, failures, skipped) = suites.reduce((0, 0, 0)) {
            ($0.0 + $1.cases, $0.1 + $1.failures, $0.2 + $1.skipped)
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="vigie audit" tests="\(cases)" failures="\(failures)" errors="0" \
            skipped="\(skipped)" time="0">
            \(suites.map(\.text).joined(separator: "\n"))
            </testsuites>

            """
    }

    private struct Suite {
        var text: String
        var cases: Int
        var failures: Int
        var skipped: Int
    }

    private struct Case {
        var text: String
        var isFailure = false
        var isSkipped = false
    }

    /// Whether the log is intact, and whether everything was judged.
    private var runSuite: Suite {
        var integrity = passed("integrity")
        if let damage = report.damage {
            let lines = damage.violations.map { $0.rendered(in: language) }
            integrity = failed(
                "integrity", type: "altered", report.verdict[language],
                lines.joined(separator: "\n"))
        }
        let complete =
            report.isComplete
            ? passed("complete") : failed("complete", type: "incomplete", report.verdict[language])
        return suite("run", [integrity, complete])
    }

    private func passed(_ name: String) -> Case {
        Case(text: "    <testcase classname=\"vigie.run\" name=\"\(name)\" time=\"0\"/>")
    }

    private func failed(
        _ name: String, type: String, _ message: String, _ body: String = ""
    ) -> Case {
        Case(
            text: """
                    <testcase classname="vigie.run" name="\(name)" time="0">
                      <failure type="\(type)" message="\(XMLText.escaped(message))">\
                \(XMLText.escaped(body, keepsLineFeeds: true))</failure>
                    </testcase>
                """, isFailure: true)
    }

    private func testCase(_ finding: Finding) -> Case {
        let details = FindingDetails(finding: finding, language: language)
        let lines =
            [
                details.explanation,
                "\(Label.entry.text[language]) \(finding.entry.index), \(finding.entry.leafHash.hex)",
                ShownInstant(finding.occurredAt).utc,
            ] + details.facts.map { "\($0.label): \($0.value)" } + details.templates
        let message = XMLText.escaped(finding.title[language])
        let inner =
            if let waiver = finding.waiver {
                "<skipped message=\"\(Label.waived.text[language]): \(XMLText.escaped(waiver.id))\"/>"
            } else {
                "<failure type=\"\(finding.severity.rawValue)\" message=\"\(message)\">"
                    + XMLText.escaped(lines.joined(separator: "\n"), keepsLineFeeds: true)
                    + "</failure>"
            }
        let text = """
                <testcase classname="vigie.\(XMLText.escaped(finding.rule))" \
            name="\(XMLText.escaped(finding.id))" time="0">
                  \(inner)
                </testcase>
            """
        return Case(text: text, isFailure: finding.waiver == nil, isSkipped: finding.waiver != nil)
    }

    private func suite(_ name: String, _ cases: [Case]) -> Suite {
        let failures = cases.count { $0.isFailure }
        let skipped = cases.count { $0.isSkipped }
        let open = """
              <testsuite name="\(XMLText.escaped(name))" tests="\(cases.count)" \
            failures="\(failures)" errors="0" skipped="\(skipped)" time="0">
            """
        let lines = [open] + cases.map(\.text) + ["  </testsuite>"]
        return Suite(
            text: lines.joined(separator: "\n"), cases: cases.count, failures: failures,
            skipped: skipped)
    }
}

/// Text made safe for XML 1.0, in an element or an attribute.
enum XMLText {
    static func escaped(_ text: String, keepsLineFeeds: Bool = false) -> String {
        var result = ""
        for scalar in VisibleText(text, keepsLineFeeds: keepsLineFeeds).text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            // The two that no XML document may hold, even escaped.
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
