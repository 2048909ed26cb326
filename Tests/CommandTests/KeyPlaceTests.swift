// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Whoever signs a log, or asks which key does, finds the key wherever it may be.
@Suite struct KeyPlaceTests {
    enum Place: CaseIterable {
        case file, credential, token

        var isPossible: Bool { self != .token || SoftToken.isPossible }
    }

    private func scene(_ place: Place) throws -> SummaryScene {
        switch place {
        case .file: return try SummaryScene()
        case .credential:
            let scene = try SummaryScene()
            let folder = scene.path("credentials")
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.moveItem(
                atPath: scene.log + ".key", toPath: folder + "/log.key")
            scene.environment = ["CREDENTIALS_DIRECTORY": folder]
            return scene
        case .token:
            return try SummaryScene { folder in
                try SoftToken.make("journal", in: folder)
                let pin = folder.url.appending(path: "pin").path
                return (
                    [
                        "--token",
                        "pkcs11:token=journal?module-path=\(SoftToken.module)&pin-source=file:\(pin)",
                    ], ["SOFTHSM2_CONF": folder.url.appending(path: "conf").path]
                )
            }
        }
    }

    /// A summary from the request to the release, which is signed with the log's key, and a waiver.
    @Test(arguments: Place.allCases.filter(\.isPossible))
    func summariesAndWaiversAreSigned(_ place: Place) throws {
        let scene = try scene(place)
        let asked = try scene.request(SummaryScene.officer, as: "DPO")
        try #require(asked.status == 0, "\(asked.errors)")
        let reference = String(try #require(asked.output.split(separator: "\n").first))
        let released = try scene.release(reference, approver: SummaryScene.central)
        #expect(released.status == 0, "\(released.errors)")
        let page = try #require(
            try FileManager.default.contentsOfDirectory(atPath: scene.folder.url.path)
                .first { $0.hasSuffix(".fr.html") })
        let verified = try scene.verify(scene.path(page))
        #expect(verified.status == 0, "\(verified)")
        let until = Date().addingTimeInterval(30 * 86_400).ISO8601Format().prefix(10)
        let granted = try Tool.run(
            [
                "waiver", "grant", scene.log, "--rule", "R09", "--reason", "MIGRATION",
                "--policies", SummaryScene.policies, "--owner", "A00000000000a", "--approver",
                "A00000000000b", "--scope", "region:28", "--until", String(until),
            ], environment: scene.environment)
        #expect(granted.status == 0, "\(granted.errors)")
        let expired = try Tool.run(
            ["waiver", "expire", scene.log], environment: scene.environment)
        #expect(expired.status == 0, "\(expired)")
    }
}
