// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Glibc
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// Segments whose files are written over: bytes of earlier entries follow their batches.
@Suite struct SpareSegmentTests {
    /// The entries between two signatures; each time enough for a file that is kept.
    static let steps = [1..<513, 513..<1_025, 1_025..<1_281]
    let log: SampleLog

    init() throws { log = try SampleLog() }

    private func options(isDurable: Bool) -> LogAppender.Options {
        var options = LogAppender.Options(isDurable: isDurable) { 1_767_225_600_000 }
        options.signingIntervalMilliseconds = 1_000_000
        return options
    }

    private func open(_ log: SampleLog, isDurable: Bool = false) throws -> LogAppender {
        try ForeseenOpening.open(log.path) {
            try LogOutlook(of: log.path, key: log.key)
        } opening: {
            try LogAppender(log.path, key: log.key, options: options(isDurable: isDurable))
        }
    }

    private func create(_ log: SampleLog, isDurable: Bool = false) throws -> LogAppender {
        try LogAppender(
            log.path, key: log.key, genesis: SampleLog.genesis(log.key),
            options: options(isDurable: isDurable))
    }

    private static func append(_ range: Range<Int>, to appender: LogAppender) throws {
        for first in stride(from: range.lowerBound, to: range.upperBound, by: 97) {
            let end = min(first + 97, range.upperBound)
            let told = try appender.append(SampleLog.submissions(first..<end))
            #expect(told.map(\.index) == (first..<end).map { UInt64($0) })
        }
    }

    /// Appends and signs so often that the open segment is written over an earlier one.
    private static func grow(_ appender: LogAppender) throws {
        for step in steps {
            try append(step, to: appender)
            try appender.sign()
        }
    }

    private static func report(_ log: SampleLog) -> VerificationReport {
        LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
    }

    // MARK: What a segment holds

    /// One writer uses files again, another is closed after each step: the logs are the same, and nothing of
    /// earlier entries is left once both are closed.
    @Test(arguments: [false, true])
    func aLogHoldsTheSameWhetherFilesAreUsedAgain(isDurable: Bool) throws {
        do {
            let appender = try create(log, isDurable: isDurable)
            try Self.grow(appender)
            try Self.append(1_281..<1_301, to: appender)
            #expect(try log.segment().rest > 1 << 15)
            #expect(try log.walNames().contains { $0.hasSuffix(".spare") })
            // Beyond the old bytes, in parts and at once.
            try Self.append(1_301..<1_500, to: appender)
            _ = try appender.append(SampleLog.submissions(1_500..<4_000))
            #expect(try log.segment().rest == 0)
            try appender.sign()
            try Self.append(4_000..<4_010, to: appender)
            #expect(try log.segment().rest > 1 << 15)
        }
        #expect(try log.walNames() == ["3840.seg"])
        #expect(try log.segment().rest == 0)
        let other = try SampleLog()
        try Self.append(1..<513, to: create(other))
        for (step, isSigned) in [
            (1..<1, true), (513..<1_025, true), (1_025..<1_281, true), (1_281..<4_000, true),
            (4_000..<4_010, true),
        ] {
            let appender = try open(other)
            try Self.append(step, to: appender)
            if isSigned { try appender.sign() }
        }
        try open(log, isDurable: isDurable).sign()
        for file in ["checkpoint", "tile/entries/007", "tile/entries/014", "tile/0/014"] {
            #expect(try log.bytes(file) == other.bytes(file), "\(file)")
        }
        #expect(Self.report(log).isIntact && Self.report(log).entryCount == 4_010)
    }

    /// The folder as a process leaves it that is killed: old entries behind the last ones, spare files.
    @Test func whatAKilledWriterLeavesIsWhole() throws {
        let appender = try create(log)
        try Self.grow(appender)
        try Self.append(1_281..<1_301, to: appender)
        let copy = try SampleLog.copy(of: log)
        #expect(try copy.segment().rest > 1 << 15 && copy.walNames().count > 1)
        let report = Self.report(copy)
        #expect(report.isIntact && report.entryCount == 1_281)
        #expect(report.uncoveredEntryCount == 20)
        #expect(try independentVerdict(copy) == 0)
        do {
            let opened = try open(copy)
            #expect(opened.tornTail == nil && opened.size == 1_301)
            #expect(try copy.walNames() == ["1280.seg"] && copy.segment().rest == 0)
            let again = try opened.append(SampleLog.submissions(1..<1_301))
            #expect(again.allSatisfy { $0.isRepetition } && again.count == 1_300)
            try opened.sign()
        }
        #expect(Self.report(copy).isIntact && Self.report(copy).entryCount == 1_301)
        #expect(try independentVerdict(copy) == 0)
    }

    /// Commits so large that they are written in parts, over old bytes all the same: what ends one part is not
    /// written over the next.
    @Test func eachPartOfALargeCommitEndsWhereTheNextBegins() throws {
        let appender = try create(log, isDurable: true)
        for first in [1, 6_001, 12_001] {
            _ = try appender.append(SampleLog.submissions(first..<(first + 6_000)))
            try appender.sign()
        }
        for first in [18_001, 19_501] {
            _ = try appender.append(SampleLog.submissions(first..<(first + 1_500)))
            #expect(try log.segment().rest > 1 << 18)
            let copy = try SampleLog.copy(of: log)
            let opened = try open(copy)
            #expect(opened.tornTail == nil && opened.size == UInt64(first + 1_500))
        }
    }

    private func independentVerdict(_ log: SampleLog) throws -> Int32 {
        let key = log.path + ".vkey"
        defer { try? FileManager.default.removeItem(atPath: key) }
        try Data(log.key.verificationKey.text.utf8).write(to: URL(filePath: key))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", FaultTests.root.appending(path: "Tests/independent/verify_log.py").path,
            log.path, key,
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    // MARK: A batch that is torn

    /// The open segment before and after a batch over old bytes, in a log that nobody has open.
    private struct Tear {
        let log: SampleLog
        let path: String
        let old: [UInt8]
        let new: [UInt8]
        /// Where the batch is, without what ends it.
        let batch: Range<Int>

        var header: Range<Int> { batch.lowerBound..<(batch.lowerBound + SegmentHeader.byteCount) }
    }

    private func tear(count: Int) throws -> Tear {
        let appender = try create(log)
        try Self.grow(appender)
        try Self.append(1_281..<1_283, to: appender)
        let old = try log.bytes("wal/1280.seg")
        let start = try log.segment().end
        let copy = try SampleLog.copy(of: log)
        try Self.append(1_283..<(1_283 + count), to: appender)
        return Tear(
            log: copy, path: "wal/1280.seg", old: old, new: try log.bytes("wal/1280.seg"),
            batch: start..<(try log.segment().end))
    }

    /// Opens the log with other bytes in its segment: it has the entries before the batch, or those too if all
    /// bytes of it are there; what is dropped is said.
    private func check(_ tear: Tear, _ bytes: [UInt8], count: Int) throws {
        try tear.log.write(tear.path, bytes)
        let opened = try open(tear.log)
        let isWhole = bytes[tear.batch] == tear.new[tear.batch]
        let kept: UInt64 = 1_283 + (isWhole ? UInt64(count) : 0)
        guard let torn = opened.tornTail else {
            let place = isWhole ? tear.batch.upperBound : tear.batch.lowerBound
            let end = place..<(place + SegmentHeader.byteCount)
            #expect(bytes[end] == (isWhole ? tear.new : tear.old)[end])
            return #expect(opened.size == kept)
        }
        defer { try? FileManager.default.removeItem(atPath: torn.path) }
        #expect(torn.first == kept && opened.size == kept + 1)
        #expect(torn.path.hasSuffix("-\(torn.byteCount)-mixed"))
        let start = isWhole ? tear.batch.upperBound : tear.batch.lowerBound
        let aside = [UInt8](try Data(contentsOf: URL(filePath: torn.path)))
        #expect(aside == Array(bytes[start..<(start + torn.byteCount)]))
        if !isWhole, bytes[tear.header] == tear.new[tear.header] {
            #expect(torn.byteCount == tear.batch.count)
        }
    }

    @Test func aBatchTornAtAnyByteIsDropped() throws {
        let tear = try tear(count: 1)
        for cut in tear.batch.lowerBound...(tear.batch.upperBound + SegmentHeader.byteCount) {
            try check(tear, Array(tear.new[..<cut]) + tear.old[cut...], count: 1)
        }
    }

    /// The disk writes pages in any order.
    @Test func aBatchOfWhichSomePagesArriveIsDropped() throws {
        let count = 60
        let tear = try tear(count: count)
        let pages = (tear.batch.lowerBound / 4_096)...(tear.batch.upperBound / 4_096)
        try #require(pages.count > 3)
        for chosen in 0..<(1 << pages.count) {
            var bytes = tear.old
            for (place, page) in pages.enumerated() where chosen >> place & 1 == 1 {
                let range = (page * 4_096)..<((page + 1) * 4_096)
                bytes.replaceSubrange(range, with: tear.new[range])
            }
            try check(tear, bytes, count: count)
            let opened = try open(tear.log)
            try opened.sign()
            let report = Self.report(tear.log)
            #expect(report.isIntact && report.entryCount == opened.size)
            for path in [".state/signed", "checkpoint"] {
                try tear.log.write(path, log.bytes(path))
            }
        }
    }

    /// A byte of a batch changes that others follow, in a file that was written over: all of them are set
    /// aside, and nothing behind them.
    @Test func entriesAfterAnAlteredBatchAreSetAside() throws {
        let tear = try tear(count: 5)
        let new = tear.new[tear.batch]
        let first = Self.steps.last?.upperBound ?? 0
        let tail = unsafe SegmentHeader(at: 0, in: tear.new.span.bytes)
        let start = SegmentHeader.byteCount + Int(tail?.frameByteCount ?? 0)
        try #require(start < tear.batch.lowerBound)
        for place in [start + 5, start + 20, start + 60, tear.batch.lowerBound - 1] {
            var bytes = tear.new
            bytes[place] ^= 1
            try tear.log.write(tear.path, bytes)
            let opened = try open(tear.log)
            let torn = try #require(opened.tornTail)
            #expect(torn.first == UInt64(first) && opened.size == torn.first + 1)
            #expect(torn.byteCount == tear.batch.upperBound - start, "\(place)")
            let aside = [UInt8](try Data(contentsOf: URL(filePath: torn.path)))
            #expect(aside.suffix(new.count) == new)
        }
    }

    // MARK: What others do with the files

    /// Readers take whatever segments are there: none ever gets another segment's bytes.
    @Test func noReaderGetsAnotherSegment() throws {
        let appender = try create(log)
        let isDone = Atomic<Bool>(false)
        let counts = Mutex<(read: Int, foreign: Int)>((0, 0))
        let reader = LogReader(log.path)
        let (begun, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        for _ in 0..<2 {
            Thread.detachNewThread {
                begun.signal()
                defer { ended.signal() }
                let scanner = EntryScanner()
                while !isDone.load(ordering: .relaxed) {
                    for first in (try? reader.segments()) ?? [] {
                        let seq = try? reader.withFile(.segment(first: first)) { bytes in
                            let frame = SegmentHeader.frameOffset(at: 0, in: bytes)
                            return frame.flatMap { EntryBundle.entryRange(at: $0, in: bytes) }
                                .flatMap { try? scanner.scan(bytes.extracting($0)).seq }
                        }
                        guard let seq, let seq else { continue }
                        counts.withLock { $0 = ($0.read + 1, $0.foreign + (seq == first ? 0 : 1)) }
                    }
                }
            }
        }
        for _ in 0..<2 { begun.wait() }
        for step in 0..<24 {
            _ = try appender.append(SampleLog.submissions((step * 257 + 1)..<(step * 257 + 258)))
            try appender.sign()
        }
        isDone.store(true, ordering: .relaxed)
        for _ in 0..<2 { ended.wait() }
        let (read, foreign) = counts.withLock { $0 }
        #expect(read > 0 && foreign == 0)
    }

    /// A writer's folder where the segment was sealed since its name was read, and what an older head needed
    /// of the upper tiles went.
    private struct SealedMeanwhile: LogSource {
        let reader: LogReader
        let gone: Set<LogPath>

        func withFile<Result>(
            _ path: LogPath, _ body: (RawSpan) -> Result
        ) throws(LogSourceError) -> Result? {
            gone.contains(path) ? nil : try reader.withFile(path, body)
        }

        func keptCheckpointSizes() -> [UInt64] { [] }

        func segments() throws(LogSourceError) -> [UInt64] { try reader.segments() }
    }

    @Test func aSegmentThatIsSealedMeanwhileIsNoLoss() throws {
        try Self.grow(create(log))
        let source = SealedMeanwhile(
            reader: LogReader(log.path),
            gone: [.segment(first: 1_280), .tile(level: 1, index: 0, width: 5)])
        #expect(try source.segments() == [1_280])
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(source).report
        #expect(report.isIntact && report.entryCount == 1_281)
    }

    /// A copy by links shares the files with the log; a lock of another process means nothing.
    @Test func aFileWithAnotherNameIsNotWrittenOver() throws {
        let appender = try create(log)
        try Self.append(1..<513, to: appender)
        let (file, linked) = (log.path + "/wal/0.seg", log.path + ".linked")
        defer { try? FileManager.default.removeItem(atPath: linked) }
        try FileManager.default.linkItem(atPath: file, toPath: linked)
        let bytes = try log.bytes("wal/0.seg")
        let descriptor = unsafe Glibc.open(linked, O_RDONLY)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(Self.report(log).violationCount == Self.report(log).violations.count)
        try appender.sign()
        #expect(try log.walNames() == ["512.seg"])
        try Self.append(513..<1_025, to: appender)
        try appender.sign()
        try Self.append(1_025..<1_281, to: appender)
        try appender.sign()
        #expect(try [UInt8](Data(contentsOf: URL(filePath: linked))) == bytes)
        #expect(Self.report(log).isIntact)
    }

    // MARK: Purges

    @Test func aFolderIsNoSpareFile() throws {
        try Self.grow(create(log))
        try FileManager.default.createDirectory(
            atPath: log.path + "/wal/512.spare", withIntermediateDirectories: false)
        #expect(try open(log).size == 1_281)
    }

    /// While the writer lives, no file of the log has an entry that was purged, in spares, behind the entries of
    /// the open segment, or among what was set aside.
    @Test func aPurgeLeavesNothingInSegments() throws {
        let day: Int64 = 86_400_000
        let start: Int64 = 1_767_225_600_000
        let now = Atomic<Int64>(start)
        _ = try create(log).sign()
        let keyFile = SigningKeyFile(log.path + ".key")
        defer { try? FileManager.default.removeItem(atPath: keyFile.path) }
        try KeyFile.write(log.key.privateText, to: keyFile.path, isPrivate: true)
        let appender = try LogAppender(
            log.path, keyFile: keyFile,
            options: .init(isDurable: false) { now.load(ordering: .relaxed) })
        for step in 0..<4 {
            now.store(start + Int64(step) * 60 * day, ordering: .relaxed)
            _ = try appender.append(SampleLog.submissions((step * 300 + 1)..<(step * 300 + 301)))
            try appender.rotateKey()
        }
        _ = try appender.append(SampleLog.submissions(1_201..<1_211))
        #expect(try log.segment().rest > 1 << 15)
        #expect(try log.numbersInWriterFiles().contains(5))
        let aside = Array(#"{"id":"7","occurred_at"#.utf8)
        try log.write(".state/torn-99999-22-mixed", aside)
        try log.write(".state/torn-99999-3", [1, 2, 3])
        now.store(start + 300 * day, ordering: .relaxed)
        let text = "retention_days_min: 180\nretention_days_max: 365\n"
        let purged = try appender.purge(
            PurgeRequest(
                cutoff: start + 90 * day,
                policy: try RetentionPolicy(parsing: Array(text.utf8), path: "policy"),
                policyHash: String(repeating: "a", count: 64), requester: "A1", approver: "A2"))
        #expect(purged == 0..<512)
        // Entry n has an index of n at least.
        let left = try log.numbersInWriterFiles().min() ?? .max
        #expect(left > 500)
        #expect(FileManager.default.fileExists(atPath: log.path + "/.state/torn-99999-3"))
        let again = try appender.append(SampleLog.submissions(1_201..<1_211))
        #expect(again.allSatisfy { $0.isRepetition })
        #expect(Self.report(log).violationCount == 0)
    }

    // MARK: Hostile segments

    /// What ends a segment, wherever it should not be: nothing is taken that follows it, no signed entry is
    /// given up, and nothing crashes.
    @Test func anEndWhereNoneBelongsIsNoEnd() throws {
        do {
            let appender = try create(log)
            try Self.append(1..<3, to: appender)
            try appender.sign()
            try Self.append(3..<5, to: appender)
            try Self.append(5..<7, to: appender)
        }
        let path = LogPath.segment(first: 0)
        let whole = try log.bytes(path.text)
        let headers = whole.headers()
        try #require(headers.count == 4)
        let after = headers.map { SegmentHeader.end(after: $0.header.lastLeafHash).bytes }
        let wrong = SegmentHeader.end(after: .zero).bytes
        let garbage = [UInt8](repeating: 0xA5, count: 100)
        let (third, fourth) = (headers[2].offset, headers[3].offset)
        // The size that is opened; nil where entries that were signed are missing.
        let cases: [(name: String, bytes: [UInt8], size: UInt64?, torn: Int?)] = [
            ("at the start", wrong + whole, nil, nil),
            ("after the opening", whole[..<headers[1].offset] + after[0] + garbage, nil, nil),
            ("in the middle", whole[..<third] + after[1] + whole[third...], 3, nil),
            ("before garbage", whole + after[3] + garbage, 7, nil),
            ("before nothing", whole + after[3], 7, nil),
            ("of another entry", whole[..<fourth] + after[1] + garbage, 6, 138),
            ("of none", whole + wrong, 8, 38), ("cut", whole + after[3].dropLast(), 8, 37),
            ("of zeros", whole + [UInt8](repeating: 0, count: 5_000), 8, 5_000),
        ]
        for (name, bytes, size, torn) in cases {
            let copy = try SampleLog.copy(of: log)
            try copy.write(path.text, bytes)
            let overlaid = try OverlaidLog(
                copy, [.checkpoint, path, .tile(level: 0, index: 0, width: 3)])
            let report = LogVerifier(keys: [log.key.verificationKey]).verify(overlaid).report
            #expect(report.isIntact == (size != nil), "\(name)")
            guard let size else {
                let error = #expect(throws: StorageError.self) { try open(copy) }
                #expect(error?.code == .behindSignature, "\(name)")
                #expect(try copy.bytes(path.text) == bytes, "\(name)")
                continue
            }
            let opened = try open(copy)
            #expect(opened.size == size && opened.tornTail?.byteCount == torn, "\(name)")
        }
    }
}

extension [UInt8] {
    /// The headers of a segment's batches, with their places.
    fileprivate func headers() -> [(offset: Int, header: SegmentHeader)] {
        var (headers, offset) = ([(offset: Int, header: SegmentHeader)](), 0)
        while let header = unsafe SegmentHeader(at: offset, in: span.bytes),
            header.frameByteCount > 0
        {
            headers.append((offset, header))
            offset += SegmentHeader.byteCount + Int(header.frameByteCount)
        }
        return headers
    }
}

extension SampleLog {
    fileprivate func walNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/wal").sorted()
    }

    /// Where the batches of the open segment end, and how many bytes follow, without a header that ends it.
    fileprivate func segment() throws -> (end: Int, rest: Int) {
        let first = try #require(try LogReader(path).segments().last)
        let bytes = try bytes("wal/\(first).seg")
        let end = bytes.headers().last.map {
            $0.offset + SegmentHeader.byteCount + Int($0.header.frameByteCount)
        }
        let place = end ?? 0
        guard bytes.count > place else { return (place, 0) }
        let header = unsafe SegmentHeader(at: place, in: bytes.span.bytes)
        #expect(header?.frameByteCount == 0)
        return (place, bytes.count - place - SegmentHeader.byteCount)
    }

    /// The numbers of callers' entries of which anything is in any file of the log.
    fileprivate func numbersInWriterFiles() throws -> Set<Int> {
        var numbers: Set<Int> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: path) {
            guard let bytes = try? bytes(file) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            for part in text.split(separator: #""id":""#).dropFirst() {
                if let number = Int(part.prefix { $0 != "\"" }) { numbers.insert(number) }
            }
        }
        return numbers
    }
}
