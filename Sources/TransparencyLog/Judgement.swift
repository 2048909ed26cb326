// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

/// What is known of a log while its verification comes together.
struct Judgement {
    let keys: [LogVerificationKey]
    let source: any LogSource
    let demands: VerificationDemands
    var report = VerificationReport()
    var head: CheckpointNote?
    /// The kept checkpoints that agree with the log, in the order of their sizes.
    var keptNotes: [CheckpointNote] = []

    /// The last leaf hash of each bundle, and the roots of the full ones.
    var lastLeaves: [SHA256Digest] = []
    var roots: [SHA256Digest?] = []
    /// The leaf hashes of the last bundle, if it is not full.
    var partialLeaves: [SHA256Digest] = []
    var announcements: [ChunkResult.Announcement] = []
    var removals: [ChunkResult.Removal] = []
    var anchorRecords: [AnchorRecord] = []
    /// The entries whose bundles are not there, in order.
    var absent: [Range<UInt64>] = []
    var mismatches: [ChunkResult.Mismatch] = []
    var mismatchCount = 0
    var lastMismatch: UInt64?
    /// What an earlier verification found of the first bundles; they are not read again.
    let prefix: VerifiedPrefix?
    /// What is summed up over the whole bundles.
    private var wholeBundles = FoldProgress()
    private var tileRoots: [UInt64: SHA256Digest] = [:]
    private var partialTileLeaves: [SHA256Digest]?
    private let hasher: SHA256HasherBox = SHA256HasherBox()
    private var locator: BundleLocator?

    init(
        keys: [LogVerificationKey], source: any LogSource, demands: VerificationDemands,
        prefix: VerifiedPrefix? = nil
    ) {
        self.prefix = prefix
        self.keys = keys
        self.source = source
        self.demands = demands
    }

    mutating func report(_ violation: IntegrityViolation) {
        report.violationCount += 1
        report.violations.append(violation)
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

    // MARK: Entries

    /// Joins what the workers found, in log order.
    mutating func fold(_ chunks: [ChunkResult], _ locator: BundleLocator, _ treeSize: UInt64) {
        self.locator = locator
        report.entryCount = treeSize
        report.uncoveredEntryCount = locator.entryCount(beyond: treeSize)
        var link = head.map { LogGenesis.link(origin: $0.checkpoint.origin) }
        var tileLink: SHA256Digest?
        absent = Self.runs(chunks.flatMap(\.absent), after: prefix?.absent ?? [])
        removals = (prefix?.removals ?? []) + chunks.flatMap(\.removals)
        anchorRecords = chunks.flatMap(\.anchors)
        wholeBundles.counters = SourceCounters(purged: absent)
        var index: UInt64 = 0
        if let prefix {
            resume(prefix)
            (link, index) = (prefix.lastLeaves.last ?? link, prefix.treeSize)
        }
        var progress = wholeBundles
        for chunk in chunks {
            checkLink(chunk, index, link, tileLink)
            (link, tileLink) = (chunk.lastLeaf, chunk.lastTileLeaf)
            progress.fold(chunk)
            take(chunk)
            index += UInt64(chunk.lastLeaves.count) * UInt64(LogPath.fullWidth)
            // A bundle that is not full is a chunk of its own, the last.
            if index <= treeSize { wholeBundles = progress }
        }
        (report.sourceFindings, report.sourceFindingCount) = progress.counters.finish()
        report.byteCount = progress.byteCount
        (report.recordedAt, report.occurredAt) = (progress.recordedAt, progress.occurredAt)
        let needed = treeSize / UInt64(LogPath.fullWidth)
        if UInt64(roots.count) < needed {
            report(
                IntegrityViolation(
                    .missingFile, index: UInt64(roots.count) * UInt64(LogPath.fullWidth)))
        }
    }

    private mutating func checkLink(
        _ chunk: ChunkResult, _ index: UInt64, _ link: SHA256Digest?, _ tileLink: SHA256Digest?
    ) {
        guard let found = chunk.firstLink, let expected = link ?? tileLink, found != expected,
            found != tileLink
        else { return }
        let code: IntegrityViolation.Code = index == 0 ? .wrongOpening : .brokenLink
        let place = chunk.firstPlace
        report(
            IntegrityViolation(
                code, index: index, path: place?.path, byteOffset: place?.byteOffset
            ).expecting(expected, found: found))
    }

    private mutating func take(_ chunk: ChunkResult) {
        for violation in chunk.violations { report(violation) }
        report.violationCount += chunk.violationCount - chunk.violations.count
        if let last = chunk.lastBadIndex {
            report.lastBadIndex = max(report.lastBadIndex ?? last, last)
        }
        if mismatches.count < VerificationReport.listCountMax { mismatches += chunk.mismatches }
        mismatchCount += chunk.mismatchCount
        lastMismatch = chunk.lastMismatch ?? lastMismatch
        lastLeaves += chunk.lastLeaves
        roots += chunk.entryRoots
        for (bundle, root) in chunk.tileRoots { tileRoots[bundle] = root }
        if !chunk.partialLeaves.isEmpty { partialLeaves = chunk.partialLeaves }
        partialTileLeaves = chunk.partialTileLeaves ?? partialTileLeaves
        announcements += chunk.announcements
    }

    private mutating func resume(_ prefix: VerifiedPrefix) {
        roots = prefix.roots
        lastLeaves = prefix.lastLeaves
        announcements = prefix.announcements
        wholeBundles.counters = prefix.counters
        wholeBundles.counters.purged = absent
        wholeBundles.byteCount = prefix.byteCount
        wholeBundles.recordedAt = prefix.recordedAt
        wholeBundles.occurredAt = prefix.occurredAt
    }

    /// The whole bundles, once everything was found as it was signed.
    func verifiedPrefix() -> VerifiedPrefix? {
        guard report.isIntact, let head = report.head else { return nil }
        let count = Int(clamping: head.treeSize / UInt64(LogPath.fullWidth))
        let roots = self.roots.prefix(count).compactMap { $0 }
        guard roots.count == count, lastLeaves.count >= count else { return nil }
        let end = UInt64(count) * UInt64(LogPath.fullWidth)
        return VerifiedPrefix(
            origin: head.origin, roots: roots, lastLeaves: Array(lastLeaves.prefix(count)),
            announcements: announcements.filter { $0.index < end },
            removals: removals.filter { $0.index < end },
            absent: absent.map { $0.clamped(to: 0..<end) }.filter { !$0.isEmpty },
            progress: wholeBundles)
    }

    // MARK: Tree

    /// Compares the root with the signed one, says who is to blame if it differs, and compares
    /// the upper tiles.
    mutating func judgeTree(
        _ locator: BundleLocator, _ treeSize: UInt64, _ head: CheckpointNote?
    ) {
        guard let signed = head?.checkpoint.rootHash else {
            return blameEntries()
        }
        if root(treeSize) == signed {
            blameTiles()
        } else {
            useTiles()
            let found = root(treeSize)
            blameEntries()
            if found != signed {
                var violation = IntegrityViolation(.rootMismatch, path: .checkpoint)
                (violation.expected, violation.found) = (signed, found)
                report(violation)
            }
        }
        judgeUpperTiles(locator, treeSize)
    }

    /// The root of the first entries; nil if a bundle's root is not known.
    func root(_ size: UInt64, partial: [SHA256Digest]? = nil) -> SHA256Digest? {
        let full = Int(clamping: size / UInt64(LogPath.fullWidth))
        let rest = Int(size % UInt64(LogPath.fullWidth))
        let leaves = partial ?? partialLeaves
        guard full <= roots.count, rest <= leaves.count else { return nil }
        var range = CompactRange()
        for root in roots[..<full] {
            guard let root else { return nil }
            range.append(subtree: root, level: 8, hasher: hasher.hasher)
        }
        for leaf in leaves.prefix(rest) { range.append(leaf, hasher: hasher.hasher) }
        return range.root(hasher: hasher.hasher)
    }

    /// The entries give the signed root, so tiles that differ from them are wrong.
    private mutating func blameTiles() {
        var seen: Set<LogPath> = []
        for mismatch in mismatches where seen.insert(mismatch.tilePath).inserted {
            report(
                IntegrityViolation(
                    .alteredTile, path: mismatch.tilePath, byteOffset: mismatch.tileOffset))
        }
    }

    private mutating func blameEntries() {
        for mismatch in mismatches { report(mismatch.violation) }
        report.violationCount += mismatchCount - mismatches.count
        if let last = lastMismatch { report.lastBadIndex = max(report.lastBadIndex ?? last, last) }
    }

    private mutating func useTiles() {
        for (bundle, root) in tileRoots where bundle < UInt64(roots.count) {
            roots[Int(bundle)] = root
        }
        partialLeaves = partialTileLeaves ?? partialLeaves
    }

    private mutating func judgeUpperTiles(_ locator: BundleLocator, _ treeSize: UInt64) {
        let width = LogPath.fullWidth
        var nodes = Array(roots.prefix(Int(clamping: treeSize / UInt64(width))))
        var level = 1
        while !nodes.isEmpty {
            for tile in 0...(nodes.count - 1) / width {
                let hashes = nodes[(tile * width)..<min((tile + 1) * width, nodes.count)]
                compare(Array(hashes), level, UInt64(tile), locator.segments.isEmpty)
            }
            var parents: [SHA256Digest?] = []
            for tile in 0..<(nodes.count / width) {
                let hashes = nodes[(tile * width)..<((tile + 1) * width)].compactMap { $0 }
                parents.append(hashes.count == width ? MerkleTree.root(of: hashes) : nil)
            }
            nodes = parents
            level += 1
        }
    }

    private mutating func compare(
        _ hashes: [SHA256Digest?], _ level: Int, _ index: UInt64, _ isClosed: Bool
    ) {
        let path = LogPath.tile(level: level, index: index, width: hashes.count)
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: path) else {
                // Tiles that are not full come when a log is closed; until then they are not due.
                guard hashes.count == LogPath.fullWidth || isClosed else { return }
                return report(IntegrityViolation(.missingFile, path: path))
            }
            guard let offset = Self.difference(bytes, hashes) else { return }
            report(IntegrityViolation(.alteredTile, path: path, byteOffset: offset))
        } catch {
            report(IntegrityViolation(.unreadableFile, path: path))
        }
    }

    private static func difference(_ bytes: [UInt8], _ hashes: [SHA256Digest?]) -> Int? {
        let size = SHA256Digest.byteCount
        for (slot, hash) in hashes.enumerated() {
            let start = slot * size
            guard start + size <= bytes.count else { return bytes.count }
            if let hash, SHA256Digest(bytes: Array(bytes[start..<(start + size)])) != hash {
                return start
            }
        }
        return bytes.count == hashes.count * size ? nil : hashes.count * size
    }

    // MARK: End

    /// The report, and the log if it is intact.
    mutating func finish() -> Verification {
        report.violations.sort {
            ($0.index ?? .max, $0.code.rawValue) < ($1.index ?? .max, $1.code.rawValue)
        }
        if report.violations.count > VerificationReport.listCountMax {
            // However many entries are bad, what is wrong with the files as a whole is said.
            let whole = report.violations.filter { $0.index == nil }
                .prefix(VerificationReport.listCountMax / 2)
            let rest = report.violations.filter { $0.index != nil }
                .prefix(VerificationReport.listCountMax - whole.count)
            report.violations = Array(rest + whole)
        }
        guard report.isIntact, let checkpoint = report.head, let locator else {
            return Verification(report: report, log: nil)
        }
        report.lastGoodHead = checkpoint
        let log = VerifiedLog(
            checkpoint: checkpoint, keyEpochs: report.keyEpochs, locator: locator,
            lastLeaves: lastLeaves, purged: report.purged)
        return Verification(report: report, log: log)
    }
}

/// A hasher that a copyable value can hold.
final class SHA256HasherBox {
    let hasher = SHA256Hasher()
}
