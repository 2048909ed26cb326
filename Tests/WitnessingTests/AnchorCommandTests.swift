// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Glibc
import Testing

/// `vigie log anchor` and `vigie verify --tsa-roots`, with an authority of `openssl ts`.
@Suite struct AnchorCommandTests {
    /// Who reads, and why, where the log is signed.
    private static let reader = ["--as", "A00000000000f", "--case", "CASE-1"]

    let folder: Folder
    let log: String
    let authority: StampingAuthority

    init() throws {
        folder = try Folder()
        authority = try StampingAuthority()
        log = folder.path("log")
        let made = try Program.run(["log", "init", log, "--origin", "vigie.example/essai"])
        #expect(made.status == 0, "\(made.errors)")
        try CosignTests.append(1..<300, to: log)
    }

    private func anchor(_ options: [String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        try Program.run(["log", "anchor", log] + options)
    }

    private func verify() throws -> (status: Int32, output: String, errors: String) {
        try Program.run([
            "verify", log, "--key", "@\(log).vkey", "--tsa-roots", authority.rootsPath,
        ])
    }

    /// Without network: request, answer and roots are files.
    @Test func aMachineWithoutNetworkIsStamped() throws {
        let (request, response) = (folder.path("q.tsq"), folder.path("r.tsr"))
        let roots = ["--tsa-roots", authority.rootsPath]
        #expect(try verify().status == 2)
        #expect(try Program.run(["keys", "rotate", log]).status == 0)
        let asked = try anchor(["--request", request])
        #expect(asked.status == 0, "\(asked)")
        // The checkpoint that closes the epoch: 300 entries, and the announcement.
        #expect(asked.output.contains("301 entries"), "\(asked)")
        let bytes = Array(try Data(contentsOf: URL(filePath: request)))
        try Data(authority.answer(bytes)).write(to: URL(filePath: response))
        let kept = try anchor(["--response", response] + roots)
        #expect(kept.status == 0 && kept.output.contains("301 entries time-stamped"), "\(kept)")
        let seen = try verify()
        #expect(seen.status == 0, "\(seen)")
        #expect(seen.output.contains("Time-stamped: 301 entries existed on"))
        // The outsider's way, with nothing but the openssl command.
        try authority.shell(
            """
            head -3 '\(log)/checkpoints/301' > text
            openssl ts -verify -data text -in '\(log)/anchors/301.tsr' -CAfile ca.pem
            """)
        // Again: nothing changes, and nothing is recorded twice.
        #expect(try anchor(["--response", response] + roots).status == 0)
        let exported = try Program.run(
            ["log", "export", log, "--key", "@\(log).vkey"] + Self.reader)
        #expect(exported.output.components(separatedBy: "\"log.anchor\"").count == 2)
        // Another answer to the same request does not replace the first.
        try Data(authority.answer(bytes)).write(to: URL(filePath: response))
        let second = try anchor(["--response", response] + roots)
        #expect(second.status == 73 && second.errors.contains("WIT219"), "\(second)")
        #expect(try verify().status == 0)
    }

    /// The log says what the file was: no roots are needed to see that it is another, or gone.
    @Test func aTimeStampThatTheLogRecordedMayNeitherChangeNorGo() throws {
        let (request, response) = (folder.path("q.tsq"), folder.path("r.tsr"))
        #expect(try anchor(["--request", request]).status == 0)
        let bytes = Array(try Data(contentsOf: URL(filePath: request)))
        let good = try authority.answer(bytes)
        try Data(good).write(to: URL(filePath: response))
        let kept = try anchor(["--response", response, "--tsa-roots", authority.rootsPath])
        #expect(kept.status == 0, "\(kept)")
        func withoutRoots() throws -> (status: Int32, output: String, errors: String) {
            try Program.run(["verify", log, "--key", "@\(log).vkey"])
        }
        // The entry that records it is under the head from now on.
        try CosignTests.append(300..<310, to: log)
        #expect(try withoutRoots().status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: log + "/anchors")
        let file = URL(filePath: log + "/anchors/" + (try #require(names.first)))
        let stored = Array(try Data(contentsOf: file))
        #expect(names.count == 1 && stored == good)
        for place in stride(from: 0, to: good.count, by: 211) {
            var changed = good
            changed[place] ^= 1
            try Data(changed).write(to: file)
            let seen = try withoutRoots()
            #expect(seen.status == 2 && seen.output.contains("LOG265"), "byte \(place): \(seen)")
        }
        try FileManager.default.removeItem(at: file)
        let gone = try withoutRoots()
        #expect(gone.status == 2 && gone.output.contains("LOG201"), "\(gone)")
        try Data(good).write(to: file)
        #expect(try withoutRoots().status == 0)
    }

    @Test func answersThatAreNotBelievedAreNotKept() throws {
        let (request, response) = (folder.path("q.tsq"), folder.path("r.tsr"))
        #expect(try anchor(["--request", request]).status == 0)
        let bytes = Array(try Data(contentsOf: URL(filePath: request)))
        let answer = URL(filePath: response)
        func take(_ answerBytes: [UInt8], roots: String? = nil) throws -> (Int32, String) {
            try Data(answerBytes).write(to: answer)
            let done = try anchor([
                "--response", response, "--tsa-roots", roots ?? authority.rootsPath,
            ])
            return (done.status, done.errors)
        }
        let good = try authority.answer(bytes)
        #expect(try take([1, 2, 3]).1.contains("WIT217"))
        #expect(try take(good, roots: authority.folder.path("autre.pem")).1.contains("WIT217"))
        #expect(try take(authority.answer(bytes, signedAgainBy: .web)).0 == 65)
        #expect(try take(authority.answer(bytes, by: .old)).1.contains("not valid at that time"))
        let stranger = try TimestampRequest(imprint: .zero)
        #expect(try take(authority.answer(stranger.bytes)).1.contains("WIT220"))
        #expect(try take([0x30, 5, 0x30, 3, 2, 1, 2]).1.contains("WIT218"))
        #expect(try take(good, roots: response).1.contains("CLI115"))
        #expect(!FileManager.default.fileExists(atPath: log + "/anchors"))
        #expect(try take(good).0 == 0)
        for wrong in [
            [], ["--request", request, "--response", response], ["--tsa", "http://127.0.0.1:1"],
            ["--renew", "--response", response, "--tsa-roots", authority.rootsPath],
        ] {
            #expect(try anchor(wrong).status == 64, "\(wrong)")
        }
        // A source may not say that a time stamp was made.
        let claim = """
            {"id":"1","occurred_at":"2026-01-05T09:00:00.000Z","reference":"x","source":"s",\
            "source_seq":1,"type":"log.anchor","v":1}

            """
        let refused = try Program.run(["log", "append", log], input: claim)
        #expect(refused.status == 65 && refused.errors.contains("LOG118"))
    }

    /// Over HTTP; and what is renewed, and when.
    @Test func anAuthorityIsAskedOverHTTP() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let script = tests.appending(path: "oracles/timestamp_authority.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.path, authority.folder.path("tsa.cnf"), "tsa"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let port = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .newlines)
        let roots = ["--tsa-roots", authority.rootsPath]
        let url = ["--tsa", "http://127.0.0.1:\(port)/tsr"]
        let first = try anchor(url + roots)
        #expect(first.status == 0, "\(first)")
        #expect(try verify().status == 0)
        let early = try anchor(url + roots + ["--renew"])
        #expect(early.status == 0 && early.output.contains("nothing to renew"), "\(early)")
        let due = try anchor(url + roots + ["--renew", "--within-days", "4000", "-f", "json"])
        #expect(due.status == 0 && due.output.contains("\"anchored_size\""), "\(due)")
        let seen = try Program.run([
            "verify", log, "--key", "@\(log).vkey", "-f", "json", "--tsa-roots",
            authority.rootsPath,
        ])
        #expect(seen.status == 0 && seen.output.contains("\"in_force\""))
        #expect(seen.output.components(separatedBy: "\"in_force\"").count == 3)
        let hour = Int64(Date().timeIntervalSince1970 * 1_000) + 3_600_000
        let late = try Program.run(
            Program.clock(at: hour, in: folder) + [
                Program.executable().path, "log", "anchor", log, "--lang", "en",
            ] + url + roots, program: "/usr/bin/env")
        #expect(late.status == 0, "\(late)")
        #expect((late.output + late.errors).contains("s from that of the authority"), "\(late)")
        #expect(!(due.output + due.errors).contains("that of the authority"))
        let lost = try anchor(["--tsa", "http://127.0.0.1:\(port)/nowhere"] + roots)
        #expect(lost.status == 69 && lost.errors.contains("WIT211"), "\(lost)")
        #expect(lost.errors.contains("HTTP status 404"), "\(lost)")
        let deaf = try anchor(["--tsa", "http://127.0.0.1:1"] + roots)
        #expect(deaf.status == 69 && deaf.errors.contains("cannot be made"), "\(deaf)")
        let none = try anchor(["--tsa", "nonsense"] + roots)
        #expect(none.status == 69 && none.errors.contains("no `http` or `https`"), "\(none)")
    }
}
