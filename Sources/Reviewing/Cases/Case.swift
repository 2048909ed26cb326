// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Auditing
import Cryptography
public import Diagnostics

/// Findings that belong together: of one actor, one week and one family of rules.
///
/// It is what a person reviews: ten findings of one kind in one week are one matter, and a graver
/// one than each of them alone.
public struct Case: Sendable {
    /// What findings have in common.
    public struct Key: Hashable, Sendable {
        /// The actor; nil where the findings name none.
        public var actor: String?
        /// Where actors may not be named, the region takes their place.
        public var region: String?
        /// The ISO week in Paris, `2026-W12`.
        public var week: String
        /// The family of the rules.
        public var family: RuleFamily

        /// The key of what an actor did at a moment, in milliseconds since 1970.
        public init(actor: String?, region: String? = nil, at time: Int64, _ family: RuleFamily) {
            (self.actor, self.region, self.family) = (actor, region, family)
            let week = ParisTime(milliseconds: time).date.isoWeek
            self.week = "\(week.year)-W\(week.week < 10 ? "0" : "")\(week.week)"
        }

        /// The identifier of the case, in the log of an origin.
        public func identifier(in origin: String) -> String {
            let parts = [
                "vigie case 1", origin, actor ?? "-", region ?? "-", week, "\(family.rawValue)",
            ]
            let text = parts.joined(separator: "\n")
            return "CASE-" + SHA256Hasher().hash(Array(text.utf8)).hex.prefix(12)
        }
    }

    /// `CASE-` and 12 hexadecimal digits: the same in every run over the same log.
    public let id: String
    /// What its findings have in common.
    public let key: Key
    /// The findings, in the order of the log.
    public let findings: [Finding]
    /// How much it matters: as the gravest finding, one step more from `case_repetition` on.
    public let severity: Finding.Severity
    /// Whether repetition raised the severity.
    public let isRaised: Bool
    /// Where it stands.
    public internal(set) var state: CaseState = .new
    /// The steps that were taken, in the order of the log.
    public internal(set) var history: [CaseRecord] = []
    /// The steps in the log that could not follow, and count for nothing.
    public internal(set) var faults: [CaseRecord] = []

    /// The family of the rules, in words.
    public var family: LocalizedText { key.family.title }

    /// The rules, each once.
    public var rules: [String] { Set(findings.map(\.rule)).sorted() }

    /// Whether findings came that the last decision did not know.
    public var hasNewFindings: Bool {
        guard
            let decision = history.last(where: {
                [.explain, .confirm, .dismiss].contains($0.step)
            })
        else { return false }
        return findings.contains { $0.entry.index > decision.index }
    }

    /// Groups findings.
    ///
    /// - Parameters:
    ///   - findings: The findings of an audit.
    ///   - origin: The name of the log.
    ///   - repetition: The number of findings from which the severity is one step higher.
    /// - Returns: The cases: the gravest first, then by week and identifier.
    public static func group(
        _ findings: [Finding], origin: String, repetition: Int
    ) -> [Case] {
        var groups: [Key: [Finding]] = [:]
        for finding in findings where finding.waiver == nil {
            groups[Key(finding), default: []].append(finding)
        }
        let cases = groups.map { Case($0, $1, origin, repetition) }
        return cases.sorted { left, right in
            if left.severity != right.severity { return left.severity > right.severity }
            return (left.key.week, left.id) < (right.key.week, right.id)
        }
    }

    private init(_ key: Key, _ findings: [Finding], _ origin: String, _ repetition: Int) {
        self.key = key
        self.findings = findings.sorted()
        id = key.identifier(in: origin)
        let gravest = findings.map(\.severity).max() ?? .low
        let severities = Finding.Severity.allCases
        let place = severities.firstIndex(of: gravest) ?? 0
        isRaised = findings.count >= max(2, repetition) && place + 1 < severities.count
        severity = isRaised ? severities[place + 1] : gravest
    }
}

extension Case.Key {
    init(_ finding: Finding) {
        let family = RuleFamily(ofRule: finding.rule)
        self.init(actor: nil, at: finding.occurredAt, family)
        if case .shown(let pid) = finding.actor { actor = pid }
        if finding.actor == .masked { region = finding.region ?? "" }
    }
}
