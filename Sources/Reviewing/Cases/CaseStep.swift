// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A step in the life of a case: an entry of the log each.
public enum CaseStep: String, CaseIterable, Hashable, Sendable {
    /// Somebody must look at it.
    case raise = "finding.raise"
    /// It has a harmless reason, by a code.
    case explain = "finding.explain"
    /// A reviewer was named.
    case assign = "finding.assign"
    /// The adviser was heard.
    case hear = "adviser.hear"
    /// It is a violation.
    case confirm = "finding.confirm"
    /// It is none, by a code.
    case dismiss = "finding.dismiss"
    /// What was wrong was mended.
    case correct = "finding.correct"
    /// Nothing is left to do.
    case close = "finding.close"

    /// Whether it names the adviser in a case: locked until the works council was consulted and the
    /// staff informed (rule R21).
    public var isNominative: Bool { self == .assign || self == .hear || self == .confirm }

    /// The step in words.
    public var text: LocalizedText {
        switch self {
        case .raise: LocalizedText(fr: "mise à l’examen", en: "put to review")
        case .explain: LocalizedText(fr: "explication", en: "explained")
        case .assign: LocalizedText(fr: "attribution", en: "assigned")
        case .hear: LocalizedText(fr: "audition de l’agent", en: "adviser heard")
        case .confirm: LocalizedText(fr: "confirmation", en: "confirmed")
        case .dismiss: LocalizedText(fr: "mise à l’écart", en: "dismissed")
        case .correct: LocalizedText(fr: "correction", en: "corrected")
        case .close: LocalizedText(fr: "clôture", en: "closed")
        }
    }
}

/// Where a case stands.
public enum CaseState: String, CaseIterable, Hashable, Sendable {
    /// Nobody has looked at it.
    case new
    /// To be looked at.
    case toReview = "to_review"
    /// Explained.
    case explained
    /// A reviewer has it.
    case assigned
    /// The adviser was heard.
    case heard
    /// Confirmed.
    case confirmed
    /// Dismissed.
    case dismissed
    /// Mended.
    case corrected
    /// Closed.
    case closed

    /// The state that a step leads to; nil if it cannot follow.
    ///
    /// Nobody is found at fault unheard: confirmation comes after the hearing, except where a case
    /// concerns no adviser. A closed case opens again only with ``CaseStep/raise``.
    public func after(_ step: CaseStep, namesActor: Bool) -> CaseState? {
        switch (self, step) {
        case (.new, .raise), (.explained, .raise), (.closed, .raise): .toReview
        case (.new, .explain), (.toReview, .explain): .explained
        case (.new, .assign), (.toReview, .assign), (.assigned, .assign), (.heard, .assign):
            .assigned
        case (.assigned, .hear), (.heard, .hear): namesActor ? .heard : nil
        case (.heard, .confirm): .confirmed
        case (.assigned, .confirm): namesActor ? nil : .confirmed
        case (.assigned, .dismiss), (.heard, .dismiss): .dismissed
        case (.confirmed, .correct): .corrected
        case (.corrected, .close), (.dismissed, .close), (.explained, .close): .closed
        default: nil
        }
    }

    /// The state in words.
    public var text: LocalizedText {
        switch self {
        case .new: LocalizedText(fr: "nouveau", en: "new")
        case .toReview: LocalizedText(fr: "à examiner", en: "to review")
        case .explained: LocalizedText(fr: "expliqué", en: "explained")
        case .assigned: LocalizedText(fr: "attribué", en: "assigned")
        case .heard: LocalizedText(fr: "agent entendu", en: "adviser heard")
        case .confirmed: LocalizedText(fr: "confirmé", en: "confirmed")
        case .dismissed: LocalizedText(fr: "écarté", en: "dismissed")
        case .corrected: LocalizedText(fr: "corrigé", en: "corrected")
        case .closed: LocalizedText(fr: "clos", en: "closed")
        }
    }
}
