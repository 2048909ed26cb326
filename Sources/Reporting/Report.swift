// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Auditing
import Cryptography
public import Diagnostics
public import TransparencyLog

/// What a run has to say: a value that every format renders, computing nothing anew.
public struct Report: Sendable {
    /// The path of the log, as the person wrote it.
    public var log: String
    /// The name that the log gives itself.
    public var origin: String
    /// What verification says against the log; nil means that it is intact.
    public var damage: Damage?
    /// What the audit found; nil where nothing was judged because the log is not intact.
    public var result: AuditResult?
    /// The findings that are shown: those of the period that was asked for.
    public var findings: [Finding]
    /// The exit code of the run.
    public var exitCode: Int
    /// Whether everything that was asked was judged.
    public var isComplete: Bool
    /// Whether there was nothing to judge: an empty log, or a period without entries.
    public var isEmpty = false
    /// How often the findings of each rule were confirmed; empty where no case was decided.
    public var precisions: [RulePrecision] = []
    /// Whether the report says what each rule over time did and holds.
    public var tellsStatistics = false
    /// The bytes of the state that the run leaves for the next; nil where it leaves none.
    public var stateByteCount: Int?
    /// The log's entries, for the form that tells of accesses; nil where none is needed.
    public var entries: VerifiedLog?
    /// The period that was asked for, in milliseconds since 1970.
    public var period = Int64.min..<Int64.max

    /// Makes the report of a log that is not intact: nothing beyond was judged.
    public init(log: String, origin: String, damage: Damage, exitCode: Int) {
        self.log = log
        self.origin = origin
        self.damage = damage
        findings = []
        self.exitCode = exitCode
        isComplete = false
    }

    /// Makes the report of an audit of an intact log.
    public init(
        log: String, origin: String, result: AuditResult, findings: [Finding], exitCode: Int,
        isComplete: Bool
    ) {
        self.log = log
        self.origin = origin
        self.result = result
        self.findings = findings.sorted()
        self.exitCode = exitCode
        self.isComplete = isComplete
    }

    /// The last line: what the run concludes.
    public var verdict: LocalizedText {
        guard let result else {
            guard let damage, !damage.isUnreadableOnly else { return Sentence.verdictUnreadable }
            return Sentence.verdictAltered(places: damage.count)
        }
        guard !isEmpty, result.counts.entries > 0 else { return Sentence.verdictEmpty }
        guard isComplete else {
            return Sentence.verdictIncomplete(
                notJudged: result.counts.notJudgedAccesses, findings: tally)
        }
        return findings.isEmpty
            ? Sentence.verdictClean(accesses: result.counts.accesses)
            : Sentence.verdictFindings(tally, covered: findings.count { $0.waiver != nil })
    }

    /// The number of findings of each severity, gravest first.
    var tally: [(severity: Finding.Severity, count: Int)] {
        Finding.Severity.allCases.reversed().map { severity in
            (severity, findings.count { $0.severity == severity })
        }
    }

    /// The lines that say what was looked at, as pairs of a label and a value.
    func summary(in language: Language) -> [(label: String, value: String)] {
        func line(_ label: Label, _ value: String) -> (label: String, value: String) {
            (label.text[language], VisibleText(value).text)
        }
        var lines = [line(.log, log)]
        if !origin.isEmpty { lines.append(line(.origin, origin)) }
        let state: Label =
            damage.map { $0.isUnreadableOnly ? .unreadable : .altered } ?? .intact
        lines.append(line(.integrity, state.text[language]))
        if let affected = damage?.affected {
            lines.append(line(.damaged, "\(affected.lowerBound) – \(affected.upperBound)"))
        }
        if let damage {
            let size = damage.lastGoodSize.map { Sentence.count($0, language) }
            lines.append(line(.lastGoodHead, size ?? "–"))
        }
        guard let result else { return lines }
        if let name = result.policySetName { lines.append(line(.policySet, name)) }
        for version in result.policyVersions {
            let label = version.label ?? Label.versionNotFound.text[language]
            let date = ShownInstant(version.activatedAt).date(in: language)
            lines.append(
                line(.policyVersion, "\(label) – \(date) – \(version.hash.hex.prefix(16))…"))
        }
        if let period = result.period {
            let (from, until) = (ShownInstant(period.lowerBound), ShownInstant(period.upperBound))
            lines.append(
                line(.period, "\(from.date(in: language)) – \(until.date(in: language))"))
        }
        let count = { (number: UInt64) in Sentence.count(number, language) }
        lines.append(line(.entries, count(result.counts.entries)))
        lines.append(
            line(
                .accesses,
                Sentence.accesses(
                    all: result.counts.accesses, judged: result.counts.judgedAccesses,
                    explained: result.counts.explainedAccesses)[language]))
        lines.append(line(.head, "\(result.head.hex.prefix(16))…"))
        return lines
    }
}
