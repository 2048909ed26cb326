// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `vigie audit` as the nightly unit runs it: recorded, and going on from the last run.
@Suite struct NightlyCommandTests {
    let folder: TemporaryFolder
    let policies: String
    var log: String { folder.url.appending(path: "log").path }
    var state: String { folder.url.appending(path: "state").path }

    init() throws {
        folder = try TemporaryFolder()
        policies = try PolicyCommandTests.ofSingleAccesses(in: folder)
        #expect(try Tool.run(["log", "init", log, "--origin", "vigie.example/nuit"]).status == 0)
        try append(1...300)
    }

    private func append(_ numbers: ClosedRange<Int>) throws {
        let text = numbers.map { number in
            let start = "\"id\":\"\(number)\",\"occurred_at\":\"2026-01-05T09:00:00.000Z\""
            let end = "\"source\":\"portail\",\"source_seq\":\(number)"
            guard number % 100 == 0 else {
                return "{\(start),\(end),\"type\":\"heartbeat\",\"v\":1}\n"
            }
            return """
                {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"75",\
                "role":"CONS_PRO"},"decision":{"effect":"allow","policy_version":\
                "\(String(repeating: "0", count: 64))"},\(start),"offer_ref":"OF-1",\
                "outcome":"done","purpose":"P2-OFFRES",\(end),"type":"offer.view","v":1}

                """
        }
        let outcome = try Tool.run(["log", "append", log], input: Data(text.joined().utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private func audit(_ options: [String]) throws -> (Tool.Outcome, findings: [String]) {
        let outcome = try Tool.run(
            [
                "audit", log, "--policies", policies, "--key", "@\(log).vkey",
                "--checkpoint", state, "-f", "json",
            ] + options + Tool.reader)
        let report = try JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any]
        let findings = (report?["findings"] as? [[String: Any]])?.compactMap {
            $0["fingerprint"] as? String
        }
        return (outcome, findings ?? [])
    }

    /// The entries of the program's own source.
    private func records() throws -> [String] {
        let outcome = try Tool.run(["log", "export", log, "--key", "@\(log).vkey"] + Tool.reader)
        return outcome.output.split(separator: "\n").map(String.init).filter {
            $0.contains("\"source\":\"vigie\"") && $0.contains("\"type\":\"check.")
        }
    }

    @Test func aNightGoesOnFromTheLast() throws {
        let (first, before) = try audit(["--record"])
        #expect(first.status == 1, "\(first.errors)")
        #expect(!first.errors.contains("goes on"))
        #expect(before.count == 3)
        let kept = try Data(contentsOf: URL(filePath: state))
        let mode = try FileManager.default.attributesOfItem(atPath: state)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try append(301...600)
        let (second, after) = try audit(["--record"])
        #expect(second.status == 1)
        #expect(second.errors.contains("The audit goes on from entry 256."), "\(second.errors)")
        let (whole, same) = try audit(["--full"])
        #expect(!whole.errors.contains("goes on"))
        #expect(after == same && after.count == 6 && after.starts(with: before))
        let records = try records()
        try #require(records.count == 4)
        #expect(records[1].contains("\"findings\":3") && records[1].contains("\"hash\":\""))
        #expect(records[1].contains("\"outcome_code\":\"1\""))
        #expect(records[1].contains("\"critical:0\",\"high:3\",\"low:0\",\"medium:0\""))
        // Without --record the file stays, and an older recorded state is as good.
        #expect(try Data(contentsOf: URL(filePath: state)) != kept)
        try kept.write(to: URL(filePath: state))
        #expect(try audit([]).0.errors.contains("The audit goes on from entry 256."))
        #expect(try Data(contentsOf: URL(filePath: state)) == kept)
    }

    @Test func whatIsNotBelievedIsReadAgain() throws {
        let (_, found) = try audit(["--record"])
        var bytes = try Data(contentsOf: URL(filePath: state))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: state))
        let (altered, same) = try audit([])
        #expect(altered.status == 1 && same == found)
        #expect(altered.errors.contains("warning AUD1"), "\(altered.errors)")
        // What no run recorded is not believed either, however well it was computed.
        try FileManager.default.removeItem(atPath: state)
        let (none, again) = try audit([])
        #expect(none.status == 1 && again == found)
        #expect(!FileManager.default.fileExists(atPath: state))
    }

    @Test func statusesAreThoseOfTheTable() throws {
        #expect(try audit(["--record", "--since", "2026-01-01"]).0.status == 64)
        let idle = ["--key", "@\(log).vkey", "--signing-key", "x"]
        #expect(try Tool.run(["audit", log, "--policies", policies] + idle).status == 64)
        #expect(try audit(["--record", "--signing-key", "/nonexistent"]).0.status == 66)
        #expect(try audit(["--record", "--fail-on", "never"]).0.status == 0)
        #expect(try audit(["--record", "--report", "json=/nonexistent/x"]).0.status == 73)
        #expect(try records().last?.contains("\"reason_code\":\"CLI105\"") == true)
        let bundle = log + "/tile/entries/000"
        var bytes = try Data(contentsOf: URL(filePath: bundle))
        bytes[1_000] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: bundle)
        try bytes.write(to: URL(filePath: bundle))
        let full = try audit(["--record", "--full"]).0
        #expect(full.status == 2, "\(full.errors)")
        #expect(try audit([]).0.status == 1, "what was read before is not read again")
    }

    /// The configuration: a file, variables over it, options over both; unknown keys are refused.
    @Test func theNightRunsAsConfigured() throws {
        let config = folder.url.appending(path: "vigie.yaml")
        let report = folder.url.appending(path: "audit.json").path
        let pilot = Tool.root.appending(path: PolicyCommandTests.pilot).path
        let text = """
            log: \(log)
            policies: \(pilot)
            key: \(log).vkey
            checkpoint: \(state)
            record: true
            report: ["json=\(report)"]

            """
        try Data(text.utf8).write(to: config)
        let arguments = ["nightly", "--config", config.path]
        #expect(try Tool.run(arguments).status == 1)
        let second = try Tool.run(arguments, environment: ["VIGIE_FAIL_ON": "never"])
        #expect(second.status == 0 && second.errors.contains("goes on from entry 256"))
        let third = try Tool.run(
            arguments + ["--fail-on", "high", "--full"], environment: ["VIGIE_FAIL_ON": "never"])
        #expect(third.status == 1 && !third.errors.contains("goes on"), "\(third.errors)")
        #expect(FileManager.default.fileExists(atPath: report))
        let doctor = try Tool.run(["doctor", "--config", config.path, "-f", "json"])
        #expect(doctor.status == 0, "\(doctor.output)\(doctor.errors)")
        let unknown = try Tool.run(arguments, environment: ["VIGIE_LGO": "x"])
        #expect(unknown.status == 78 && unknown.errors.contains("`VIGIE_LGO`"))
        try Data((text + "fail_on: low\n").utf8).write(to: config)
        let bad = try Tool.run(arguments)
        #expect(bad.status == 78 && bad.errors.contains("vigie.yaml:7:1: error CFG103"))
        try Data("record: perhaps\n".utf8).write(to: config)
        let worse = try Tool.run(arguments)
        #expect(worse.status == 78)
        for code in ["CFG104", "CFG105"] { #expect(worse.errors.contains(code), "\(worse.errors)") }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: log + ".key")
        try Data(text.utf8).write(to: config)
        #expect(try Tool.run(["doctor", "--config", config.path]).status == 78)
        #expect(try Tool.run(["nightly", "--config", "/nonexistent"]).status == 78)
    }

    /// Nobody but the log speaks for it: a record cannot be appended from outside.
    @Test func theLogsOwnSourceIsReserved() throws {
        let line = """
            {"findings":0,"hash":"\(String(repeating: "0", count: 64))","head":\
            "\(String(repeating: "0", count: 64))","id":"x","occurred_at":\
            "2026-01-05T09:00:00.000Z","ruleset_version":"\(String(repeating: "0", count: 64))",\
            "source":"vigie","source_seq":99,"type":"check.complete","v":1}

            """
        let outcome = try Tool.run(["log", "append", log], input: Data(line.utf8))
        #expect(outcome.status == 65 && outcome.errors.contains("LOG119"), "\(outcome.errors)")
    }
}
