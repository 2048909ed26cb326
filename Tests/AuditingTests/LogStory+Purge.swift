// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Cryptography
import Testing
import TransparencyLog

extension LogStory {
    /// Records a purge of whole bundles as `vigie log purge` does: what is in force of them stays.
    mutating func purge(bundles: Range<UInt64>, at time: Int64) throws {
        let width = UInt64(LogPath.fullWidth)
        let cut = bundles.upperBound * width
        let log = try verified().entries
        var (fold, before) = (StandingEntries(), Int64.max)
        try log.replay(0..<(cut + 1)) { entry in
            if entry.index < cut { fold.record(entry.view) } else { before = entry.recordedAt }
        }
        let since = before - StandingEntries.horizon
        let wanted = Set(fold.inForce(since: since))
        var files: [UInt64: [[UInt8]]] = [:]
        try log.replay(0..<cut) { entry in
            guard wanted.contains(entry.index) else { return }
            files[entry.index / width, default: []].append(entry.bytes.bytes)
        }
        let total = put(files, at: index)
        try add(
            "retention.purge", time,
            [
                "first": Int(bundles.lowerBound * width), "last": Int(cut - 1),
                "approver": "A1", "requester": "A2", "count": Int(total.count),
                "document_hash": total.digest.hex, "valid_from": Self.date(since),
            ], source: "vigie")
        remove(bundles: bundles)
    }

    /// Puts what is in force in the place of what an earlier purge left.
    private mutating func put(_ entries: [UInt64: [[UInt8]]], at purge: UInt64) -> StandingTotal {
        log.files = log.files.filter { if case .standing = $0.key { false } else { true } }
        var total = StandingTotal()
        for (bundle, entries) in entries.sorted(by: { $0.key < $1.key }) {
            var bytes: [UInt8] = []
            for entry in entries { EntryBundle.append(entry, to: &bytes) }
            log.files[.standing(purge: purge, bundle: bundle)] = bytes
            total.add(
                StandingFile(
                    bundle: bundle, count: UInt64(entries.count),
                    digest: SHA256Hasher().hash(bytes)))
        }
        return total
    }

    /// Records a purge of whole bundles as programs did of before anything stayed.
    mutating func purgeLeavingNothing(bundles: Range<UInt64>, at time: Int64) throws {
        let width = UInt64(LogPath.fullWidth)
        try add(
            "retention.purge", time,
            [
                "first": Int(bundles.lowerBound * width),
                "last": Int(bundles.upperBound * width - 1), "approver": "A1", "requester": "A2",
            ], source: "vigie")
        remove(bundles: bundles)
    }

    /// Takes the bytes of bundles away; of what they hold, the log's own entries are kept.
    mutating func remove(bundles: Range<UInt64>) {
        for bundle in bundles {
            let path = LogPath.bundle(index: bundle, width: LogPath.fullWidth)
            let bytes = log.files.removeValue(forKey: path) ?? []
            let ranges = unsafe EntryBundle.entryRanges(in: bytes.span.bytes)
            for (slot, range) in ranges.enumerated() {
                let text = String(decoding: bytes[range], as: UTF8.self)
                guard text.contains(#""type":"log.open""#) || text.contains(#":"retention.purge""#)
                else { continue }
                let index = bundle * UInt64(LogPath.fullWidth) + UInt64(slot)
                log.files[.keptEntry(index: index)] = Array(bytes[range])
            }
        }
    }
}
