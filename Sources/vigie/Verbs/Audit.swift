// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Glibc
import Reporting
import TransparencyLog

/// The policy sets that a log is judged by.
struct PolicyOptions: ParsableArguments {
    @Option(help: "A folder of policies; may be given several times, the first is the reference.")
    var policies: [String]

    /// An auditor that knows these sets, and the copies that the log's folder keeps.
    ///
    /// A copy that cannot be read is a warning: what it would have judged is then reported as not
    /// judged, never passed over.
    func auditor(for log: String, on console: Console) throws -> Auditor {
        let given = try policies.map(FolderReader.policySet)
        let kept = log + "/policies"
        var copies: [PolicySetFolder] = []
        let names = unsafe access(kept, F_OK) == 0 ? try FolderReader.names(in: kept) : []
        for name in names {
            do {
                copies.append(try FolderReader.policySet("\(kept)/\(name)"))
            } catch {
                for var diagnostic in Runner.diagnostics(of: error) {
                    diagnostic.severity = .warning
                    console.diagnose(diagnostic)
                }
            }
        }
        return Auditor(folders: given + copies, reference: given.first)
    }
}

/// Verifies a log, then judges every access with the policies in force when it occurred.
struct Audit: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Verify a log, then judge every access: the nightly command.",
        discussion: """
            Nothing is judged on a log that is not intact. A policy version that the log names is \
            looked for among the given folders, then in LOG/policies.
            """)

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var policies: PolicyOptions
    @OptionGroup var reports: ReportOptions

    func perform(on console: Console) throws -> Verdict {
        let period = try reports.period()
        let auditor = try policies.auditor(for: options.log, on: console)
        let (verification, log) = try options.verifyForAudit(on: console)
        let origin = verification.head?.origin ?? ""
        guard let log else {
            let damage = Damage(verification)
            let status: ExitStatus = damage.isUnreadableOnly ? .incomplete : .integrityFailure
            let report = Report(
                log: options.log, origin: origin, damage: damage, exitCode: Int(status.rawValue))
            try console.publish(report, reports)
            return Verdict(status: status, sentence: report.verdict)
        }
        let result = try auditor.audit(log, workers: LogOptions.processorCount)
        var report = report(result, origin: origin, period)
        report.period = period
        if reports.tellsOfEntries { report.entries = log.entries }
        try console.publish(report, reports)
        return Verdict(
            status: ExitStatus(rawValue: Int32(report.exitCode)) ?? .internalFailure,
            sentence: report.verdict)
    }

    private func report(
        _ result: AuditResult, origin: String, _ period: Range<Int64>
    ) -> Report {
        let findings = result.findings.filter { period.contains($0.occurredAt) }
        let judged = result.counts.accesses + result.counts.governanceActs
        let isSelected = result.period.map { $0.overlaps(period) } ?? false
        let isEmpty = judged == 0 || !isSelected
        var statuses: [ExitStatus] = []
        if !result.isComplete || isEmpty { statuses.append(.incomplete) }
        if findings.contains(where: { $0.waiver == nil && reports.failOn.covers($0.severity) }) {
            statuses.append(.findings)
        }
        var report = Report(
            log: options.log, origin: origin, result: result, findings: findings,
            exitCode: Int(ExitStatus.worst(statuses).rawValue),
            isComplete: result.isComplete && !isEmpty)
        report.isEmpty = isEmpty
        return report
    }
}
