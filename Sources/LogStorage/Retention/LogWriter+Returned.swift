// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// Removes again what purges took, and what is there again, as from a backup.
    ///
    /// It is not done whenever the log is opened: finding it takes reading the log, and who laid a backup
    /// over the log may want to look at it first. What is removed is only what a verification of the whole
    /// log, under the key that entry 0 announces, found to be covered by an entry that records a purge, and
    /// to be what was signed. No entry is added: that of the purge says already that these are gone. A crash
    /// leaves some of them there, and this can be done again.
    ///
    /// - Returns: The entries of the bundles that were there again, in order.
    /// - Throws: ``StorageError/Code/altered`` if something is there again and the log is not intact: it may
    ///   be the last good copy.
    mutating func removeReturned() throws(StorageError) -> [Range<UInt64>] {
        try requireOpen()
        guard try Self.mayHavePurged(directory) else { return [] }
        try finishSealing()
        try signOrFail()
        let verification = try Self.purgesVerified(
            directory, LogReader(directory.path), opening: entry(at: 0))
        let found = try Self.returned(directory, verification) { index throws(StorageError) in
            try entry(at: index)
        }
        do throws(StorageError) {
            for (purge, bundles) in found {
                try keepOwn(of: bundles)
                try finishPurge(purge)
            }
        } catch {
            fail(error)
            throw error
        }
        return EntryBundle.runs(of: found.flatMap(\.bundles).sorted())
    }

    /// Whether there was ever a purge: each leaves the log's own entries, that of its opening at least.
    static func mayHavePurged(_ directory: LogDirectory) throws(StorageError) -> Bool {
        if try !FileTree.names(in: directory.keptEntries).isEmpty { return true }
        return try !StandingFolder.purges(directory).isEmpty
    }

    /// What a verification of the whole log says of its purges.
    struct VerifiedPurges {
        /// The entries that record a purge of which something is missing, or there.
        var indices: Set<UInt64>
        /// Whether anything is there that a purge names.
        var isAnyPresent: Bool
        var isIntact: Bool
    }

    /// Verifies a log under the key that entry 0 announces.
    static func purgesVerified(
        _ directory: LogDirectory, _ source: some LogSource, opening: [UInt8]?
    ) throws(StorageError) -> VerifiedPurges {
        guard let opening, let key = LogAnnouncement(entry: opening)?.key else {
            throw StorageError(.altered, directory.path)
        }
        let report = LogVerifier(keys: [key]).verify(source).report
        let present = report.findings.filter { $0.kind == .purgedAndPresent }.map(\.index)
        return VerifiedPurges(
            indices: Set(present + report.purged.map(\.index)), isAnyPresent: !present.isEmpty,
            isIntact: report.isIntact)
    }

    /// The purges of which something is there again, and the bundles that are.
    ///
    /// - Parameters:
    ///   - directory: The log.
    ///   - verified: What was found of its purges.
    ///   - entry: Gives the entry at an index; nil if it is not there.
    /// - Returns: Each purge with its bundles, in the order of the purges.
    /// - Throws: As ``removeReturned()``.
    static func returned(
        _ directory: LogDirectory, _ verified: VerifiedPurges,
        entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) -> [(purge: PendingPurge, bundles: [UInt64])] {
        guard verified.isIntact else {
            if !verified.isAnyPresent { return [] }
            throw StorageError(.altered, directory.path)
        }
        var found: [(purge: PendingPurge, bundles: [UInt64])] = []
        for index in verified.indices.sorted() {
            guard let entry = try entry(index),
                let purge = PendingPurge(recordedBy: entry, at: index)
            else { continue }
            let bundles = try purge.bundlesPresent(in: directory)
            if !bundles.isEmpty { found.append((purge, bundles)) }
        }
        return found
    }

    /// Keeps the log's own entries of bundles that are about to go, where they are not kept any more.
    private func keepOwn(of bundles: [UInt64]) throws(StorageError) {
        var batch = FileBatch(isDurable: isDurable)
        for bundle in bundles {
            let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
            guard let bytes = try FileTree.bytes(of: path) else { continue }
            for kept in try PurgeScan.ownEntries(in: bytes, of: bundle, path) {
                let file = LogPath.keptEntry(index: kept.index)
                if try FileTree.exists(directory.path(of: file)) { continue }
                try batch.add(file.text, in: directory.path, kept.bytes, mode: 0o444)
            }
        }
        try batch.commit()
    }
}

extension PendingPurge {
    /// The purge that an entry records; nil if it records none.
    init?(recordedBy entry: [UInt8], at index: UInt64) {
        guard let scanned = try? EntryScanner().scan(entry),
            let type = scanned.range(of: .type), let first = scanned.range(of: .first),
            let last = scanned.range(of: .last),
            entry[type].elementsEqual("retention.purge".utf8),
            let start = LogDirectory.number(String(decoding: entry[first], as: UTF8.self)),
            let end = LogDirectory.number(String(decoding: entry[last], as: UTF8.self)),
            start <= end, end < index
        else { return nil }
        // Whole bundles only: what else an entry names was never taken.
        let width = UInt64(LogPath.fullWidth)
        let (whole, limit) = (start + (width - start % width) % width, (end + 1) / width * width)
        guard whole < limit else { return nil }
        self.init(index: index, entries: whole..<limit)
    }

    /// The bundles of its entries that are there, or partial files of them.
    func bundlesPresent(in directory: LogDirectory) throws(StorageError) -> [UInt64] {
        let width = UInt64(LogPath.fullWidth)
        var present: [UInt64] = []
        for bundle in (entries.lowerBound / width)..<(entries.upperBound / width) {
            let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
            if try FileTree.exists(path) {
                present.append(bundle)
            } else if try !FileTree.names(in: path + ".p").isEmpty {
                present.append(bundle)
            }
        }
        return present
    }
}
