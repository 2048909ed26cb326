// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Auditing
import Diagnostics
import TransparencyLog

/// The cases of a log: the findings of its audit, grouped, and the steps that the log records.
///
/// A step that could not follow counts for nothing, and is shown: what was recorded without this
/// program is held to the same rules.
public struct CaseRegister: Sendable {
    /// The cases, gravest first.
    public private(set) var cases: [Case]
    private var reviewers = Reviewers()
    private let allowsNames: @Sendable (Int64, UInt64) -> Bool

    /// Groups the findings of an audit, and reads the steps.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - result: What its audit found.
    ///   - repetition: The number of findings from which a case is one step graver.
    public init(_ log: LogUnderAudit, _ result: AuditResult, repetition: Int) {
        cases = Case.group(
            result.findings, origin: log.entries.checkpoint.origin, repetition: repetition)
        let registry = log.registry
        allowsNames = { time, index in
            registry.allowsNominativeControl(AsOf(Moment(time: time, index: index)))
        }
        var places: [String: Int] = [:]
        for place in cases.indices { places[cases[place].id] = place }
        var records: [CaseRecord] = []
        for entry in result.reviews {
            reviewers.record(entry)
            if let record = CaseRecord(entry) { records.append(record) }
        }
        for record in records {
            guard let place = places[record.caseID] else { continue }
            take(record, in: place)
        }
    }

    private mutating func take(_ record: CaseRecord, in place: Int) {
        let namesActor = cases[place].key.actor != nil
        guard refusal(of: record, in: cases[place]) == nil,
            let state = cases[place].state.after(record.step, namesActor: namesActor)
        else {
            cases[place].faults.append(record)
            return
        }
        cases[place].state = state
        cases[place].history.append(record)
    }

    /// A case by its identifier.
    ///
    /// - Throws: ``ReviewError`` if there is none.
    public func find(_ id: String) throws(ReviewError) -> Case {
        guard let found = cases.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
            throw ReviewError(.noSuchCase, id)
        }
        return found
    }

    /// Checks that a step may follow, before it is recorded.
    ///
    /// - Returns: The state that it leads to.
    /// - Throws: ``ReviewError`` if it may not.
    @discardableResult
    public func check(_ record: CaseRecord) throws(ReviewError) -> CaseState {
        let item = try find(record.caseID)
        if let refusal = refusal(of: record, in: item) { throw refusal }
        let namesActor = item.key.actor != nil
        guard let state = item.state.after(record.step, namesActor: namesActor) else {
            throw ReviewError(.outOfOrder, item.id, item.state.text)
        }
        return state
    }

    private func refusal(of record: CaseRecord, in item: Case) -> ReviewError? {
        if record.step.isNominative, !allowsNames(record.time, record.index) {
            return ReviewError(.locked)
        }
        switch record.step {
        case .assign:
            guard let person = record.person, let reviewer = record.reviewer,
                person.pid.utf8.elementsEqual(reviewer.utf8)
            else {
                return ReviewError(.notIndependent, record.reviewer ?? "–")
            }
            return reviewers.objection(to: person, in: item).map {
                ReviewError(.notIndependent, reviewer, $0)
            }
        case .confirm, .dismiss:
            guard let assigned = item.history.last(where: { $0.step == .assign })?.reviewer else {
                return ReviewError(.outOfOrder, item.id, item.state.text)
            }
            if let reviewer = record.reviewer, assigned == reviewer { return nil }
            return ReviewError(
                .notIndependent, record.reviewer ?? "–",
                .init(
                    fr: "le dossier est attribué à \(assigned)",
                    en: "the case is assigned to \(assigned)"))
        case .hear:
            guard let heard = record.person?.pid, heard == item.key.actor else {
                return ReviewError(.outOfOrder, item.id)
            }
            return nil
        default: return nil
        }
    }

    /// The precision of each rule: how many of the findings that were reviewed were confirmed.
    public var precisions: [RulePrecision] {
        var found: [String: RulePrecision] = [:]
        for item in cases {
            let decision = item.history.last { $0.step == .confirm || $0.step == .dismiss }
            for finding in item.findings {
                let rule = finding.rule
                var precision = found[rule] ?? RulePrecision(rule: rule)
                precision.all += 1
                // A decision is about what was in the log when it was taken.
                if let decision, finding.entry.index < decision.index {
                    precision.reviewed += 1
                    if decision.step == .confirm { precision.confirmed += 1 }
                }
                found[rule] = precision
            }
        }
        return found.values.sorted { $0.rule < $1.rule }
    }
}
