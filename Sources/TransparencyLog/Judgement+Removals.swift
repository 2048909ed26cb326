// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension Judgement {
    private static let dayMilliseconds: Int64 = 86_400_000
    private static let width = UInt64(LogPath.fullWidth)
    /// Log origins of version 1 without a retention of their own.
    private static let retentionDaysMin: UInt64 = 180

    /// Holds what is not there, and what is, against what the log says was taken from it.
    ///
    /// What is missing comes first: the age of what was purged cannot be told where that is lost which
    /// would show it.
    mutating func judgeRemovals(_ locator: BundleLocator, _ treeSize: UInt64) {
        let purges = removals.filter(\.isPurge).map {
            (entries: $0.first..<($0.last + 1), index: $0.index)
        }
        reportUncovered(purges)
        judgeAges(locator, treeSize)
        reportPresent(purges)
        judgeStanding(locator, treeSize)
    }

    /// Holds what is there of what is in force against what the last purge says that it left.
    private mutating func judgeStanding(_ locator: BundleLocator, _ treeSize: UInt64) {
        let said = removals.last { $0.isPurge && $0.standing != nil }?.standing
        // The files of bundles that the tree does not have were not read.
        let isOfTree = locator.standingBundles.last.map { $0 < treeSize / Self.width } ?? true
        guard locator.standingPurge == said?.purge, isOfTree,
            standingTotal == said?.total ?? StandingTotal()
        else {
            // Where an entry is lost that may have said it, that was reported.
            if said == nil, lost != nil { return }
            let purge = said?.purge ?? locator.standingPurge ?? 0
            return report(
                IntegrityViolation(
                    .differingStanding, index: purge, path: .standing(purge: purge, bundle: 0)))
        }
        guard !report.purged.isEmpty else { return }
        let times = report.purged.map { purge in
            recordedAt(from: purge.entries.upperBound, locator, treeSize) ?? .max
        }
        report.standing = said
        // What a purge of before did not leave, no later one brings back.
        let isKnown = removals.allSatisfy { !$0.isPurge || $0.standing != nil }
        report.hidden = HiddenTime(
            before: times.max() ?? .max, stateBefore: isKnown ? said?.since ?? .max : .max)
    }

    private mutating func judgeAges(_ locator: BundleLocator, _ treeSize: UInt64) {
        var purges: [(entries: Range<UInt64>, index: UInt64)] = []
        for removal in removals {
            guard removal.kind == .purge else {
                reportRestored(removal)
                continue
            }
            guard removal.first <= removal.last else { continue }
            let entries = removal.first..<(removal.last + 1)
            guard entries.upperBound <= removal.index else { continue }
            if purges.contains(where: { $0.entries.overlaps(entries) }) {
                report(LogFinding(kind: .purgedTwice, index: removal.index, entries: entries))
            }
            if !isOldEnough(removal, locator, treeSize) {
                report(LogFinding(kind: .purgedTooEarly, index: removal.index, entries: entries))
            }
            purges.append((entries, removal.index))
        }
    }

    /// Of a restoration that does not know what was lost, no entries are named but the first.
    private mutating func reportRestored(_ removal: ChunkResult.Removal) {
        let isKnown = removal.count != 0 && removal.first <= removal.last
        let end = isKnown ? removal.last + 1 : removal.first
        report(
            LogFinding(
                kind: .restored, index: removal.index, entries: removal.first..<end))
    }

    mutating func report(_ finding: LogFinding) {
        report.findingCount += 1
        guard report.findings.count < VerificationReport.listCountMax else { return }
        report.findings.append(finding)
    }

    /// What is not there, and no purge names, is missing.
    private mutating func reportUncovered(_ purges: [(entries: Range<UInt64>, index: UInt64)]) {
        let covered = purges.sorted { $0.entries.lowerBound < $1.entries.lowerBound }
        for run in absent {
            var place = run.lowerBound
            for purge in covered where purge.entries.contains(place) && place < run.upperBound {
                let end = min(purge.entries.upperBound, run.upperBound)
                report.purged.append(PurgedRange(entries: place..<end, index: purge.index))
                place = end
            }
            guard place < run.upperBound else { continue }
            lose(place..<run.upperBound)
            let first = place - place % Self.width
            report(
                IntegrityViolation(
                    .missingFile, index: first,
                    path: .bundle(index: first / Self.width, width: LogPath.fullWidth)))
            report.lastBadIndex = max(report.lastBadIndex ?? 0, run.upperBound - 1)
        }
    }

    /// Whole bundles that a purge names, and that are there.
    private mutating func reportPresent(_ purges: [(entries: Range<UInt64>, index: UInt64)]) {
        for (entries, index) in purges {
            let first = (entries.lowerBound + Self.width - 1) / Self.width * Self.width
            let end = entries.upperBound / Self.width * Self.width
            var place = first
            for run in absent where run.lowerBound <= place && place < run.upperBound {
                place = run.upperBound
            }
            guard place < end else { continue }
            let next = min(absent.first { $0.lowerBound > place }?.lowerBound ?? end, end)
            // What is lost is not there, though no purge took it.
            if let lost, lost.overlaps(place..<next) { continue }
            report(
                LogFinding(
                    kind: .purgedAndPresent, index: index, entries: place..<next))
        }
    }

    /// Whether the retention had passed for the youngest entry of a purge.
    ///
    /// That entry is gone, so the first one after it that can still be read stands for it: no entry
    /// is recorded before the one that precedes it. Where that entry, or the opening, is lost, the age
    /// is not known, and what is lost was reported.
    private func isOldEnough(
        _ purge: ChunkResult.Removal, _ locator: BundleLocator, _ treeSize: UInt64
    ) -> Bool {
        let next = purge.last + 1
        let shown = absent.first { $0.contains(next) }?.upperBound ?? next
        if let lost, lost.contains(0) || lost.overlaps(next..<(shown + 1)) { return true }
        let days = announcements.first { $0.index == 0 }?.retentionDaysMin ?? Self.retentionDaysMin
        let limit = purge.recordedAt - Int64(clamping: days) * Self.dayMilliseconds
        guard let evidence = recordedAt(from: next, locator, treeSize) else {
            return false
        }
        return evidence <= limit
    }

    /// When the first entry from an index on that can be read was recorded.
    private func recordedAt(
        from index: UInt64, _ locator: BundleLocator, _ treeSize: UInt64
    ) -> Int64? {
        var index = index
        while let run = absent.first(where: { $0.contains(index) }) {
            let kept = locator.keptEntries.first { $0 >= index && $0 < run.upperBound }
            if let kept, let bytes = try? source.bytes(of: .keptEntry(index: kept)) {
                // One that is not as it must be was reported, and is no evidence.
                return try? EntryScanner().scan(bytes).recordedAt
            }
            index = run.upperBound
        }
        guard index < treeSize else { return nil }
        let bundle = index / Self.width
        let count = Int(min(treeSize - bundle * Self.width, Self.width))
        let places = locator.places(bundle, width: count)
        let slot = Int(index % Self.width)
        let found: Int64?? = try? unsafe locator.withFirst(of: places) { bytes, place -> Int64? in
            var pass = BundlePass()
            unsafe pass.read(bytes, at: place, width: slot + 1)
            return pass.count == slot + 1 ? pass.entries[slot].recordedAt : nil
        }
        return found ?? nil
    }
}
