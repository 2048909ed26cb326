// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing
import TransparencyLog

/// Files that somebody made longer than any writer does: hundreds of megabytes, which take no place on the disk.
@Suite struct LongFileTests {
    private static let byteCount = 1 << 28

    /// Each is reported, as it is where one byte follows, and no more of it is read.
    @Test func noFileIsReadBeyondWhatItMayHold() throws {
        let log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<600))
        try appender.sign()
        let paths: [LogPath] = [
            .checkpoint, .bundle(index: 0, width: 256), .bundle(index: 1, width: 256),
            .tile(level: 0, index: 1, width: 256), .tile(level: 0, index: 2, width: 88),
            .tile(level: 1, index: 0, width: 2),
        ]
        let reader = LogReader(log.path)
        #expect(try verify(log).isIntact)
        for path in paths {
            let bytes = try log.bytes(path.text)
            #expect(bytes.count <= path.byteCountMax)
            try log.replace(path.text, bytes + [0])
            let short = try verify(log)
            try log.replace(path.text, bytes)
            let isLong = unsafe truncate(log.path + "/" + path.text, Self.byteCount) == 0
            #expect(isLong)
            let lent = try reader.withFile(path) { $0.byteCount }
            #expect(lent == path.byteCountMax + 1, "\(path.text)")
            let long = try verify(log)
            #expect(!long.isIntact && !short.isIntact, "\(path.text)")
            #expect(long.violations.first?.path == short.violations.first?.path, "\(path.text)")
            try log.replace(path.text, bytes)
        }
        #expect(try verify(log).isIntact)
    }

    private func verify(_ log: SampleLog) throws -> VerificationReport {
        LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
    }
}

extension SampleLog {
    /// Writes a file in place of one that may not be written to.
    fileprivate func replace(_ file: String, _ bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: path + "/" + file)
        try write(file, bytes)
    }
}
