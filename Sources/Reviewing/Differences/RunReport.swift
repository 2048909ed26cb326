// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Cedar
public import Diagnostics

/// What the JSON report of an audit says of its findings.
public struct RunReport: Sendable {
    /// A finding as a report tells it.
    public struct Claim: Hashable, Sendable {
        /// The same in every run over the same log.
        public var fingerprint: String
        /// The rule and the entry, as in `R14-1042`.
        public var id: String
        /// The rule.
        public var rule: String
        /// How much it matters.
        public var severity: Finding.Severity
        /// The rule's title.
        public var title: LocalizedText
        /// When the event occurred, in UTC.
        public var occurredAt: String
        /// The actor's region.
        public var region: String?
        /// Whether a waiver covers it.
        public var isWaived: Bool
        /// The entry.
        public var index: UInt64
    }

    /// The name of the log.
    public let origin: String
    /// The number of entries that were audited; nil where nothing was judged.
    public let treeSize: UInt64?
    /// Whether everything asked was judged.
    public let isComplete: Bool
    /// The findings, in the order of the report.
    public let claims: [Claim]

    /// Reads a report.
    ///
    /// - Throws: ``ReviewError`` if the text is not one.
    public init(parsing bytes: [UInt8], file: String) throws(ReviewError) {
        let failure = ReviewError(.notARun, file, at: .file(file))
        guard let text = String(validating: bytes, as: UTF8.self),
            let value = try? JSONValue(parsing: text, file: file),
            value["schema_version"]?.number == 1, let log = value["log"],
            case .bool(let isComplete)? = value["complete"], let origin = log["origin"]?.text,
            case .array(let findings)? = value["findings"]
        else { throw failure }
        self.origin = origin
        self.isComplete = isComplete
        treeSize = log["tree_size"]?.number
        var claims: [Claim] = []
        for finding in findings {
            guard let claim = Claim(finding) else { throw failure }
            claims.append(claim)
        }
        self.claims = claims
    }
}

extension RunReport.Claim {
    fileprivate init?(_ value: JSONValue) {
        guard let fingerprint = value["fingerprint"]?.text, fingerprint.utf8.count == 64,
            let id = value["id"]?.text, let rule = value["rule"]?.text,
            let severity = value["severity"]?.text.flatMap({ Finding.Severity(rawValue: $0) }),
            let french = value["title"]?["fr"]?.text, let english = value["title"]?["en"]?.text,
            let occurredAt = value["occurred_at"]?.text, let index = value["entry_index"]?.number,
            let waiver = value["waiver"]
        else { return nil }
        (self.fingerprint, self.id, self.rule, self.severity) = (fingerprint, id, rule, severity)
        title = LocalizedText(fr: french, en: english)
        self.occurredAt = occurredAt
        region = value["region"]?.text
        if case .null = waiver { isWaived = false } else { isWaived = true }
        self.index = index
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var number: UInt64? {
        if case .int(let number) = self { UInt64(exactly: number) } else { nil }
    }
}
