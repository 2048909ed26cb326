// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// What an audit of one log found, and what it looked at.
public struct AuditResult: Sendable {
    /// How many entries were looked at.
    public struct Counts: Hashable, Sendable {
        /// All entries.
        public var entries: UInt64 = 0
        /// Accesses.
        public var accesses: UInt64 = 0
        /// Accesses that the policies in force judged.
        public var judgedAccesses: UInt64 = 0
        /// Accesses that no version at hand could judge.
        public var notJudgedAccesses: UInt64 = 0
        /// Acts of governance that were judged.
        public var governanceActs: UInt64 = 0
        /// Accesses to a person which a template explains.
        public var explainedAccesses: UInt64 = 0

        /// Counts nothing.
        public init() {}
    }

    /// A version of the policies that was in force during the period.
    public struct PolicyVersion: Hashable, Sendable {
        /// SHA-256 of its canonical archive.
        public var hash: SHA256Digest
        /// Its label; nil if the version was not found.
        public var label: String?
        /// When it was put in force, in milliseconds since 1970.
        public var activatedAt: Int64
        /// The entry that put it in force.
        public var activationIndex: UInt64

        /// Names a version and when it came in force.
        public init(
            hash: SHA256Digest, label: String?, activatedAt: Int64, activationIndex: UInt64
        ) {
            self.hash = hash
            self.label = label
            self.activatedAt = activatedAt
            self.activationIndex = activationIndex
        }
    }

    /// How often a rule over time was asked, what it said, and what it holds at the end.
    public struct RuleUse: Hashable, Sendable {
        /// The sheet, by its `id`.
        public var policy: String
        /// How many events it judged.
        public var evaluated = 0
        /// How many satisfied it.
        public var satisfied = 0
        /// How many broke it.
        public var violated = 0
        /// How many a gap leaves unknown.
        public var unknown = 0
        /// How many wait for their deadline.
        public var pending = 0
        /// How many keys (advisers, persons, requests) its state holds.
        public var keyCount = 0
        /// How many past events its state holds.
        public var heldCount = 0
        /// About how many bytes that takes in memory.
        public var byteCount = 0

        /// Names a sheet that was never asked.
        public init(policy: String) { self.policy = policy }
    }

    /// How many entries were looked at.
    public var counts: Counts
    /// What was found, by entry, then by rule.
    public var findings: [Finding]
    /// What rules over time cannot decide: open deadlines first, then what a gap covers.
    public var open: [OpenMatter] = []
    /// The waivers of the log, in its order, and how many findings each covers.
    public var waivers: [Waiver] = []
    /// What each rule over time did and holds, in the order of the sheets.
    public var rules: [RuleUse] = []
    /// What the review of findings rests on, in the order of the log.
    public var reviews: [ReviewEntry] = []
    /// The policy versions that accesses needed and that were nowhere to be found.
    public var missingVersions: [SHA256Digest]
    /// The versions that were in force, in order.
    public var policyVersions: [PolicyVersion]
    /// The root hash of the log that was read.
    public var head: SHA256Digest
    /// The number of entries under that root.
    public var treeSize: UInt64
    /// The first and the last `occurred_at`, in milliseconds since 1970; nil for an empty log.
    public var period: ClosedRange<Int64>?
    /// Whether actors are named: only once the central works council was consulted and the staff
    /// informed (rule R21).
    public var namesActors: Bool
    /// The pilot's name, from the policy set.
    public var policySetName: String?

    /// Makes the result of an audit that has looked at nothing yet.
    public init(head: SHA256Digest, treeSize: UInt64) {
        counts = Counts()
        findings = []
        missingVersions = []
        policyVersions = []
        self.head = head
        self.treeSize = treeSize
        namesActors = false
    }

    /// Whether every access could be judged, and there was something to judge.
    ///
    /// An audit of nothing is not a pass.
    public var isComplete: Bool { counts.entries > 0 && counts.notJudgedAccesses == 0 }

    /// The gravest finding's severity; nil if there is none.
    public var severityMax: Finding.Severity? { findings.map(\.severity).max() }

    /// The findings at or above a severity.
    public func findings(atLeast severity: Finding.Severity) -> [Finding] {
        findings.filter { $0.severity >= severity }
    }
}
