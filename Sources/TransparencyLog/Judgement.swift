// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

/// What a verification keeps of each bundle of the log, for what is to come after it.
enum KeptHashes: Sendable {
    /// Nothing: memory does not grow with the log.
    case none
    /// The last leaf hash, to replay the log.
    case lastLeaves
    /// The root too, to go on from there the next time.
    case roots
}

/// What is known of a log while its verification comes together: chunks are folded in log order as they
/// are judged, and what is kept of them does not grow with the log, unless it is asked for.
struct Judgement: Sendable {
    let keys: [LogVerificationKey]
    let source: any LogSource
    let demands: VerificationDemands
    var report = VerificationReport()
    var head: CheckpointNote?
    /// The kept checkpoints that agree with the log, in the order of their sizes.
    var keptNotes: [CheckpointNote] = []

    /// What is kept of each bundle; where it is asked for, their last leaf hashes and roots.
    let kept: KeptHashes
    var lastLeaves: [SHA256Digest] = []
    var roots: [SHA256Digest?] = []
    /// The tree as the entries give it, and, where that differs, as the tiles of level 0 do.
    var tree = TreeFold()
    var treeOfTiles: TreeFold?
    /// The number of bundles so far, with one that is not full.
    var bundleCount: UInt64 = 0
    /// The bundles, from the next one on, that a kept checkpoint cuts.
    var cuts: ArraySlice<UInt64> = []
    /// The leaf hash before the next bundle, as computed and as its tile has it.
    var link: SHA256Digest?
    var tileLink: SHA256Digest?
    /// The leaf hashes of the last bundle, if it is not full.
    var partialLeaves: [SHA256Digest] = []
    var announcements: [ChunkResult.Announcement] = []
    var removals: [ChunkResult.Removal] = []
    var anchorRecords: [AnchorRecord] = []
    /// The entries whose bundles are not there, in order.
    var absent: [Range<UInt64>] = []
    /// From the first entry to the last that no purge took and that cannot be read: what is said of keys
    /// and retention may have stood there.
    var lost: Range<UInt64>?
    /// What the files of what is in force come to, and each by its bundle where the log is replayed.
    var standingTotal = StandingTotal()
    var standingFiles: [StandingFile] = []
    var mismatches: [ChunkResult.Mismatch] = []
    var mismatchCount = 0
    var lastMismatch: UInt64?
    /// What an earlier verification found of the first bundles; they are not read again.
    let prefix: VerifiedPrefix?
    /// What is summed up over all bundles, and over the whole ones.
    var progress = FoldProgress()
    var wholeBundles: FoldProgress?
    var partialTileLeaves: [SHA256Digest]?
    var locator: BundleLocator?

    init(
        keys: [LogVerificationKey], source: any LogSource, demands: VerificationDemands,
        prefix: VerifiedPrefix? = nil, keeping kept: KeptHashes
    ) {
        self.prefix = prefix
        self.kept = kept
        self.keys = keys
        self.source = source
        self.demands = demands
    }

    mutating func report(_ violation: IntegrityViolation) {
        report.violationCount += 1
        report.violations.append(violation)
        if report.violations.count > 4 * VerificationReport.listCountMax {
            trim(whole: VerificationReport.listCountMax, all: 2 * VerificationReport.listCountMax)
        }
        guard let index = violation.index else { return }
        report.firstBadIndex = min(report.firstBadIndex ?? index, index)
        report.lastBadIndex = max(report.lastBadIndex ?? index, index)
    }

    /// Reads the latest checkpoint, before anything else is read.
    mutating func readHead() -> CheckpointNote? {
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: .checkpoint) else {
                report(IntegrityViolation(.missingFile, path: .checkpoint))
                return nil
            }
            do throws(NoteError) {
                let head = try CheckpointNote(parsing: bytes)
                self.head = head
                report.head = head.checkpoint
                return head
            } catch {
                report(IntegrityViolation(.malformedCheckpoint, path: .checkpoint))
            }
        } catch {
            report(IntegrityViolation(.unreadableFile, path: .checkpoint))
        }
        return nil
    }

    /// Notes entries that no purge took and that cannot be read.
    mutating func lose(_ entries: Range<UInt64>) {
        let (first, end) = (lost?.lowerBound ?? .max, lost?.upperBound ?? 0)
        lost = min(first, entries.lowerBound)..<max(end, entries.upperBound)
    }

    // MARK: End

    /// The report, and the log if it is intact.
    mutating func finish() -> Verification {
        trim(whole: VerificationReport.listCountMax / 2, all: VerificationReport.listCountMax)
        guard report.isIntact, let checkpoint = report.head, let locator else {
            return Verification(report: report, log: nil)
        }
        report.lastGoodHead = checkpoint
        let log = VerifiedLog(
            checkpoint: checkpoint, keyEpochs: report.keyEpochs, locator: locator,
            lastLeaves: lastLeaves, report, standing: standingFiles)
        return Verification(report: report, log: log)
    }

    /// Keeps the first violations by entry, and beside them those of whole files: however many entries
    /// are bad, what is wrong with the files is said.
    private mutating func trim(whole wholeCountMax: Int, all countMax: Int) {
        report.violations.sort {
            ($0.index ?? .max, $0.code.rawValue) < ($1.index ?? .max, $1.code.rawValue)
        }
        guard report.violations.count > countMax else { return }
        let whole = report.violations.filter { $0.index == nil }.prefix(wholeCountMax)
        let rest = report.violations.filter { $0.index != nil }.prefix(countMax - whole.count)
        report.violations = Array(rest + whole)
    }
}
