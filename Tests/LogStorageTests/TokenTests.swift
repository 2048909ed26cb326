// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LogStorage
import Testing
import TransparencyLog

/// Keys in a security token, which here is SoftHSM's.
@Suite(.enabled(if: Token.isPossible, "needs softhsm2"), .serialized) struct TokenTests {
    let log: SampleLog
    let keyFile: SigningKeyFile
    let first: LogSigningKey

    init() throws {
        let token = try Token.shared.get()
        log = try SampleLog()
        keyFile = SigningKeyFile(log.path + ".key")
        first = try TokenKeyFile.make(
            token.uri(pin: token.pin), name: "vigie.example/test", at: keyFile.path)
        let appender = try LogAppender(
            log.path, key: first, genesis: SampleLog.genesis(first), options: log.options)
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
    }

    private func open() throws -> LogAppender {
        try LogAppender(log.path, keyFile: keyFile, options: log.options)
    }

    private func cleanUp() throws {
        let text = try String(contentsOfFile: keyFile.path, encoding: .utf8)
        #expect(!text.contains("PRIVATE"))
        try FileManager.default.removeItem(atPath: keyFile.path)
    }

    @Test func aTokenSignsAndItsKeysAreRotated() throws {
        let token = try Token.shared.get()
        let before = try token.objectCount()
        let old = try Data(contentsOf: URL(filePath: keyFile.path))
        for _ in 0..<3 {
            let appender = try open()
            _ = try appender.heartbeat()
            try appender.rotateKey()
        }
        // Each rotation made a key and destroyed one.
        #expect(try token.objectCount() == before)
        let report = LogVerifier(keys: [first.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact)
        #expect(report.keyEpochs.count == 4)
        // The key that was destroyed is asked for in vain.
        try old.write(to: URL(filePath: keyFile.path))
        let error = #expect(throws: StorageError.self) { try open() }
        #expect(error?.code == .tokenRefused)
        try cleanUp()
    }

    /// A rotation cut short before its key was announced, and before that was even made.
    @Test func aNextKeyThatNothingAnnouncedIsDestroyed() throws {
        let token = try Token.shared.get()
        let before = try token.objectCount()
        let next = keyFile.path + ".next"
        _ = try TokenKeyFile.make(token.uri(pin: token.pin), name: "vigie.example/test", at: next)
        #expect(try token.objectCount() == before + 2)
        _ = try open()
        #expect(try token.objectCount() == before)
        try Data(token.uri(pin: token.pin, object: "never-made").utf8).write(
            to: URL(filePath: next))
        unsafe chmod(next, 0o600)
        try open().rotateKey()
        #expect(!FileManager.default.fileExists(atPath: next))
        #expect(try token.objectCount() == before)
        try cleanUp()
    }

    @Test func refusalsSayWhatToDo() throws {
        let token = try Token.shared.get()
        let wrong = NSTemporaryDirectory() + "vigie-pin-\(UUID().uuidString)"
        try Data("0000\n".utf8).write(to: URL(filePath: wrong))
        unsafe chmod(wrong, 0o600)
        defer { try? FileManager.default.removeItem(atPath: wrong) }
        for (uri, code) in [
            (token.uri(pin: wrong), .tokenRefused), (token.uri(pin: "/nowhere"), .tokenRefused),
            (token.uri(pin: token.pin).replacing("journal", with: "other"), .tokenRefused),
            (token.uri(pin: token.pin).replacing("softhsm2.so", with: "x.so"), .tokenRefused),
            ("pkcs11:token=journal", .malformedKey), ("pkcs11:", .malformedKey),
            (token.uri(pin: token.pin) + "&slot-id=1", .malformedKey),
            (token.uri(pin: token.pin).replacing("token=", with: "token=%0"), .malformedKey),
        ] as [(String, StorageError.Code)] {
            let path = NSTemporaryDirectory() + "vigie-\(UUID().uuidString).key"
            let error = #expect(throws: StorageError.self, "\(uri)") {
                try TokenKeyFile.make(uri, name: "vigie.example/test", at: path)
            }
            #expect(error?.code == code, "\(uri)")
            try? FileManager.default.removeItem(atPath: path)
        }
        try cleanUp()
    }

    /// Who reads the PIN signs as the log does.
    @Test func aPINIsForItsOwnerAlone() throws {
        let token = try Token.shared.get()
        defer { unsafe chmod(token.pin, 0o600) }
        for mode in [0o640, 0o604, 0o620] as [mode_t] {
            unsafe chmod(token.pin, mode)
            let error = #expect(throws: StorageError.self) { try open() }
            #expect(error?.code == .exposedKey && error?.path == token.pin)
        }
        unsafe chmod(token.pin, 0o600)
        _ = try open()
        try cleanUp()
    }
}

/// A token of SoftHSM in a folder of its own, for this process.
struct Token: Sendable {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"
    static let isPossible = [module, "/usr/bin/softhsm2-util"].allSatisfy {
        FileManager.default.fileExists(atPath: $0)
    }
    static let shared = Result { try Token() }

    let folder: String
    var pin: String { folder + "/pin" }

    private init() throws {
        folder = NSTemporaryDirectory() + "vigie-token-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/tokens", withIntermediateDirectories: true)
        let settings = "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\n"
        try Data(settings.utf8).write(to: URL(filePath: folder + "/conf"))
        try Data("1234\n".utf8).write(to: URL(filePath: folder + "/pin"))
        unsafe chmod(folder + "/pin", 0o600)
        unsafe setenv("SOFTHSM2_CONF", folder + "/conf", 1)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/softhsm2-util")
        process.arguments = [
            "--init-token", "--free", "--label", "journal", "--pin", "1234", "--so-pin", "567890",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        atexit { Token.remove() }
    }

    private static func remove() {
        guard let token = try? shared.get() else { return }
        try? FileManager.default.removeItem(atPath: token.folder)
    }

    func uri(pin: String, object: String? = nil) -> String {
        let label = object.map { ";object=\($0)" } ?? ""
        return "pkcs11:token=journal\(label)?module-path=\(Self.module)&pin-source=file:\(pin)"
    }

    /// The halves of keys in the token.
    func objectCount() throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: folder + "/tokens")
            .filter { $0.hasSuffix(".object") && !$0.hasSuffix("token.object") }.count
    }
}
