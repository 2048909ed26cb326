// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Finds what may be purged: reads the oldest bundles, up to the first entry that is too young.
struct PurgeScan {
    /// An entry of the log's own, which holds nothing personal and stays.
    struct Kept {
        var index: UInt64
        var bytes: [UInt8]
        var recordedAt: Int64
    }

    let cutoff: Int64
    private(set) var kept: [Kept] = []
    private var start: UInt64?
    /// The entry after those of full bundles.
    private var sealedEnd: UInt64 = 0
    /// Bundles that are there, and that an earlier purge took: they are taken again before this one.
    private let returned: Set<UInt64>
    private static let width = UInt64(LogPath.fullWidth)

    init(cutoff: Int64, returned: Set<UInt64> = []) {
        (self.cutoff, self.returned) = (cutoff, returned)
    }

    /// The entries of whole bundles before the last one that shows how old they are.
    var range: Range<UInt64>? {
        guard let start, let evidence = kept.last?.index else { return nil }
        let end = min(evidence / Self.width * Self.width, sealedEnd)
        return start < end ? start..<end : nil
    }

    /// What may be purged, and when the entry was recorded that shows its age.
    var plan: PurgePlan? {
        guard let range, let evidence = kept.last else { return nil }
        return PurgePlan(entries: range, before: evidence.recordedAt)
    }

    /// Reads the full bundles, and then the frames of the entries after them: one of the log's own that is
    /// old enough may be there, and shows how old all before it is.
    mutating func run(
        _ directory: LogDirectory, sealedEnd: UInt64, tail: [UInt8]
    ) throws(StorageError) {
        self.sealedEnd = sealedEnd
        var bundle = try firstPresent(directory, sealedEnd / Self.width)
        start = bundle * Self.width
        while bundle < sealedEnd / Self.width {
            let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
            guard let bytes = try FileTree.bytes(of: path), try read(bytes, bundle, path) else {
                return
            }
            bundle += 1
        }
        _ = try read(tail, bundle, directory.path(of: .segment(first: sealedEnd)))
    }

    /// The first bundle that is there: purges are made from the beginning on.
    private func firstPresent(
        _ directory: LogDirectory, _ end: UInt64
    ) throws(StorageError) -> UInt64 {
        let kept = try FileTree.names(in: directory.keptEntries)
            .compactMap { LogDirectory.number($0) }
        var bundle: UInt64 = 0
        if let last = kept.max() {
            // Whatever was purged last kept its youngest entry of the log's own.
            bundle = last / Self.width
            while bundle > 0, try isThere(bundle - 1, directory) { bundle -= 1 }
        }
        while bundle < end, try !isThere(bundle, directory) { bundle += 1 }
        return bundle
    }

    private func isThere(
        _ bundle: UInt64, _ directory: LogDirectory
    ) throws(StorageError) -> Bool {
        let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
        guard !returned.contains(bundle) else { return false }
        return try FileTree.exists(path)
    }

    /// Reads a bundle; false once an entry is too young.
    private mutating func read(
        _ bytes: [UInt8], _ bundle: UInt64, _ path: String
    ) throws(StorageError) -> Bool {
        let scanner = EntryScanner()
        for (slot, range) in unsafe EntryBundle.entryRanges(in: bytes.span.bytes).enumerated() {
            let entry = Array(bytes[range])
            guard let scanned = try? scanner.scan(entry) else {
                throw StorageError(.altered, path)
            }
            guard scanned.recordedAt < cutoff else { return false }
            guard Self.isOwn(entry, scanned) else { continue }
            kept.append(
                Kept(
                    index: bundle * Self.width + UInt64(slot), bytes: entry,
                    recordedAt: scanned.recordedAt))
        }
        return true
    }

    /// The log's own entries of a bundle.
    static func ownEntries(
        in bytes: [UInt8], of bundle: UInt64, _ path: String
    ) throws(StorageError) -> [Kept] {
        var scan = PurgeScan(cutoff: .max)
        _ = try scan.read(bytes, bundle, path)
        return scan.kept
    }

    private static func isOwn(_ entry: [UInt8], _ scanned: ScannedEntry) -> Bool {
        guard let source = scanned.range(of: .source), let type = scanned.range(of: .type) else {
            return false
        }
        return entry[source].elementsEqual(IdentifierIndex.ownSource)
            && LogPath.ownTypes.contains { entry[type].elementsEqual($0.utf8) }
    }
}
