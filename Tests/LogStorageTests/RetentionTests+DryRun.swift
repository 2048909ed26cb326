// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// What a dry run says comes about, and nothing comes about by it.
extension RetentionTests {
    private var moment: Int64 { now.time.load(ordering: .relaxed) }

    @Test(arguments: [0, 29, 31, 70, 90] as [Int64])
    func aPurgeTakesWhatItsPlanSays(_ day: Int64) throws {
        defer { cleanUp() }
        let image = try FolderImage(of: log.path)
        let plan = try request(day).plan(of: log.path, now: moment).plan
        #expect(try FolderImage(of: log.path) == image)
        let purged = try open().purge(try request(day))
        #expect(purged == plan?.entries ?? 0..<0)
        // Of what is left, there is nothing to take a second time.
        #expect(try request(day).plan(of: log.path, now: moment).plan == nil)
    }

    /// What an earlier purge took and is there again is no part of the plan.
    @Test func aPlanTellsWhatCameBack() throws {
        defer { cleanUp() }
        let bundle = "tile/entries/001"
        let lost = try Data(contentsOf: URL(filePath: "\(log.path)/\(bundle)"))
        let appender = try open()
        #expect(try appender.purge(try request(35)) == 0..<512)
        try lost.write(to: URL(filePath: "\(log.path)/\(bundle)"))
        let image = try FolderImage(of: log.path)
        let (plan, returned) = try request(90).plan(of: log.path, now: moment)
        #expect(try FolderImage(of: log.path) == image)
        #expect(returned == [256..<512])
        #expect(try appender.removeReturned() == returned)
        let purged = try appender.purge(try request(90))
        #expect(purged == plan?.entries && purged.lowerBound == 512)
    }

    /// What a recovery would write first is no reason not to see what came back.
    @Test(arguments: [
        [], ["tile/0/011.p"], ["tile/1/000.p"], ["tile/0/000"], ["tile/0/001"], ["checkpoint"],
        ["checkpoint", ".state/signed"], ["tile/entries/011.p"], ["tile/0/001", "checkpoint"],
    ])
    func whatCameBackIsForeseen(_ missing: [String]) throws {
        defer { cleanUp() }
        let bundle = "tile/entries/001"
        let lost = try Data(contentsOf: URL(filePath: "\(log.path)/\(bundle)"))
        #expect(try open().purge(try request(35)) == 0..<512)
        for isBack in [false, true] {
            if isBack { try lost.write(to: URL(filePath: "\(log.path)/\(bundle)")) }
            let image = try FolderImage(of: log.path)
            for file in missing {
                try? FileManager.default.removeItem(atPath: "\(log.path)/\(file)")
            }
            let foreseen = Result {
                try LogOutlook(of: log.path, keyFile: keyFile, isThorough: true).returned
            }
            let found = Result { try open(isThorough: true).removeReturned() }
            switch (foreseen, found) {
            case (.success(let foreseen), .success(let found)):
                // Without both records of the head nothing says that anything was signed.
                let isKnown = !missing.contains(".state/signed")
                #expect(foreseen == (isKnown ? found : nil))
                #expect(found == (isBack ? [256..<512] : []))
            case (.failure(let said), .failure(let error)):
                #expect(said as? StorageError == error as? StorageError)
                // What a bundle that is gone would show is gone with its tile.
                #expect(missing.contains("tile/0/000") || !isBack, "\(error)")
            default: Issue.record("\(foreseen) \(found)")
            }
            try FileManager.default.removeItem(atPath: log.path)
            try image.write(to: log.path)
        }
    }

    @Test func aLogThatIsNotThereHasNoPlan() throws {
        defer { cleanUp() }
        let error = #expect(throws: StorageError.self) {
            try request(70).plan(of: log.path + ".nowhere", now: moment)
        }
        #expect(error?.code == .notFound)
    }

    /// A publication that cannot be made has no dry run either.
    @Test func whereThereIsNoPlaceForAMirror() throws {
        defer { cleanUp() }
        let file = log.path + ".key"
        for target in [log.path + ".nowhere/mirror", file, file + "/mirror"] {
            for isDryRun in [true, false] {
                #expect(throws: StorageError.self, "\(target) \(isDryRun)") {
                    try LogPublisher(from: log.path, to: target, isDryRun: isDryRun).publish()
                }
            }
        }
    }

    @Test func aPlanIsRefusedAsThePurgeWouldBe() throws {
        defer { cleanUp() }
        for (request, code) in [
            (try request(100), StorageError.Code.tooEarly),
            (try request(70, approver: "A1"), .decidedAlone),
            (try request(70, approver: "chef"), .notPseudonym),
        ] {
            let planned = #expect(throws: StorageError.self) {
                try request.plan(of: log.path, now: moment)
            }
            let done = #expect(throws: StorageError.self) { try open().purge(request) }
            #expect(planned?.code == code && planned == done)
        }
    }

    @Test func aPublicationDoesWhatItsDryRunSays() throws {
        let mirror = log.path + ".miroir"
        defer {
            cleanUp()
            try? FileManager.default.removeItem(atPath: mirror)
        }
        let (real, dry) = (
            LogPublisher(from: log.path, to: mirror),
            LogPublisher(from: log.path, to: mirror, isDryRun: true)
        )
        let first = try dry.publish()
        #expect(first.writtenCount > 20 && !FileManager.default.fileExists(atPath: mirror))
        #expect(try real.publish() == first)
        let none = try dry.publish()
        #expect(none.writtenCount == 0 && none.removedCount == 0)
        let appender = try open()
        _ = try appender.append(SampleLog.submissions(3_001..<3_101))
        _ = try appender.purge(try request(70))
        let image = try FolderImage(of: mirror)
        let second = try dry.publish()
        #expect(try FolderImage(of: mirror) == image)
        #expect(second.writtenCount > 0 && second.removedCount >= 3)
        #expect(try real.publish() == second)
    }
}
