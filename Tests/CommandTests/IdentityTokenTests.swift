// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A vault whose master key is sealed in a security token, which here is SoftHSM's.
@Suite(.enabled(if: SoftToken.isPossible, "needs softhsm2")) struct IdentityTokenTests {
    private let folder: TemporaryFolder
    private var vault: String { path("v") }
    private var log: String { path("log") }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    /// Where the token is found; nowhere if the computer has none.
    private func surroundings(_ settings: String = "conf") -> [String: String] {
        ["SOFTHSM2_CONF": path(settings)]
    }

    init() throws {
        folder = try TemporaryFolder()
        try SoftToken.make("coffre", in: folder)
        var commands = [["log", "init", log, "--origin", "vigie.example/essai"]]
        commands += ["dpo", "cse"].map { ["identity", "key", path($0)] }
        commands.append(
            ["identity", "init", vault, "--dpo", path("dpo.pub"), "--cse", path("cse.pub")]
                + ["--token", uri("pin")])
        for command in commands {
            let outcome = try Tool.run(command, environment: surroundings())
            try #require(outcome.status == 0, "\(command): \(outcome.errors)")
        }
    }

    private func uri(_ pin: String) -> String {
        "pkcs11:token=coffre?module-path=\(SoftToken.module)&pin-source=file:\(path(pin))"
    }

    private func add(_ settings: String = "conf") throws -> Tool.Outcome {
        try Tool.run(
            ["identity", "add", vault, "--kind", "jobseeker", "--period", "2026"]
                + IdentityCommandTests.enrolling(log),
            input: Data("DE-7731\tBilal Roux\n".utf8), environment: surroundings(settings))
    }

    @Test func theTokenOpensTheVault() throws {
        let file = try String(contentsOfFile: vault + ".key", encoding: .utf8)
        let lines = file.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("pkcs11:token=coffre;object=vigie-vault-"))
        #expect(lines[1].hasPrefix("vigie-master-sealed ") && lines[1].count == 20 + 120)
        let mode = try FileManager.default.attributesOfItem(atPath: vault + ".key")
        #expect(mode[.posixPermissions] as? Int == 0o600)
        let first = try add()
        #expect(first.status == 0, "\(first.errors)")
        // The same key each time, or the person would get another pseudonym.
        #expect(try add().output == first.output)
        // One key, kept in the token.
        let objects = try FileManager.default.subpathsOfDirectory(atPath: path("tokens"))
            .filter { $0.hasSuffix(".object") && !$0.hasSuffix("token.object") }
        #expect(objects.count == 1)
    }

    @Test func withoutTheTokenTheFilesShowNobody() throws {
        let person = try add().output.split(separator: "\n")[0]
        // On a computer without the token; with the token and a wrong PIN; with another key of it.
        let away = try add("conf-none")
        #expect(away.status == 69 && away.errors.contains("IDN209"), "\(away.errors)")
        let file = vault + ".key"
        let kept = try String(contentsOfFile: file, encoding: .utf8)
        func change(_ old: String, _ new: String) throws -> Tool.Outcome {
            #expect(kept.contains(old))
            try kept.replacingOccurrences(of: old, with: new)
                .write(to: URL(filePath: file), atomically: false, encoding: .utf8)
            return try add()
        }
        let attempts = [
            try change("/pin", "/wrong-pin"), try change("object=vigie-vault-", "object=other-"),
            try change("token=coffre", "token=autre"),
            // An altered seal; a line that is cut; a key that claims to be in clear.
            try change("sealed ", "sealed 00"), try change("vigie-master-sealed", "vigie-master"),
            try change(String(kept.suffix(3)), kept.suffix(3) == "00\n" ? "11\n" : "00\n"),
        ]
        for attempt in attempts {
            #expect([69, 78].contains(attempt.status), "\(attempt.errors)")
            #expect(!(attempt.output + attempt.errors).contains(person))
        }
        try kept.write(to: URL(filePath: file), atomically: false, encoding: .utf8)
        #expect(try add().status == 0)
    }

    @Test func whatIsNoTokenIsRefused() throws {
        for uri in ["pkcs11:", "coffre", uri("pin") + "&slot-id=1"] {
            let outcome = try Tool.run(
                ["identity", "init", path("w"), "--dpo", path("dpo.pub"), "--cse", path("cse.pub")]
                    + ["--token", uri])
            #expect(outcome.status == 64 && outcome.errors.contains("IDN210"), "\(uri)")
            #expect(!FileManager.default.fileExists(atPath: path("w")))
        }
    }
}
