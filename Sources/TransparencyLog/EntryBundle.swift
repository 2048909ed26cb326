// SPDX-License-Identifier: Apache-2.0

/// The framing of entry bundles: each entry after its length in two bytes, the higher first.
public enum EntryBundle {
    /// The number of bytes of an entry's frame without the entry.
    public static let headerByteCount = 2

    /// Appends one framed entry, which is at most ``EntryScanner/byteCountMax`` long.
    public static func append(_ entry: some Collection<UInt8>, to bundle: inout [UInt8]) {
        let count = entry.count
        precondition(count <= EntryScanner.byteCountMax, "an entry within the limit")
        bundle.append(UInt8(truncatingIfNeeded: count >> 8))
        bundle.append(UInt8(truncatingIfNeeded: count))
        bundle.append(contentsOf: entry)
    }

    /// Where the entry framed at `offset` is; nil if the bytes end before it does.
    @inline(__always)
    public static func entryRange(at offset: Int, in bytes: RawSpan) -> Range<Int>? {
        guard offset >= 0, offset &+ 2 <= bytes.byteCount else { return nil }
        let high = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        let low = unsafe bytes.unsafeLoad(fromByteOffset: offset &+ 1, as: UInt8.self)
        let start = offset &+ 2
        let end = start &+ (Int(high) &<< 8 | Int(low))
        guard end <= bytes.byteCount else { return nil }
        return start..<end
    }

    /// Where the entries are, as far as the framing holds.
    public static func entryRanges(in bytes: RawSpan) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        while let range = entryRange(at: offset, in: bytes) {
            ranges.append(range)
            offset = range.upperBound
        }
        return ranges
    }
}
