// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Synchronization
import Testing
import TransparencyLog

/// Open segments of many bundles, beside these or in their place.
@Suite struct LongSegmentTests {
    /// A log that counts the bytes of segments that it lends.
    private final class Counting: LogSource {
        let log: MemoryLog
        let lent = Atomic<Int>(0)
        let greatest = Atomic<Int>(0)

        init(_ log: MemoryLog) { self.log = log }

        private func note(_ path: LogPath, _ bytes: RawSpan) {
            guard case .segment = path else { return }
            lent.add(bytes.byteCount, ordering: .relaxed)
            greatest.max(bytes.byteCount, ordering: .relaxed)
        }

        func withFile<Result>(
            _ path: LogPath, _ body: (RawSpan) -> Result
        ) throws(LogSourceError) -> Result? {
            try log.withFile(path) { bytes in
                note(path, bytes)
                return body(bytes)
            }
        }

        func withBytes<Result>(
            of path: LogPath, in range: Range<Int>, _ body: (RawSpan) -> Result
        ) throws(LogSourceError) -> Result? {
            try log.withBytes(of: path, in: range) { bytes in
                note(path, bytes)
                return body(bytes)
            }
        }

        func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
            try log.keptCheckpointSizes()
        }

        func segments() throws(LogSourceError) -> [UInt64] { try log.segments() }
    }

    private static let bundleCount: UInt64 = 60
    private static let log = Result { try sampleLog(count: 256 * Int(bundleCount)) }

    /// The entries of some bundles, with a header before each batch of them.
    private static func segment(
        _ log: MemoryLog, _ bundles: Range<UInt64>, batch: Int
    ) throws -> [UInt8] {
        var (segment, frames) = ([UInt8](), [[UInt8]]())
        for bundle in bundles {
            let bytes = try #require(log.files[.bundle(index: bundle, width: 256)])
            for range in unsafe EntryBundle.entryRanges(in: bytes.span.bytes) {
                frames.append(Array(bytes[(range.lowerBound - 2)..<range.upperBound]))
            }
        }
        for start in stride(from: 0, to: frames.count, by: batch) {
            let batch = frames[start..<min(start + batch, frames.count)]
            let entry = batch.last.map { Array($0.dropFirst(2)) } ?? []
            let header = SegmentHeader(
                frameByteCount: UInt32(batch.map(\.count).reduce(0, +)),
                lastLeafHash: SHA256Hasher().leafHash(entry))
            segment += header.bytes + batch.flatMap { $0 }
        }
        return segment
    }

    /// However many bundles a segment lies over, each of its bytes is read a few times at most, and
    /// few of them at once.
    @Test(arguments: [1, 7, 5_000]) func aSegmentOverOldBundlesIsNotReadForEach(
        batch: Int
    ) throws {
        var log = try Self.log.get()
        var segment = try Self.segment(log, 0..<Self.bundleCount, batch: batch)
        // More entries than the head covers, and then some after the end.
        segment += segment.prefix(1 << 20)
        segment += SegmentHeader.end(after: .zero).bytes + segment.prefix(1 << 20)
        log.files[.segment(first: 0)] = segment
        for tile in [true, false] {
            if !tile { log.files[.tile(level: 0, index: 7, width: 256)] = nil }
            let source = Counting(log)
            let report = try sampleVerifier().check(source, workers: 2)
            #expect(report.isIntact, "\(report.violations.first.debugDescription)")
            #expect(report.entryCount == 256 * Self.bundleCount)
            let lent = source.lent.load(ordering: .relaxed)
            #expect(lent <= 3 * segment.count, "\(lent) bytes of \(segment.count)")
            #expect(source.greatest.load(ordering: .relaxed) <= 1 << 20)
        }
    }

    /// A byte that differs is named by its place in the file, in whichever piece of it that is.
    @Test(arguments: [0, 40, 1_000_000, 1_048_575, 1_048_576, 1_048_577, 2_500_000])
    func aDifferenceIsNamedByItsPlace(_ wanted: Int) throws {
        var log = try Self.log.get()
        let segment = try Self.segment(log, 0..<Self.bundleCount, batch: 1)
        // Within an entry: lengths and headers are no copy of anything.
        let entry = try #require(
            Self.entries(of: segment).last { $0.lowerBound <= max(wanted, 40) })
        let place = min(max(entry.lowerBound, wanted), entry.upperBound - 1)
        log.files[.segment(first: 0)] = segment
        log.files[.segment(first: 0)]?[place] ^= 1
        let report = try sampleVerifier().check(log)
        #expect(report.violations.map(\.code) == [.differingCopy])
        #expect(report.violations.first?.path == .segment(first: 0))
        #expect(report.violations.first?.byteOffset == UInt64(place))
    }

    private static func entries(of segment: [UInt8]) -> [Range<Int>] {
        let bytes = unsafe segment.span.bytes
        var (ranges, place) = ([Range<Int>](), 0)
        while let frame = SegmentHeader.frameOffset(at: place, in: bytes),
            let range = EntryBundle.entryRange(at: frame, in: bytes)
        {
            ranges.append(range)
            place = range.upperBound
        }
        return ranges
    }

    /// Where the segment is the only place of some bundles, the entries that a replay lends are where it
    /// says that they are.
    @Test(arguments: [1, 1_000]) func entriesOfASegmentAreWhereTheyAreSaidToBe(batch: Int) throws {
        var log = try Self.log.get()
        let segment = try Self.segment(log, 10..<Self.bundleCount, batch: batch)
        log.files[.segment(first: 2_560)] = segment
        for bundle in 10..<Self.bundleCount {
            log.files[.bundle(index: bundle, width: 256)] = nil
            log.files[.tile(level: 0, index: bundle, width: 256)] = nil
        }
        let source = Counting(log)
        let verification = try sampleVerifier().verify(source)
        #expect(verification.report.isIntact)
        let verified = try #require(verification.log)
        var (count, wrong) = (0, 0)
        try verified.replay(2_560..<(256 * Self.bundleCount)) { entry in
            count += 1
            let place = entry.byteOffset..<(entry.byteOffset + entry.byteCount)
            let bytes = entry.bytes.bytes
            if entry.path != .segment(first: 2_560) || Array(segment[place]) != bytes { wrong += 1 }
        }
        #expect(count == 256 * Int(Self.bundleCount - 10) && wrong == 0)
        #expect(source.lent.load(ordering: .relaxed) <= 5 * segment.count)
    }

    /// An entry that no longer is what it was is named by its place in the segment.
    @Test func anAlteredEntryIsNamedByItsPlace() throws {
        var log = try Self.log.get()
        var segment = try Self.segment(log, 10..<Self.bundleCount, batch: 3)
        let place = Self.entries(of: segment)[9_000].lowerBound
        segment[place] ^= 0x80
        log.files[.segment(first: 2_560)] = segment
        for bundle in 10..<Self.bundleCount {
            log.files[.bundle(index: bundle, width: 256)] = nil
        }
        let report = try sampleVerifier().check(log)
        #expect(report.firstBadIndex == 11_560 && report.lastBadIndex == 11_560)
        let found = report.violations.first { $0.code == .notCanonical }
        #expect(found?.path == .segment(first: 2_560) && found?.byteOffset == UInt64(place))
    }
}
