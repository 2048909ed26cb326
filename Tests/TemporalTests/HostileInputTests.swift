// SPDX-License-Identifier: Apache-2.0

import Temporal
import Testing

/// No text makes the monitor trap, run away or hold more than its windows need.
@Suite struct HostileInputTests {
    static let signature = Signature([
        Signature.Relation("P", [.int]), Signature.Relation("Q", [.int]),
        Signature.Relation("W", [.string]),
    ])

    static let formulas: [(String, TemporalError.Code)] = [
        (String(repeating: "(", count: 5_000) + "P(1)", .formulaTooLarge),
        (String(repeating: "NOT ", count: 5_000) + "P(1)", .formulaTooLarge),
        (Array(repeating: "P(x)", count: 3_000).joined(separator: " AND "), .formulaTooLarge),
        (Array(repeating: "P(x)", count: 60).joined(separator: " EQUIV "), .formulaTooLarge),
        ("x = " + String(repeating: "- ", count: 3_000) + "1", .formulaTooLarge),
        ("P(x) AND x = 9223372036854775807 + 1", .arithmeticFailure),
        ("ONCE[0,99999999999999999999] P(x)", .numberTooLarge),
        ("ONCE[0,9223372036854775807d] P(x)", .numberTooLarge),
        ("W(x) AND x MATCHES r\"[\"", .invalidPattern),
        ("W(x) AND x MATCHES r\"" + String(repeating: "\\(", count: 90) + "\"", .invalidPattern),
        ("EVENTUALLY P(x)", .unboundedFuture),
        ("ONCE[4,1] P(x)", .emptyInterval),
        ("ONCE P(\"a\")", .typeClash),
        ("R(x)", .unknownRelation),
        ("LET A(x,y) = P(x) IN A(x,x)", .malformedLet),
        ("c <- CNT y P(x)", .malformedAggregation),
        ("P(x) AND", .unexpectedToken),
        ("P(x) & Q(x)", .unknownCharacter),
        ("NOT P(x)", .notMonitorable),
    ]

    @Test(arguments: formulas.indices)
    func formulasAreRefusedWithTheirCode(_ index: Int) {
        let (text, code) = Self.formulas[index]
        do {
            _ = try MonitorableFormula(text: Array(text.utf8), signature: Self.signature)
            Issue.record("accepted: \(text.prefix(60))")
        } catch {
            #expect(error.code == code, "\(text.prefix(60))")
        }
    }

    @Test func extremeTimesAndBoundsAreTaken() throws {
        for text in [
            "ONCE(9223372036854775807,*) P(x)", "EVENTUALLY[0,9223372036854775807] P(x)",
            "PREVIOUS[9223372036854775807,*) P(x)", "P(x) UNTIL[0,9223372036854775806] Q(x)",
        ] {
            let formula = try MonitorableFormula(
                text: Array(text.utf8), signature: Self.signature)
            let monitor = try TemporalMonitor(formula)
            for time in [Int.min, -1, 0, Int.max - 1] {
                try monitor.advance(to: TimePoint(timestamp: time, tuples: ["P": [[.int(1)]]]))
            }
            _ = try monitor.finish()
        }
    }

    @Test func costlyPatternsStop() throws {
        let text = "W(x) AND x MATCHES r\"\\(a*\\)*\\(a*\\)*\\(a*\\)*b\""
        let formula = try MonitorableFormula(text: Array(text.utf8), signature: Self.signature)
        let monitor = try TemporalMonitor(formula)
        let word = Value.string(Array(repeating: UInt8(ascii: "a"), count: 3_000))
        #expect(throws: TemporalError.self) {
            try monitor.advance(to: TimePoint(timestamp: 0, tuples: ["W": [[word]]]))
        }
    }

    @Test(arguments: [
        "ONCE[0,10] P(x)", "(NOT Q(x)) SINCE[0,10] P(x)", "EVENTUALLY[0,10] P(x)",
        "(NOT Q(x)) UNTIL[2,10] P(x)", "c <- CNT x ONCE[0,10] P(x)", "PREVIOUS NEXT P(x)",
    ])
    func stateIsBoundedByTheWindow(_ text: String) throws {
        let formula = try MonitorableFormula(text: Array(text.utf8), signature: Self.signature)
        let monitor = try TemporalMonitor(formula)
        var largest = 0
        for time in 0..<5_000 {
            let point = TimePoint(
                timestamp: time, tuples: ["P": [[.int(time)]], "Q": [[.int(time / 2)]]])
            try monitor.advance(to: point)
            largest = max(largest, monitor.tupleCount + monitor.pendingCount)
        }
        #expect(largest < 200, "\(text) held \(largest)")
    }

    @Test func timeThatGoesBackIsRefused() throws {
        let formula = try MonitorableFormula(text: Array("P(x)".utf8), signature: Self.signature)
        let monitor = try TemporalMonitor(formula)
        try monitor.advance(to: TimePoint(timestamp: 5))
        #expect(throws: TemporalError(.timestampOutOfOrder, subject: "4")) {
            try monitor.advance(to: TimePoint(timestamp: 4))
        }
    }
}
