// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Snapshots
import TemporalRules
import TransparencyLog

/// A deadline that has not passed, or an answer that a gap in the log covers.
///
/// It is what a rule over time cannot decide, yet or ever: never a violation, and never hidden.
public struct OpenMatter: Hashable, Sendable {
    /// Why it is open.
    public enum State: Hashable, Sendable {
        /// The deadline, in milliseconds since 1970, has not passed when the log ends. `warns` says
        /// that the early warning of the rule has been reached.
        case pending(until: Int64, warns: Bool)
        /// A gap in the log may hide what was to happen.
        case unknown
    }

    /// The rule: `R27`.
    public var rule: String
    /// The sheet of the rule, by its `id`.
    public var policy: String
    /// The rule's title.
    public var title: LocalizedText
    /// The legal basis.
    public var basis: String
    /// How much a violation would matter.
    public var severity: Finding.Severity
    /// Why it is open.
    public var state: State
    /// The entry that started it.
    public var entry: Finding.EntryReference
    /// The type of its event.
    public var eventType: String
    /// When it occurred, in milliseconds since 1970.
    public var occurredAt: Int64

    /// Makes an open matter.
    public init(
        rule: String, policy: String, title: LocalizedText, basis: String,
        severity: Finding.Severity, state: State, entry: Finding.EntryReference,
        eventType: String, occurredAt: Int64
    ) {
        (self.rule, self.policy, self.title, self.basis) = (rule, policy, title, basis)
        (self.severity, self.state, self.entry) = (severity, state, entry)
        (self.eventType, self.occurredAt) = (eventType, occurredAt)
    }
}

extension OpenMatter: Comparable {
    /// Whether one is listed before another: what is due first, then what nobody can know.
    public static func < (left: OpenMatter, right: OpenMatter) -> Bool {
        left.order == right.order ? left.policy < right.policy : left.order < right.order
    }

    private var order: (Int64, UInt64) {
        if case .pending(let until, _) = state { (until, entry.index) } else { (.max, entry.index) }
    }
}

extension OpenMatter {
    /// Writes what a gap left unknown; what was pending is found anew at the end of each audit.
    func encode(to writer: inout SnapshotWriter) {
        writer.write(policy)
        writer.write(title)
        writer.write(basis)
        writer.write(severity.rawValue)
        entry.encode(to: &writer)
        writer.write(eventType)
        writer.write(occurredAt)
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let policy = try reader.text()
        let title = try reader.localizedText()
        let basis = try reader.text()
        let severity: Finding.Severity = try reader.choice()
        let entry = try Finding.EntryReference(from: &reader)
        let eventType = try reader.text()
        self.init(
            rule: Judgement.rule(of: policy), policy: policy, title: title, basis: basis,
            severity: severity, state: .unknown, entry: entry, eventType: eventType,
            occurredAt: try reader.integer())
    }

    /// What would be a finding, if it were known.
    init(unknown finding: Finding) {
        self.init(
            rule: finding.rule, policy: finding.rule, title: finding.title, basis: finding.basis,
            severity: finding.severity, state: .unknown, entry: finding.entry,
            eventType: finding.eventType, occurredAt: finding.occurredAt)
    }

    init(
        _ sheet: RuleSheet, state: State, entry: Finding.EntryReference, eventType: String,
        occurredAt: Int64
    ) {
        let said = OverTimeRules.rule(of: sheet)
        self.init(
            rule: Judgement.rule(of: sheet.rule.id), policy: sheet.rule.id, title: said.title,
            basis: said.basis, severity: said.severity, state: state, entry: entry,
            eventType: eventType, occurredAt: occurredAt)
    }
}
