// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A running `vigie witness serve` on a port of this machine.
final class WitnessServer {
    private(set) var process = Process()
    private(set) var port: UInt16 = 0
    let state: String
    let publicKey: String

    /// Makes a witness and starts it.
    init(in folder: Folder, log key: String, name: String = "temoin") throws {
        state = folder.path(name)
        let made = try Program.run([
            "witness", "init", "--state", state, "--name", "cse.example/\(name)",
        ])
        #expect(made.status == 0, "\(made.errors)")
        publicKey = made.output.trimmingCharacters(in: .newlines)
        let added = try Program.run(["witness", "add-log", "--state", state, key])
        #expect(added.status == 0, "\(added.errors)")
        try start()
    }

    deinit {
        // Not SIGTERM: a child of a thread that blocks signals blocks them too.
        Glibc.kill(process.processIdentifier, SIGKILL)
    }

    /// Makes and starts a witness with one command.
    init(atOnceIn folder: Folder, log key: String) throws {
        state = folder.path("temoin")
        publicKey = ""
        try start(["--name", "cse.example/temoin", "--log", key])
    }

    /// Starts it, with more options of the command.
    func start(_ options: [String] = []) throws {
        let isListening = try launch(options)
        try #require(isListening, "the witness did not start")
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - options: More options of the command.
    ///   - tracer: A program that runs it, with its options, and whose process becomes the witness.
    /// - Returns: Whether it says that it listens.
    /// - Throws: What keeps the program from being run.
    func launch(_ options: [String] = [], under tracer: [String] = []) throws -> Bool {
        let command =
            tracer + [
                try Program.executable().path, "witness", "serve", "--state", state, "--listen",
                "127.0.0.1:0", "--lang", "en",
            ] + options
        process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let some = pipe.fileHandleForReading.availableData
            if some.isEmpty {
                print("the witness did not start: \(line)")
                return false
            }
            line += String(decoding: some, as: UTF8.self)
        }
        port = try #require(line.split(separator: " ").last.flatMap { UInt16($0.dropLast()) })
        return true
    }

    /// Ends it as a power cut would.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends bytes as they are, and returns all that comes back until the server closes.
    func exchange(_ bytes: [UInt8]) throws -> String {
        try #require(Self.exchange(bytes, port: port))
    }

    /// A connection to a port of this machine.
    static func connected(to port: UInt16) throws -> Int32 {
        try #require(connection(to: port))
    }

    /// A connection; nil where nobody listens.
    static func connection(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard connected == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func exchange(_ bytes: [UInt8], port: UInt16) -> String? {
        guard let descriptor = connection(to: port) else { return nil }
        defer { close(descriptor) }
        var time = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            // The server may have answered and closed before it took everything.
            guard count > 0 else { break }
            done += count
        }
        shutdown(descriptor, Int32(SHUT_WR))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Posts a body, and returns the status, the media type and the body of the answer.
    func post(_ body: [UInt8]) throws -> (status: Int, type: String, body: String) {
        try Self.post(body, port: port)
    }

    static func post(
        _ body: [UInt8], port: UInt16
    ) throws -> (status: Int, type: String, body: String) {
        try #require(answer(to: body, port: port))
    }

    /// Posts a body; nil where there is no answer.
    static func answer(
        to body: [UInt8], port: UInt16
    ) -> (status: Int, type: String, body: String)? {
        let head = """
            POST /add-checkpoint HTTP/1.1\r\nHost: localhost\r
            Content-Length: \(body.count)\r\nConnection: close\r\n\r\n
            """
        guard let answer = exchange(Array(head.utf8) + body, port: port) else { return nil }
        let parts = answer.split(
            separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let lines = parts[0].split(separator: "\r\n")
        let type = lines.first { $0.hasPrefix("Content-Type: ") }?.dropFirst(14) ?? ""
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (status ?? 0, String(type), String(parts[1]))
    }
}
