// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Diagnostics
import TransparencyLog

/// A permission, for a time, to leave some findings of one rule as they are.
///
/// It deletes nothing: a covered finding stays in every report, marked. A waiver is an entry of
/// the log like any other, so who granted it, when and why cannot be changed afterwards.
public struct Waiver: Hashable, Sendable {
    /// The longest time for which one may be granted, in days.
    public static let dayCountMax: Int64 = 90

    /// The `id` of the entry that granted it.
    public var id: String
    /// Where that entry is.
    public var entry: Finding.EntryReference
    /// The rule.
    public var rule: String
    /// What of the rule it covers.
    public var scope: WaiverScope
    /// Why, a code.
    public var reason: String
    /// Who answers for it.
    public var owner: String
    /// Who granted it.
    public var approver: String
    /// When it was granted, in milliseconds since 1970.
    public var grantedAt: Int64
    /// When it starts, as it says; it never covers what came before it was granted.
    public var validFrom: Int64
    /// When it ends, as it says; that instant is outside.
    public var validUntil: Int64
    /// When it was revoked; nil if it was not.
    public var revokedAt: Int64?
    /// Whether somebody recorded that it came to its end.
    public var isClosed = false
    /// How many findings it covers.
    public var coveredCount = 0

    /// The instants that it covers; empty where it covers none.
    public var period: Range<Int64> {
        let start = max(validFrom, grantedAt)
        let end = min(validUntil, revokedAt ?? .max)
        return start..<max(start, end)
    }

    /// Why it covers nothing, if it was granted against the rules for waivers.
    public var faults: [Fault] {
        var faults: [Fault] = []
        if reason.isEmpty { faults.append(.noReason) }
        if owner.utf8.elementsEqual(approver.utf8) { faults.append(.ownApproval) }
        let length = validUntil.subtractingReportingOverflow(validFrom)
        if length.overflow || length.partialValue > Self.dayCountMax * 86_400_000 {
            faults.append(.tooLong)
        }
        if validUntil <= validFrom { faults.append(.noTime) }
        if scope.isMalformed { faults.append(.unknownScope) }
        return faults
    }

    /// A rule for waivers that one does not keep.
    public enum Fault: String, CaseIterable, Hashable, Sendable {
        /// It says no reason.
        case noReason = "no_reason"
        /// Its owner granted it.
        case ownApproval = "own_approval"
        /// It lasts more than 90 days.
        case tooLong = "too_long"
        /// It ends before it starts.
        case noTime = "no_time"
        /// Its scope holds what this program cannot read.
        case unknownScope = "unknown_scope"

        /// The fault in words.
        public var text: LocalizedText {
            switch self {
            case .noReason: LocalizedText(fr: "aucun motif", en: "no reason")
            case .ownApproval:
                LocalizedText(
                    fr: "accordée par son propre responsable", en: "granted by its own owner")
            case .tooLong:
                LocalizedText(fr: "plus de 90 jours", en: "more than 90 days")
            case .noTime:
                LocalizedText(fr: "fin avant le début", en: "an end before its start")
            case .unknownScope:
                LocalizedText(fr: "portée illisible", en: "a scope that cannot be read")
            }
        }
    }

    /// Whether it covers a finding.
    func covers(_ finding: Finding) -> Bool {
        rule.utf8.elementsEqual(finding.rule.utf8) && period.contains(finding.occurredAt)
            && scope.covers(finding)
    }
}

/// What of a rule a waiver covers: items of one kind widen it, kinds together narrow it.
///
/// An item is written `region:75`, `adviser:A0123456789ab`, `person:P…`, `policy:R07-contact` or
/// `finding:R15-1042`.
public struct WaiverScope: Hashable, Sendable {
    /// What an item speaks of.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// The actor's region.
        case region
        /// The actor.
        case adviser
        /// The person whose data are concerned.
        case person
        /// A determining policy.
        case policy
        /// One finding, by its rule and entry.
        case finding
    }

    /// The items as they were written.
    public let items: [String]
    private let values: [Kind: [String]]
    /// Whether an item is of no known kind.
    public let isMalformed: Bool

    /// Reads the items of a scope.
    public init(_ items: [String]) {
        self.items = items
        var values: [Kind: [String]] = [:]
        var isMalformed = false
        for item in items {
            let parts = item.split(separator: ":", maxSplits: 1)
            if parts.count == 2, let kind = Kind(rawValue: String(parts[0])) {
                values[kind, default: []].append(String(parts[1]))
            } else {
                isMalformed = true
            }
        }
        self.values = values
        self.isMalformed = isMalformed
    }

    /// Whether it covers the whole rule.
    public var isWholeRule: Bool { values.isEmpty }

    func covers(_ finding: Finding) -> Bool {
        values.allSatisfy { kind, wanted in
            let found: [String] =
                switch kind {
                case .region: finding.region.map { [$0] } ?? []
                case .adviser: Self.text(finding.actor)
                case .person: Self.text(finding.subject)
                case .policy: finding.policies
                case .finding: [finding.id]
                }
            return found.contains { text in
                wanted.contains { $0.utf8.elementsEqual(text.utf8) }
            }
        }
    }

    private static func text(_ pseudonym: Finding.Pseudonym) -> [String] {
        if case .shown(let pid) = pseudonym { [pid] } else { [] }
    }
}
