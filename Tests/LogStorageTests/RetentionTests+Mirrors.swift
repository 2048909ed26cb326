// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// Mirrors of a log that is 300 days old.
extension RetentionTests {
    @Test func aMirrorGrowsWithTheLogAndLosesWhatIsPurged() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let publisher = LogPublisher(from: log.path, to: mirror)
        let first = try publisher.publish()
        #expect(first.head.treeSize == 3_011)
        #expect(report(mirror) == report())
        #expect(try publisher.publish().writtenCount == 0)
        _ = try open().append(SampleLog.submissions(3_001..<3_400))
        try open().sign()
        let second = try publisher.publish()
        #expect((1..<20).contains(second.writtenCount))
        #expect(second.removedCount > 0)
        #expect(report(mirror).isIntact)
        _ = try open().purge(try request(70))
        #expect(try publisher.publish().removedCount >= 3)
        #expect(report(mirror).isIntact && report(mirror).purged.count == 1)
        #expect(!FileManager.default.fileExists(atPath: mirror + "/tile/entries/000"))
        #expect(!FileManager.default.fileExists(atPath: mirror + "/.state"))
        cleanUp()
    }

    @Test func aMirrorOfAnotherLogIsLeftAsItIs() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let other = try SampleLog()
        let appender = try other.create()
        _ = try appender.append(SampleLog.submissions(1..<50, source: "autre"))
        try appender.sign()
        _ = try LogPublisher(from: other.path, to: mirror).publish()
        let error = #expect(throws: StorageError.self) {
            try LogPublisher(from: log.path, to: mirror).publish()
        }
        #expect(error?.code == .forkedMirror)
        #expect(report(mirror).head?.treeSize == 50)
        cleanUp()
    }

    @Test func anAlteredLogIsNotPublished() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        var bytes = try log.bytes("tile/entries/004")
        bytes[99] ^= 1
        try FileManager.default.removeItem(atPath: log.path + "/tile/entries/004")
        try log.write("tile/entries/004", bytes)
        let error = #expect(throws: StorageError.self) {
            try LogPublisher(from: log.path, to: mirror).publish()
        }
        #expect(error?.code == .altered)
        #expect(!FileManager.default.fileExists(atPath: mirror + "/checkpoint"))
        cleanUp()
    }

    /// What a log lost a mirror keeps: it may be the last copy.
    @Test func aMirrorLosesNothingButWhatAnEntrySaysWasPurged() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let publisher = LogPublisher(from: log.path, to: mirror)
        func refusal() throws -> StorageError.Code? {
            #expect(throws: StorageError.self) { try publisher.publish() }?.code
        }
        _ = try publisher.publish()
        let bundles = try (0..<4).map { try log.bytes("tile/entries/00\($0)") }
        for number in 0..<2 {
            try FileManager.default.removeItem(atPath: log.path + "/tile/entries/00\(number)")
        }
        #expect(try refusal() == .altered)
        #expect(report(mirror).isIntact && report(mirror).purged.isEmpty)
        for number in 0..<2 { try log.write("tile/entries/00\(number)", bundles[number]) }
        _ = try open().purge(try request(70))
        // Beyond what was purged, a bundle is lost as before; a new mirror has no use for others' kept entries.
        try FileManager.default.removeItem(atPath: log.path + "/tile/entries/003")
        let other = mirror + "-2"
        defer { try? FileManager.default.removeItem(atPath: other) }
        let lost = #expect(throws: StorageError.self) {
            try LogPublisher(from: log.path, to: other).publish()
        }
        #expect(lost?.code == .notFound)
        try log.write("tile/entries/003", bundles[3])
        #expect(try publisher.publish().removedCount >= 3)
        _ = try LogPublisher(from: log.path, to: other).publish()
        #expect(report(mirror).isIntact && report(other).isIntact)
        cleanUp()
    }

    static func files(of folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            files[path] = FileManager.default.contents(atPath: folder + "/" + path)
        }
        return files
    }

    /// No byte of a log that its head does not vouch for takes the place of a good one.
    @Test func anAlteredFileReplacesNothingInAMirror() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        var wanted = try request(70)
        wanted.standing = .init(indices: [5, 9], since: Self.start)
        _ = try open().purge(wanted)
        let publisher = LogPublisher(from: log.path, to: mirror)
        _ = try publisher.publish()
        let before = try Self.files(of: mirror)
        let standing = try FileManager.default.subpathsOfDirectory(atPath: log.path)
            .first { $0.hasPrefix("standing/") && $0.hasSuffix("/000") }
        for name in ["checkpoint", "checkpoints/302", "kept/0", try #require(standing)] {
            let good = try log.bytes(name)
            for place in [good.count / 2, good.count - 9] {
                var bytes = good
                bytes[place] ^= 1
                try FileManager.default.removeItem(atPath: log.path + "/" + name)
                try log.write(name, bytes)
                let error = #expect(throws: StorageError.self, "\(name)") {
                    try publisher.publish()
                }
                #expect(error?.code == .altered)
                #expect(try Self.files(of: mirror) == before, "\(name)")
            }
            try FileManager.default.removeItem(atPath: log.path + "/" + name)
            try log.write(name, good)
        }
        #expect(try publisher.publish().writtenCount == 0)
        cleanUp()
    }

    /// A log may be reached by another name, and written and mirrored under it.
    @Test func aLogBehindALinkIsWritten() throws {
        let (link, mirror) = (log.path + "-link", log.path + "-mirror")
        defer {
            for path in [link, mirror] { try? FileManager.default.removeItem(atPath: path) }
        }
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: log.path)
        do {
            let appender = try LogAppender(
                link, keyFile: keyFile,
                options: .init { [now] in now.time.load(ordering: .relaxed) })
            _ = try appender.append(SampleLog.submissions(3_001..<3_100))
            try appender.rotateKey()
        }
        _ = try LogPublisher(from: link, to: mirror).publish()
        #expect(report(mirror) == report() && report().isIntact)
        cleanUp()
    }

    @Test func aMirrorIsApartFromItsLog() throws {
        for place in [log.path, log.path + "/tile", log.path + "/mirror"] {
            let error = #expect(throws: StorageError.self) {
                try LogPublisher(from: log.path, to: place).publish()
            }
            #expect(error?.code == .exists, "\(place)")
        }
        #expect(!FileManager.default.fileExists(atPath: log.path + "/mirror"))
        cleanUp()
    }
}
