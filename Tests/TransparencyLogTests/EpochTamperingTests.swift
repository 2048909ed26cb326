// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

/// A log of three epochs, tampered with in every way that touches one file.
///
/// Every byte changed, every file cut at every byte, removed, or taken from another log: nothing in
/// these files is immaterial.
@Suite struct EpochTamperingTests {
    static let origin = "vigie.example/test"
    let log: MemoryLog
    let verifier: LogVerifier

    init() throws {
        log = try Self.log(source: "portail")
        verifier = LogVerifier(keys: [try Self.key(1).verificationKey])
    }

    private static func key(_ number: UInt8) throws -> LogSigningKey {
        try LogSigningKey(
            name: origin, key: SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    /// Three keys of two or three entries each, and two closing checkpoints.
    private static func log(
        source: String, entriesBefore first: Int = 2, entriesAfter count: Int = 2
    ) throws -> MemoryLog {
        var log = try MemoryLog(key: key(1), openedAt: 1_767_225_600_000)
        var number = 0
        func submit(_ extra: String, _ type: String) throws {
            number += 1
            try log.append(
                """
                {"id":"\(source)-\(number)",\(extra)"occurred_at":"2026-01-05T09:00:00.000Z",\
                "source":"\(source)","source_seq":\(number),"type":"\(type)","v":1}
                """, recordedAt: 1_767_225_600_000 + Int64(number))
        }
        for next: UInt8 in [2, 3] {
            for _ in 0..<(next == 2 ? first : 2) { try submit("", "heartbeat") }
            try submit(
                "\"key\":\"\(key(next).verificationKey.text)\",\"key_id\":\"k\",", "key.rotate")
            try log.rotate(to: key(next))
        }
        for _ in 0..<count { try submit("", "heartbeat") }
        try log.sign()
        return log
    }

    private func report(_ files: MemoryLog) -> VerificationReport { verifier.verify(files).report }

    @Test func theLogIsIntact() {
        #expect(report(log).violations.isEmpty)
        #expect(report(log).keyEpochs.count == 3)
        #expect(log.files.count == 5)
    }

    /// Who signed what came after a lost announcement cannot be told: nothing is said of it.
    @Test func aLostAnnouncementIsTheOnlyThingSaid() throws {
        // 260 entries more: the bundle that announces both keys is a whole one.
        let long = try Self.log(source: "portail", entriesAfter: 260)
        #expect(report(long).isIntact)
        let bundle = LogPath.bundle(index: 0, width: LogPath.fullWidth)
        for tile in [true, false] {
            var altered = long
            altered.files[bundle] = nil
            if !tile { altered.files[.tile(level: 0, index: 0, width: LogPath.fullWidth)] = nil }
            let found = report(altered)
            let codes = Set(found.violations.map(\.code))
            #expect(codes.subtracting([.missingFile, .wrongOpening]).isEmpty, "\(codes)")
            #expect(codes.contains(.missingFile))
            #expect(found.findings.isEmpty)
            // No head is called good whose signature could not be checked.
            #expect(found.lastGoodHead == nil)
        }
    }

    /// Entry 0 is lost, the keys announced after it are not: their signatures are checked.
    @Test func aLostOpeningExcusesNoSignatureAndAccusesNone() throws {
        let long = try Self.log(source: "portail", entriesBefore: 300, entriesAfter: 300)
        #expect(report(long).isIntact)
        var altered = long
        altered.files[.bundle(index: 0, width: LogPath.fullWidth)] = nil
        #expect(Set(report(altered).violations.map(\.code)) == [.missingFile, .wrongOpening])
        for path in [.checkpoint, .keptCheckpoint(size: 302), .keptCheckpoint(size: 305)]
            as [LogPath]
        {
            var forged = altered
            var note = try #require(forged.files[path])
            let place = note.count - 20
            note[place] = note[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            forged.files[path] = note
            let codes = Set(report(forged).violations.map(\.code))
            #expect(codes == [.missingFile, .wrongOpening, .invalidSignature], "\(path.text)")
        }
        // Nor does a key count that the trusted one did not lead to.
        altered.files[.keptCheckpoint(size: 302)] = nil
        #expect(report(altered).violations.contains { $0.code == .missingClosingCheckpoint })
    }

    /// A lost bundle that announced no key excuses no signature.
    @Test func aLostBundleHidesNoWrongSignature() throws {
        let long = try Self.log(source: "portail", entriesAfter: 600)
        var altered = long
        altered.files[.bundle(index: 1, width: LogPath.fullWidth)] = nil
        #expect(Set(report(altered).violations.map(\.code)) == [.missingFile])
        var head = try #require(altered.files[.checkpoint])
        let place = head.count - 20
        head[place] = head[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        altered.files[.checkpoint] = head
        #expect(Set(report(altered).violations.map(\.code)) == [.missingFile, .invalidSignature])
    }

    @Test func noByteMayChange() {
        for (path, bytes) in log.files {
            for offset in bytes.indices {
                var changed = log
                changed.files[path]?[offset] ^= 1 << UInt8(offset % 8)
                #expect(!report(changed).isIntact, "\(path.text) byte \(offset)")
            }
        }
    }

    /// In a note each bit counts: base64 and numbers have one spelling.
    @Test func noBitOfANoteMayChange() {
        for (path, bytes) in log.files where path.text.hasPrefix("checkpoint") {
            for place in 0..<(8 * bytes.count) {
                var changed = log
                changed.files[path]?[place / 8] ^= 1 << UInt8(place % 8)
                #expect(!report(changed).isIntact, "\(path.text) bit \(place)")
            }
        }
    }

    @Test func noFileMayBeCutOrGo() {
        for (path, bytes) in log.files {
            for count in bytes.indices {
                var changed = log
                changed.files[path] = Array(bytes[..<count])
                #expect(!report(changed).isIntact, "\(path.text) cut at \(count)")
            }
            var changed = log
            changed.files[path] = nil
            #expect(!report(changed).isIntact, "\(path.text) removed")
        }
    }

    /// A log of the same name and keys, with other entries.
    @Test func noFileMayComeFromAnotherLog() throws {
        let other = try Self.log(source: "autre")
        #expect(report(other).isIntact)
        #expect(Set(other.files.keys) == Set(log.files.keys))
        for path in log.files.keys {
            var mixed = log
            mixed.files[path] = other.files[path]
            #expect(!report(mixed).isIntact, "\(path.text)")
        }
    }

    /// Whoever holds the last key cannot sign what an earlier epoch covers.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7] as [UInt64])
    func aLaterKeyCannotSignAnEarlierSize(_ size: UInt64) throws {
        let leaves = Array(log.leafHashes[..<Int(size)])
        var cut = try Self.rebuilt(leaves, from: log)
        let checkpoint = Checkpoint(
            origin: Self.origin, treeSize: size, rootHash: try Self.root(leaves))
        cut.files[.checkpoint] = try checkpoint.signed(with: Self.key(3)).bytes
        for first: UInt8 in [1, 3] {
            let verifier = LogVerifier(keys: [try Self.key(first).verificationKey])
            let codes = verifier.verify(cut).report.violations.map(\.code)
            #expect(codes.contains(.invalidSignature), "\(size): \(codes)")
        }
    }

    /// Within the last epoch its holder can cut the tail; a checkpoint that was kept shows it.
    @Test func aTailCutByTheHolderOfTheKeyShowsInAKeptCheckpoint() throws {
        let kept = try #require(log.files[.checkpoint])
        let shorter = try Self.log(source: "portail", entriesAfter: 1)
        #expect(report(shorter).isIntact)
        var shown = shorter
        shown.files[.keptCheckpoint(size: log.treeSize)] = kept
        #expect(report(shown).violations.map(\.code) == [.inconsistentCheckpoint])
    }

    private static func root(_ leaves: [SHA256Digest]) throws -> SHA256Digest {
        var nodes = leaves
        while nodes.count > 1 {
            // RFC 6962: all whole pairs of a level, and what is left over as it is.
            var parents: [SHA256Digest] = []
            for start in stride(from: 0, to: nodes.count, by: 2) {
                parents.append(
                    start + 1 < nodes.count
                        ? SHA256Hasher().nodeHash(nodes[start], nodes[start + 1]) : nodes[start])
            }
            nodes = parents
        }
        return try #require(nodes.first)
    }

    /// The first entries of a log, as files.
    private static func rebuilt(_ leaves: [SHA256Digest], from log: MemoryLog) throws -> MemoryLog {
        var cut = log
        let (width, count) = (Int(log.treeSize), leaves.count)
        let bundle = try #require(log.files[.bundle(index: 0, width: width)])
        let ranges = unsafe EntryBundle.entryRanges(in: bundle.span.bytes)
        cut.files = cut.files.filter { path, _ in
            if case .keptCheckpoint(let size) = path { size <= count } else { false }
        }
        cut.files[.bundle(index: 0, width: count)] = Array(bundle[..<ranges[count - 1].upperBound])
        cut.files[.tile(level: 0, index: 0, width: count)] = leaves.flatMap(\.bytes)
        return cut
    }
}
