// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A log of one region with three sites, as its sources would send it; one site has two advisers.
final class SummaryScene {
    let folder: TemporaryFolder
    private var sequence = 0
    var log: String { path("log") }

    static let member = "A0000000000c1"
    static let central = "A0000000000c2"
    static let expert = "A0000000000c3"
    static let officer = "A0000000000d1"
    static let policies = "policies/pilote-linkedin"

    /// The variables that the commands run under.
    var environment: [String: String] = [:]

    /// Makes the log.
    ///
    /// - Parameter prepare: Gives more options of `log init`, and the variables, for a folder.
    /// - Throws: What keeps it from being made.
    init(
        _ prepare: (TemporaryFolder) throws -> (options: [String], environment: [String: String]) =
            {
                _ in ([], [:])
            }
    ) throws {
        folder = try TemporaryFolder()
        let prepared = try prepare(folder)
        environment = prepared.environment
        try must(["log", "init", log, "--origin", "vigie.example/essai"] + prepared.options)
        var lines = [
            event(
                "pilot.start", "2025-01-02T08:00:00.000Z",
                #""decision_ref":"D-1""#,
                #""regions":["28","32"]"#, #""valid_from":"2025-01-02T08:00:00.000Z""#,
                #""valid_until":"2025-12-31T00:00:00.000Z""#)
        ]
        for site in 1...3 {
            for number in 0..<(site == 1 ? 2 : 12) { lines += accesses(site, number, times: 3) }
        }
        try append(lines)
    }

    func path(_ name: String) -> String { folder.url.appending(path: name).path }

    func must(_ arguments: [String]) throws {
        let outcome = try Tool.run(arguments, environment: environment)
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }

    func append(_ lines: [String]) throws {
        let outcome = try Tool.run(
            ["log", "append", log], input: Data(lines.joined(separator: "\n").utf8),
            environment: environment)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// An event: fields in the order of their names, which `outcome` and `purpose` divide.
    func event(_ type: String, _ time: String, _ fields: String...) -> String {
        sequence += 1
        let own = [
            #""id":"e\#(sequence)""#, #""occurred_at":"\#(time)""#, #""source":"s""#,
            #""source_seq":\#(sequence)"#, #""type":"\#(type)""#, #""v":1"#,
        ]
        return "{" + (own + fields).sorted().joined(separator: ",") + "}"
    }

    /// Offers that one adviser saw in January 2025, as often as asked under each of two purposes.
    func accesses(_ site: Int, _ number: Int, times: Int) -> [String] {
        let pid = "A00000000\(site)0" + (number < 10 ? "0" : "") + "\(number)"
        let actor = """
            "actor":{"account_kind":"pro","establishment":"28-\(site)","pid":"\(pid)",\
            "region":"28","role":"CONS_PRO"}
            """
        return (0..<times).flatMap { day in
            [("offer.view", "P2-OFFRES"), ("employer.search", "P1-PROSPECTION")].map {
                event(
                    $0.0, "2025-01-1\(day)T09:00:00.000Z", actor, #""outcome":"done""#,
                    #""purpose":"\#($0.1)""#)
            }
        }
    }

    func appoint(
        _ pid: String, as role: String, for perimeter: String,
        until: String = "2199-01-01T00:00:00.000Z"
    ) throws {
        try append([
            event(
                "cse.appoint", "2025-01-02T09:00:00.000Z", #""body":"CSE-28""#,
                #""perimeter":"\#(perimeter)""#, #""roles":["\#(role)"]"#, #""to":"\#(pid)""#,
                #""valid_from":"2025-01-02T09:00:00.000Z""#, #""valid_until":"\#(until)""#)
        ])
    }

    func request(
        _ pid: String, as role: String, perimeter: String = "region:28",
        period: String = "2025-01"
    ) throws -> Tool.Outcome {
        try Tool.run(
            [
                "summary", "request", log, "--policies", Self.policies, "--requester", pid,
                "--role", role, "--perimeter", perimeter, "--period", period, "--lang", "en",
            ], environment: environment)
    }

    /// A verb of the path, after the request.
    func run(_ verb: String, _ more: [String]) throws -> Tool.Outcome {
        try Tool.run(
            ["summary", verb, log, "--policies", Self.policies, "--lang", "en"] + more,
            environment: environment)
    }

    func release(_ reference: String, approver: String = officer) throws -> Tool.Outcome {
        try run(
            "release",
            ["--request", reference, "--approver", approver, "--out", folder.url.path])
    }

    func verify(_ file: String, key: String? = nil, last: Bool = false) throws -> Tool.Outcome {
        try Tool.run(
            ["summary", "verify", file, "--key", key ?? "@\(log).vkey", "--lang", "en"]
                + (last ? ["--last", path("head")] : []))
    }
}
