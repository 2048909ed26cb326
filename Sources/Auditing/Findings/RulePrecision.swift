// SPDX-License-Identifier: Apache-2.0

/// How often the findings of a rule were confirmed by those who reviewed them.
///
/// It is about the rule: what a reviewer or an adviser did does not show in it.
public struct RulePrecision: Hashable, Sendable {
    /// The rule.
    public var rule: String
    /// The findings in cases that were confirmed.
    public var confirmed: Int
    /// The findings in cases that were confirmed or dismissed.
    public var reviewed: Int
    /// All findings that no waiver covers.
    public var all: Int

    /// Counts for one rule.
    public init(rule: String, confirmed: Int = 0, reviewed: Int = 0, all: Int = 0) {
        (self.rule, self.confirmed, self.reviewed, self.all) = (rule, confirmed, reviewed, all)
    }

    /// Confirmed of reviewed, in per cent; nil where nothing was reviewed.
    public var percent: Int? {
        reviewed > 0 ? (confirmed * 200 + reviewed) / (reviewed * 2) : nil
    }
}
