// SPDX-License-Identifier: Apache-2.0

import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// A log whose writer moves entries from the segment to a bundle between two looks of a verifier.
@Suite struct MovingLogTests {
    /// Changes from one state to the next once a file is looked for.
    final class MovingLog: LogSource {
        let before: OverlaidLog
        let after: OverlaidLog
        let trigger: LogPath
        let hasMoved = Atomic<Bool>(false)

        init(before: OverlaidLog, after: OverlaidLog, trigger: LogPath) {
            (self.before, self.after, self.trigger) = (before, after, trigger)
        }

        func withFile<Result>(
            _ path: LogPath, _ body: (RawSpan) -> Result
        ) throws(LogSourceError) -> Result? {
            let log = hasMoved.load(ordering: .relaxed) ? after : before
            if path == trigger { hasMoved.store(true, ordering: .relaxed) }
            return try log.withFile(path, body)
        }

        func keptCheckpointSizes() -> [UInt64] { [] }

        func segments() -> [UInt64] {
            (hasMoved.load(ordering: .relaxed) ? after : before).segments()
        }
    }

    static let tile = LogPath.tile(level: 0, index: 0, width: 256)
    static let bundle = LogPath.bundle(index: 0, width: 256)

    /// Wherever the move comes, what an older head covers is found; the partial files of that head are
    /// gone already.
    @Test(arguments: [tile, bundle, .segment(first: 0), .checkpoint])
    func aLogThatSealsIsNotAccused(_ trigger: LogPath) throws {
        let log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<100))
        try appender.sign()
        let old = try OverlaidLog(log, [.checkpoint])
        _ = try appender.append(SampleLog.submissions(100..<400))
        let before = try OverlaidLog(log, [.segment(first: 0)])
            .replacing(.checkpoint, old.files[.checkpoint])
        try appender.sign()
        let after = try OverlaidLog(log, [Self.tile, Self.bundle, .segment(first: 256)])
            .replacing(.checkpoint, old.files[.checkpoint])
        let moving = MovingLog(before: before, after: after, trigger: trigger)
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(moving).report
        #expect(report.isIntact && report.entryCount == 100, "\(report.violations)")
    }
}
