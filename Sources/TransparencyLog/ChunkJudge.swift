// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

/// One worker of the verifier: judges chunks of bundles, one after another.
struct ChunkJudge: ~Copyable {
    let locator: BundleLocator
    private let treeSize: UInt64
    var pass = BundlePass()
    var result = ChunkResult()
    /// The leaf hash before the next entry, as computed and as its tile has it.
    var previous: SHA256Digest?
    var previousTile: SHA256Digest?
    /// Whether nothing of the chunk was read yet, nor found missing.
    private var isAtStart = true
    /// The leaf hashes of the current bundle's tile.
    private(set) var tile: [SHA256Digest] = []

    init(locator: BundleLocator, treeSize: UInt64) {
        self.locator = locator
        self.treeSize = treeSize
    }

    /// Judges the bundles of a chunk, in order, and lends each canonical entry to `visit`.
    mutating func judge(
        _ bundles: Range<UInt64>, visit: (borrowing EntryView) -> Void
    ) -> ChunkResult {
        result = ChunkResult()
        (previous, previousTile, isAtStart) = (nil, nil, true)
        for bundle in bundles {
            let start = bundle * UInt64(LogPath.fullWidth)
            let width = Int(min(treeSize - start, UInt64(LogPath.fullWidth)))
            judge(bundle, start, width: width, visit)
            isAtStart = false
        }
        result.lastLeaf = previous
        result.lastTileLeaf = previousTile
        return result
    }

    private mutating func judge(
        _ bundle: UInt64, _ start: UInt64, width: Int, _ visit: (borrowing EntryView) -> Void
    ) {
        readTile(bundle, width)
        let places = locator.places(bundle, width: width)
        do throws(LogSourceError) {
            let read: Void? = try unsafe locator.withFirst(of: places) { bytes, place in
                unsafe judge(bytes, place, start, width, visit)
                unsafe compareCopies(bytes, place, places)
                unsafe compareKept(bytes, bundle)
                unsafe compareStanding(bytes, bundle)
            }
            if read != nil { return }
            if width == LogPath.fullWidth, tile.count == width {
                return judgeAbsent(bundle, start, visit)
            }
            let violation = IntegrityViolation(
                .missingFile, index: start, path: places.first?.path)
            result.missingCount += 1
            result.report(violation)
        } catch {
            result.report(IntegrityViolation(.unreadableFile, index: start, path: error.path))
        }
        unreadable(width)
    }

    /// Goes on from the tile alone, where a bundle cannot be read.
    private mutating func unreadable(_ width: Int) {
        result.entryRoots.append(nil)
        result.lastLeaves.append(.zero)
        (previous, previousTile) = (nil, tile.count == width ? tile.last : nil)
    }

    // MARK: Entries

    private mutating func judge(
        _ bytes: UnsafeRawBufferPointer, _ place: BundleLocator.Place, _ start: UInt64,
        _ width: Int, _ visit: (borrowing EntryView) -> Void
    ) {
        unsafe pass.read(bytes, at: place, width: width)
        result.byteCount += UInt64(pass.byteCount)
        for (slot, error) in pass.faults {
            var violation = violation(.notCanonical, slot, start, place.path)
            violation.entryError = error
            violation.byteOffset = UInt64(pass.fileRange(slot).lowerBound + error.byteOffset)
            result.report(violation)
        }
        var fault = 0
        for slot in 0..<pass.count {
            if fault < pass.faults.count, pass.faults[fault].slot == slot {
                fault += 1
            } else {
                unsafe checkEntry(slot, start, bytes, place.path)
                unsafe pass.withView(slot, bytes) { visit($0) }
            }
            previous = pass.leaves[slot]
            previousTile = slot < tile.count ? tile[slot] : nil
        }
        compareLeaves(start, place.path)
        guard pass.count == width, !place.isWhole || pass.end == bytes.count else {
            let index = start + UInt64(min(pass.count, width - 1))
            result.report(
                IntegrityViolation(
                    .brokenFrame, index: index, path: place.path, byteOffset: pass.fileEnd))
            guard pass.count == width else { return unreadable(width) }
            return finish(width)
        }
        finish(width)
    }

    private mutating func finish(_ width: Int) {
        result.lastLeaves.append(pass.leaves[width - 1])
        if width < LogPath.fullWidth {
            result.partialLeaves = Array(pass.leaves[..<width])
        }
        result.entryRoots.append(pass.root())
    }

    @inline(__always)
    private mutating func checkEntry(
        _ slot: Int, _ start: UInt64, _ bytes: UnsafeRawBufferPointer, _ path: LogPath
    ) {
        let index = start &+ UInt64(slot)
        if pass.entries[slot].seq != index {
            result.report(violation(.wrongIndex, slot, start, path))
        }
        let link = pass.entries[slot].prev
        if let previous {
            if link != previous, link != previousTile {
                result.report(
                    violation(.brokenLink, slot, start, path).expecting(previous, found: link))
            }
        } else if isAtStart, result.firstPlace == nil {
            result.firstLink = link
            result.firstPlace = (path, pass.fileRange(slot).lowerBound)
        } else if let previousTile, link != previousTile {
            result.report(
                violation(.brokenLink, slot, start, path).expecting(previousTile, found: link))
        }
        unsafe noteValues(slot, index, bytes, path)
    }

    private func violation(
        _ code: IntegrityViolation.Code, _ slot: Int, _ start: UInt64, _ path: LogPath
    ) -> IntegrityViolation {
        IntegrityViolation(
            code, index: start + UInt64(slot), path: path,
            byteOffset: pass.fileRange(slot).lowerBound)
    }

    /// Notes times, the source's counter, and keys that the entry announces.
    @inline(__always)
    private mutating func noteValues(
        _ slot: Int, _ index: UInt64, _ bytes: UnsafeRawBufferPointer, _ path: LogPath
    ) {
        let recorded = pass.entries[slot].recordedAt
        let occurred = pass.entries[slot].occurredAt
        result.recordedAt = .union(result.recordedAt, recorded...recorded)
        result.occurredAt = .union(result.occurredAt, occurred...occurred)
        let start = pass.ranges[slot].lowerBound
        if let source = pass.entries[slot].range(of: .source) {
            let name = unsafe UnsafeRawBufferPointer(
                rebasing: bytes[(start + source.lowerBound)..<(start + source.upperBound)])
            unsafe result.sources.note(name, pass.entries[slot].sourceSeq, index: index)
        }
        // What the log says of itself: `key.rotate`, `log.anchor`, `log.recover`, `retention.purge`.
        guard let type = pass.entries[slot].range(of: .type) else { return }
        let first = unsafe bytes[start + type.lowerBound]
        guard
            type.count == 10 && (first == UInt8(ascii: "k") || first == UInt8(ascii: "l"))
                || type.count == 11 && first == UInt8(ascii: "l")
                || type.count == 15 && first == UInt8(ascii: "r") || index == 0
        else { return }
        let entry = unsafe UnsafeRawBufferPointer(rebasing: bytes[pass.ranges[slot]])
        unsafe noteOwn(pass.entries[slot], index, entry, path, pass.fileRange(slot).lowerBound)
    }

    /// The entries of the bundle at hand, if it holds as many as its tile.
    func keptCopyDiffers(_ bytes: UnsafeRawBufferPointer, _ slot: Int, _ copy: [UInt8]) -> Bool {
        guard slot < pass.count else { return false }
        return unsafe !bytes[pass.ranges[slot]].elementsEqual(copy)
    }

    // MARK: Tiles and copies

    /// Reads the leaf hashes that the tree holds for a bundle; other copies must equal them.
    private mutating func readTile(_ bundle: UInt64, _ width: Int) {
        tile.removeAll(keepingCapacity: true)
        tilePlace = nil
        let places = locator.leafPlaces(bundle, width: width)
        // A live log may move entries from the segment to a bundle between two looks.
        if look(for: places, width), tilePlace == nil { _ = look(for: places, width) }
        if tilePlace == nil {
            result.report(IntegrityViolation(.missingFile, path: places.first?.path))
        }
    }

    /// Takes the hashes at each of some places; false if one cannot be read.
    private mutating func look(for places: [BundleLocator.Place], _ width: Int) -> Bool {
        var isReadable = true
        // A segment has no hashes of its own: its entries' are of use where no tile is left.
        for place in places where !place.path.isSegment || tilePlace == nil {
            do throws(LogSourceError) {
                let hashes = try unsafe locator.withBytes(place) { bytes, place in
                    unsafe leafHashes(bytes, place, width)
                }
                guard let hashes else { continue }
                take(hashes, place, width)
            } catch {
                isReadable = false
                result.report(IntegrityViolation(.unreadableFile, path: error.path))
            }
        }
        return isReadable
    }

    private var tilePlace: BundleLocator.Place?

    /// The hashes at a place: as many as there are, up to `width`; none in a file of a wrong size.
    private mutating func leafHashes(
        _ bytes: UnsafeRawBufferPointer, _ place: BundleLocator.Place, _ width: Int
    ) -> [SHA256Digest] {
        if place.path.isSegment {
            unsafe pass.read(bytes, at: place, width: width)
            return Array(pass.leaves.prefix(pass.count))
        }
        let available = bytes.count / SHA256Digest.byteCount
        let isWrong = place.isWhole && bytes.count != width * SHA256Digest.byteCount
        guard let base = bytes.baseAddress, available >= width, !isWrong else { return [] }
        return (0..<width).map { slot in
            unsafe SHA256Digest(unsafeBytes: base + slot * SHA256Digest.byteCount)
        }
    }

    private mutating func take(
        _ hashes: [SHA256Digest], _ place: BundleLocator.Place, _ width: Int
    ) {
        let isFirst = tilePlace == nil
        if isFirst { tilePlace = place }
        guard hashes.count == width else {
            result.report(
                IntegrityViolation(.alteredTile, path: place.path, byteOffset: place.offset))
            return
        }
        guard !tile.isEmpty else {
            tile = hashes
            return
        }
        guard let slot = hashes.indices.first(where: { hashes[$0] != tile[$0] }) else { return }
        result.report(
            IntegrityViolation(
                .differingCopy, path: place.path,
                byteOffset: place.offset + slot * SHA256Digest.byteCount))
    }

    private mutating func compareLeaves(_ start: UInt64, _ path: LogPath) {
        guard let tilePlace, tile.count >= pass.count else { return }
        var differs = false
        for slot in 0..<pass.count where pass.leaves[slot] != tile[slot] {
            differs = true
            let violation = violation(.alteredEntry, slot, start, path).expecting(
                tile[slot], found: pass.leaves[slot])
            result.report(
                ChunkResult.Mismatch(
                    violation: violation, tilePath: tilePlace.path,
                    tileOffset: tilePlace.offset + slot * SHA256Digest.byteCount))
        }
        guard differs || pass.count < tile.count else { return }
        result.tileRoots.append(
            (start / UInt64(LogPath.fullWidth), MerkleTree.root(of: tile)))
        if tile.count < LogPath.fullWidth { result.partialTileLeaves = tile }
    }

    /// Compares the other copies of a bundle with the bytes that were judged.
    private mutating func compareCopies(
        _ bytes: UnsafeRawBufferPointer, _ place: BundleLocator.Place,
        _ places: [BundleLocator.Place]
    ) {
        for other in places where other != place {
            do throws(LogSourceError) {
                let difference: Int?? = try unsafe locator.withBytes(other) { copy, other in
                    unsafe firstDifference(bytes, copy, other)
                }
                guard case .some(.some(let offset)) = difference else { continue }
                result.report(
                    IntegrityViolation(.differingCopy, path: other.path, byteOffset: offset))
            } catch {
                result.report(IntegrityViolation(.unreadableFile, path: error.path))
            }
        }
    }

    /// Where a copy first differs from the frames that were judged.
    private func firstDifference(
        _ bytes: UnsafeRawBufferPointer, _ copy: UnsafeRawBufferPointer,
        _ place: BundleLocator.Place
    ) -> Int? {
        var offset = 0
        for range in pass.ranges.prefix(pass.count) {
            if place.path.isSegment {
                guard let frame = unsafe SegmentHeader.frameOffset(at: offset, in: copy.bytes)
                else { return place.offset + offset }
                offset = frame
            }
            let start = range.lowerBound - EntryBundle.headerByteCount
            for step in 0..<(range.upperBound - start) {
                guard offset < copy.count, unsafe bytes[start + step] == copy[offset] else {
                    return place.offset + offset
                }
                offset += 1
            }
        }
        return place.isWhole && offset != copy.count ? offset : nil
    }
}
