// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The batches of a segment that are as they must be.
struct RecoveredTail {
    let first: UInt64
    /// The last entry's leaf hash, or the link before the first.
    private(set) var link: SHA256Digest
    private(set) var layout = SegmentLayout()
    private(set) var recordedAt = Int64.min

    init(first: UInt64, link: SHA256Digest) {
        self.first = first
        self.link = link
    }

    /// The index after the last entry.
    var end: UInt64 { first + UInt64(layout.entryCount) }

    mutating func add(_ batch: RecoveredBatch) {
        layout.add(batch.offsets, frameByteCount: batch.frameByteCount)
        link = batch.link
        recordedAt = max(recordedAt, batch.recordedAt)
    }
}

/// A batch whose header, frames, entries and chain are as they must be.
struct RecoveredBatch {
    /// Where each entry's frame starts, counted from the first.
    private(set) var offsets: [Int] = []
    private(set) var leafHashes: [SHA256Digest] = []
    let frameByteCount: Int
    /// The last entry's leaf hash.
    private(set) var link: SHA256Digest
    private(set) var recordedAt = Int64.min

    /// Reads the batch that follows others; nil if there is none, or if anything in it is not as it must
    /// be: a batch is whole, or nobody was told that it was kept.
    init?(after tail: RecoveredTail, in bytes: RawSpan, _ scanner: EntryScanner) {
        let start = tail.layout.byteCount
        guard let header = SegmentHeader(at: start, in: bytes),
            let count = Int(exactly: header.frameByteCount), count > 0,
            count <= bytes.byteCount - start - SegmentHeader.byteCount
        else { return nil }
        let frames = bytes.extracting(
            (start + SegmentHeader.byteCount)..<(start + SegmentHeader.byteCount + count))
        frameByteCount = count
        link = tail.link
        let hasher = SHA256Hasher()
        var offset = 0
        while offset < count {
            guard let range = EntryBundle.entryRange(at: offset, in: frames),
                let entry = try? scanner.scan(frames.extracting(range)),
                entry.seq == tail.end + UInt64(offsets.count), entry.prev == link
            else { return nil }
            link = hasher.leafHash(frames.extracting(range))
            recordedAt = max(recordedAt, entry.recordedAt)
            offsets.append(offset)
            leafHashes.append(link)
            offset = range.upperBound
        }
        guard link == header.lastLeafHash else { return nil }
    }
}
