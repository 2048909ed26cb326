// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Servers that take a connection and say nothing.
@Suite struct SilentServerTests {
    /// Waiting costs no processor time, ends when it was to end, and says so.
    @Test func waitingForASilentServerIsSleeping() throws {
        let folder = try Folder()
        let log = folder.path("log")
        try Program.run(["log", "init", log, "--origin", "vigie.example/essai"])
        let made = try Program.run([
            "witness", "init", "--state", folder.path("t"), "--name", "cse.example/temoin",
        ])
        let key = made.output.trimmingCharacters(in: .newlines)
        // The system takes connections for a socket that listens; nobody ever answers.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(unsafe bind(listener, $0, size) == 0 && listen(listener, 8) == 0)
                #expect(unsafe getsockname(listener, $0, &size) == 0)
            }
            return unsafe UInt16(bigEndian: pointer.pointee.sin_port)
        }
        // The shell says on its last line how much processor time its children took.
        let command = """
            "$@"; echo "status $?"; times
            """
        let done = try Program.run(
            [
                "-c", command, "sh", Program.executable().path, "log", "cosign", log, "--key",
                "@\(log).vkey", "--witness", "http://127.0.0.1:\(port)", "--witness-key", key,
                "--timeout", "6", "--lang", "en",
            ], program: "/bin/sh")
        #expect(done.output.contains("status 69"), "\(done)")
        #expect(done.errors.contains("WIT211") && done.errors.contains("nothing came in time"))
        let last = done.output.split(separator: "\n").last ?? ""
        let seconds = last.split(separator: " ").compactMap { part -> Double? in
            let words = part.dropLast().split(separator: "m").compactMap { Double($0) }
            return words.count == 2 ? words[0] * 60 + words[1] : nil
        }
        // Six seconds of waiting; one that does not sleep takes most of them.
        #expect(seconds.count == 2 && seconds.reduce(0, +) < 2, "\(last)")
    }
}
