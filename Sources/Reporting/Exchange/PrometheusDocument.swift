// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// The run as gauges, for the text-file collector of a node exporter.
///
/// No label names a person: what is counted is the run, never what an adviser did.
struct PrometheusDocument {
    let report: Report

    var text: String {
        let counts = report.result?.counts ?? AuditResult.Counts()
        var text = gauge("exit_code", "Exit code of the last audit.", UInt64(report.exitCode))
        text += gauge(
            "intact", "Whether the log was as it was signed.", report.damage == nil ? 1 : 0)
        text += gauge(
            "complete", "Whether everything asked was judged.", report.isComplete ? 1 : 0)
        text += gauge("entries", "Entries looked at.", counts.entries)
        text += gauge("accesses", "Accesses looked at.", counts.accesses)
        text += gauge("judged_accesses", "Accesses that were judged.", counts.judgedAccesses)
        text += gauge(
            "not_judged_accesses", "Accesses whose policy version is missing.",
            counts.notJudgedAccesses)
        text += gauge(
            "explained_accesses", "Accesses to a person which a template explains.",
            counts.explainedAccesses)
        text += gauge(
            "integrity_violations", "Alterations that verification found.",
            UInt64(report.damage?.count ?? 0))
        if let size = report.result?.treeSize {
            text += gauge("tree_size", "Entries under the head that was verified.", size)
        }
        if let last = report.result?.period?.upperBound {
            text += header(
                "last_event_timestamp_seconds", "When the last event occurred, by its source.")
            text += "vigie_audit_last_event_timestamp_seconds \(last / 1_000)\n"
        }
        return text + head + findings
    }

    private var head: String {
        let root = report.result?.head.hex ?? ""
        return header("head_info", "The log, and the root hash that was verified.")
            + "vigie_audit_head_info{\(label("origin", report.origin)),\(label("root", root))} 1\n"
    }

    /// Findings by rule and severity; every severity is there, so that none is absent for zero.
    private var findings: String {
        var text = header("findings", "Findings that no waiver covers, by severity.")
        for severity in Finding.Severity.allCases {
            let count = report.findings.count { $0.severity == severity && $0.waiver == nil }
            text +=
                "vigie_audit_findings{\(label("severity", severity.rawValue))} \(count)\n"
        }
        let waived = report.findings.count { $0.waiver != nil }
        text += gauge("waived_findings", "Findings that a waiver covers.", UInt64(waived))
        text += header("rule_findings", "Findings, waived or not, by rule.")
        for (rule, found) in Dictionary(grouping: report.findings, by: \.rule).sorted(by: {
            $0.key < $1.key
        }) {
            text += "vigie_audit_rule_findings{\(label("rule", rule))} \(found.count)\n"
        }
        return text
    }

    private func gauge(_ name: String, _ help: String, _ value: UInt64) -> String {
        header(name, help) + "vigie_audit_\(name) \(value)\n"
    }

    private func header(_ name: String, _ help: String) -> String {
        "# HELP vigie_audit_\(name) \(help)\n# TYPE vigie_audit_\(name) gauge\n"
    }

    private func label(_ name: String, _ value: String) -> String {
        var escaped = ""
        for scalar in VisibleText(value).text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\(name)=\"\(escaped)\""
    }
}
