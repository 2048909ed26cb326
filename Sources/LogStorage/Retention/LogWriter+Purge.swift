// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension LogWriter {
    private static let width = UInt64(LogPath.fullWidth)

    /// Deletes the bundles of entries that were recorded before a moment.
    ///
    /// The purge ends before the last entry of the log's own that is old enough, so that a verifier
    /// sees for ever that what is gone was older. Kept entries, and those that are in force, are written
    /// first, then the purge is recorded and signed, and only then bytes go: a purge cut short is finished
    /// by the next writer.
    ///
    /// - Returns: The entries purged; empty if there is nothing to purge.
    /// - Throws: ``StorageError/Code/tooEarly`` if the retention has not passed at that moment,
    ///   ``StorageError/Code/decidedAlone`` if one person asks and approves, and
    ///   ``StorageError/Code/notPseudonym`` if either is not named by a pseudonym.
    mutating func purge(_ request: PurgeRequest) throws(StorageError) -> Range<UInt64> {
        try requirePermitted(request)
        try finishSealing()
        try dropSpares()
        let scan = try scanForPurge(request.cutoff)
        guard let range = scan.range else { return 0..<0 }
        do throws(StorageError) {
            let pending = PendingPurge(index: treeSize, entries: range)
            try FileTree.replace(
                directory.purging, with: pending.bytes, mode: 0o600, isDurable: isDurable)
            var batch = FileBatch(isDurable: isDurable)
            for kept in scan.kept where kept.index < range.upperBound {
                let path = LogPath.keptEntry(index: kept.index).text
                try batch.add(path, in: directory.path, kept.bytes, mode: 0o444)
            }
            try batch.commit()
            let total = try request.standing.map { standing throws(StorageError) in
                try StandingFolder(directory: directory, purge: pending.index).write(
                    standing.indices, before: range.upperBound, isDurable: isDurable)
            }
            try record(.own(.purge(range, request, leaving: total)))
            try sign()
            try finishPurge(pending)
        } catch {
            fail(error)
            throw error
        }
        return range
    }

    /// Two persons must ask for a purge, and the retention must have passed.
    ///
    /// - Throws: As ``purge(_:)``.
    mutating func requirePermitted(_ request: PurgeRequest) throws(StorageError) {
        try requireOpen()
        try request.requirePermitted(
            opening: entry(at: 0), now: now(), path: directory.path)
    }

    /// What a purge would take; nil if there is nothing.
    ///
    /// - Throws: ``StorageError``.
    mutating func planPurge(cutoff: Int64) throws(StorageError) -> PurgePlan? {
        try requireOpen()
        try finishSealing()
        return try scanForPurge(cutoff).plan
    }

    private func scanForPurge(_ cutoff: Int64) throws(StorageError) -> PurgeScan {
        var scan = PurgeScan(cutoff: cutoff)
        try scan.run(
            directory, sealedEnd: segment.first, tail: try segment.frames(0..<segment.entryCount))
        return scan
    }

    /// Deletes the bytes of a purge that is recorded, and says that nothing is left to do.
    mutating func finishPurge(_ purge: PendingPurge) throws(StorageError) {
        var folders: Set<String> = []
        for bundle
            in (purge.entries.lowerBound / Self.width)..<(purge.entries.upperBound / Self.width)
        {
            let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
            try FileTree.remove(path)
            folders.insert(FileTree.parent(of: path))
            // Partial bundles of earlier checkpoints hold the same entries.
            for name in try FileTree.names(in: path + ".p") {
                try FileTree.remove(path + ".p/" + name)
            }
            FileTree.removeEmptyFolder(path + ".p")
        }
        try StandingFolder(directory: directory, purge: purge.index).removeEarlier()
        try removeTorn(before: purge.entries.upperBound)
        if isDurable { for folder in folders.sorted() { try FileTree.syncFolder(folder) } }
        try FileTree.remove(directory.purging)
        if isDurable { try FileTree.syncFolder(directory.state) }
    }

    /// Bytes that recovery set aside may be of events as old as those purged.
    private func removeTorn(before end: UInt64) throws(StorageError) {
        for name in try FileTree.names(in: directory.state) where name.hasPrefix("torn-") {
            let index = name.split(separator: "-").dropFirst().first
                .flatMap { LogDirectory.number($0) }
            guard index.map({ $0 < end }) == true || name.hasSuffix(TornTail.mixedSuffix)
            else { continue }
            try FileTree.remove(directory.state + "/" + name)
        }
    }

    /// Finishes a purge that was recorded, and forgets one that was not.
    mutating func settlePurge() throws(StorageError) {
        guard
            let bytes = try FileTree.bytes(
                of: directory.purging, byteCountMax: PendingPurge.byteCountMax)
        else { return }
        guard let pending = PendingPurge(parsing: bytes) else {
            return try FileTree.remove(directory.purging)
        }
        guard
            try pending.isRecorded(
                treeSize: treeSize,
                { index throws(StorageError) in try entry(at: index) })
        else {
            try StandingFolder(directory: directory, purge: pending.index).remove()
            return try FileTree.remove(directory.purging)
        }
        try sign()
        try finishPurge(pending)
    }
}

/// A purge whose entry is about to be written, or whose bytes are about to go.
struct PendingPurge {
    /// How long the file that names it may be.
    static let byteCountMax = 4_096

    /// The entry that records it.
    var index: UInt64
    var entries: Range<UInt64>

    var bytes: [UInt8] {
        Array("\(index)\n\(entries.lowerBound)\n\(entries.upperBound)\n".utf8)
    }

    init(index: UInt64, entries: Range<UInt64>) { (self.index, self.entries) = (index, entries) }

    init?(parsing bytes: [UInt8]) {
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .compactMap { LogDirectory.number($0) }
        guard numbers.count == 3, numbers[1] < numbers[2], numbers[2] <= numbers[0] else {
            return nil
        }
        self.init(index: numbers[0], entries: numbers[1]..<numbers[2])
    }

    /// Whether a log of `treeSize` entries records it, `entry` giving each entry's bytes.
    func isRecorded(
        treeSize: UInt64, _ entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) -> Bool {
        guard index < treeSize, let bytes = try entry(index) else { return false }
        return isRecorded(by: bytes)
    }

    private func isRecorded(by entry: [UInt8]) -> Bool {
        guard let scanned = try? EntryScanner().scan(entry),
            let type = scanned.range(of: .type), let first = scanned.range(of: .first),
            let last = scanned.range(of: .last)
        else { return false }
        return entry[type].elementsEqual("retention.purge".utf8)
            && entry[first].elementsEqual("\(entries.lowerBound)".utf8)
            && entry[last].elementsEqual("\(entries.upperBound - 1)".utf8)
    }
}
