// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension ChunkJudge {
    /// Judges what stays in force of a bundle that was purged, and lends it to whoever folds.
    ///
    /// Each entry is checked against the tile, as all are; whether they are all there is told by what the
    /// files of the set come to.
    mutating func judgeStanding(
        _ bundle: UInt64, _ start: UInt64, _ visit: (borrowing EntryView) -> Void
    ) {
        guard let path = locator.standingPath(of: bundle) else { return }
        do throws(LogSourceError) {
            _ = try locator.source.withFile(path) { span in
                unsafe span.withUnsafeBytes { bytes in
                    unsafe judgeStanding(bytes, bundle, start, path, visit)
                }
            }
        } catch {
            result.report(IntegrityViolation(.unreadableFile, index: start, path: path))
        }
    }

    private mutating func judgeStanding(
        _ bytes: UnsafeRawBufferPointer, _ bundle: UInt64, _ start: UInt64, _ path: LogPath,
        _ visit: (borrowing EntryView) -> Void
    ) {
        unsafe pass.read(bytes, width: LogPath.fullWidth)
        let digest = unsafe pass.hasher.hash(RawSpan(_unsafeBytes: bytes))
        result.standing.append(
            StandingFile(bundle: bundle, count: UInt64(pass.count), digest: digest))
        guard pass.faults.isEmpty, pass.end == bytes.count else {
            let code: IntegrityViolation.Code =
                pass.faults.isEmpty ? .brokenFrame : .notCanonical
            var violation = IntegrityViolation(
                code, index: start, path: path,
                byteOffset: pass.faults.first.map { pass.ranges[$0.slot].lowerBound } ?? pass.end)
            violation.entryError = pass.faults.first?.error
            return result.report(violation)
        }
        var next = start
        for place in 0..<pass.count {
            let index = pass.entries[place].seq
            guard index >= next, index < start + UInt64(LogPath.fullWidth),
                isInTile(place, slot: Int(index - start))
            else {
                result.report(
                    IntegrityViolation(
                        .alteredEntry, index: start, path: path,
                        byteOffset: pass.ranges[place].lowerBound))
                continue
            }
            next = index + 1
            unsafe checkOwn(place, index, bytes)
            unsafe pass.withView(place, bytes) { visit($0) }
        }
    }

    /// Whether an entry is the one whose hash the tree holds.
    private func isInTile(_ place: Int, slot: Int) -> Bool {
        let link = slot > 0 ? tile[slot - 1] : previous
        return pass.leaves[place] == tile[slot]
            && (link == nil || pass.entries[place].prev == link)
    }

    /// What the log said of itself is kept under its index too, where keys and purges are read.
    private mutating func checkOwn(
        _ place: Int, _ index: UInt64, _ bytes: UnsafeRawBufferPointer
    ) {
        guard let type = pass.entries[place].range(of: .type) else { return }
        let start = pass.ranges[place].lowerBound
        let name = unsafe UnsafeRawBufferPointer(
            rebasing: bytes[(start + type.lowerBound)..<(start + type.upperBound)])
        guard LogPath.ownTypes.contains(where: { unsafe name.elementsEqual($0.utf8) }),
            !locator.keptEntries.contains(sorted: index)
        else { return }
        result.report(
            IntegrityViolation(.missingFile, index: index, path: .keptEntry(index: index)))
    }

    /// Compares what stays in force with the bundle, where that is still there.
    mutating func compareStanding(_ bytes: UnsafeRawBufferPointer, _ bundle: UInt64) {
        guard let path = locator.standingPath(of: bundle) else { return }
        do throws(LogSourceError) {
            guard let copy = try locator.source.bytes(of: path) else { return }
            let ranges = unsafe EntryBundle.entryRanges(in: copy.span.bytes)
            result.standing.append(
                StandingFile(
                    bundle: bundle, count: UInt64(ranges.count),
                    digest: SHA256Hasher().hash(copy)))
            let scanner = EntryScanner()
            for range in ranges {
                let entry = Array(copy[range])
                let slot = (try? scanner.scan(entry)).map {
                    Int($0.seq % UInt64(LogPath.fullWidth))
                }
                if let slot, unsafe !keptCopyDiffers(bytes, slot, entry) { continue }
                result.report(
                    IntegrityViolation(
                        .differingCopy, path: path, byteOffset: range.lowerBound))
            }
        } catch {
            result.report(IntegrityViolation(.unreadableFile, path: path))
        }
    }
}

extension LogPath {
    /// The types of the log's own entries, which hold nothing personal: no purge takes them.
    public static let ownTypes = [
        "log.open", "key.rotate", "retention.purge", "log.recover", "log.anchor",
    ]
}
