// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Testing
import TransparencyLog

/// A log that is purged between one night and another.
@Suite struct PurgedResumeTests {
    /// What a night finds of a log as it is then.
    fileprivate struct Night {
        let story: LogStory
        let whole: AuditResult
        let report: VerificationReport
        let state: [UInt8]
        /// The bundles that are there.
        let present: Set<LogPath>

        init(_ story: LogStory) throws {
            self.story = story
            var log = story.log
            try log.sign()
            present = Set(log.files.keys.filter { if case .bundle = $0 { true } else { false } })
            let verifier = LogVerifier(keys: [story.key.verificationKey])
            let found = LogUnderAudit.verify(log, by: verifier)
            let auditor = Auditor(folders: [story.folder], reference: story.folder)
            (whole, report) = (try auditor.audit(try #require(found.log)), found.report)
            state = try resume(story, from: nil).bytes
        }
    }

    /// Nights before, between and after two purges, one of which came too early.
    private func nights(seed: UInt64) throws -> [Night] {
        var busy = try BusyStory(seed: seed)
        var nights: [Night] = []
        func end() throws { nights.append(try Night(busy.story)) }
        try busy.grow(by: 550)
        try end()
        // The purge is recorded, and its bytes are still there: it was cut short.
        busy.clock += 200 * LogStory.day
        try busy.story.add(
            "retention.purge", busy.clock,
            ["first": 0, "last": 255, "approver": "A1", "requester": "A2"], source: "vigie")
        try busy.grow(by: 20)
        try end()
        busy.story.remove(bundles: 0..<1)
        try end()
        try busy.grow(by: 200)
        try end()
        // Sixty days are not a hundred and eighty.
        busy.clock += 60 * LogStory.day
        try busy.grow(by: 220)
        try busy.story.purge(bundles: 1..<3, at: busy.clock)
        try busy.grow(by: 30)
        try end()
        try busy.grow(by: 260)
        try end()
        return nights
    }

    /// From whatever night on: the findings and the report are those of a reading of everything, and
    /// only a night after which bytes went has to read everything.
    @Test(arguments: [UInt64(1)])
    func goingOnFindsWhatReadingEverythingFinds(_ seed: UInt64) throws {
        let nights = try nights(seed: seed)
        #expect(nights.map(\.report.purged.count) == [0, 0, 1, 1, 2, 2])
        let codes = nights.map { $0.report.findings.map(\.kind) }
        #expect(codes[1] == [.purgedAndPresent] && codes[2] == [])
        #expect(Set(codes[5]) == [.purgedTooEarly])
        #expect(nights.allSatisfy { $0.whole.findings.count > 100 }, "seed \(seed)")
        var wasOutdated = 0
        for (place, night) in nights.enumerated() {
            for earlier in nights[...place] {
                let snapshot = try AuditSnapshot(decoding: earlier.state)
                #expect(snapshot.encoded == earlier.state)
                var log = night.story.log
                try log.sign()
                let verifier = LogVerifier(keys: [night.story.key.verificationKey])
                let isAsLeft = earlier.isAsLeft(in: night, below: snapshot.treeSize)
                do throws(OutdatedPrefix) {
                    let found = try LogUnderAudit.resume(log, by: verifier, from: snapshot)
                    #expect(isAsLeft && found.report == night.report)
                } catch {
                    #expect(!isAsLeft)
                    wasOutdated += 1
                    continue
                }
                expectSame(try resume(night.story, from: earlier.state).result, night.whole)
            }
        }
        #expect(wasOutdated == 2 * 4 + 2 * 2)
    }

    /// What is gone without a purge is said to be missing, whatever state there is.
    @Test func whatVanishesIsMissing() throws {
        var busy = try BusyStory(seed: 5)
        try busy.grow(by: 500)
        let state = try resume(busy.story, from: nil).bytes
        try busy.grow(by: 30)
        busy.story.remove(bundles: 0..<1)
        let snapshot = try AuditSnapshot(decoding: state)
        var log = busy.story.log
        try log.sign()
        let verifier = LogVerifier(keys: [busy.story.key.verificationKey])
        #expect(throws: OutdatedPrefix.self) {
            try LogUnderAudit.resume(log, by: verifier, from: snapshot)
        }
        let report = LogUnderAudit.verify(log, by: verifier).report
        #expect(report.violations.map(\.code) == [.missingFile])
    }
}

extension PurgedResumeTests.Night {
    /// Whether the bundles of a state are there, or gone, as they were.
    fileprivate func isAsLeft(in other: Self, below end: UInt64) -> Bool {
        (0..<(end / UInt64(LogPath.fullWidth))).allSatisfy { bundle in
            let path = LogPath.bundle(index: bundle, width: LogPath.fullWidth)
            return present.contains(path) == other.present.contains(path)
        }
    }
}
