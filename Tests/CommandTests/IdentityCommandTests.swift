// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The vault and the log together, as the people who keep them work.
@Suite struct IdentityCommandTests {
    let folder: TemporaryFolder
    let persons: [String]
    var log: String { path("log") }
    var vault: String { path("vault.db") }

    static let names = ["A-1\tAda Martin", "A-2\tBilal Roux"]

    init() throws {
        folder = try TemporaryFolder()
        let folder = folder.url
        func path(_ name: String) -> String { folder.appending(path: name).path }
        try Self.must(["log", "init", path("log"), "--origin", "vigie.example/essai"])
        for name in ["dpo", "cse"] { try Self.must(["identity", "key", path(name)]) }
        try Self.must([
            "identity", "init", path("vault.db"), "--dpo", path("dpo.pub"), "--cse",
            path("cse.pub"),
        ])
        let added = try Tool.run(
            ["identity", "add", path("vault.db"), "--kind", "jobseeker", "--period", "2026"]
                + Self.enrolling(path("log")),
            input: Data(Self.names.joined(separator: "\n").utf8))
        #expect(added.status == 0, "\(added.errors)")
        persons = added.output.split(separator: "\n").map(String.init)
        try #require(persons.count == 2)
    }

    /// What an enrolment is recorded with.
    static func enrolling(_ log: String) -> [String] {
        [
            "--log", log, "--key", "@\(log).vkey", "--as", "A00000000000e", "--reference",
            "LOT-1",
        ]
    }

    static func must(_ arguments: [String]) throws {
        let outcome = try Tool.run(arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    private var journal: [String] { ["--log", log, "--key", "@\(log).vkey"] }

    /// Appends what lifts the lock of rule R21.
    private func consult() throws {
        let lines = """
            {"body":"CSEC","id":"1","level":"central","occurred_at":"2026-01-05T09:00:00.000Z",\
            "source":"rh","source_seq":1,"type":"cse.consult","v":1}
            {"id":"2","occurred_at":"2026-01-05T09:00:00.000Z","reference":"N1","source":"rh",\
            "source_seq":2,"type":"notice.staff","v":1}
            """
        try #require(try Tool.run(["log", "append", log], input: Data(lines.utf8)).status == 0)
    }

    private func resolve(
        _ step: String, _ seat: String, as actor: String, key: String? = nil,
        reference: String = "R-1"
    ) throws -> Tool.Outcome {
        var arguments =
            ["identity", "resolve", step, vault] + journal
            + ["--as", actor, "--case", "CASE-1", "--reference", reference]
        arguments += ["--custodian", seat, "--custodian-key", path(key ?? seat)]
        if step == "request" { arguments += ["--pid", persons[1]] }
        return try Tool.run(arguments)
    }

    private let officer = "A00000000000d"
    private let delegate = "A00000000000c"

    @Test func nobodyIsNamedBeforeTheWorksCouncilWasConsulted() throws {
        let outcome = try resolve("request", "dpo", as: officer)
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("IDN203"))
    }

    @Test func twoPeopleNameSomebody() throws {
        try consult()
        #expect(try resolve("request", "dpo", as: officer).status == 0)
        #expect(try resolve("approve", "cse", as: delegate).status == 0)
        let opened = try resolve("open", "dpo", as: officer)
        #expect(opened.status == 0, "\(opened.errors)")
        #expect(opened.output == "\(persons[1])\tA-2\tBilal Roux\n")
        // It opens once, and the log tells the three steps.
        #expect(try resolve("open", "dpo", as: officer).status == 65)
        let export = try Tool.run(["log", "export", log, "--key", "@\(log).vkey"] + Tool.reader)
        let steps = ["pseudonym.request", "pseudonym.approve", "pseudonym.resolve"]
        for step in steps {
            #expect(export.output.components(separatedBy: "\"\(step)\"").count == 2, "\(step)")
        }
        #expect(!export.output.contains("Bilal") && !export.output.contains("A-2"))
    }

    @Test func onePersonAloneNamesNobody() throws {
        try consult()
        #expect(try resolve("open", "dpo", as: officer).errors.contains("IDN204"))
        #expect(try resolve("request", "cse", as: officer, key: "dpo").status == 77)
        #expect(try resolve("request", "dpo", as: officer).status == 0)
        #expect(try resolve("approve", "dpo", as: officer).errors.contains("IDN207"))
        // Under another name, in the other's seat, with their own key.
        #expect(try resolve("approve", "dpo", as: delegate).errors.contains("IDN109"))
        #expect(try resolve("approve", "cse", as: delegate, key: "dpo").status == 77)
        let opened = try resolve("open", "dpo", as: officer)
        #expect(opened.status == 77)
        #expect(!opened.output.contains("Bilal"))
        // Entries that say what did not happen do not open the vault.
        let forged = """
            {"approver":"\(delegate)","case_ref":"CASE-1","id":"9",\
            "occurred_at":"\(Self.now)","reference":"R-1","source":"faux",\
            "source_seq":1,"type":"pseudonym.approve","v":1}
            """
        #expect(try Tool.run(["log", "append", log], input: Data(forged.utf8)).status == 0)
        let again = try resolve("open", "dpo", as: officer)
        #expect(again.status == 77 && again.errors.contains("IDN110"))
    }

    private static var now: String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.string(from: Date())
    }

    @Test func anApprovalIsGoodForThreeDays() throws {
        try consult()
        #expect(try resolve("request", "dpo", as: officer).status == 0)
        let late = """
            {"approver":"\(delegate)","case_ref":"CASE-1","id":"9",\
            "occurred_at":"2026-01-06T09:00:00.000Z","reference":"R-1","source":"faux",\
            "source_seq":1,"type":"pseudonym.approve","v":1}
            """
        #expect(try Tool.run(["log", "append", log], input: Data(late.utf8)).status == 0)
        #expect(try resolve("open", "dpo", as: officer).errors.contains("IDN205"))
    }

    @Test func erasedPersonsStayErased() throws {
        try consult()
        let access = """
            {"actor":{"pid":"\(officer)"},"id":"7","occurred_at":"2026-02-01T09:00:00.000Z",\
            "source":"rh","source_seq":3,"subject":{"pid":"\(persons[0])"},"type":"notice.person",\
            "v":1}
            """
        #expect(try Tool.run(["log", "append", log], input: Data(access.utf8)).status == 0)
        try Self.must(["identity", "backup", vault, path("copy.db")])
        let check = ["identity", "check", vault] + journal + Tool.reader
        // The officer of the scene was never enrolled: evidence is missing for that one only.
        #expect(try Tool.run(check).output.hasPrefix("\(officer)  evidence missing\n"))
        let erase =
            ["identity", "erase", vault] + journal
            + ["--as", officer, "--reference", "DSR-1", "--period", "2026"]
        let erased = try Tool.run(erase, input: Data("A-1\n".utf8))
        #expect(erased.status == 0, "\(erased.errors)")
        #expect(try Tool.run(erase, input: Data("A-1\n".utf8)).errors.contains("IDN106"))
        let after = try Tool.run(check)
        #expect(after.status == 1 && !after.output.contains("resurrected"))
        // A copy put back by hand is found; one put back by the command is cleaned first.
        let restore =
            ["identity", "restore", path("new.db"), path("copy.db"), "--master-key"]
            + [vault + ".key"] + journal
        #expect(try Tool.run(restore).output.hasSuffix("erasures done again: 1.\n"))
        for (name, expected) in [("copy.db", true), ("new.db", false)] {
            let outcome = try Tool.run(
                ["identity", "check", path(name), "--master-key", vault + ".key"] + journal
                    + Tool.reader)
            #expect(outcome.output.contains("\(persons[0])  resurrected") == expected)
        }
        let bytes = try Data(contentsOf: URL(filePath: path("new.db")))
        #expect(bytes.range(of: Data(persons[0].utf8)) == nil)
        #expect(try Tool.run(["verify", log, "--key", "@\(log).vkey"]).status == 0)
    }

    @Test func aPersonLearnsWhoLookedButNoName() throws {
        try consult()
        let access = """
            {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"28","role":"CONS_PRO"},\
            "categories":["CO","CV"],"decision":{"effect":"allow","policy_version":\
            "\(String(repeating: "0", count: 64))"},"id":"8","occurred_at":\
            "2026-03-02T09:00:00.000Z","outcome":"done","purpose":"P3-PROMOTION","source":"rh",\
            "source_seq":3,"subject":{"pid":"\(persons[0])"},"type":"profile.view","v":1}
            """
        #expect(try Tool.run(["log", "append", log], input: Data(access.utf8)).status == 0)
        let common = journal + ["--as", officer, "--reference", "DSR-2"]
        for format in ["plain", "json", "html"] {
            let report = try Tool.run(
                ["identity", "report", vault, "--pid", persons[0], "-f", format, "--lang", "fr"]
                    + common)
            #expect(report.status == 0, "\(report.errors)")
            let region = format == "json" ? "\"28\"" : "Normandie"
            #expect(report.output.contains(region))
            #expect(!report.output.contains("A0123456789ab"))
            let trail = try Tool.run(
                ["identity", "trail", "--pid", "A0123456789ab", "-f", format] + common)
            #expect(trail.status == 0, "\(trail.errors)")
            #expect(trail.output.contains(region) && !trail.output.contains(persons[0]))
        }
        // Six readings, six entries; without the key that signs, nothing is shown.
        let export = try Tool.run(["log", "export", log, "--key", "@\(log).vkey"] + Tool.reader)
        #expect(export.output.components(separatedBy: "\"log.read\"").count == 7)
        try FileManager.default.removeItem(atPath: log + ".key")
        let refused = try Tool.run(
            ["identity", "report", vault, "--pid", persons[0], "-f", "json"] + common)
        #expect(refused.status != 0 && !refused.output.contains("CONS_PRO"))
    }

    @Test func eachLineHasItsProof() throws {
        try consult()
        let lines = (0..<3).map { day in
            """
            {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"28","role":"CONS_PRO"},\
            "categories":["CV"],"id":"p\(day)","occurred_at":"2026-03-0\(day + 2)T09:00:00.000Z",\
            "outcome":"done","purpose":"P3-PROMOTION","source":"rh","source_seq":\(day + 3),\
            "subject":{"pid":"\(persons[0])"},"type":"profile.view","v":1}
            """
        }
        let appended = try Tool.run(
            ["log", "append", log], input: Data(lines.joined(separator: "\n").utf8))
        try #require(appended.status == 0, "\(appended.errors)")
        let common = journal + ["--as", officer, "--reference", "DSR-2"]
        for (number, arguments) in [
            ["identity", "report", vault, "--pid", persons[0]],
            ["identity", "trail", "--pid", "A0123456789ab"],
        ].enumerated() {
            let out = path("proofs\(number)")
            let report = try Tool.run(arguments + common + ["--proofs", out, "-f", "json"])
            #expect(report.status == 0, "\(report.errors)")
            let json = try JSONSerialization.jsonObject(with: report.outputBytes) as? [String: Any]
            let accesses = try #require(json?["accesses"] as? [[String: Any]])
            #expect(accesses.count == 3)
            for access in accesses {
                let name = try #require(access["proof"] as? String)
                let hash = try #require(access["leaf_hash"] as? String)
                let verify = ["prove", "verify", "\(out)/\(name)", "--key", "@\(log).vkey"]
                let holds = try Tool.run(verify + ["--leaf-hash", hash])
                #expect(holds.status == 0, "\(holds.errors)")
                // Another hash, another key, or no word of the entry at all.
                let other = String(hash.map { $0 == "0" ? "1" : $0 == "1" ? "0" : $0 })
                #expect(
                    try Tool.run(verify + ["--leaf-hash", other]).status == (other == hash ? 0 : 2))
                #expect(try Tool.run(verify).status == 66)
                #expect(try Tool.run(verify + ["--leaf-hash", "x"]).status == 64)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: out)
            #expect(files.count == 3)
            // Neither file names the other party.
            for file in files {
                let text = try String(contentsOfFile: "\(out)/\(file)", encoding: .utf8)
                #expect(!text.contains("A0123456789ab") && !text.contains(persons[0]))
            }
            for format in ["plain", "html"] {
                let shown = try Tool.run(arguments + common + ["--proofs", out, "-f", format])
                let hash = try #require(accesses[0]["leaf_hash"] as? String)
                #expect(shown.output.contains(hash) && shown.output.contains("--leaf-hash"))
            }
        }
    }

    @Test func badInputIsRefused() throws {
        let add =
            ["identity", "add", vault, "--kind", "jobseeker", "--period", "2026"]
            + Self.enrolling(log)
        for input in ["no tab", "a\tb\tc", "\tname", "id\t"] {
            let outcome = try Tool.run(add, input: Data(input.utf8))
            #expect(outcome.status == 65 && outcome.errors.contains("IDN206"), "\(input)")
            #expect(outcome.output.isEmpty)
        }
        let key = try Tool.run(
            ["identity", "check", vault, "--master-key", path("dpo")] + journal + Tool.reader)
        #expect(key.status == 78 && key.errors.contains("IDN201"))
        #expect(try Tool.run(["identity", "key", path("dpo")]).status == 73)
    }
}
