// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// Holds what is about to be published against the head of the log: what a mirror has is never
/// replaced by anything that the head does not vouch for, and never taken away but for a purge.
///
/// It reads what it needs when it is asked, and keeps it.
final class PublicationCheck {
    private let source: LogDirectory
    private let head: Checkpoint
    private let tiles: TileTree
    private let hasher = SHA256Hasher()
    private let scanner = EntryScanner()
    private static let width = UInt64(LogPath.fullWidth)

    /// The keys found so far that the log announced, and the sizes of kept checkpoints that may tell of others.
    private var keys: [LogVerificationKey] = []
    private var sizesLeft: [UInt64]?
    /// The purges found so far, and the number of bundles that may tell of others.
    private var purges: [ClosedRange<UInt64>] = []
    private var bundlesLeft: UInt64?
    private var knowsLatest = false

    init(_ source: LogDirectory, _ head: Checkpoint, _ tiles: TileTree) {
        (self.source, self.head, self.tiles) = (source, head, tiles)
    }

    // MARK: Checkpoints

    /// Whether a key that the log announced has signed a checkpoint, and no such signature is wrong.
    func isSigned(_ note: CheckpointNote) throws(StorageError) -> Bool {
        repeat {
            if (try? note.note.verify(with: keys)) != nil { return true }
        } while try findKeys()
        return false
    }

    /// Finds more keys, the last announced first; false if there are no others.
    private func findKeys() throws(StorageError) -> Bool {
        guard var sizes = sizesLeft else {
            // What announces a key is the last entry under the checkpoint that closes an epoch.
            sizesLeft = try FileTree.names(in: source.keptCheckpoints)
                .compactMap { LogDirectory.number($0) }.filter { $0 <= head.treeSize }.sorted()
            guard try entry(at: 0) != nil else {
                let width = Int(min(head.treeSize, Self.width))
                throw StorageError(.altered, source.path(of: .bundle(index: 0, width: width)))
            }
            try note(keysIn: 0)
            return true
        }
        guard let size = sizes.popLast() else { return false }
        sizesLeft = sizes
        if size > 1 { try note(keysIn: size - 1) }
        return true
    }

    private func note(keysIn index: UInt64) throws(StorageError) {
        guard let entry = try entry(at: index), let announced = LogAnnouncement(entry: entry),
            let scanned = try? scanner.scan(entry),
            isOwn(entry, scanned, "key.rotate") || index == 0
        else { return }
        keys += [announced.key, announced.recoveryKey].compactMap { $0 }
            .filter { $0.name.utf8.elementsEqual(head.origin.utf8) }
    }

    // MARK: Purges

    /// Whether an entry of the log says that a bundle was purged.
    func isPurged(bundle: UInt64) throws(StorageError) -> Bool {
        let first = bundle * Self.width
        while !purges.contains(where: { $0.contains(first) && $0.contains(first + Self.width - 1) })
        {
            guard try findPurges() else { return false }
        }
        return true
    }

    /// Whether a bundle that is there was purged, and came back: it is not published again.
    ///
    /// Purges are made from the beginning on, so that nothing beyond the latest was; that one left what is in
    /// force, under the index of its entry.
    func isReturned(bundle: UInt64) throws(StorageError) -> Bool {
        if !knowsLatest {
            knowsLatest = true
            for purge in try StandingFolder.purges(source) where purge < head.treeSize {
                if let entry = try entry(at: purge) { note(purgeIn: entry) }
            }
        }
        guard let last = purges.map(\.upperBound).max(), (bundle + 1) * Self.width - 1 <= last
        else { return false }
        return try isPurged(bundle: bundle)
    }

    /// Looks for purges where one may be recorded, the latest first; false if there is nothing left to
    /// look at.
    private func findPurges() throws(StorageError) -> Bool {
        guard let left = bundlesLeft else {
            bundlesLeft = (head.treeSize + Self.width - 1) / Self.width
            for name in try FileTree.names(in: source.keptEntries) {
                guard let index = LogDirectory.number(name), let entry = try entry(at: index)
                else { continue }
                note(purgeIn: entry)
            }
            return true
        }
        guard left > 0 else { return false }
        bundlesLeft = left - 1
        for index in ((left - 1) * Self.width)..<min(left * Self.width, head.treeSize) {
            // An own entry of a purged bundle is kept, and was looked at.
            guard let entry = try entry(at: index, inBundle: true) else { return true }
            note(purgeIn: entry)
        }
        return true
    }

    private func note(purgeIn entry: [UInt8]) {
        guard let scanned = try? scanner.scan(entry), isOwn(entry, scanned, "retention.purge"),
            let first = number(.first, entry, scanned), let last = number(.last, entry, scanned),
            first <= last
        else { return }
        purges.append(first...last)
    }

    private func number(
        _ field: EntryField, _ entry: [UInt8], _ scanned: ScannedEntry
    ) -> UInt64? {
        scanned.range(of: field).flatMap {
            LogDirectory.number(String(decoding: entry[$0], as: UTF8.self))
        }
    }

    // MARK: Files

    /// What is to be done with a file of one of the small folders.
    enum Verdict {
        case copy
        /// It is of a later head, and is copied with that.
        case later
        case altered
    }

    /// Judges a file that the mirror lacks, or has with other bytes.
    func judge(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Verdict {
        let parts = path.split(separator: "/")
        guard parts.count >= 2 else { return .copy }
        switch parts[0] {
        case "checkpoints":
            guard let size = LogDirectory.number(parts[1]) else { return .copy }
            guard size <= head.treeSize else { return .later }
            guard let note = try? CheckpointNote(parsing: bytes), note.checkpoint.treeSize == size,
                note.checkpoint.origin.utf8.elementsEqual(head.origin.utf8),
                (try? MerkleTree.root(treeSize: size, reader: tiles)) == note.checkpoint.rootHash,
                try isSigned(note)
            else { return .altered }
            return .copy
        case "kept":
            guard let index = LogDirectory.number(parts[1]) else { return .copy }
            guard index < head.treeSize else { return .later }
            return unsafe isUnderHead(bytes.span.bytes, index) ? .copy : .altered
        case "standing":
            let ranges = unsafe EntryBundle.entryRanges(in: bytes.span.bytes)
            let isWhole = (ranges.last?.upperBound ?? 0) == bytes.count
            let holds = ranges.allSatisfy { range in
                guard let scanned = try? scanner.scan(Array(bytes[range])) else { return false }
                return unsafe isUnderHead(bytes.span.bytes.extracting(range), scanned.seq)
            }
            return isWhole && holds ? .copy : .altered
        default: return .copy
        }
    }

    // MARK: Entries

    /// An entry as it is under the head; nil if its bytes are not there, or are others.
    private func entry(
        at index: UInt64, inBundle: Bool = false
    ) throws(StorageError) -> [UInt8]? {
        let bundle = index / Self.width
        if bundle != read.bundle {
            let whole = source.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
            let width = Int(min(head.treeSize - bundle * Self.width, Self.width))
            let part = source.path(of: .bundle(index: bundle, width: width))
            var bytes = try FileTree.bytes(of: whole)
            if bytes == nil { bytes = try FileTree.bytes(of: part) }
            let found = bytes ?? []
            read = (bundle, found, unsafe EntryBundle.entryRanges(in: found.span.bytes))
        }
        let slot = Int(index % Self.width)
        if slot < read.ranges.count {
            let entry = Array(read.bytes[read.ranges[slot]])
            return unsafe isUnderHead(entry.span.bytes, index) ? entry : nil
        }
        guard !inBundle,
            let kept = try FileTree.bytes(of: source.path(of: .keptEntry(index: index))),
            unsafe isUnderHead(kept.span.bytes, index)
        else { return nil }
        return kept
    }

    /// The bundle that was read last.
    private var read: (bundle: UInt64?, bytes: [UInt8], ranges: [Range<Int>]) = (nil, [], [])

    private func isUnderHead(_ entry: RawSpan, _ index: UInt64) -> Bool {
        index < head.treeSize && tiles.leafHash(at: index) == hasher.leafHash(entry)
    }

    private func isOwn(_ entry: [UInt8], _ scanned: ScannedEntry, _ type: String) -> Bool {
        guard let source = scanned.range(of: .source), let name = scanned.range(of: .type) else {
            return false
        }
        return entry[source].elementsEqual(IdentifierIndex.ownSource)
            && entry[name].elementsEqual(type.utf8)
    }
}
