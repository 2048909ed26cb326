// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// What a log keeps of its time stamps: the files, and their records.
@Suite struct AnchorRecordTests {
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_767_225_600_000
    private let log: SampleLog
    private let keyFile: SigningKeyFile
    private let now = Clock()

    private final class Clock: Sendable {
        let time = Atomic<Int64>(AnchorRecordTests.start)
    }

    init() throws {
        log = try SampleLog()
        _ = try log.create().sign()
        keyFile = SigningKeyFile(log.path + ".key")
        try KeyFile.write(log.key.privateText, to: keyFile.path, isPrivate: true)
    }

    private func open() throws -> LogAppender {
        let options = LogAppender.Options(isDurable: false) { [now] in
            now.time.load(ordering: .relaxed)
        }
        return try LogAppender(log.path, keyFile: keyFile, options: options)
    }

    private func head() throws -> Checkpoint {
        try CheckpointNote(parsing: try log.bytes("checkpoint")).checkpoint
    }

    /// The entries go after their time; what was stamped, and when, stays known.
    @Test func aPurgeKeepsTheRecords() throws {
        for month in 0..<10 {
            now.time.store(Self.start + Int64(month) * 30 * Self.day, ordering: .relaxed)
            let appender = try open()
            _ = try appender.append(SampleLog.submissions(month * 300 + 1..<month * 300 + 301))
            try appender.rotateKey()
            let checkpoint = try head()
            #expect(checkpoint.treeSize == UInt64(month) * 302 + 302)
            #expect(
                try LogEvidence(log.path).keep(
                    anchor: [UInt8(month)], size: checkpoint.treeSize))
            try appender.recordAnchor(of: checkpoint, answer: [UInt8(month)])
            try appender.sign()
        }
        let text = "retention_days_min: 180\nretention_days_max: 365\n"
        let purged = try open().purge(
            PurgeRequest(
                cutoff: Self.start + 70 * Self.day,
                policy: try RetentionPolicy(parsing: Array(text.utf8), path: "policy"),
                policyHash: String(repeating: "a", count: 64), requester: "A1", approver: "A2"))
        #expect(purged == 0..<768)
        for index in [302, 604] {
            let kept = String(decoding: try log.bytes("kept/\(index)"), as: UTF8.self)
            #expect(kept.contains(#""type":"log.anchor""#))
            #expect(kept.contains(SHA256Hasher().hash([UInt8(index / 302 - 1)]).hex))
        }
        let report = LogVerifier(keys: [log.key.verificationKey])
            .verify(LogReader(log.path)).report
        #expect(report.isIntact && report.findings.isEmpty, "\(report.violations)")
        // Files that are no time stamps are judged by whoever names roots; the mirror has them too.
        #expect(try LogReader(log.path).anchorSizes().count == 10)
        let mirror = log.path + "-mirror"
        _ = try LogPublisher(from: log.path, to: mirror).publish()
        #expect(try LogReader(mirror).anchorSizes() == LogReader(log.path).anchorSizes())
        try FileManager.default.removeItem(atPath: mirror)
        try FileManager.default.removeItem(atPath: keyFile.path)
    }

    @Test func aTimeStampIsNeverReplaced() throws {
        let evidence = LogEvidence(log.path)
        #expect(try evidence.keep(anchor: [1], size: 1))
        #expect(try !evidence.keep(anchor: [1], size: 1))
        let refusal = #expect(throws: StorageError.self) {
            try evidence.keep(anchor: [2], size: 1)
        }
        #expect(refusal?.code == .exists)
        #expect(try log.bytes("anchors/1.tsr") == [1])
        try log.write("anchors/01.tsr", [3])
        try log.write("anchors/x.tsr", [3])
        try log.write("anchors/2.tsr.new", [3])
        #expect(try LogReader(log.path).anchorSizes() == [1])
        try FileManager.default.removeItem(atPath: keyFile.path)
    }
}
