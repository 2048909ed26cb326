// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

extension ChunkJudge {
    /// Notes what the log says of itself: keys, purges, restorations.
    mutating func noteOwn(
        _ scanned: ScannedEntry, _ index: UInt64, _ entry: UnsafeRawBufferPointer, _ path: LogPath,
        _ byteOffset: Int
    ) {
        guard let type = scanned.range(of: .type) else { return }
        func text(_ field: EntryField) -> [UInt8] {
            unsafe Array(entry[scanned.range(of: field) ?? 0..<0])
        }
        // Negative numbers are canonical, and name no entry and no time.
        let number: (EntryField) -> UInt64? = { field in
            let digits = text(field)
            guard digits.first != UInt8(ascii: "-") else { return nil }
            return digits.reduce(0) { $0 &* 10 &+ UInt64($1 &- 0x30) }
        }
        let name = unsafe entry[type]
        if unsafe index == 0 && name.elementsEqual("log.open".utf8)
            || name.elementsEqual("key.rotate".utf8)
        {
            var announcement = ChunkResult.Announcement(
                index: index, text: text(.key), path: path, byteOffset: byteOffset)
            if index == 0 {
                announcement.recoveryKey = text(.recoveryKey)
                if scanned.contains(.retentionDaysMin) {
                    announcement.retentionDaysMin = number(.retentionDaysMin)
                }
            }
            result.announcements.append(announcement)
            return
        }
        if unsafe name.elementsEqual("log.anchor".utf8) {
            guard scanned.contains(.hash), scanned.contains(.last), let last = number(.last),
                let hash = SHA256Digest(hex: String(decoding: text(.hash), as: UTF8.self))
            else { return }
            result.anchors.append(
                AnchorRecord(index: index, treeSize: last &+ 1, hash: hash))
            return
        }
        let kind: ChunkResult.Removal.Kind
        if unsafe name.elementsEqual("retention.purge".utf8) {
            kind = .purge
        } else if unsafe name.elementsEqual("log.recover".utf8), scanned.contains(.approver) {
            kind = .restore
        } else {
            return
        }
        guard let first = number(.first), let last = number(.last) else { return }
        result.removals.append(
            ChunkResult.Removal(
                kind: kind, index: index, first: first, last: last,
                count: kind == .restore ? number(.count) : nil, recordedAt: scanned.recordedAt,
                standing: kind == .purge
                    ? ChunkResult.Removal.standing(scanned, index, text, count: number(.count))
                    : nil))
    }

    /// Goes on from a tile whose bundle is not there; whether it was purged is known at the end.
    ///
    /// The entries that the purge kept are checked against the tile, as all entries are.
    mutating func judgeAbsent(
        _ bundle: UInt64, _ start: UInt64, _ visit: (borrowing EntryView) -> Void
    ) {
        result.absent.append(bundle)
        for index in locator.keptEntries(of: bundle) {
            let path = LogPath.keptEntry(index: index)
            do throws(LogSourceError) {
                guard let entry = try locator.source.bytes(of: path) else { continue }
                judgeKept(entry, index, slot: Int(index - start), path)
            } catch {
                result.report(IntegrityViolation(.unreadableFile, index: index, path: path))
            }
        }
        judgeStanding(bundle, start, visit)
        result.entryRoots.append(MerkleTree.root(of: tile))
        result.lastLeaves.append(tile[tile.count - 1])
        (previous, previousTile) = (tile.last, tile.last)
    }

    private mutating func judgeKept(
        _ entry: [UInt8], _ index: UInt64, slot: Int, _ path: LogPath
    ) {
        do throws(EntryError) {
            let scanned = try EntryScanner().scan(entry)
            let link = slot > 0 ? tile[slot - 1] : previous
            let hash = SHA256Hasher().leafHash(entry)
            guard hash == tile[slot], scanned.seq == index, link == nil || scanned.prev == link
            else {
                return result.report(
                    IntegrityViolation(.alteredEntry, index: index, path: path, byteOffset: 0)
                        .expecting(tile[slot], found: hash))
            }
            unsafe entry.withUnsafeBytes { bytes in
                unsafe noteOwn(scanned, index, bytes, path, 0)
            }
        } catch {
            var violation = IntegrityViolation(.notCanonical, index: index, path: path)
            violation.entryError = error
            result.report(violation)
        }
    }

    /// Compares kept entries with the bundle, where that is still there.
    mutating func compareKept(_ bytes: UnsafeRawBufferPointer, _ bundle: UInt64) {
        for index in locator.keptEntries(of: bundle) {
            let path = LogPath.keptEntry(index: index)
            let slot = Int(index % UInt64(LogPath.fullWidth))
            do throws(LogSourceError) {
                guard let copy = try locator.source.bytes(of: path),
                    unsafe keptCopyDiffers(bytes, slot, copy)
                else { continue }
                result.report(IntegrityViolation(.differingCopy, path: path, byteOffset: 0))
            } catch {
                result.report(IntegrityViolation(.unreadableFile, path: path))
            }
        }
    }
}
