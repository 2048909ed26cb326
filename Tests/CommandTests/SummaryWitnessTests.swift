// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Testing
import TransparencyLog

/// A receiver who trusts a witness learns whether the log continues what that witness saw.
@Suite struct SummaryWitnessTests {
    private let scene: SummaryScene
    private let witness: WitnessSigningKey

    init() throws {
        scene = try SummaryScene()
        witness = try WitnessSigningKey(
            name: "cse.example/temoin", key: SigningKey(seed: Array(repeating: 5, count: 32)))
    }

    /// Has the head cosigned, with another text signed than it has if asked.
    private func cosign(_ change: (String) -> String = { $0 }) throws {
        let head = try Data(contentsOf: URL(filePath: scene.log + "/checkpoint"))
        let note = try CheckpointNote(parsing: Array(head))
        let line = try witness.cosign(change(note.note.text), at: 1_760_000_000).line
        // As `vigie witness cosign` keeps them.
        for (folder, content) in [("checkpoints", head), ("cosignatures", Data(line.utf8))] {
            try FileManager.default.createDirectory(
                atPath: "\(scene.log)/\(folder)", withIntermediateDirectories: true)
            let path = "\(scene.log)/\(folder)/\(note.checkpoint.treeSize)"
            try content.write(to: URL(filePath: path))
        }
    }

    /// Releases a month, and gives the lines that its verification prints.
    private func verified(by key: WitnessVerificationKey) throws -> (status: Int32, last: String) {
        let asked = try scene.request(SummaryScene.officer, as: "DPO")
        let reference = String(try #require(asked.output.split(separator: "\n").first))
        let released = try scene.release(reference, approver: SummaryScene.central)
        try #require(released.status == 0, "\(released.errors)")
        let outcome = try Tool.run([
            "summary", "verify", scene.path("synthese-region-28-2025-01.en.html"), "--key",
            "@\(scene.log).vkey", "--witness", key.text, "--lang", "en",
        ])
        let lines = outcome.output.split(separator: "\n").filter { $0.contains("witness") }
        return (outcome.status, lines.joined())
    }

    @Test func theLogContinuesWhatTheWitnessSaw() throws {
        try cosign()
        let found = try verified(by: witness.verificationKey)
        #expect(found.status == 0 && found.last.hasSuffix("cosigned: yes"), "\(found)")
    }

    @Test func aHeadThatNoWitnessSawIsSaidToBeSo() throws {
        let found = try verified(by: witness.verificationKey)
        #expect(found.status == 0 && found.last.hasSuffix("cannot be checked here"), "\(found)")
    }

    @Test func anotherWitnessSaysNothing() throws {
        try cosign()
        let other = try WitnessSigningKey(
            name: "autre.example/temoin", key: SigningKey(seed: Array(repeating: 6, count: 32)))
        let found = try verified(by: other.verificationKey)
        #expect(found.status == 0 && found.last.hasSuffix("cannot be checked here"), "\(found)")
    }

    /// The witness signed another head of that size: the log forked.
    @Test func aForkIsRefused() throws {
        try cosign { $0.replacingOccurrences(of: "\n", with: "x\n") }
        let found = try verified(by: witness.verificationKey)
        #expect(found.status == 2 && found.last.hasSuffix("cosigned: NO"), "\(found)")
    }
}
