// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// A log that is mirrored while it is written: partial files of a head may be gone before they are copied.
@Suite struct MovingMirrorTests {
    private final class Flag: Sendable { let isSet = Atomic(false) }

    @Test func aLogThatIsBeingWrittenIsMirrored() throws {
        let log = try SampleLog()
        let mirror = log.path + ".miroir"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
        let (isOver, ended) = (Flag(), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            var number = 299
            while !isOver.isSet.load(ordering: .acquiring) {
                number += 1
                guard
                    let events = try? SampleLog.submissions(number..<(number + 1)),
                    (try? appender.append(events)) != nil, (try? appender.sign()) != nil
                else { break }
                usleep(4_000)
            }
            ended.signal()
        }
        defer {
            isOver.isSet.store(true, ordering: .releasing)
            ended.wait()
        }
        var sizes: [UInt64] = []
        for _ in 0..<60 {
            let outcome = try LogPublisher(from: log.path, to: mirror).publish()
            let report = LogVerifier(keys: [log.key.verificationKey])
                .verify(LogReader(mirror)).report
            #expect(report.isIntact, "\(report.violations)")
            #expect(report.head?.treeSize == outcome.head.treeSize)
            sizes.append(outcome.head.treeSize)
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count > 10, "\(sizes)")
    }
}
