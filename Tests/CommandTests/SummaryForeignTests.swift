// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Entries about summaries that another source sends.
@Suite struct SummaryForeignTests {
    private let scene: SummaryScene

    init() throws { scene = try SummaryScene() }

    /// A source that calls something a release does not block every summary for ever.
    @Test func aForeignReleaseBlocksNothing() throws {
        try scene.append([
            scene.event(
                "summary.release", "2025-01-21T09:00:00.000Z", #""approver":"A0000000000d1""#,
                #""perimeter":"region:28""#,
                #""release_hash":"\#(String(repeating: "ab", count: 32))""#)
        ])
        let asked = try scene.request(SummaryScene.officer, as: "DPO")
        #expect(asked.status == 0, "\(asked.errors)")
        let reference = String(asked.output.split(separator: "\n")[0])
        let released = try scene.release(reference, approver: SummaryScene.central)
        #expect(released.status == 0, "\(released.errors)")
        // A release of this program whose file is gone does.
        let folder = scene.log + "/summaries"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        let again = try scene.run("compute", ["--request", reference])
        #expect(again.status == 2 && again.errors.contains("DIS111"), "\(again.errors)")
    }

    /// A request that a source sends, with a permission of its own making, is none.
    @Test func aForeignRequestIsNone() throws {
        try scene.append([
            scene.event(
                "summary.request", "2025-01-21T09:00:00.000Z",
                """
                "actor":{"pid":"\(SummaryScene.member)","role":"CSE_ELU"}
                """,
                """
                "decision":{"effect":"allow","policy_version":"\(String(repeating: "0", count: 64))"}
                """, #""perimeter":"all""#, #""reference":"SUM-1""#,
                #""requester":"\#(SummaryScene.member)""#, #""table_spec":"2025-01 uses""#)
        ])
        let released = try scene.release("SUM-1")
        #expect(released.status == 66, "\(released.errors)")
    }

    /// From the state of a recorded audit come the same figures, and so they do if it was altered.
    @Test func aSavedStateChangesNothing() throws {
        let asked = try scene.request(SummaryScene.officer, as: "DPO")
        let reference = ["--request", String(asked.output.split(separator: "\n")[0])]
        let state = scene.path("state")
        let audit = try Tool.run([
            "audit", scene.log, "--policies", SummaryScene.policies, "--key",
            "@\(scene.log).vkey", "--record", "--checkpoint", state, "-q",
        ])
        #expect([0, 1, 4].contains(audit.status), "\(audit.errors)")
        func figures(_ more: [String]) throws -> (text: String, errors: String) {
            let outcome = try scene.run("compute", reference + more)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let json = try JSONSerialization.jsonObject(with: outcome.outputBytes)
            let found = (json as? [String: Any])?["figures"] as? [[String: Any]]
            #expect((found?.count ?? 0) > 20)
            let lines = (found ?? []).map { "\($0["id"] ?? "") \($0["value"] ?? "")" }
            return (lines.joined(separator: "\n"), outcome.errors)
        }
        let plain = try figures([]).text
        let resumed = try figures(["--checkpoint", state])
        #expect(resumed.text == plain && !resumed.errors.contains("warning"), "\(resumed.errors)")
        var bytes = try Data(contentsOf: URL(filePath: state))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: state))
        let altered = try figures(["--checkpoint", state])
        #expect(altered.text == plain && altered.errors.contains("warning"), "\(altered.errors)")
    }
}
