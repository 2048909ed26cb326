// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// One worker's reading of one bundle at a time: frames, canonical form and leaf hashes.
///
/// Everything it needs is made once. The verifier and every replay read bundles through it alone.
struct BundlePass: ~Copyable {
    private let scanner = EntryScanner()
    private var forecast = EntryForecast()
    let hasher = SHA256Hasher()

    /// The entries of the bundle, of use up to ``count``.
    private(set) var entries: [ScannedEntry]
    /// Where they are among the bytes that were lent.
    private(set) var ranges: [Range<Int>]
    /// Where these start in their file.
    private var start = 0
    /// Their leaf hashes.
    private(set) var leaves: [SHA256Digest]
    /// The number of entries whose frames are whole.
    private(set) var count = 0
    /// Where the last of these ends.
    private(set) var end = 0
    /// The number of bytes of these frames.
    private(set) var byteCount = 0
    private var hasHeaders = false
    /// The entries that are not canonical, by their place in the bundle.
    private(set) var faults: [(slot: Int, error: EntryError)] = []

    init() {
        entries = .init(repeating: ScannedEntry(), count: LogPath.fullWidth)
        ranges = .init(repeating: 0..<0, count: LogPath.fullWidth)
        leaves = .init(repeating: .zero, count: LogPath.fullWidth)
    }

    /// Where an entry is in the file.
    func fileRange(_ slot: Int) -> Range<Int> {
        (start + ranges[slot].lowerBound)..<(start + ranges[slot].upperBound)
    }

    /// Where the last entry whose frame is whole ends in the file.
    var fileEnd: Int { start + end }

    /// Reads `width` entries at a place, whose bytes are lent; fewer if a frame is broken.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, at place: BundleLocator.Place, width: Int
    ) {
        unsafe read(bytes, width: width, isSegment: place.path.isSegment)
        start = place.offset
    }

    /// Reads the first `width` entries of a file; fewer if a frame is broken.
    ///
    /// A segment has headers between them.
    mutating func read(_ bytes: UnsafeRawBufferPointer, width: Int, isSegment: Bool = false) {
        faults.removeAll(keepingCapacity: true)
        (start, count, end, byteCount, hasHeaders) = (0, 0, 0, 0, isSegment)
        while count < width {
            guard let first = unsafe next(bytes) else { return }
            guard count < width, let second = unsafe next(bytes) else {
                leaves[count &- 1] = unsafe hasher.leafHash(
                    UnsafeRawBufferPointer(rebasing: bytes[first]))
                continue
            }
            let pair = unsafe hasher.leafHashes(
                UnsafeRawBufferPointer(rebasing: bytes[first]),
                UnsafeRawBufferPointer(rebasing: bytes[second]))
            (leaves[count &- 2], leaves[count &- 1]) = pair
        }
    }

    /// Steps over one frame, and scans its entry.
    @inline(__always)
    private mutating func next(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        if hasHeaders {
            guard let frame = unsafe SegmentHeader.frameOffset(at: end, in: bytes.bytes) else {
                return nil
            }
            end = frame
        }
        guard end &+ 2 <= bytes.count else { return nil }
        let start = end &+ 2
        let stop = unsafe start &+ (Int(bytes[end]) &<< 8 | Int(bytes[end &+ 1]))
        guard stop <= bytes.count else { return nil }
        let range = start..<stop
        do throws(EntryError) {
            let entry = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
            try unsafe scanner.scan(entry, into: &entries[count], &forecast)
        } catch {
            faults.append((count, error))
        }
        ranges[count] = range
        count &+= 1
        byteCount &+= stop &- end
        end = stop
        return range
    }

    /// The root of the subtree over the bundle's leaves; they are used up.
    mutating func root() -> SHA256Digest {
        Self.root(&leaves, count: count, hasher: hasher)
    }

    private static func root(
        _ nodes: inout [SHA256Digest], count: Int, hasher: borrowing SHA256Hasher
    ) -> SHA256Digest {
        var span = nodes.mutableSpan
        var left = count
        while left > 1 {
            left = hasher.parents(&span, count: left)
        }
        return span[0]
    }

    /// Lends an entry as verified.
    ///
    /// - Precondition: The caller has checked the bundle's hashes against a verified one.
    func withVerified<Failure: Error>(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, _ path: LogPath,
        _ body: (borrowing VerifiedEntry) throws(Failure) -> Void
    ) throws(Failure) {
        let outcome: Result<Void, Failure> = unsafe withView(slot, bytes) { view in
            let entry = VerifiedEntry(
                view, range: fileRange(slot), leafHash: leaves[slot], path: path)
            do throws(Failure) {
                try body(entry)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    /// Lends the fields of an entry, of which nothing is known but that it is canonical.
    ///
    /// - Precondition: The entry of that slot is none of the faults.
    @inline(__always)
    func withView<Result>(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer,
        _ body: (consuming EntryView) -> Result
    ) -> Result {
        precondition(slot < count, "an entry of the bundle")
        let span = entries.span
        return unsafe span.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let start = bytes.baseAddress else {
                preconditionFailure("a bundle has entries and bytes")
            }
            return unsafe body(
                EntryView(base: start + ranges[slot].lowerBound, scanned: base + slot))
        }
    }
}
