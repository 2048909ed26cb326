// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import TransparencyLog

/// A step as the log records it.
public struct CaseRecord: Hashable, Sendable {
    /// The step.
    public var step: CaseStep
    /// The entry.
    public var index: UInt64
    /// When, in milliseconds since 1970.
    public var time: Int64
    /// The case.
    public var caseID: String
    /// Who reviews, a pseudonym.
    public var reviewer: String?
    /// What the person does who is named as `actor`: the reviewer, or, when heard, the adviser.
    public var person: Person?
    /// The coded outcome or reason.
    public var code: String?

    /// What an entry says of its actor.
    public typealias Person = ReviewEntry.Actor

    /// Makes a record of a step that is not in the log yet.
    public init(
        _ step: CaseStep, of caseID: String, at time: Int64, reviewer: String? = nil,
        person: Person? = nil, code: String? = nil
    ) {
        (self.step, self.caseID, self.time) = (step, caseID, time)
        (self.reviewer, self.person, self.code) = (reviewer, person, code)
        index = .max
    }

    /// Reads a step; nil if the entry is none, or names no case.
    init?(_ entry: ReviewEntry) {
        guard let step = CaseStep(rawValue: entry.type), let caseID = entry.caseID else {
            return nil
        }
        self.init(
            step, of: caseID, at: entry.time, reviewer: entry.reviewer, person: entry.actor,
            code: entry.code)
        index = entry.index
    }

    /// The step as an event of the program.
    ///
    /// - Parameter rule: The first rule of the case, for a step that names one.
    /// - Returns: The event, which the log has still to number.
    public func draft(rule: String) -> EventDraft {
        var draft = EventDraft(step.rawValue)
        draft[.reference] = .text(caseID)
        draft[.caseRef] = .text(caseID)
        if step == .raise { draft[.rule] = .text(rule) }
        if let reviewer { draft[.reviewer] = .text(reviewer) }
        if let person {
            draft[.actorPID] = .text(person.pid)
            if !person.role.isEmpty { draft[.actorRole] = .text(person.role) }
            if !person.region.isEmpty { draft[.actorRegion] = .text(person.region) }
            if !person.establishment.isEmpty {
                draft[.actorEstablishment] = .text(person.establishment)
            }
        }
        if let code {
            switch step {
            case .explain: draft[.reasonCode] = .text(code)
            case .correct: draft[.measure] = .text(code)
            default: draft[.outcomeCode] = .text(code)
            }
        }
        return draft
    }
}
