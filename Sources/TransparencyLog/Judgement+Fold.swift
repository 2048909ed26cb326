// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension Judgement {
    private static let width = UInt64(LogPath.fullWidth)

    /// Gets ready to fold what the workers find.
    mutating func begin(_ locator: BundleLocator, _ treeSize: UInt64) {
        self.locator = locator
        report.entryCount = treeSize
        report.uncoveredEntryCount = locator.entryCount(beyond: treeSize)
        link = head.map { LogGenesis.link(origin: $0.checkpoint.origin) }
        // What cannot be read is reported when these checkpoints are judged.
        let sizes = (try? source.keptCheckpointSizes()) ?? []
        cuts = sizes.map { $0 / Self.width }.sorted()[...]
        if let prefix { resume(prefix) }
    }

    private mutating func resume(_ prefix: VerifiedPrefix) {
        let hasher = SHA256Hasher()
        for root in prefix.roots { tree.append(root, isCut: false, source, hasher: hasher) }
        bundleCount = tree.bundleCount
        if kept == .roots { roots = prefix.roots }
        if kept != .none { lastLeaves = prefix.lastLeaves }
        link = prefix.lastLeaves.last ?? link
        announcements = prefix.announcements
        removals = prefix.removals
        absent = prefix.absent
        for file in prefix.standing { standingTotal.add(file) }
        standingFiles = prefix.standing
        progress.counters = prefix.counters
        progress.counters.purged = absent
        progress.byteCount = prefix.byteCount
        progress.recordedAt = prefix.recordedAt
        progress.occurredAt = prefix.occurredAt
    }

    /// Takes in what was found in the next bundles.
    mutating func fold(_ chunk: ChunkResult, hasher: borrowing SHA256Hasher) {
        checkLink(chunk)
        (link, tileLink) = (chunk.lastLeaf, chunk.lastTileLeaf)
        take(chunk)
        let count = bundleCount + UInt64(chunk.lastLeaves.count)
        // A bundle that is not full is a chunk of its own, the last.
        if count > report.entryCount / Self.width { wholeBundles = progress }
        if !chunk.absent.isEmpty {
            // Held by nobody else meanwhile, so that it is never copied.
            progress.counters.purged = []
            EntryBundle.extend(&absent, by: chunk.absent)
            progress.counters.purged = absent
        }
        progress.fold(chunk)
        grow(chunk, hasher: hasher)
    }

    private mutating func checkLink(_ chunk: ChunkResult) {
        guard let found = chunk.firstLink, let expected = link ?? tileLink, found != expected,
            found != tileLink
        else { return }
        let index = bundleCount * Self.width
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
        if kept != .none { lastLeaves += chunk.lastLeaves }
        if kept == .roots { roots += chunk.entryRoots }
        if !chunk.partialLeaves.isEmpty { partialLeaves = chunk.partialLeaves }
        partialTileLeaves = chunk.partialTileLeaves ?? partialTileLeaves
        announcements += chunk.announcements
        removals += chunk.removals
        anchorRecords += chunk.anchors
        for file in chunk.standing { standingTotal.add(file) }
        if kept != .none { standingFiles += chunk.standing }
    }

    /// Adds the bundles of a chunk to the tree.
    private mutating func grow(_ chunk: ChunkResult, hasher: borrowing SHA256Hasher) {
        var tileRoots = chunk.tileRoots[...]
        for root in chunk.entryRoots {
            let bundle = bundleCount
            bundleCount += 1
            while let cut = cuts.first, cut < bundle { cuts.removeFirst() }
            if root == nil { lose((bundle * Self.width)..<((bundle + 1) * Self.width)) }
            guard bundle < report.entryCount / Self.width else { continue }
            var tileRoot = root
            if let next = tileRoots.first, next.bundle == bundle {
                tileRoot = next.root
                tileRoots.removeFirst()
                if treeOfTiles == nil { treeOfTiles = tree }
            }
            let isCut = cuts.first == bundle
            tree.append(root, isCut: isCut, source, hasher: hasher)
            treeOfTiles?.append(tileRoot, isCut: isCut, source, hasher: hasher)
        }
    }

    /// Sums up what was folded.
    mutating func endFold() {
        if wholeBundles == nil { wholeBundles = progress }
        (report.sourceFindings, report.sourceFindingCount) = progress.counters.finish()
        report.byteCount = progress.byteCount
        (report.recordedAt, report.occurredAt) = (progress.recordedAt, progress.occurredAt)
        guard bundleCount < report.entryCount / Self.width else { return }
        report(IntegrityViolation(.missingFile, index: bundleCount * Self.width))
        lose((bundleCount * Self.width)..<report.entryCount)
    }

    /// The whole bundles, once everything was found as it was signed.
    func verifiedPrefix() -> VerifiedPrefix? {
        guard kept == .roots, report.isIntact, let head = report.head, let wholeBundles else {
            return nil
        }
        let count = Int(clamping: head.treeSize / Self.width)
        let roots = self.roots.prefix(count).compactMap { $0 }
        guard roots.count == count, lastLeaves.count >= count else { return nil }
        let end = UInt64(count) * Self.width
        return VerifiedPrefix(
            origin: head.origin, roots: roots, lastLeaves: Array(lastLeaves.prefix(count)),
            announcements: announcements.filter { $0.index < end },
            removals: removals.filter { $0.index < end },
            absent: absent.map { $0.clamped(to: 0..<end) }.filter { !$0.isEmpty },
            standingPurge: locator?.standingPurge, standing: standingFiles,
            progress: wholeBundles)
    }
}
