// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Merkle
import Testing
import TransparencyLog
import Witnessing

/// `vigie log cosign`, from the log to its readers.
@Suite struct CosignTests {
    let folder: Folder
    let log: String
    let policy: String
    let server: WitnessServer

    init() throws {
        folder = try Folder()
        log = folder.path("log")
        policy = folder.path("policy")
        let made = try Program.run(["log", "init", log, "--origin", "vigie.example/essai"])
        #expect(made.status == 0, "\(made.errors)")
        server = try WitnessServer(in: folder, log: "@\(log).vkey")
        try Self.append(1..<300, to: log)
        try writePolicy()
    }

    private func writePolicy() throws {
        let text = """
            witness cse \(server.publicKey) http://127.0.0.1:\(server.port)/
            quorum cse

            """
        try text.write(toFile: policy, atomically: true, encoding: .utf8)
    }

    static func append(_ range: Range<Int>, to log: String, key: String? = nil) throws {
        let lines = range.map { number in
            """
            {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
            "source_seq":\(number),"type":"heartbeat","v":1}

            """
        }
        let keys = key.map { ["--key", $0] } ?? []
        let done = try Program.run(["log", "append", log] + keys, input: lines.joined())
        #expect(done.status == 0, "\(done.errors)")
    }

    private func verify(_ log: String? = nil) throws -> (status: Int32, output: String) {
        let outcome = try Program.run([
            "verify", log ?? self.log, "--key", "@\(self.log).vkey", "--policy", policy,
        ])
        return (outcome.status, outcome.output)
    }

    private func cosign(_ log: String? = nil) throws -> (
        status: Int32, output: String, errors: String
    ) {
        func ask() throws -> (status: Int32, output: String, errors: String) {
            try Program.run([
                "log", "cosign", log ?? self.log, "--key", "@\(self.log).vkey", "--policy", policy,
            ])
        }
        var done = try ask()
        // On a machine with much else to do the witness may not answer in time: the remedy is to try again.
        for _ in 0..<3 where done.errors.contains("WIT211") { done = try ask() }
        return done
    }

    @Test func aReaderSeesUpToWhereTheWitnessSaw() throws {
        #expect(try verify().status == 2)
        let first = try cosign()
        #expect(first.status == 0, "\(first)")
        var seen = try verify()
        #expect(seen.status == 0 && seen.output.contains("Cosigned by cse (cse.example/temoin)"))
        try Self.append(300..<700, to: log)
        seen = try verify()
        #expect(seen.status == 4 && seen.output.contains("Seen by the witnesses: 300 entries"))
        #expect(try cosign().status == 0)
        #expect(try verify().status == 0)
        #expect(try cosign().status == 0)
        // The log is still one that its writer, and a reader without policy, take as it is.
        try Self.append(700..<701, to: log)
        #expect(try Program.run(["verify", log, "--key", "@\(log).vkey"]).status == 0)
    }

    /// A clock that differs from the witness's is said; the cosignature is kept all the same.
    @Test func aWitnessOfAnotherTimeIsNamed() throws {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        for (offset, isSaid) in [(-200, false), (-86_400, true), (86_400, true)] as [(Int64, Bool)]
        {
            let clock = try Program.clock(at: now + offset * 1_000, in: folder)
            let done = try Program.run(
                clock + [
                    Program.executable().path, "log", "cosign", log, "--key", "@\(log).vkey",
                    "--policy", policy, "--lang", "en",
                ], program: "/usr/bin/env")
            #expect(done.status == 0, "\(done)")
            let said = (done.output + done.errors).contains(
                "that of the witness cse.example/temoin")
            #expect(said == isSaid, "\(offset): \(done)")
        }
    }

    /// A proof is checked under a policy alone: its logs, and its witnesses.
    @Test func aProofIsCheckedUnderAPolicy() throws {
        func prove(_ name: String) throws -> String {
            // Taken from a mirror: where the log is signed, its readers are recorded in it.
            let mirror = folder.path("miroir")
            try Program.run(["log", "publish", log, mirror])
            let made = try Program.run(["log", "prove", mirror, "7", "--out", folder.path(name)])
            try #require(made.status == 0, "\(made)")
            return folder.path(name) + ".tlog-proof"
        }
        func check(
            _ proof: String, _ options: [String]
        ) throws -> (status: Int32, output: String, errors: String) {
            try Program.run(["prove", "verify", proof, "--lang", "en"] + options)
        }
        let key = try String(contentsOfFile: log + ".vkey", encoding: .utf8)
        let text = try String(contentsOfFile: policy, encoding: .utf8)
        let whole = folder.path("entiere")
        try "log \(key)\(text)".write(toFile: whole, atomically: true, encoding: .utf8)
        let early = try prove("avant")
        #expect(try check(early, ["--key", "@\(log).vkey"]).status == 0)
        let alone = try check(early, ["--policy", whole])
        #expect(alone.status == 2 && alone.errors.contains("LOG146"), "\(alone)")
        #expect(try cosign().status == 0)
        let late = try prove("apres")
        #expect(try check(late, ["--policy", whole]).status == 0)
        #expect(try check(late, ["--policy", policy, "--key", "@\(log).vkey"]).status == 0)
        let nobody = try check(late, ["--policy", policy])
        #expect(nobody.status == 64 && nobody.errors.contains("--key"), "\(nobody)")
        #expect(try check(late, []).status == 64)
        let other = folder.path("autre-journal")
        try Program.run(["log", "init", other, "--origin", "vigie.example/autre"])
        let foreign = try String(contentsOfFile: other + ".vkey", encoding: .utf8)
        try "log \(foreign)\(text)".write(toFile: whole, atomically: true, encoding: .utf8)
        #expect(try check(late, ["--policy", whole]).status == 2)
        let unlisted = try check(late, ["--policy", whole, "--key", "@\(log).vkey"])
        #expect(unlisted.status == 2 && unlisted.errors.contains("LOG147"), "\(unlisted)")
        let verified = try Program.run(["verify", log, "--key", "@\(log).vkey", "--policy", whole])
        #expect(verified.status == 2, "\(verified)")
    }

    /// Who reads the output by a program gets a document, of what failed too.
    @Test func eachCommandWritesADocument() throws {
        func document(_ arguments: [String]) throws -> [String: Any] {
            let done = try Program.run(arguments + ["-f", "json", "--lang", "en"])
            let object = try JSONSerialization.jsonObject(with: Data(done.output.utf8))
            let found = try #require(object as? [String: Any], "\(done)")
            #expect(found["exit_code"] as? Int32 == done.status)
            #expect(found["complete"] as? Bool == (done.status == 0))
            return found
        }
        let state = folder.path("autre")
        let made = try document(["witness", "init", "--state", state, "--name", "x.example/t"])
        let key = try #require(made["key"] as? String)
        #expect(key.hasPrefix("x.example/t+"))
        for isNew in [true, false] {
            let added = try document(["witness", "add-log", "--state", state, "@\(log).vkey"])
            #expect(added["origin"] as? String == "vigie.example/essai")
            #expect(added["added"] as? Bool == isNew)
        }
        let text = """
            witness cse \(server.publicKey) http://127.0.0.1:\(server.port)/
            witness x \(key) http://127.0.0.1:1/
            quorum cse

            """
        try text.write(toFile: policy, atomically: true, encoding: .utf8)
        let asked = try document(
            ["log", "cosign", log, "--key", "@\(log).vkey", "--policy", policy])
        #expect(asked["size"] as? Int == 300)
        let witnesses = try #require(asked["witnesses"] as? [[String: Any]])
        #expect(witnesses.map { $0["cosigned"] as? Bool } == [true, false])
        #expect(witnesses.last?["name"] as? String == "x.example/t")
        let errors = try #require(asked["errors"] as? [[String: Any]])
        #expect(errors.map { $0["code"] as? String } == ["WIT211"])
    }

    @Test func anotherHistoryIsNamedAndKept() throws {
        let other = folder.path("autre")
        try FileManager.default.copyItem(atPath: log, toPath: other)
        try Self.append(300..<400, to: log)
        try Self.append(400..<500, to: other, key: log + ".key")
        #expect(try cosign().status == 0)
        let fork = try cosign(other)
        #expect(fork.status == 2 && fork.errors.contains("WIT214"), "\(fork)")
        #expect(try verify(other).status == 2)
        server.kill()
        let status = try Program.run(["witness", "status", "--state", server.state])
        #expect(status.status == 2 && status.output.contains("fork-"))
    }

    @Test func aLogThatWentBackIsNamed() throws {
        let old = folder.path("sauvegarde")
        try FileManager.default.copyItem(atPath: log, toPath: old)
        try Self.append(300..<400, to: log)
        #expect(try cosign().status == 0)
        let back = try cosign(old)
        #expect(back.status == 2 && back.errors.contains("WIT213"), "\(back)")
        #expect(back.errors.contains("400 entries"))
    }

    /// Keys change every night: the witness learns each next one from the log itself.
    @Test func theWitnessFollowsTheLogsKeys() throws {
        #expect(try cosign().status == 0)
        for night in 0..<3 {
            let rotated = try Program.run(["keys", "rotate", log])
            #expect(rotated.status == 0, "\(rotated)")
            try Self.append((300 + night * 10)..<(310 + night * 10), to: log)
            // Two nights pass before the witness is asked again.
            guard night != 1 else { continue }
            let done = try cosign()
            #expect(done.status == 0, "night \(night): \(done)")
            #expect(try verify().status == 0)
        }
    }

    /// The head is then the checkpoint that closes an epoch, signed by a key that is gone.
    @Test func aHeadThatClosesAnEpochIsCosigned() throws {
        for night in 0..<5 {
            #expect(try Program.run(["keys", "rotate", log]).status == 0)
            let done = try cosign()
            #expect(done.status == 0, "night \(night): \(done)")
            #expect(try verify().status == 0)
            if night == 2 { try Self.append(300..<301, to: log) }
        }
    }

    @Test func theKeyMustBeTheLogs() throws {
        let other = folder.path("autre")
        try Program.run(["log", "init", other, "--origin", "vigie.example/autre"])
        let wrong = try Program.run([
            "log", "cosign", log, "--key", "@\(other).vkey", "--policy", policy,
        ])
        #expect(wrong.status == 65 && wrong.errors.contains("LOG128"), "\(wrong)")
    }

    @Test func whoIsNoWitnessIsSaid() throws {
        let key = server.publicKey
        let vkey = "@\(log).vkey"
        func run(_ url: String, _ key: String) throws -> (Int32, String) {
            let outcome = try Program.run([
                "log", "cosign", log, "--key", vkey, "--witness", url, "--witness-key", key,
            ])
            return (outcome.status, outcome.errors)
        }
        #expect(try run("http://127.0.0.1:1", key).0 == 69)
        let file = folder.path("temoin.vkey")
        try (key + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try run("http://127.0.0.1:1", "@" + file).0 == 69)
        let malformed = try run("http://127.0.0.1:1", "x+y")
        #expect(malformed.0 == 65 && malformed.1.contains("vigie witness init"), "\(malformed)")
        let named = try Program.run([
            "witness", "init", "--state", folder.path("t"), "--name", "un témoin",
        ])
        #expect(named.status == 65 && named.errors.contains("WIT207"), "\(named)")
        #expect(try run("file:///etc/passwd", key).0 == 69)
        let url = "http://127.0.0.1:\(server.port)"
        let stranger = try WitnessSigningKey(name: "cse.example/temoin", key: .generate())
        let wrong = try run(url, stranger.verificationKey.text)
        #expect(wrong.0 == 65 && wrong.1.contains("WIT215"))
        #expect(try run(url + "/nowhere", key).0 == 69)
        let none = try Program.run(["log", "cosign", log, "--key", vkey])
        #expect(none.status == 64)
        let unknown = folder.path("inconnu")
        try Program.run(["log", "init", unknown, "--origin", "vigie.example/inconnu"])
        let refused = try Program.run([
            "log", "cosign", unknown, "--key", "@\(unknown).vkey", "--policy", policy,
        ])
        #expect(refused.status == 69 && refused.errors.contains("WIT212"))
    }

    /// Only the last entry under the last cosigned head may announce a key, with a proof.
    @Test func aKeyIsLearnedFromTheLogAlone() throws {
        func addKey(_ body: [UInt8]) throws -> String {
            let head = "POST /add-key HTTP/1.1\r\nContent-Length: \(body.count)\r\n\r\n"
            return String(try server.exchange(Array(head.utf8) + body).dropFirst(9).prefix(3))
        }
        func proof(_ index: UInt64, _ size: UInt64, entry: UInt64) throws -> LogProof {
            let prover = try LogProver(LogReader(log))
            let proof = try prover.prove(index: index, size: size)
            return LogProof(
                inclusion: proof.inclusion, head: proof.head, extra: try prover.entry(at: entry))
        }
        #expect(try addKey([]) == "400")
        #expect(try addKey(proof(299, 300, entry: 299).bytes) == "409")
        #expect(try cosign().status == 0)
        // An entry that announces nothing, or that is another than the one proven.
        #expect(try addKey(proof(299, 300, entry: 299).bytes) == "422")
        #expect(try addKey(proof(299, 300, entry: 298).bytes) == "422")
        try Program.run(["keys", "rotate", log])
        let announcement = try proof(300, 301, entry: 300)
        #expect(LogAnnouncement(entry: announcement.extra) != nil)
        // The witness has not cosigned that head.
        #expect(try addKey(announcement.bytes) == "409")
        var note = try LogProver(LogReader(log)).checkpoint(size: 301).note
        let request = AddCheckpoint(
            oldSize: 300,
            proof: try LogProver(LogReader(log))
                .prove(oldSize: 300, size: 301).consistency.hashes, note: note)
        #expect(try server.post(request.body).status == 200)
        var wrong = announcement
        wrong = LogProof(
            inclusion: .init(index: 300, treeSize: 301, hashes: []), head: wrong.head,
            extra: wrong.extra)
        #expect(try addKey(wrong.bytes) == "422")
        #expect(try addKey(announcement.bytes) == "200")
        // From now on the old key signs nothing.
        #expect(try addKey(announcement.bytes) == "403")
        note.text = note.text.replacing("301", with: "302")
        let late = AddCheckpoint(oldSize: 301, proof: [], note: note)
        #expect(try server.post(late.body).status == 403)
        try Self.append(300..<310, to: log)
        #expect(try cosign().status == 0)
    }
}
