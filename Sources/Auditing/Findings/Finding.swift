// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Diagnostics

/// One thing that an audit found: an entry that a rule does not allow, and everything that shows it.
///
/// A finding is complete: a reader needs neither the policies nor the registry to understand it,
/// and the index, offset and leaf hash say where the evidence is.
public struct Finding: Hashable, Sendable {
    /// The rule and the entry, as in `R14-1042`: the same in every run over the same log.
    public var id: String
    /// SHA-256 over the rule and the entry's leaf hash: the same wherever the entry is.
    public var fingerprint: SHA256Digest
    /// The rule: `R01` to `R40`, or `M01` to `M03`.
    public var rule: String
    /// How much it matters.
    public var severity: Severity
    /// What sort of disagreement it is.
    public var kind: Kind
    /// The rule's title.
    public var title: LocalizedText
    /// The legal basis, as the policy set cites it.
    public var basis: String
    /// Where the rule comes from.
    public var provenance: Provenance
    /// The entry.
    public var entry: EntryReference
    /// The type of the event.
    public var eventType: String
    /// When the event occurred, in milliseconds since 1970.
    public var occurredAt: Int64
    /// The actor's region, an INSEE code.
    public var region: String?
    /// Who acted.
    public var actor: Pseudonym
    /// Whose data were concerned.
    public var subject: Pseudonym
    /// The policies that determined it, by `@id`.
    public var policies: [String]
    /// The version of the policy set in force.
    public var policyVersion: SHA256Digest?
    /// What the deciding condition saw.
    public var values: [DecidingValue]
    /// The decision the entry records.
    public var recordedDecision: Effect?
    /// The decision the policies in force give.
    public var replayedDecision: Effect?
    /// Why, in plain words.
    public var explanation: LocalizedText
    /// For an access outside the portfolio: what could have explained it, and why it did not.
    public var templates: [TemplateAttempt]
    /// Other entries that the finding rests on, in order.
    public var evidence: [UInt64]
    /// Of a rule over time: the entries that made its condition true, by index and hash, the latest
    /// ones if they are many.
    public var witnesses: [EntryReference] = []
    /// Of a rule over time: the milliseconds, both included, that were searched in vain, where the
    /// point is that something is missing.
    public var searched: ClosedRange<Int64>?
    /// False if only an entry recorded later revealed it.
    public var knownAtTheTime: Bool
    /// The waiver that covers it; a covered finding stays.
    public var waiver: CoveringWaiver?

    /// Makes a finding that says only what was found and where; the rest is set afterwards.
    public init(
        rule: String, severity: Severity, kind: Kind, entry: EntryReference, eventType: String
    ) {
        id = "\(rule)-\(entry.index)"
        fingerprint = SHA256Hasher().hash([UInt8](rule.utf8) + [0x0A] + entry.leafHash.bytes)
        self.rule = rule
        self.severity = severity
        self.kind = kind
        title = LocalizedText(fr: rule, en: rule)
        basis = ""
        provenance = .assumption
        self.entry = entry
        self.eventType = eventType
        occurredAt = 0
        actor = .none
        subject = .none
        policies = []
        values = []
        explanation = LocalizedText(fr: "", en: "")
        templates = []
        evidence = []
        knownAtTheTime = true
    }
}

extension Finding {
    /// How much a finding matters.
    public enum Severity: String, CaseIterable, Hashable, Comparable, Sendable {
        /// To be known.
        case low
        /// To be looked at.
        case medium
        /// To be acted on.
        case high
        /// To be acted on now.
        case critical

        /// Whether one matters less than another.
        public static func < (left: Severity, right: Severity) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .low: 0
            case .medium: 1
            case .high: 2
            case .critical: 3
            }
        }
    }

    /// What sort of disagreement between the log and the policies a finding is.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Allowed at the time, though the policies in force deny it.
        case permittedButForbidden = "permitted_but_forbidden"
        /// Denied at the time, and done all the same.
        case deniedButDone = "denied_but_done"
        /// Denied at the time, though the policies in force allow it.
        case deniedButPermitted = "denied_but_permitted"
        /// An act of governance that a rule does not allow.
        case governance
        /// A fault of the record itself.
        case record
        /// A history that a rule over time does not allow.
        case overTime = "over_time"
        /// A rule or an access that could not be judged.
        case notEvaluated = "not_evaluated"
    }

    /// Where a rule or a parameter comes from.
    public enum Provenance: String, CaseIterable, Hashable, Sendable {
        /// The press.
        case press
        /// A law or a regulation.
        case law
        /// A decision or a recommendation of the CNIL.
        case cnil
        /// A contract.
        case contract
        /// A document of the works council.
        case cse
        /// An assumption of the designers.
        case assumption
    }

    /// Allow or deny.
    public enum Effect: String, CaseIterable, Hashable, Sendable {
        /// The access may take place.
        case allow
        /// The access may not take place.
        case deny
    }

    /// An entry of the log, by every name it has.
    public struct EntryReference: Hashable, Sendable {
        /// The index, from 0.
        public var index: UInt64
        /// The offset of the first byte in the log exported as bundles; an address for people.
        public var byteOffset: UInt64
        /// The leaf hash.
        public var leafHash: SHA256Digest

        /// Names an entry.
        public init(index: UInt64, byteOffset: UInt64, leafHash: SHA256Digest) {
            self.index = index
            self.byteOffset = byteOffset
            self.leafHash = leafHash
        }
    }

    /// The waiver that covers a finding.
    public struct CoveringWaiver: Hashable, Sendable {
        /// The `id` of the entry that granted it.
        public var id: String
        /// The index of that entry.
        public var index: UInt64

        /// Names a waiver.
        public init(id: String, index: UInt64) { (self.id, self.index) = (id, index) }
    }

    /// A person in a finding.
    public enum Pseudonym: Hashable, Sendable {
        /// The entry names nobody.
        case none
        /// Withheld: nominative control is not allowed before the central works council was
        /// consulted and the staff informed (rule R21).
        case masked
        /// The pseudonym.
        case shown(String)
    }

    /// A part of a rule's condition, and the value it saw.
    public struct DecidingValue: Hashable, Sendable {
        /// The text of the part, as written in the policy.
        public var source: String
        /// Its value, in Cedar's syntax; `–` if it has none.
        public var value: String

        /// Pairs a text with its value.
        public init(source: String, value: String) {
            self.source = source
            self.value = value
        }
    }

    /// A reason that could have explained an access to a person.
    public struct TemplateAttempt: Hashable, Sendable {
        /// The template: `E1` to `E9`.
        public var template: String
        /// Whether it explains the access.
        public var holds: Bool
        /// Why, or why not, with dates.
        public var reason: LocalizedText
        /// The entry that says so.
        public var evidence: UInt64?

        /// Makes an attempt.
        public init(
            _ template: String, holds: Bool, reason: LocalizedText, evidence: UInt64? = nil
        ) {
            self.template = template
            self.holds = holds
            self.reason = reason
            self.evidence = evidence
        }
    }
}

extension Finding: Comparable {
    /// Whether one finding comes first in a report: by entry, then by rule.
    public static func < (left: Finding, right: Finding) -> Bool {
        left.entry.index != right.entry.index
            ? left.entry.index < right.entry.index : left.rule < right.rule
    }
}
