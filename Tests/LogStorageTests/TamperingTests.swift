// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// A log of 300 signed entries (a full bundle, a partial one) and 5 that no checkpoint covers, and
/// everything that can be done to it.
///
/// Immaterial, by construction: `.state/lock` (empty), `.state/ids` (derived), `.state/signed` (the
/// writer's own, checked at opening), in the segment what no checkpoint covers, and what the header of a
/// batch says there, which counts when the log is opened.
@Suite struct TamperingTests {
    static let paths: [LogPath] = [
        .checkpoint, .tile(level: 0, index: 0, width: 256), .tile(level: 0, index: 1, width: 44),
        .tile(level: 1, index: 0, width: 1), .bundle(index: 0, width: 256),
        .bundle(index: 1, width: 44), .segment(first: 256),
    ]
    /// How far apart the changed bytes are: 1 with `VIGIE_EXHAUSTIVE=1`, which takes minutes.
    static func step(_ path: LogPath) -> Int {
        guard ProcessInfo.processInfo.environment["VIGIE_EXHAUSTIVE"] == nil else { return 1 }
        return switch path {
        case .checkpoint: 1
        case .bundle(0, _): 389
        default: 29
        }
    }

    let log: SampleLog
    let intact: OverlaidLog
    let verifier: LogVerifier
    /// The first byte of the segment that no checkpoint covers.
    let coveredBytes: [LogPath: Int]
    /// What the header of the covered batch says.
    static let header: [LogPath: Range<Int>] = [
        .segment(first: 256): 2..<SegmentHeader.byteCount
    ]

    init() throws {
        log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
        _ = try appender.append(SampleLog.submissions(300..<305))
        intact = try OverlaidLog(log, Self.paths)
        verifier = LogVerifier(keys: [log.key.verificationKey])
        let segment = try #require(intact.files[.segment(first: 256)])
        let header = try #require(unsafe SegmentHeader(at: 0, in: segment.span.bytes))
        coveredBytes = [
            .segment(first: 256): SegmentHeader.byteCount + Int(header.frameByteCount)
        ]
    }

    @Test func everyFileOfTheLogIsInTheList() throws {
        let found = try #require(FileManager.default.enumerator(atPath: log.path))
            .compactMap { $0 as? String }
            .filter { path in
                let kind =
                    try? FileManager.default.attributesOfItem(
                        atPath: log.path + "/" + path)[.type] as? FileAttributeType
                return kind == .typeRegular && !path.hasPrefix(".state/")
            }
        #expect(Set(found) == Set(Self.paths.map(\.text)))
    }

    @Test func theLogIsIntactAndItsTailNotJudged() {
        let report = verifier.verify(intact).report
        #expect(report.isIntact)
        #expect(report.entryCount == 300)
        #expect(report.uncoveredEntryCount == 5)
    }

    /// Each byte changed: detected, or in the part that no checkpoint covers.
    @Test(arguments: paths)
    func changedByte(_ path: LogPath) throws {
        let bytes = try #require(intact.files[path])
        let covered = coveredBytes[path] ?? bytes.count
        let wrong = each(stride(from: 0, to: bytes.count, by: Self.step(path))) { offset in
            var changed = bytes
            changed[offset] ^= 1 << UInt8(offset % 8)
            return verifier.verify(intact.replacing(path, changed)).report.isIntact
                == (offset >= covered || Self.header[path]?.contains(offset) == true)
        }
        #expect(wrong.isEmpty, "\(path.text): \(wrong.count) of \(bytes.count), \(wrong.prefix(5))")
    }

    /// Each length: detected, or the cut is in the part that no checkpoint covers.
    @Test(arguments: paths)
    func cutFile(_ path: LogPath) throws {
        let bytes = try #require(intact.files[path])
        let covered = coveredBytes[path] ?? bytes.count
        let wrong = each(stride(from: 0, to: bytes.count, by: Self.step(path))) { count in
            let report = verifier.verify(intact.replacing(path, Array(bytes[..<count]))).report
            return report.isIntact == (count >= covered)
        }
        #expect(wrong.isEmpty, "\(path.text): \(wrong.count) of \(bytes.count), \(wrong.prefix(5))")
    }

    /// Whole files: the segment and the partial tiles and bundle hold nothing that is not in another.
    @Test(arguments: paths)
    func missingFile(_ path: LogPath) {
        let report = verifier.verify(intact.replacing(path, nil)).report
        let isCopy =
            path != .checkpoint && path != .bundle(index: 0, width: 256)
            && path != .tile(level: 0, index: 0, width: 256)
        #expect(report.isIntact == isCopy, "\(path.text)")
    }

    @Test func entriesDroppedSwappedAndRepeated() throws {
        let path = LogPath.bundle(index: 0, width: 256)
        let whole = Frames(try #require(intact.files[path]))
        let wrong = each(stride(from: 0, to: 255, by: Self.step(.segment(first: 256)) / 4 + 1)) {
            place in
            var (dropped, swapped, repeated) = (whole, whole, whole)
            dropped.frames.remove(at: place)
            swapped.frames.swapAt(place, place + 1)
            repeated.frames.insert(whole.frames[place], at: place)
            return [dropped, swapped, repeated].allSatisfy { changed in
                let report = verifier.verify(intact.replacing(path, changed.bytes)).report
                return !report.isIntact && (report.firstBadIndex ?? .max) <= UInt64(place) + 1
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test func entriesOfAnotherLogAreNoticed() throws {
        let other = try SampleLog()
        let appender = try other.create()
        _ = try appender.append(SampleLog.submissions(1..<300, source: "autre"))
        try appender.sign()
        let foreign = try OverlaidLog(other, Self.paths)
        for path in Self.paths where coveredBytes[path] == nil && path != .checkpoint {
            let report = verifier.verify(intact.replacing(path, foreign.files[path])).report
            #expect(!report.isIntact, "\(path.text)")
        }
        // Another checkpoint by the same key: a fork.
        let report = verifier.verify(
            intact.replacing(.checkpoint, foreign.files[.checkpoint])
        ).report
        #expect(!report.isIntact)
    }

    /// Runs a check for many places on all cores.
    ///
    /// - Returns: The places where it failed, in order.
    private func each(
        _ places: StrideTo<Int>, _ holds: @escaping @Sendable (Int) -> Bool
    ) -> [Int] {
        let places = Array(places)
        let failed = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: places.count) { index in
            if !holds(places[index]) { failed.withLock { $0.append(places[index]) } }
        }
        return failed.withLock { $0.sorted() }
    }
}
