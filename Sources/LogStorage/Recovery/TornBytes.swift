// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The bytes after the whole batches of a segment that may be of batches that did not arrive whole.
///
/// Where a file was written over, bytes of earlier entries follow, which nobody lost: they are sealed.
struct TornBytes {
    /// From the last whole batch on.
    let range: Range<Int>
    /// Whether bytes of earlier entries may be among them: unless they begin as the next batch does, and the
    /// file ends before it.
    let isMixed: Bool

    /// Finds them; nil if the segment ends there.
    init?(after tail: RecoveredTail, in contents: [UInt8]) {
        let start = tail.layout.byteCount
        let bytes = unsafe contents.span.bytes
        let header = SegmentHeader(at: start, in: bytes)
        guard contents.count > start, header != .end(after: tail.link) else { return nil }
        guard let header, header.frameByteCount > 0 else {
            range = start..<contents.count
            isMixed = range.count >= SegmentHeader.byteCount
            return
        }
        var end = start + SegmentHeader.byteCount + Int(header.frameByteCount)
        let isNext = Self.end(ofBatchAt: start, from: tail.end, in: bytes) != nil
        isMixed = !isNext || end < contents.count
        // Others may follow a batch that was whole, and is not any more; or its length is what changed.
        for offset in start..<contents.count {
            end = max(end, Self.end(ofBatchAt: offset, from: tail.end, in: bytes) ?? end)
        }
        range = start..<min(end, contents.count)
    }

    /// Where a batch ends, by its header and by its entries; nil where none begins, or one of entries before an
    /// index: what looks like a header may be what ended a segment, in part.
    private static func end(
        ofBatchAt offset: Int, from index: UInt64, in bytes: RawSpan
    ) -> Int? {
        guard let header = SegmentHeader(at: offset, in: bytes) else { return nil }
        let (start, scanner) = (offset + SegmentHeader.byteCount, EntryScanner())
        var end = start
        while let range = EntryBundle.entryRange(at: end, in: bytes),
            let entry = try? scanner.scan(bytes.extracting(range)), entry.seq >= index
        {
            end = range.upperBound
        }
        return end == start ? nil : max(end, start + Int(header.frameByteCount))
    }
}
