// SPDX-License-Identifier: Apache-2.0

/// A number that a source's own counter skipped or used twice.
///
/// It is a statement on the source, not on the log: the log holds what it was given.
public struct SourceFinding: Hashable, Sendable {
    /// What happened to the counter.
    public enum Kind: String, Hashable, Sendable {
        /// The numbers never came.
        case gap
        /// The numbers came before.
        case repetition
    }

    /// What happened.
    public var kind: Kind
    /// The source.
    public var source: String
    /// The numbers concerned.
    public var numbers: ClosedRange<UInt64>
    /// The entry where it showed.
    public var index: UInt64
}

/// A verification key, and the sizes of the checkpoints that it signs.
public struct KeyEpoch: Hashable, Sendable {
    /// The key.
    public var key: LogVerificationKey
    /// The smallest size that it signs.
    public var firstSize: UInt64
    /// The entry that announces the key; of the key that signs after a restore, the entry that says
    /// so.
    public var announcedAt: UInt64
    /// Whether the key only closes the epoch that a restore cut short.
    public var isRecovery = false
}

/// What verification found, as plain values.
public struct VerificationReport: Hashable, Sendable {
    /// The greatest number of violations, and of source findings, that are listed.
    public static let listCountMax = 1_000

    /// The checkpoint that was judged; nil if there is none to be read.
    public internal(set) var head: Checkpoint?
    /// The key that signed it.
    public internal(set) var signer: LogVerificationKey?
    /// The number of entries that were judged: those that the head covers.
    public internal(set) var entryCount: UInt64 = 0
    /// The number of entries that no checkpoint covers yet, and that were not judged.
    public internal(set) var uncoveredEntryCount: UInt64 = 0
    /// The number of bytes of the entries that were judged.
    public internal(set) var byteCount: UInt64 = 0
    /// The violations, by index; those of no single entry come last.
    public internal(set) var violations: [IntegrityViolation] = []
    /// The number of violations, listed or not.
    public internal(set) var violationCount = 0
    /// The first entry with a violation.
    public internal(set) var firstBadIndex: UInt64?
    /// The last entry with a violation.
    public internal(set) var lastBadIndex: UInt64?
    /// The largest checkpoint whose entries are all as they were signed.
    public internal(set) var lastGoodHead: Checkpoint?
    /// The gaps and repetitions in the sources' own counters.
    public internal(set) var sourceFindings: [SourceFinding] = []
    /// The number of these, listed or not.
    public internal(set) var sourceFindingCount = 0
    /// What the log says of itself that somebody must look at.
    public internal(set) var findings: [LogFinding] = []
    /// The number of these, listed or not.
    public internal(set) var findingCount = 0
    /// The entries whose bytes were deleted under the retention policy, in order.
    public internal(set) var purged: [PurgedRange] = []
    /// What the last purge left in force; nil if nothing was purged, or nothing left.
    public internal(set) var standing: StandingSet?
    /// Up to when purges hide what happened; nil if nothing was purged.
    public internal(set) var hidden: HiddenTime?
    /// The earliest and the latest moment of recording, in milliseconds since 1970.
    public internal(set) var recordedAt: ClosedRange<Int64>?
    /// The earliest and the latest moment of occurrence, in milliseconds since 1970.
    public internal(set) var occurredAt: ClosedRange<Int64>?
    /// The keys that the log announces.
    public internal(set) var keyEpochs: [KeyEpoch] = []
    /// What the reader's witnesses have seen; nil if the reader asked for none.
    public internal(set) var witnesses: WitnessReport?
    /// When authorities stamped the log; nil if the reader asked for none.
    public internal(set) var anchors: AnchorReport?

    /// Whether all that the head covers is as it was signed.
    public var isIntact: Bool { violationCount == 0 && head != nil }

    /// Whether all that is wrong is what others should have signed: cosignatures or time stamps that the
    /// reader asks for.
    public var lacksOnlyEvidence: Bool {
        head != nil && violationCount > 0 && violationCount == violations.count
            && violations.allSatisfy { Self.evidenceCodes.contains($0.code) }
    }

    private static let evidenceCodes: [IntegrityViolation.Code] = [
        .quorumNotMet, .notAnchored, .untrustedAnchor,
    ]

    /// Whether all files could be read.
    public var isComplete: Bool {
        !violations.contains { $0.code == .unreadableFile }
    }
}

/// The outcome of a verification.
public struct Verification: Sendable {
    /// What was found.
    public let report: VerificationReport
    /// The log, to be replayed; nil if it is not intact.
    public let log: VerifiedLog?
}
