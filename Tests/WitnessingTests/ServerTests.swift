// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Glibc
import Synchronization
import Testing
import TransparencyLog
import Witnessing

/// `vigie witness serve`, over a socket.
@Suite struct ServerTests {
    let folder: Folder
    let log: SmallLog
    let fork: SmallLog
    let server: WitnessServer

    init() throws {
        folder = try Folder()
        log = try SmallLog(prefix: 16, salt: 0)
        fork = try SmallLog(prefix: 3, salt: 1)
        server = try WitnessServer(in: folder, log: log.key.verificationKey.text)
    }

    private func cosigned(_ body: String, _ request: AddCheckpoint) throws -> Bool {
        let key = try WitnessVerificationKey(parsing: server.publicKey)
        let lines = try SignedNote.Signature.lines(parsing: Array(body.utf8))
        return lines.contains { key.timestamp(of: $0, over: request.note.text) != nil }
    }

    @Test func eachStatusOfTheStandard() throws {
        let first = try log.request(0, 5)
        var answer = try server.post(first.body)
        #expect(try answer.status == 200 && cosigned(answer.body, first))
        answer = try server.post(log.request(3, 9).body)
        #expect(answer == (409, "text/x.tlog.size", "5\n"))
        #expect(try server.post(fork.request(5, 9).body).status == 422)
        let stranger = try SmallLog(prefix: 16, salt: 0, seed: 2)
        #expect(try server.post(stranger.request(5, 9).body).status == 403)
        let twisted = AddCheckpoint(oldSize: 9, proof: [], note: first.note)
        #expect(try server.post(twisted.body).status == 400)
        #expect(try server.post(Array("old x\n\n".utf8)).status == 400)
        var other = first
        other.note.text = other.note.text.replacing("essai", with: "autre")
        #expect(try server.post(other.body).status == 404)
        #expect(try server.post(log.request(5, 9).body).status == 200)
    }

    /// The checks come in the order of the standard: who the log is, who signed, the sizes, the
    /// proof; each request is wrong in all that comes later.
    @Test func theStatusesComeInTheStandardsOrder() throws {
        #expect(try server.post(log.request(0, 5).body).status == 200)
        let stranger = try SmallLog(prefix: 3, salt: 1, seed: 2)
        func status(_ old: UInt64, _ request: AddCheckpoint) throws -> Int {
            try server.post(AddCheckpoint(oldSize: old, proof: [], note: request.note).body).status
        }
        var unknown = try stranger.request(0, 9)
        unknown.note.text = unknown.note.text.replacing("essai", with: "autre")
        #expect(try status(12, unknown) == 404)
        #expect(try status(12, stranger.request(0, 9)) == 403)
        #expect(try status(12, fork.request(0, 9)) == 400)
        #expect(try status(7, fork.request(0, 9)) == 409)
        #expect(try status(5, fork.request(0, 9)) == 422)
        #expect(try status(5, log.request(0, 5)) == 200)
    }

    /// `vigie witness serve --name … --log …` makes the witness, once, and never makes it anew.
    @Test func oneCommandIsAWitness() throws {
        let folder = try Folder()
        let key = log.key.verificationKey.text
        let witness = try WitnessServer(atOnceIn: folder, log: key)
        let request = try log.request(0, 5)
        #expect(try witness.post(request.body).status == 200)
        witness.kill()
        try witness.start(["--name", "cse.example/temoin", "--log", key])
        #expect(try witness.post(request.body) == (409, "text/x.tlog.size", "5\n"))
        witness.kill()
        // Its memory is gone: under the same key there is no new one.
        try FileManager.default.removeItem(atPath: witness.state)
        let lost = try Program.run([
            "witness", "serve", "--state", witness.state, "--listen", "127.0.0.1:0", "--name",
            "cse.example/temoin", "--log", key,
        ])
        #expect(lost.status == 66 || lost.status == 69, "\(lost)")
        #expect(!FileManager.default.fileExists(atPath: witness.state))
    }

    @Test func serversTheLastCheckpointToMonitors() throws {
        let id = SHA256Hasher().hash(Array(SmallLog.origin.utf8)).hex
        let get = Array("GET /\(id)/checkpoint HTTP/1.1\r\nConnection: close\r\n\r\n".utf8)
        #expect(try server.exchange(get).hasPrefix("HTTP/1.1 404 "))
        let request = try log.request(0, 5)
        #expect(try server.post(request.body).status == 200)
        let answer = try server.exchange(get)
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains(request.note.text))
        #expect(answer.contains("\n— cse.example/temoin "))
        #expect(answer.contains("\n— \(SmallLog.origin) "))
    }

    /// Many ask at once for different sizes with the same old one: one of them gets its
    /// cosignature, and what is remembered is what was given away.
    @Test func oneOfManyAtOnceIsCosigned() throws {
        #expect(try server.post(log.request(0, 4).body).status == 200)
        let bodies = try (5...16).map { size in
            (size, try (size % 2 == 0 ? fork : log).request(4, size).body)
        }
        let statuses = Mutex<[(Int, Int)]>([])
        let port = server.port
        DispatchQueue.concurrentPerform(iterations: bodies.count) { number in
            let (size, body) = bodies[number]
            let status = (try? WitnessServer.post(body, port: port).status) ?? 0
            statuses.withLock { $0.append((size, status)) }
        }
        let answers = statuses.withLock { $0 }
        let won = answers.filter { $0.1 == 200 }
        #expect(won.count == 1 && won[0].0 % 2 == 1, "\(answers)")
        #expect(answers.allSatisfy { [200, 409, 422].contains($0.1) }, "\(answers)")
        let answer = try server.post(log.request(4, 4).body)
        #expect(answer == (409, "text/x.tlog.size", "\(won[0].0)\n"))
    }

    /// What was given away is remembered however the process ends, and a fork is refused after.
    @Test func remembersAcrossAPowerCut() throws {
        #expect(try server.post(log.request(0, 5).body).status == 200)
        server.kill()
        try server.start()
        #expect(try server.post(fork.request(0, 9).body).status == 409)
        #expect(try server.post(fork.request(5, 9).body).status == 422)
        #expect(try server.post(fork.request(5, 5).body).status == 422)
        #expect(try server.post(log.request(5, 9).body).status == 200)
        server.kill()
        let status = try Program.run(["witness", "status", "--state", server.state])
        #expect(status.status == 2 && status.output.contains("TWO HISTORIES"))
        #expect(status.output.contains("9 entries"))
        let names = status.output.split(separator: "\n").map { $0.trimmingPrefix("  ") }
        let id = SHA256Hasher().hash(Array(SmallLog.origin.utf8)).hex
        let fork = try #require(names.first { $0.hasPrefix("fork-") })
        let kept = try Data(
            contentsOf: URL(filePath: "\(server.state)/logs/\(id)/evidence/\(fork)"))
        #expect(kept.range(of: Data(try self.fork.request(5, 5).body)) != nil)
    }

    /// A crash between recording and answering loses the answer only: the client asks again.
    @Test func anAnswerThatWasLostIsGivenAgain() throws {
        let request = try log.request(0, 5)
        let head = "POST /add-checkpoint HTTP/1.1\r\nContent-Length: \(request.body.count)\r\n\r\n"
        // The client is gone before the answer comes.
        _ = try server.exchange(Array(head.utf8) + request.body)
        server.kill()
        try server.start()
        let conflict = try server.post(request.body)
        #expect(conflict == (409, "text/x.tlog.size", "5\n"))
        let again = try log.request(5, 5)
        let answer = try server.post(again.body)
        #expect(try answer.status == 200 && cosigned(answer.body, again))
    }

    @Test func aMemoryThatWasLostOrAlteredCosignsNothing() throws {
        #expect(try server.post(log.request(0, 5).body).status == 200)
        let id = SHA256Hasher().hash(Array(SmallLog.origin.utf8)).hex
        let head = URL(filePath: "\(server.state)/logs/\(id)/head")
        let bytes = try Data(contentsOf: head)
        try FileManager.default.removeItem(at: head)
        #expect(try server.post(log.request(0, 9).body).status == 503)
        server.kill()
        let serve = ["witness", "serve", "--state", server.state, "--listen", "127.0.0.1:0"]
        let lost = try Program.run(serve)
        #expect(lost.status == 2 && lost.errors.contains("WIT203"))
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[index] ^= 1
            try changed.write(to: head)
            let altered = try Program.run(["witness", "status", "--state", server.state])
            // A byte of the log's own signature is not the witness's to vouch for.
            let isLogSignature =
                altered.status == 0
                && String(decoding: bytes[..<index], as: UTF8.self).contains("— vigie")
                && !String(decoding: bytes[..<index], as: UTF8.self).contains("— cse")
            #expect(
                altered.status == 2 && altered.errors.contains("WIT204") || isLogSignature,
                "byte \(index): \(altered)")
        }
    }

    /// The command that makes a witness must not make one that lost its logs anew.
    @Test func aMemoryThatLostItsLogsCosignsNothing() throws {
        #expect(try server.post(log.request(0, 5).body).status == 200)
        server.kill()
        let vkey = log.key.verificationKey.text
        let serve = [
            "witness", "serve", "--state", server.state, "--listen", "127.0.0.1:0", "--name",
            "cse.example/temoin", "--log", vkey,
        ]
        let id = SHA256Hasher().hash(Array(SmallLog.origin.utf8)).hex
        let keys = URL(filePath: "\(server.state)/logs/\(id)/keys")
        let kept = try Data(contentsOf: keys)
        for bytes in [nil, Data()] {
            if let bytes {
                try bytes.write(to: keys)
            } else {
                try FileManager.default.removeItem(at: keys)
            }
            for command in [serve, ["witness", "add-log", "--state", server.state, vkey]] {
                let lost = try Program.run(command)
                #expect(lost.status == 2 && lost.errors.contains("WIT204"), "\(lost)")
            }
        }
        try kept.write(to: keys)
        let logs = URL(filePath: "\(server.state)/logs")
        try FileManager.default.moveItem(at: logs, to: URL(filePath: folder.path("ailleurs")))
        for command in [serve, ["witness", "status", "--state", server.state]] {
            let lost = try Program.run(command)
            #expect(lost.status == 2 && lost.errors.contains("WIT203"), "\(lost)")
        }
        try FileManager.default.moveItem(at: URL(filePath: folder.path("ailleurs")), to: logs)
        // A memory from before the logs were listed has those that it has.
        try FileManager.default.removeItem(atPath: server.state + "/known")
        try server.start()
        #expect(try server.post(log.request(5, 9).body).status == 200)
        #expect(FileManager.default.fileExists(atPath: server.state + "/known"))
    }

    /// Whoever sends many old checkpoints, which are public, takes no room from forks.
    @Test func aForkIsKeptHoweverManyRefusalsThereAre() throws {
        #expect(try server.post(log.request(0, 5).body).status == 200)
        let id = SHA256Hasher().hash(Array(SmallLog.origin.utf8)).hex
        let evidence = "\(server.state)/logs/\(id)/evidence"
        try FileManager.default.createDirectory(
            atPath: evidence, withIntermediateDirectories: true)
        for number in 0..<1_000 {
            try Data().write(to: URL(filePath: "\(evidence)/rollback-\(number)"))
        }
        #expect(try server.post(log.request(0, 3).body).status == 409)
        #expect(try server.post(fork.request(5, 5).body).status == 422)
        let names = try FileManager.default.contentsOfDirectory(atPath: evidence)
        #expect(names.count == 1_001 && names.contains { $0.hasPrefix("fork-") }, "\(names.count)")
    }

    @Test func oneProcessAtATimeAndItsOwnKey() throws {
        let second = try Program.run([
            "witness", "serve", "--state", server.state, "--listen", "127.0.0.1:0",
        ])
        #expect(second.status == 75)
        server.kill()
        let other = folder.path("autre")
        try Program.run(["witness", "init", "--state", other, "--name", "autre.example"])
        let wrong = try Program.run([
            "witness", "serve", "--state", server.state, "--key", other + ".key",
            "--listen", "127.0.0.1:0",
        ])
        #expect(wrong.status == 78 && wrong.errors.contains("WIT202"))
        let again = try Program.run([
            "witness", "init", "--state", server.state, "--key", folder.path("k"), "--name", "x",
        ])
        #expect(again.status == 73)
        let taken = try Program.run([
            "witness", "serve", "--state", other, "--listen", "127.0.0.1:99999",
        ])
        #expect(taken.status == 69)
    }
}

/// Requests that are not requests, and clients that do not behave.
@Suite struct HostileClientTests {
    let folder: Folder
    let server: WitnessServer

    init() throws {
        folder = try Folder()
        let log = try SmallLog(prefix: 16, salt: 0)
        server = try WitnessServer(in: folder, log: log.key.verificationKey.text)
    }

    static let requests: [(String, Int)] = [
        ("GET / HTTP/1.1\r\n\r\n", 200), ("HEAD / HTTP/1.1\r\n\r\n", 200),
        ("GET / HTTP/1.0\n\n", 200), ("GET /?x=1 HTTP/1.1\r\n\r\n", 200),
        ("GET /nothing HTTP/1.1\r\n\r\n", 404), ("GET /../../etc/passwd HTTP/1.1\r\n\r\n", 404),
        ("GET /%2e%2e/checkpoint HTTP/1.1\r\n\r\n", 404),
        ("GET /../checkpoint HTTP/1.1\r\n\r\n", 404),
        ("GET /add-checkpoint HTTP/1.1\r\n\r\n", 405), ("POST / HTTP/1.1\r\n\r\n", 405),
        ("GET / HTTP/2.0\r\n\r\n", 505), ("GET  / HTTP/1.1\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\n\r\n", 400), ("GET /\r\n\r\n", 400),
        ("\r\n\r\n", 400), ("GET / HTTP/1.1\r\nA : b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n", 400), ("GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: +1\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", 400),
        (
            "POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
            400
        ),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 408),
        ("POST /add-checkpoint HTTP/1.1\r\nExpect: x\r\n\r\n", 417),
        ("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 9_000) + "\r\n\r\n", 431),
        (String(repeating: "a", count: 20_000), 431),
    ]

    @Test func eachIsAnsweredAndTheServerLives() throws {
        for (request, status) in Self.requests {
            let answer = try server.exchange(Array(request.utf8))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.prefix(60)): \(answer)")
        }
        var numbers = SeededNumbers(state: 11)
        for _ in 0..<60 {
            let count = Int.random(in: 0...300, using: &numbers)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            _ = try server.exchange(bytes)
        }
        #expect(try server.exchange(Array("GET / HTTP/1.1\r\n\r\n".utf8)).contains(" 200 OK"))
    }

    @Test func requestsMayFollowEachOtherOnOneConnection() throws {
        let one = "GET / HTTP/1.1\r\n\r\n"
        let post = "POST /add-checkpoint HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
        let answer = try server.exchange(Array((one + post + one).utf8))
        let statuses = answer.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
        #expect(statuses == ["200", "400", "200"])
    }

    @Test(arguments: ["100-continue", "100-Continue"])
    func aBodyMayWaitForItsTurn(word: String) throws {
        let head = """
            POST /add-checkpoint HTTP/1.1\r\nContent-Length: 3\r\nExpect: \(word)\r\n\r\n
            """
        let answer = try server.exchange(Array(head.utf8))
        #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 "))
    }

    /// Sockets that say nothing, or half of something, keep no place from who has something to say.
    @Test func idleSocketsShutNobodyOut() throws {
        let idle = try (0..<60).map { number in
            let socket = try WitnessServer.connected(to: server.port)
            if number % 2 == 0 { unsafe send(socket, "POST /a", 7, Int32(MSG_NOSIGNAL)) }
            return socket
        }
        defer { idle.forEach { close($0) } }
        let log = try SmallLog(prefix: 16, salt: 0)
        #expect(try server.post(log.request(0, 5).body).status == 200)
    }
}
