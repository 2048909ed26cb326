// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing
import TransparencyLog
import Witnessing

/// Witnesses that end at the worst moment: what was given away is remembered, and nothing else was.
@Suite struct WitnessCrashTests {
    private static let strace = "/usr/bin/strace"
    static let hasStrace = FileManager.default.isExecutableFile(atPath: strace)

    /// What a witness asks of the system for a request: its memory's files, and the answer.
    private static let calls = [
        "openat", "write", "fchmod", "fsync", "fdatasync", "rename", "renameat", "renameat2",
        "mkdir", "unlink", "sendto", "sendmsg", "close",
    ]

    /// SIGKILL as a request's first, second, … call of each kind is made.
    @Test(.enabled(if: hasStrace, "needs strace"), arguments: [false, true])
    func eachSystemCallMayBeTheLast(_ isKnown: Bool) throws {
        let folder = try Folder()
        let (log, fork) = try (SmallLog(prefix: 16, salt: 0), SmallLog(prefix: 5, salt: 1))
        let witness = try WitnessServer(in: folder, log: log.key.verificationKey.text)
        if isKnown { #expect(try witness.post(log.request(0, 5).body).status == 200) }
        witness.kill()
        let (state, whole) = (URL(filePath: witness.state), folder.url.appending(path: "whole"))
        try FileManager.default.copyItem(at: state, to: whole)
        let old = isKnown ? 5 : 0
        var (killed, lost) = (0, 0)
        for call in Self.calls {
            var (number, isKilled) = (1, true)
            while isKilled, number < 200 {
                try FileManager.default.removeItem(at: state)
                try FileManager.default.copyItem(at: whole, to: state)
                // Only what touches the memory, and what is sent, so that starting is not what is cut short.
                let isListening = try witness.launch(
                    under: [Self.strace, "-D", "-f", "-qq", "-o", "/dev/null"]
                        + (call.hasPrefix("send") ? [] : Self.paths(in: state)) + [
                            "-e", "trace=\(call)", "-e",
                            "inject=\(call):signal=KILL:when=\(number)",
                        ])
                let body = try log.request(old, 9).body
                let answer =
                    isListening ? WitnessServer.answer(to: body, port: witness.port) : nil
                isKilled = answer == nil
                witness.kill()
                try witness.start()
                defer { witness.kill() }
                // Whoever got no answer asks again; whoever shows a fork gets none.
                if answer?.status == 200 {
                    #expect(try witness.post(fork.request(9, 12).body).status == 422)
                }
                let again = try witness.post(log.request(old, 9).body)
                if again.status != 200 {
                    #expect(
                        again.status == 409 && again.body == "9\n", "\(call) \(number) \(again)")
                    lost += isKilled ? 1 : 0
                } else {
                    #expect(answer?.status != 200, "\(call) \(number): given twice")
                }
                #expect(try witness.post(fork.request(9, 12).body).status == 422)
                #expect(try witness.post(log.request(9, 12).body).status == 200)
                if isKilled { killed += 1 }
                number += 1
            }
        }
        print("killed \(killed) times; \(lost) times it was remembered, and the answer was lost")
        #expect(killed >= 8 && lost >= 1)
    }

    /// What restricts strace to the files of the logs in a memory.
    private static func paths(in state: URL) -> [String] {
        let names = ["head", "head.new", "keys", "evidence"]
        let logs =
            (try? FileManager.default.contentsOfDirectory(atPath: state.path + "/logs")) ?? []
        return logs.flatMap { log in
            names.map { "\(state.path)/logs/\(log)/\($0)" } + ["\(state.path)/logs/\(log)"]
        }.flatMap { ["-P", $0] }
    }

    /// Many clients, some of which send what is no request, and a witness that is killed again and again.
    @Test func whatWasGivenAwayIsOneHistory() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        print("seed \(seed)")
        let folder = try Folder()
        let log = try SmallLog(prefix: 600, salt: 0, count: 600)
        let fork = try SmallLog(prefix: 5, salt: 1, count: 600)
        let witness = try WitnessServer(in: folder, log: log.key.verificationKey.text)
        #expect(try witness.post(log.request(0, 6).body).status == 200)
        let given = Given()
        var numbers = SeededNumbers(state: seed)
        for round in 0..<8 {
            let (port, process) = (witness.port, witness.process.processIdentifier)
            let seeds = (0..<6).map { _ in numbers.next() }
            let delay = Int.random(in: 20...250, using: &numbers)
            let isOver = Flag()
            let clients = seeds.enumerated().map { number, seed in
                Self.thread {
                    var numbers = SeededNumbers(state: seed)
                    while !isOver.isSet.withLock({ $0 }) {
                        guard number % 3 < 2 else {
                            Self.sendNonsense(to: port, &numbers)
                            continue
                        }
                        let old = given.state.withLock { $0.sizes.max() ?? 6 }
                        let new = min(599, old + Int.random(in: 0...3, using: &numbers))
                        let source = number % 3 == 0 ? log : fork
                        guard let body = try? source.request(old, new).body,
                            let answer = WitnessServer.answer(to: body, port: port),
                            answer.status == 200
                        else { continue }
                        given.state.withLock { given in
                            given.sizes.append(new)
                            given.forkCount += number % 3
                        }
                    }
                }
            }
            usleep(UInt32(delay * 1_000))
            Glibc.kill(process, SIGKILL)
            isOver.isSet.withLock { $0 = true }
            for client in clients { client.wait() }
            witness.kill()
            try witness.start()
            let head = given.state.withLock { $0.sizes.max() ?? 6 }
            // It remembers all of it, or more: an answer may have been lost.
            let answer = try witness.post(log.request(0, 6).body)
            #expect(answer.status == 409, "round \(round) \(answer)")
            #expect(Int(answer.body.dropLast()).map { $0 >= head } == true, "round \(round)")
        }
        let (count, forks) = given.state.withLock { ($0.sizes.count, $0.forkCount) }
        print("\(count) cosignatures")
        #expect(forks == 0 && count > 8)
    }

    /// The sizes that were cosigned, and how many of them were a fork's.
    private final class Given: Sendable {
        let state = Mutex<(sizes: [Int], forkCount: Int)>(([6], 0))
    }

    private final class Flag: Sendable { let isSet = Mutex(false) }

    /// Runs something in a thread of its own, and signals its end.
    private static func thread(_ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
        let end = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            body()
            end.signal()
        }
        return end
    }

    /// A request that was cut short, or never was one.
    private static func sendNonsense(to port: UInt16, _ numbers: inout SeededNumbers) {
        guard let socket = WitnessServer.connection(to: port) else { return }
        defer { close(socket) }
        var bytes = Array(
            "POST /add-checkpoint HTTP/1.1\r\nContent-Length: 400\r\n\r\nold 6\n".utf8)
        bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &numbers)))
        for _ in 0..<Int.random(in: 0...40, using: &numbers) {
            bytes.append(UInt8.random(in: 0...255, using: &numbers))
        }
        _ = unsafe bytes.withUnsafeBytes {
            unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if Bool.random(using: &numbers) { usleep(2_000) }
    }
}
