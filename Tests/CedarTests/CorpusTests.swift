// SPDX-License-Identifier: Apache-2.0

import CedarCorpus
import Foundation
import Testing

/// The vectors of Cedar's own project, which lie beside the repository.
enum Vectors {
    static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let candidates =
            environment["VIGIE_VECTORS"].map { [URL(fileURLWithPath: $0)] }
            ?? [
                root.appending(path: "../shared/vectors"),
                root.appending(path: "../../shared/vectors"),
            ]
        return candidates.map { $0.standardizedFileURL.appending(path: "cedar") }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    /// Unpacks an archive of the folder into a temporary folder.
    static func unpack(_ archive: String, in folder: URL, to target: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "tar", "xzf", folder.appending(path: archive).path, "-C", target.path,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

@Suite("Cedar's conformance corpus")
struct CorpusTests {
    @Test("the 22 hand-written tests", .enabled(if: Vectors.folder != nil, "no vectors"))
    func handWritten() throws {
        let folder = try #require(Vectors.folder)
        let tally = CorpusFolder(folder).run()
        #expect(tally.differences == [])
        #expect(tally.requests.description == "74/74")
        #expect(tally.validations.description == "22/22")
    }

    @Test("the sample of the generated corpus", .enabled(if: Vectors.folder != nil, "no vectors"))
    func generated() throws {
        let folder = try #require(Vectors.folder)
        let target = FileManager.default.temporaryDirectory
            .appending(path: "cedar-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: target) }
        try Vectors.unpack("corpus-sample.tar.gz", in: folder, to: target)
        try Vectors.unpack("validation-sample.tar.gz", in: folder, to: target)
        let tally = CorpusFolder(
            target.appending(path: "corpus-sample"),
            validation: target.appending(path: "validation-sample")
        ).run()
        #expect(tally.differences.prefix(5) == [])
        #expect(tally.requests.description == "12848/12848")
        #expect(tally.validations.description == "1606/1606")
        #expect(tally.strict.description == "1593/1593")
        #expect(tally.permissive.description == "1593/1593")
    }
}
