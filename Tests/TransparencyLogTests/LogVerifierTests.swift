// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

@Suite struct LogVerifierTests {
    @Test(arguments: [1, 2, 3, 255, 256, 257, 512, 700]) func anIntactLogIsIntact(
        count: Int
    ) throws {
        let log = try sampleLog(count: count, keep: [2, 256, 300])
        for workers in [1, 2] {
            let verification = try sampleVerifier().verify(log, workers: workers)
            #expect(verification.report.violations == [])
            #expect(verification.report.isIntact)
            #expect(verification.report.sourceFindings == [])
            #expect(verification.report.entryCount == UInt64(count))
            #expect(verification.log?.treeSize == UInt64(count))
        }
    }

    /// Every byte of every file of a small log is changed; each change is noticed.
    @Test func everyChangedByteIsNoticed() throws {
        let log = try sampleLog(count: 5, keep: [3])
        let verifier = try sampleVerifier()
        var changes = 0
        for (path, bytes) in log.files {
            for index in bytes.indices {
                var changed = log
                changed.files[path]?[index] ^= 0x01
                changes += 1
                #expect(!verifier.verify(changed).report.isIntact, "\(path.text), byte \(index)")
            }
            for count in [0, bytes.count / 2, bytes.count - 1] {
                var changed = log
                changed.files[path] = Array(bytes[..<count])
                #expect(!verifier.verify(changed).report.isIntact, "\(path.text) cut to \(count)")
            }
            var changed = log
            changed.files[path] = bytes + [0]
            #expect(!verifier.verify(changed).report.isIntact, "\(path.text) lengthened")
            changed.files[path] = nil
            if case .keptCheckpoint = path { continue }
            #expect(!verifier.verify(changed).report.isIntact, "\(path.text) missing")
        }
        #expect(changes > 2_000)
    }

    @Test func namesTheEntryThatWasAltered() throws {
        var log = try sampleLog(count: 700, keep: [256, 300])
        let path = LogPath.bundle(index: 1, width: 256)
        var bytes = try #require(log.files[path])
        let text = Array("OF-310\"".utf8)
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: text) })
        bytes[place + 5] = UInt8(ascii: "1")
        log.files[path] = bytes
        let report = try sampleVerifier().verify(log, workers: 2).report
        #expect(report.violations.map(\.code) == [.alteredEntry])
        #expect(report.firstBadIndex == 310)
        #expect(report.lastBadIndex == 310)
        #expect(report.violations.first?.path == path)
        #expect(report.lastGoodHead?.treeSize == 300)
    }

    @Test func tellsAnAlteredTileFromAnAlteredEntry() throws {
        var log = try sampleLog(count: 700)
        let path = LogPath.tile(level: 0, index: 1, width: 256)
        log.files[path]?[40] ^= 4
        let report = try sampleVerifier().verify(log).report
        #expect(report.violations.map(\.code) == [.alteredTile])
        #expect(report.violations.first?.byteOffset == 32)
        #expect(report.firstBadIndex == nil)
    }

    /// Entries dropped, swapped, doubled, or taken from another log, with the framing kept.
    @Test func entriesMovedAreNoticed() throws {
        let log = try sampleLog(count: 20)
        let path = LogPath.bundle(index: 0, width: 20)
        let bytes = try #require(log.files[path])
        let entries = unsafe EntryBundle.entryRanges(in: bytes.span.bytes).map { Array(bytes[$0]) }
        #expect(entries.count == 20)
        var dropped = entries
        dropped.remove(at: 7)
        var swapped = entries
        swapped.swapAt(7, 8)
        var doubled = entries
        doubled.insert(entries[7], at: 7)
        for changed in [dropped, swapped, doubled] {
            var other = log
            other.files[path] = changed.reduce(into: []) { EntryBundle.append($1, to: &$0) }
            let report = try sampleVerifier().verify(other).report
            #expect(!report.isIntact)
            #expect(report.firstBadIndex.map { (7...8).contains($0) } == true)
        }
    }

    @Test func anotherKeyIsNotTrusted() throws {
        let log = try sampleLog(count: 3)
        let verifier = LogVerifier(keys: [try sampleKey(9).verificationKey])
        let report = verifier.verify(log).report
        #expect(report.violations.map(\.code) == [.untrustedKey])
        #expect(!LogVerifier(keys: []).verify(log).report.isIntact)
    }

    @Test func aTailCutBelowAKeptCheckpointIsNoticed() throws {
        let longer = try sampleLog(count: 20, keep: [15])
        var shorter = try sampleLog(count: 10)
        shorter.files[.keptCheckpoint(size: 15)] = longer.files[.keptCheckpoint(size: 15)]
        let report = try sampleVerifier().verify(shorter).report
        #expect(report.violations.map(\.code) == [.inconsistentCheckpoint])
    }

    @Test func keysFollowTheirEpochs() throws {
        var log = try MemoryLog(key: sampleKey(1), openedAt: sampleTime)
        let next = try sampleKey(2)
        try log.append(sampleSubmission(1), recordedAt: sampleTime)
        try log.append(
            """
            {"id":"k","key":"\(next.verificationKey.text)","key_id":"2",\
            "occurred_at":"2026-03-02T00:00:00.000Z","source":"vigie","source_seq":2,\
            "type":"key.rotate","v":1}
            """, recordedAt: sampleTime)
        try log.rotate(to: next)
        try log.append(sampleSubmission(2), recordedAt: sampleTime)
        try log.sign()
        let report = try sampleVerifier().verify(log).report
        #expect(report.violations == [])
        #expect(report.signer == next.verificationKey)
        #expect(report.keyEpochs.map(\.firstSize) == [0, 4])
        var changed = log
        changed.files[.keptCheckpoint(size: 3)] = nil
        let without = try sampleVerifier().verify(changed).report
        #expect(without.violations.map(\.code) == [.missingClosingCheckpoint])
        let head = try CheckpointNote(parsing: #require(log.files[.checkpoint])).checkpoint
        changed = log
        changed.files[.checkpoint] = try head.signed(with: sampleKey(1)).bytes
        let old = try sampleVerifier().verify(changed).report
        #expect(old.violations.map(\.code) == [.invalidSignature])
    }

    @Test func gapsAndRepetitionsOfASourceAreFindings() throws {
        var log = try MemoryLog(key: sampleKey(), openedAt: sampleTime)
        for number in [1, 2, 5, 3, 5, 9] {
            try log.append(sampleSubmission(number), recordedAt: sampleTime)
        }
        try log.sign()
        let report = try sampleVerifier().verify(log).report
        #expect(report.isIntact)
        #expect(report.sourceFindings.map(\.kind) == [.gap, .repetition, .gap])
        #expect(report.sourceFindings.map(\.numbers) == [4...4, 5...5, 6...8])
        #expect(report.sourceFindings.map(\.index) == [3, 5, 6])
    }

    /// Entries in an open segment, in one batch or in many: those that the head covers are judged, the
    /// rest is counted.
    @Test(arguments: [44, 20, 1])
    func anOpenSegmentIsReadAndNotAccused(batch: Int) throws {
        var log = try sampleLog(count: 300)
        let bundle = LogPath.bundle(index: 1, width: 44)
        let covered = try #require(log.files[bundle])
        let header = SegmentHeader(frameByteCount: 7, lastLeafHash: .zero).bytes
        var (open, frames) = ([UInt8](), [Int]())
        for (place, range) in unsafe EntryBundle.entryRanges(in: covered.span.bytes).enumerated() {
            if place % batch == 0 { open += header }
            frames.append(open.count)
            open += covered[(range.lowerBound - 2)..<range.upperBound]
        }
        open += header
        EntryBundle.append(Array("{\"not\":\"judged\"}".utf8), to: &open)
        log.files = log.files.filter { !$0.key.isPartial }
        let path = LogPath.segment(first: 256)
        log.files[path] = open + [9]
        let report = try sampleVerifier().verify(log).report
        #expect(report.violations == [])
        #expect(report.uncoveredEntryCount == 1)
        for index in frames.flatMap({ [$0, $0 + 1, $0 + 9, $0 + 200] }) {
            var changed = log
            changed.files[path]?[index] ^= 1
            #expect(try !sampleVerifier().verify(changed).report.isIntact, "\(index)")
        }
        log.files[.bundle(index: 1, width: 44)] = covered
        #expect(try sampleVerifier().verify(log).report.violations == [])
        for (slot, place) in frames.enumerated() {
            var changed = log
            changed.files[path]?[place + 50] ^= 1
            let found = try sampleVerifier().verify(changed).report.violations
            let places = found.filter { $0.path == path && $0.code == .alteredEntry }
            #expect(places.isEmpty || places.map(\.byteOffset) == [UInt64(place + 2)], "\(slot)")
            #expect(!found.isEmpty)
        }
    }

    @Test func hostileHeadsEnd() throws {
        var log = try sampleLog(count: 300)
        for size in [UInt64(0), 1, 299, 301, 1 << 40, 1 << 52] {
            let head = Checkpoint(
                origin: "vigie.example/test", treeSize: size, rootHash: .zero)
            log.files[.checkpoint] = try head.signed(with: sampleKey()).bytes
            #expect(try !sampleVerifier().verify(log).report.isIntact)
        }
        for number: UInt64 in [.max, .max - 255, 1 << 53, 1 << 40] {
            log.files[.segment(first: number)] = [0, 1, 2]
            log.files[.keptCheckpoint(size: number)] = [1, 2, 3]
            #expect(try !sampleVerifier().verify(log, workers: 2).report.isIntact)
        }
        log.files[.checkpoint] = nil
        let report = try sampleVerifier().verify(log).report
        #expect(report.violations.contains { $0.code == .missingFile && $0.path == .checkpoint })
        log.files = [:]
        #expect(try !sampleVerifier().verify(log).report.isIntact)
    }
}

@Suite struct VerifiedLogTests {
    @Test func replaysEveryEntryOnce() throws {
        let source = try sampleLog(count: 700)
        let log = try #require(try sampleVerifier().verify(source).log)
        var next: UInt64 = 0
        try log.replay { entry in
            #expect(entry.index == next)
            #expect(entry.leafHash == source.leafHashes[Int(next)])
            if next > 0 {
                #expect(entry.type == "profile.view")
                #expect(entry.string(.offerRef) == "OF-\(next)")
                #expect(entry.integer(.sourceSeq) == Int64(next))
                #expect(entry.strings(.categories) == ["CO", "CV"])
                #expect(entry.timestamp(.occurredAt) == entry.occurredAt)
            }
            next += 1
        }
        #expect(next == 700)
        var seen: [UInt64] = []
        try log.replay(250..<260) { seen.append($0.index) }
        #expect(seen == Array(250..<260))
    }

    @Test(arguments: [1, 2, 5])
    func foldsEveryEntryOnceWhileVerifying(workers: Int) throws {
        let source = try sampleLog(count: 9_000)
        let (verification, states) = try sampleVerifier().verify(
            source, workers: workers, initial: { [UInt64]() }
        ) { $0.append($1.index) }
        #expect(verification.log != nil)
        #expect(states.allSatisfy { $0 == $0.sorted() })
        #expect(states.joined().sorted() == Array(0..<9_000))
    }

    @Test func handsOverNoFoldOfALogThatIsNotIntact() throws {
        var source = try sampleLog(count: 300)
        source.files[.bundle(index: 0, width: 256)]?[700] ^= 1
        let (verification, states) = try sampleVerifier().verify(
            source, initial: { 0 }, fold: { count, _ in count += 1 })
        #expect(verification.log == nil)
        #expect(states.isEmpty)
    }

    @Test func aChangeAfterVerificationIsNeverReplayed() throws {
        let files = Changing(log: try sampleLog(count: 300))
        let log = try #require(try sampleVerifier().verify(files).log)
        var seen = 0
        try log.replay { _ in seen += 1 }
        #expect(seen == 300)
        files.change(.bundle(index: 1, width: 44), byte: 700)
        seen = 0
        #expect(throws: ReplayError.self) { try log.replay { _ in seen += 1 } }
        #expect(seen == 256)
    }
}
