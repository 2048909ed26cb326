// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Testing
import TransparencyLog

/// Logs whose open segment is as programs wrote it before batches had headers.
@Suite struct EarlierSegmentTests {
    let log: SampleLog
    /// The frames of the open segment, without headers, and their leaf hashes.
    let frames: [UInt8]
    let leaves: [UInt8]

    init() throws {
        log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
        for first in [300, 303, 304] {
            _ = try appender.append(SampleLog.submissions(first..<(first + 1)))
        }
        let bytes = try log.bytes("wal/256.seg")
        var (frames, leaves, offset) = ([UInt8](), [UInt8](), 0)
        while let start = unsafe SegmentHeader.frameOffset(at: offset, in: bytes.span.bytes),
            let range = unsafe EntryBundle.entryRange(at: start, in: bytes.span.bytes)
        {
            frames += bytes[start..<range.upperBound]
            leaves += SHA256Hasher().leafHash(Array(bytes[range])).bytes
            offset = range.upperBound
        }
        (self.frames, self.leaves) = (frames, leaves)
    }

    private func write(_ segment: [UInt8], _ hashes: [UInt8], to log: SampleLog) throws {
        try log.write("wal/256.seg", segment)
        try log.write("wal/256.leaf", hashes)
    }

    private func hasLeaves(_ log: SampleLog) -> Bool {
        FileManager.default.fileExists(atPath: log.path + "/wal/256.leaf")
    }

    @Test func theyGoOn() throws {
        try write(frames, leaves, to: log)
        do {
            let appender = try log.open()
            #expect(appender.size == 303 && appender.tornTail == nil)
            #expect(!hasLeaves(log))
            _ = try appender.append(SampleLog.submissions(305..<600))
            try appender.sign()
        }
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact && report.entryCount == 598)
    }

    /// What a crash left after the last whole entry is set aside as it was.
    @Test(arguments: [([UInt8](), 0), ([1, 100, 7], 0), ([], 32), ([1, 100, 7], 40)])
    func theirTornEndIsKeptAside(_ torn: [UInt8], _ lost: Int) throws {
        try write(frames + torn, leaves.dropLast(lost), to: log)
        let appender = try log.open()
        let kept = 303 - (lost + 31) / 32
        #expect(appender.size == UInt64(kept + (torn.isEmpty && lost == 0 ? 0 : 1)))
        guard let tail = appender.tornTail else { return }
        #expect(tail.first == UInt64(kept))
        let aside = [UInt8](try Data(contentsOf: URL(filePath: tail.path)))
        #expect((frames + torn).suffix(aside.count) == aside[...] && aside.count >= torn.count)
    }

    /// Cut short once the segment is today's and the hashes are still there.
    @Test func aConversionThatWasCutShortIsFinished() throws {
        try write(frames, leaves, to: log)
        let size = try log.open().size
        let today = try log.bytes("wal/256.seg")
        try log.write("wal/256.leaf", leaves)
        #expect(try log.open().size == size)
        #expect(try log.bytes("wal/256.seg") == today && !hasLeaves(log))
    }

    @Test func alteredOnesAreRefused() throws {
        for place in stride(from: 0, to: 44 * 32, by: 97) {
            let copy = try SampleLog.copy(of: log)
            var altered = leaves
            altered[place] ^= 1
            try write(frames, altered, to: copy)
            let error = #expect(throws: StorageError.self) { try copy.open() }
            #expect(error?.code == .behindSignature, "\(place)")
        }
    }
}
