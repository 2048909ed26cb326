// SPDX-License-Identifier: Apache-2.0

import Glibc
import TransparencyLog

/// Where the entries of a segment are: batches one after the other, each a header and frames.
struct SegmentLayout {
    /// Where each entry's frame starts; small numbers, since there are many: no segment is as long as 4 GiB.
    private(set) var offsets: [UInt32]
    /// The entries that a batch starts with, counted from the segment's first.
    private(set) var batches: [Int] = []
    /// The number of bytes.
    private(set) var byteCount = 0

    init() { offsets = [] }

    /// The layout of one batch of these frames; of none if there are none.
    ///
    /// - Parameters:
    ///   - frames: The frames.
    ///   - room: An empty array for where the frames start.
    init(oneBatch frames: [UInt8], room: [UInt32]) {
        offsets = room
        guard !frames.isEmpty else { return }
        let offsets = unsafe EntryBundle.entryRanges(in: frames.span.bytes)
            .map { $0.lowerBound - EntryBundle.headerByteCount }
        add(offsets, frameByteCount: frames.count)
    }

    var entryCount: Int { offsets.count }

    /// Makes room for so many entries.
    mutating func reserve(_ count: Int) { offsets.reserveCapacity(count) }

    /// Adds a batch; the offsets of its frames are counted from the first one.
    mutating func add(_ frameOffsets: [Int], frameByteCount: Int) {
        batches.append(offsets.count)
        let start = byteCount + SegmentHeader.byteCount
        for offset in frameOffsets { offsets.append(UInt32(start + offset)) }
        byteCount = start + frameByteCount
    }

    /// The bytes from the frame of the first of some entries to the end of the last one's.
    func bytes(of entries: Range<Int>) -> Range<Int> {
        guard !entries.isEmpty else { return 0..<0 }
        let next = batch(from: entries.upperBound)
        return Int(offsets[entries.lowerBound])..<end(of: entries.upperBound, nextBatch: next)
    }

    /// Where the frame before an entry ends.
    private func end(of place: Int, nextBatch: Int) -> Int {
        guard place < offsets.count else { return byteCount }
        let startsBatch = nextBatch < batches.count && batches[nextBatch] == place
        return Int(offsets[place]) - (startsBatch ? SegmentHeader.byteCount : 0)
    }

    /// The first batch that starts with an entry or after it.
    private func batch(from place: Int) -> Int {
        var (low, high) = (0, batches.count)
        while low < high {
            let middle = (low + high) / 2
            if batches[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes the headers out of the bytes of some entries, which are at the start of a buffer.
    ///
    /// - Returns: The number of bytes of the frames.
    func removeHeaders(of entries: Range<Int>, in buffer: UnsafeMutableRawBufferPointer) -> Int {
        let range = bytes(of: entries)
        guard let base = buffer.baseAddress, !range.isEmpty else { return 0 }
        var next = batch(from: entries.lowerBound + 1)
        guard next < batches.count, batches[next] < entries.upperBound else { return range.count }
        var done = Int(offsets[batches[next]]) - SegmentHeader.byteCount - range.lowerBound
        while next < batches.count, batches[next] < entries.upperBound {
            let start = Int(offsets[batches[next]])
            next += 1
            let following = next < batches.count ? batches[next] : offsets.count
            let count = end(of: min(following, entries.upperBound), nextBatch: next) - start
            unsafe memmove(base + done, base + start - range.lowerBound, count)
            done += count
        }
        return done
    }

    /// The frames of some entries, from the bytes of the whole segment.
    func frames(_ entries: Range<Int>, in bytes: [UInt8]) -> [UInt8] {
        var frames = Array(bytes[self.bytes(of: entries)])
        let count = unsafe frames.withUnsafeMutableBytes { buffer in
            unsafe removeHeaders(of: entries, in: buffer)
        }
        frames.removeLast(frames.count - count)
        return frames
    }
}
