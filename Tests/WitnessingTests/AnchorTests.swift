// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Testing
import TransparencyLog

/// Time stamps over the checkpoints of a log, as its readers judge them.
@Suite struct AnchorTests {
    let authority: StampingAuthority
    let roots: TimestampRoots
    var log: MemoryLog
    let key: LogSigningKey
    private static let start: Int64 = 1_767_225_600_000
    private static let day: Int64 = 86_400_000

    init() throws {
        authority = try StampingAuthority()
        roots = try authority.roots()
        key = try LogSigningKey(
            name: "vigie.example/essai", key: SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        log = try MemoryLog(key: key, openedAt: Self.start)
        try grow(20)
    }

    private mutating func grow(_ count: Int) throws {
        for _ in 0..<count {
            let number = log.treeSize
            try log.append(
                """
                {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"s",\
                "source_seq":\(number),"type":"heartbeat","v":1}
                """, recordedAt: Self.start)
        }
        try log.sign(keep: true)
    }

    /// Stamps the head, and records that as the log's own writer does.
    private mutating func stamp(isRecorded: Bool = true) throws -> UInt64 {
        let note = try CheckpointNote(parsing: log.files[.checkpoint] ?? [])
        let size = note.checkpoint.treeSize
        let answer = try authority.answer(TimestampRequest(imprint: note.imprint).bytes)
        log.files[.anchor(size: size)] = answer
        guard isRecorded else { return size }
        let draft = EventDraft(
            "log.anchor",
            [
                .head: .digest(note.checkpoint.rootHash), .last: .integer(Int64(size) - 1),
                .hash: .digest(SHA256Hasher().hash(answer)), .reference: .text("anchor"),
            ])
        try log.append(
            draft.rendered(id: "a\(size)", source: "vigie", sequence: size, occurredAt: Self.start),
            recordedAt: Self.start)
        try log.sign()
        return size
    }

    private func report(
        _ log: MemoryLog, roots: TimestampRoots? = nil, afterDays days: Int64 = 0
    ) -> VerificationReport {
        let now = Int64(Date().timeIntervalSince1970 * 1_000) + days * Self.day
        let demands = VerificationDemands(
            anchors: AnchorDemands(roots: roots ?? self.roots, now: now))
        return LogVerifier(keys: [key.verificationKey], demands: demands).verify(log).report
    }

    private func codes(_ report: VerificationReport) -> [String] {
        report.violations.map(\.code.rawValue) + report.findings.map(\.kind.rawValue)
    }

    @Test mutating func aReaderLearnsWhatExistedWhen() throws {
        #expect(codes(report(log)) == ["LOG266"])
        let size = try stamp()
        let found = report(log)
        #expect(codes(found).isEmpty)
        let anchor = try #require(found.anchors?.latest)
        #expect(anchor.treeSize == size && anchor.recordedAt == size && anchor.isInForce)
        #expect(abs(anchor.time - Int64(Date().timeIntervalSince1970 * 1_000)) < 60_000)
        let others = try authority.roots("autre.pem")
        #expect(codes(report(log, roots: others)) == ["LOG264", "LOG266"])
        // A reader who asks for no time stamp sees all the same that one is not what was recorded, or gone.
        let plain = LogVerifier(keys: [key.verificationKey]).verify(log).report
        #expect(plain.isIntact && plain.anchors == nil)
        for (bytes, code) in [([1] as [UInt8]?, "LOG265"), (nil, "LOG201")] {
            log.files[.anchor(size: size)] = bytes
            #expect(codes(LogVerifier(keys: [key.verificationKey]).verify(log).report) == [code])
        }
    }

    @Test mutating func whatDoesNotCoverItsCheckpointIsSaid() throws {
        let size = try stamp(isRecorded: false)
        let answer = try #require(log.files[.anchor(size: size)])
        try grow(5)
        // The same time stamp in another checkpoint's place.
        var moved = log
        moved.files[.anchor(size: log.treeSize)] = answer
        #expect(codes(report(moved)) == ["LOG262"])
        var lost = log
        lost.files[.keptCheckpoint(size: size)] = nil
        #expect(codes(report(lost)) == ["LOG201", "LOG266"])
        // By a certificate for something else, and by one that had ended.
        let note = try CheckpointNote(parsing: log.files[.keptCheckpoint(size: size)] ?? [])
        let request = try TimestampRequest(imprint: note.imprint).bytes
        var other = log
        other.files[.anchor(size: size)] = try authority.answer(request, signedAgainBy: .web)
        #expect(codes(report(other)) == ["LOG264", "LOG266"])
        other.files[.anchor(size: size)] = try authority.answer(request, by: .old)
        #expect(codes(report(other)) == ["LOG264", "LOG266"])
        other.files[.anchor(size: size)] = [0x30]
        #expect(codes(report(other)) == ["LOG261", "LOG266"])
        var spoilt = answer
        spoilt[spoilt.count - 1] ^= 1
        other.files[.anchor(size: size)] = spoilt
        #expect(codes(report(other)) == ["LOG263", "LOG266"])
        var beyond = log
        beyond.files[.anchor(size: 1_000)] = answer
        #expect(codes(report(beyond)) == ["LOG262"])
        // Another tree under the same size: its checkpoint differs, and so does the imprint.
        var fork = try MemoryLog(key: key, openedAt: Self.start + 1)
        while fork.treeSize < size { try fork.append(Self.line(fork.treeSize), recordedAt: 0) }
        try fork.sign(keep: true)
        fork.files[.anchor(size: size)] = answer
        #expect(codes(report(fork)) == ["LOG262", "LOG266"])
    }

    private static func line(_ number: UInt64) -> String {
        """
        {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"s",\
        "source_seq":\(number),"type":"heartbeat","v":1}
        """
    }

    /// A recorded time stamp is bound by its hash: no byte of the file may change, and none go.
    @Test mutating func aRecordedTimeStampMayNeitherChangeNorGo() throws {
        let size = try stamp()
        let answer = try #require(log.files[.anchor(size: size)])
        for index in stride(from: 0, to: answer.count, by: 13) {
            var changed = log
            changed.files[.anchor(size: size)]?[index] ^= 0x40
            #expect(codes(report(changed)).contains("LOG265"), "byte \(index)")
        }
        // Another time stamp over the same checkpoint, as good as the first, is not the recorded one.
        var another = log
        let note = try CheckpointNote(parsing: log.files[.keptCheckpoint(size: size)] ?? [])
        another.files[.anchor(size: size)] = try authority.answer(
            TimestampRequest(imprint: note.imprint).bytes)
        #expect(codes(report(another)) == ["LOG265", "LOG266"])
        log.files[.anchor(size: size)] = nil
        let gone = report(log)
        #expect(codes(gone) == ["LOG201", "LOG266"])
        #expect(gone.violations.first?.index == size)
    }

    /// A certificate ends: what it stamped counts only if a later time stamp was made over its record.
    @Test mutating func aTimeStampIsCarriedOverTheEndOfItsCertificate() throws {
        var bare = self
        let first = try stamp()
        _ = try bare.stamp(isRecorded: false)
        let lapsed = report(log, afterDays: 3_651)
        #expect(codes(lapsed) == ["LOG255"] && lapsed.isIntact)
        #expect(lapsed.findings.first?.index == first)
        // Renewed in time, under a certificate that holds longer.
        try authority.shell(
            """
            echo extendedKeyUsage=critical,timeStamping > ext
            openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 7300 -extfile ext -out tsa.pem
            """)
        try grow(3)
        let second = try stamp()
        let renewed = report(log, afterDays: 3_651)
        #expect(codes(renewed).isEmpty)
        #expect(renewed.anchors?.anchors.map(\.treeSize) == [first, second])
        #expect(renewed.anchors?.anchors.map(\.isInForce) == [true, true])
        #expect(codes(report(log, afterDays: 7_301)) == ["LOG255", "LOG255"])
        // Without the record of the first, the second vouches for nothing.
        try bare.grow(3)
        _ = try bare.stamp()
        #expect(codes(report(bare.log, afterDays: 3_650 - 1)).isEmpty)
        #expect(codes(report(bare.log, afterDays: 3_651)) == ["LOG255"])
    }
}
