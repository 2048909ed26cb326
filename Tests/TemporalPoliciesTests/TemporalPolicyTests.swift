// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import TemporalPolicies
import Testing

/// Policies that look at the history: what they decide, and what is refused.
@Suite struct TemporalPolicyTests {
    private static let login = "D::Action::\"Login\"::request"

    private func policies(_ condition: String, _ word: String = "when") throws -> TemporalPolicySet
    {
        try TemporalPolicySet(
            parsing: [
                (
                    "p.dw",
                    "permit(principal, action == D::Action::\"Read\", resource) "
                        + "\(word) temporal { \(condition) };"
                )
            ], scope: .everybody)
    }

    private static func line(_ time: Int, _ action: String, user: String = "a") -> String {
        let input = "input: { user: \"\(user)\", n: 2 }"
        return "@\(time) scope(principal: D::U::\"\(user)\", resource: D::G::\"g\") "
            + "request_context(\(input)) D::Action::\"\(action)\"::request(\(input))\n"
    }

    @Test func decidesByTheHistory() throws {
        let policies = try policies(
            "formerly within 10s \(Self.login){ input.user: context.input.user }")
        let trace = try PolicyTrace(
            Self.line(0, "Login") + Self.line(10, "Read") + Self.line(10, "Read", user: "b")
                + Self.line(11, "Read"))
        #expect(
            trace.replay(policies) == [
                "@0 (time point 0): false", "@10 (time point 1): true",
                "@10 (time point 2): false", "@11 (time point 3): false",
            ])
    }

    @Test func keepsBlocksInPlaceForCedar() throws {
        let text = """
            // temporal { in a comment }
            @note("temporal { in a string }")
            permit(principal, action, resource)
            unless temporal { formerly within 1s \(Self.login){ } }
            when { context.input.n > 1 && temporal {
                formerly within 1s \(Self.login){ }
            } };
            forbid(principal, action, resource) when { context.nope == };
            """
        let error = #expect(throws: TemporalPolicyErrors.self) {
            try TemporalPolicySet(parsing: [("p.dw", text)])
        }
        let place = error?.diagnostics.first?.place
        #expect(place == .text(file: "p.dw", line: 8, column: 60))
        let good = String(text.split(separator: "\n").dropLast().joined(separator: "\n"))
        #expect(try TemporalPolicySet(parsing: [("p.dw", good)]).blocks.count == 2)
    }

    @Test(arguments: [
        ("formerly within 1s \(login){ input.user: u }", "TPL111"),
        ("exists (u: String). !\(login){ input.user: u }", "TPL112"),
        ("exists (n: Long). (n > 1 && \(login){ input.n: n })", "TPL113"),
        ("\(login){ input.n: count for (t: Timepoint). where tp(t) }", "TPL114"),
        ("(sum a for (t: Timepoint). where (\(login){} && tp(t))) > 1", "TPL115"),
        ("formerly within 1s (context.input.n == 1)", "TPL116"),
        ("formerly within 25h \(login){ }", "TPL117"), ("formerly \(login){ }", "TPL102"),
        ("same_session(1h, \(login){ })", "TPL106"), ("formerly within ?w \(login){ }", "TPL106"),
        ("\(login){ } || \(login){ }", "TPL101"),
        ("formerly within 999999999999999d \(login){ }", "TPL103"),
        (String(repeating: "(", count: 5_000), "TPL104"),
        (String(repeating: "!(", count: 5_000), "TPL104"), ("\"", "TPL105"),
    ])
    func refusesWithACode(_ condition: String, _ code: String) {
        let error = #expect(throws: TemporalPolicyErrors.self) { try policies(condition) }
        #expect(
            error?.diagnostics.map(\.code).contains(code) == true, "\(String(describing: error))")
    }

    @Test func deniesWhatCannotBeEvaluated() throws {
        let policies = try policies("!(formerly within 1s \(Self.login){ })")
        var authorizer = TemporalAuthorizer(policies)
        let read = EntityUID(type: "D::Action", id: "Read")
        func ask(_ time: Int64, _ context: Record = .empty) -> TemporalAuthorizer.Answer {
            authorizer.decide(
                HistoryEvent(time: time, action: read, kind: "request", fields: context),
                Request(
                    principal: EntityUID(type: "D::U", id: "a"), action: read,
                    resource: EntityUID(type: "D::G", id: "g"), context: context))
        }
        #expect(ask(5).decision == .allow)
        let earlier = ask(4)
        #expect(earlier.decision == .deny && earlier.failure == .timeWentBack)
        let forged = ask(6, Record([("__temporal_0", .bool(true))]))
        #expect(forged.decision == .deny && forged.failure == .reservedAttribute)
        #expect(ask(7).decision == .allow)
    }

    /// Three joins without a common value, over forty users: sixty-four thousand combinations.
    @Test func deniesWhatTakesTooManySteps() throws {
        func join(_ name: String, _ rest: String) -> String {
            "exists (\(name): String). (formerly within 1h \(Self.login){ input.user: \(name) } "
                + "&& \(rest))"
        }
        let policies = try policies("!(\(join("a", join("b", join("c", "c == \"nobody\"")))))")
        let text = (0..<40).map { Self.line(1, "Login", user: "u\($0)") }.joined()
        let trace = try PolicyTrace(text + Self.line(2, "Read"))
        func answer(_ count: Int) throws -> TemporalAuthorizer.Answer {
            var authorizer = TemporalAuthorizer(policies, stepCountMax: 5_000)
            for entry in trace.entries.prefix(count) {
                let isTaken = authorizer.observe(entry.event)
                #expect(isTaken)
            }
            let entry = try #require(trace.entries.last)
            return authorizer.decide(
                entry.event,
                Request(
                    principal: try #require(entry.principal), action: entry.event.action,
                    resource: try #require(entry.resource), context: entry.context))
        }
        #expect(try answer(3).decision == .allow)
        let tooMany = try answer(40)
        #expect(tooMany.decision == .deny && tooMany.failure == .tooCostly)
    }

    /// A long history holds no more than the windows can see.
    @Test func forgetsWhatNoWindowSees() throws {
        var authorizer = TemporalAuthorizer(
            try policies("formerly within 100s \(Self.login){ input.user: context.input.user }"))
        let login = EntityUID(type: "D::Action", id: "Login")
        for time in 0..<Int64(20_000) {
            let input = Record([("input", .record(Record([("user", .string("u\(time)"))])))])
            let isTaken = authorizer.observe(
                HistoryEvent(time: time, action: login, kind: "request", fields: input))
            #expect(isTaken)
        }
        #expect(authorizer.heldCount <= 512)
    }
}
