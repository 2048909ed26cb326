// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Testing
import TransparencyLog

/// The rules of recovery, one by one, on a log of 300 signed entries and 2 that are only durable.
@Suite struct RecoveryTests {
    let log: SampleLog

    init() throws {
        log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
        _ = try appender.append(SampleLog.submissions(300..<302))
    }

    private func refusal() -> StorageError.Code? {
        do {
            _ = try log.open()
            return nil
        } catch {
            return (error as? StorageError)?.code
        }
    }

    private func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: log.path + "/" + file)
    }

    private func verify() -> VerificationReport {
        LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
    }

    @Test func rule2AnotherKeyIsRefused() throws {
        let other = try LogSigningKey(
            name: log.key.verificationKey.name,
            key: SigningKey(seed: Array(repeating: 9, count: 32)))
        let error = #expect(throws: StorageError.self) {
            try LogAppender(log.path, key: other, options: log.options)
        }
        #expect(error?.code == .wrongKey)
    }

    @Test func rule2ACheckpointBeyondTheLastSignatureIsRefused() throws {
        let old = try log.bytes(".state/signed")
        try log.open().sign()
        try log.write(".state/signed", old)
        #expect(refusal() == .altered)
    }

    @Test func rule2ALostCheckpointIsNoHarm() throws {
        try remove("checkpoint")
        try log.open().sign()
        #expect(verify().isIntact)
    }

    @Test func rule4TornBytesAreKeptAsideAndRecorded() throws {
        let entries = try log.bytes("wal/256.seg")
        try log.write("wal/256.seg", entries + [0, 200, 1, 2, 3])
        let appender = try log.open()
        #expect(appender.tornTail?.first == 302)
        #expect(appender.tornTail?.byteCount == 5)
        #expect(appender.size == 303)
        #expect(try log.bytes(".state/torn-302-5") == [0, 200, 1, 2, 3])
        try appender.sign()
        let report = verify()
        #expect(report.isIntact)
        #expect(report.entryCount == 303)
        let tail = String(decoding: try log.bytes("wal/256.seg"), as: UTF8.self)
        #expect(tail.contains("\"count\":5,\"first\":302,"))
        #expect(tail.contains("\"type\":\"log.recover\""))
    }

    @Test func rule5DamageBelowTheSignedSizeIsRefusedAndNothingCut() throws {
        let file = "wal/256.seg"
        let whole = try log.bytes(file)
        for offset in stride(from: 0, to: 44 * 32, by: 31) {
            var bytes = whole
            bytes[offset] ^= 1
            try log.write(file, bytes)
            #expect(refusal() == .behindSignature, "\(offset)")
            #expect(try log.bytes(file) == bytes)
        }
    }

    @Test func rule6AnOlderCopyIsRefused() throws {
        let old = try log.bytes("wal/256.seg").dropLast(400)
        try log.open().sign()
        try log.write("wal/256.seg", Array(old))
        #expect(refusal() == .behindSignature)
    }

    @Test func rule7TilesAreRebuilt() throws {
        let files = ["tile/0/000", "tile/1/000.p/1"]
        let appender = try log.open()
        try appender.sign()
        let whole = try files.map { try log.bytes($0) }
        for file in files { try remove(file) }
        _ = appender
        let copy = try SampleLog.copy(of: log)
        _ = try copy.open()
        let rebuilt = try files.map { try copy.bytes($0) }
        #expect(rebuilt == whole)
    }

    @Test func rule7AnAlteredTileIsRefused() throws {
        var bytes = try log.bytes("tile/0/000")
        bytes[40] ^= 1
        try remove("tile/0/000")
        try log.write("tile/0/000", bytes)
        #expect(refusal() == .altered)
    }

    /// Replacing a segment, cut short after each of its steps.
    @Test func aSegmentIsReplacedAtOnce() throws {
        let long = try SampleLog()
        var appender: LogAppender? = try long.create()
        _ = try appender?.append(SampleLog.submissions(1..<256))
        let before = try long.bytes("wal/0.seg")
        _ = try appender?.append(SampleLog.submissions(256..<258))
        let full = try long.bytes("wal/0.seg")
        try appender?.sign()
        appender = nil
        // The new segment is not there: the old one still counts.
        let new = try long.bytes("wal/256.seg")
        try FileManager.default.removeItem(atPath: long.path + "/wal/256.seg")
        try long.write("wal/0.seg", full)
        #expect(try long.open().size == 258)
        // Both are there: the old one is dropped.
        try long.write("wal/256.seg", new)
        try long.write("wal/0.seg", before)
        #expect(try long.open().size == 258)
        #expect(try LogReader(long.path).segments() == [256])
    }

    /// At a multiple of 256 the segment is empty, and the last link comes from a tile.
    @Test func aLogOfFullBundlesGoesOn() throws {
        let full = try SampleLog()
        var appender: LogAppender? = try full.create()
        _ = try appender?.append(SampleLog.submissions(1..<512))
        try appender?.sign()
        appender = nil
        #expect(try full.bytes("wal/512.seg").isEmpty)
        _ = try full.open().append(SampleLog.submissions(512..<600))
        try full.open().sign()
        let verifier = LogVerifier(keys: [full.key.verificationKey])
        let report = verifier.verify(LogReader(full.path)).report
        #expect(report.isIntact)
        #expect(report.entryCount == 600)
    }

    /// A closed segment whose bundles were not sealed yet: they are, or the log does not open.
    @Test func aClosedSegmentIsSealed() throws {
        let long = try SampleLog()
        var appender: LogAppender? = try long.create()
        _ = try appender?.append(SampleLog.submissions(1..<700))
        let full = try long.bytes("wal/0.seg")
        try appender?.sign()
        appender = nil
        let sealed = ["tile/entries/000", "tile/0/000", "tile/entries/001", "tile/0/001"]
        let bundles = try sealed.map { try long.bytes($0) }
        for gone in [sealed, Array(sealed[1...]), [sealed[2]], [sealed[1], sealed[3]]] {
            for path in gone { try FileManager.default.removeItem(atPath: long.path + "/" + path) }
            try long.write("wal/0.seg", full)
            #expect(try long.open().size == 700)
            #expect(try LogReader(long.path).segments() == [512])
            #expect(try sealed.map { try long.bytes($0) } == bundles)
        }
        let verifier = LogVerifier(keys: [long.key.verificationKey])
        #expect(verifier.verify(LogReader(long.path)).report.isIntact)
        // Any byte of it that a missing bundle needs.
        for place in stride(from: 0, to: bundles[0].count, by: 997) {
            try? FileManager.default.removeItem(atPath: long.path + "/" + sealed[0])
            var altered = full
            altered[place] ^= 1
            try long.write("wal/0.seg", altered)
            let error = #expect(throws: StorageError.self) { try long.open() }
            #expect(error?.code == .altered, "\(place)")
        }
    }

    @Test func heartbeatsCountTheirOwn() throws {
        let first = try log.open().heartbeat()
        let second = try log.open().heartbeat()
        #expect(first.map(\.index) == [302])
        #expect(second.map(\.index) == [303])
    }
}
