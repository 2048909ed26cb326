// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Glibc
import Reporting
import Reviewing
import TransparencyLog

/// The policy sets that a log is judged by.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: """
                Un dossier de politiques\u{202F}; plusieurs fois au besoin, le premier est la \
                référence.
                """,
            en: "A folder of policies; may be given several times, the first is the reference."))
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
                let path = "\(kept)/\(name)"
                // Beside policy sets a log keeps the retention policies that its purges name.
                guard try !FolderReader.policyArchive(path).isRetentionPolicy else { continue }
                copies.append(try FolderReader.policySet(path))
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
    static var forms: Set<OutputFormat> { Set(OutputFormat.allCases) }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: LocalizedText(
                fr: """
                    Vérifier un journal, puis juger chaque accès\u{202F}: la commande de chaque nuit.
                    """,
                en: "Verify a log, then judge every access: the nightly command."),
            discussion: LocalizedText(
                fr: """
                    Rien n’est jugé sur un journal qui n’est pas intègre. Une version de politique que \
                    nomme le journal est cherchée parmi les dossiers donnés, puis dans \
                    JOURNAL/policies.

                    Avec --checkpoint, les entrées qu’un audit consigné a lues ne sont pas \
                    relues\u{202F}: les constats sont les mêmes, mais seul --full voit que l’une \
                    d’elles a été altérée depuis.

                    Ce qui est montré, ce sont des lignes du journal\u{202F}: là où on le signe, --as \
                    et --case disent qui lit et pourquoi, et cela devient une entrée. Un audit avec \
                    --record est lui-même une entrée.
                    """,
                en: """
                    Nothing is judged on a log that is not intact. A policy version that the log names \
                    is looked for among the given folders, then in LOG/policies.

                    With --checkpoint, entries that an earlier recorded run read are not read again: \
                    the findings are the same, but only --full notices that one of these was altered \
                    since.

                    What it shows are rows of the log: where that is signed, --as and --case say who \
                    reads and why, and an entry is made of it. A run with --record is an entry itself.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var policies: PolicyOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var nightly: RunOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var proofs: ProofOptions

    @Flag(
        help: ArgumentHelp(
            fr: """
                Dire combien de fois chaque règle sur la durée a été interrogée, et ce que son état \
                retient.
                """,
            en: "Say how often each rule over time was asked, and how much its state holds."))
    var stats = false

    func validate() throws {
        guard nightly.signingKey == nil || nightly.record || reader.actor != nil else {
            throw UsageError(
                fr: "`--signing-key` va avec `--record` ou `--as`",
                en: "`--signing-key` is for `--record` and `--as`")
        }
        guard !nightly.record || (reports.since == nil && reports.until == nil) else {
            throw UsageError(
                fr: "`--record` vaut pour un audit entier, sans `--since` ni `--until`",
                en: "`--record` is for whole runs, without `--since` and `--until`")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let period = try reports.period()
        if !nightly.record {
            try reader.check(options.log, signingKey: nightly.signingKey, on: console)
        }
        let auditor = try policies.auditor(for: options.log, on: console)
        let recorder = try recorder(auditor, console)
        try recorder?.start()
        do {
            return try audit(by: auditor, period, recorder, on: console)
        } catch {
            // The run fails in any case; that it could not be recorded is said besides.
            let code = Runner.diagnostics(of: error).first?.code ?? ""
            do { try recorder?.fail(code.isEmpty ? "unknown" : code) } catch {
                Runner.diagnostics(of: error).forEach { console.diagnose($0) }
            }
            throw error
        }
    }

    private func recorder(_ auditor: Auditor, _ console: Console) throws -> RunRecorder? {
        guard nightly.record, let version = auditor.referenceVersion else { return nil }
        let log = WriterOptions.trimmed(try options.folder())
        let key = nightly.signingKey.map { ["--key", $0] } ?? []
        return RunRecorder(
            writer: try WriterOptions.parse(key + ["--", log]), version: version, console: console)
    }

    private func audit(
        by auditor: Auditor, _ period: Range<Int64>, _ recorder: RunRecorder?, on console: Console
    ) throws -> Verdict {
        let audit = try options.audit(
            by: auditor, from: try nightly.savedState(), program: try nightly.program(), on: console
        )
        if let fault = audit.fault {
            console.diagnose(fault.diagnostic(at: .file(nightly.checkpoint ?? "")))
        }
        if audit.report.hidden?.stateBefore == .max {
            console.diagnose(AuditCaution.stateUnknown.diagnostic)
        }
        if audit.resumedAt > 0 { console.say(Sentence.resumed(at: audit.resumedAt)) }
        let origin = audit.report.head?.origin ?? ""
        guard let log = audit.log, let result = audit.result else {
            return try publishDamage(audit.report, origin, recorder, on: console)
        }
        var report = report(result, origin: origin, period)
        report.period = period
        let cases = CaseRegister(log, result, repetition: auditor.caseRepetition)
        report.precisions = cases.precisions.filter { $0.reviewed > 0 }
        report.tellsStatistics = stats
        report.stateByteCount = audit.state?.count
        if reports.tellsOfEntries { report.entries = log.entries }
        // The entry first: nobody reads the log without a trace.
        if recorder == nil || reader.actor != nil {
            try reader.record(
                0..<result.treeSize, of: options.log, signingKey: nightly.signingKey, on: console)
        }
        try proofs.write(report.findings, of: try options.folder())
        try console.publish(report, reports)
        if let recorder {
            try recorder.complete(report, result, state: audit.state)
            // A state comes after its record: one that nothing records would not be believed.
            if let state = audit.state { try nightly.leave(state) }
        }
        return Verdict(
            status: ExitStatus(rawValue: Int32(report.exitCode)) ?? .internalFailure,
            sentence: report.verdict)
    }

    private func publishDamage(
        _ verification: VerificationReport, _ origin: String, _ recorder: RunRecorder?,
        on console: Console
    ) throws -> Verdict {
        let damage = Damage(verification)
        let status: ExitStatus = damage.isUnreadableOnly ? .incomplete : .integrityFailure
        let report = Report(
            log: options.log, origin: origin, damage: damage, exitCode: Int(status.rawValue))
        try console.publish(report, reports)
        let reason = verification.violations.first?.code.rawValue ?? "unreadable"
        do { try recorder?.fail(reason) } catch {
            // An altered log may not open: the verdict on it stands, and wins.
            Runner.diagnostics(of: error).forEach { console.diagnose($0) }
        }
        return Verdict(status: status, sentence: report.verdict)
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
