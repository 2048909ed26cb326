// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import TransparencyLog

/// What is wrong with a log that is not as it was signed, and how far it goes.
public struct Damage: Sendable {
    /// What is wrong, by entry; at most as many as a reader can use.
    public var violations: [Diagnostic]
    /// The number of violations, listed or not.
    public var count: Int
    /// The first and the last entry affected.
    public var affected: ClosedRange<UInt64>?
    /// The size of the last checkpoint whose entries are all as they were signed.
    public var lastGoodSize: UInt64?
    /// Whether nothing is altered, but something could not be read.
    public var isUnreadableOnly: Bool

    /// Describes damage.
    public init(
        _ violations: [Diagnostic], affected: ClosedRange<UInt64>? = nil,
        lastGoodSize: UInt64? = nil, isUnreadableOnly: Bool = false
    ) {
        self.violations = violations
        count = violations.count
        self.affected = affected
        self.lastGoodSize = lastGoodSize
        self.isUnreadableOnly = isUnreadableOnly
    }

    /// The damage that a verification found.
    public init(_ report: VerificationReport) {
        self.init(report.violations.map(\.diagnostic), lastGoodSize: report.lastGoodHead?.treeSize)
        count = report.violationCount
        isUnreadableOnly = report.violations.allSatisfy { $0.code == .unreadableFile }
        if let first = report.firstBadIndex, let last = report.lastBadIndex, first <= last {
            affected = first...last
        }
    }
}
