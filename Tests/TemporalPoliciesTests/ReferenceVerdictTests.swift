// SPDX-License-Identifier: Apache-2.0

import Foundation
import TemporalPolicies
import Testing

/// The verdicts that the reference implementation of Dogwood gave for generated policies and logs.
///
/// `make dogwood-diff` compares thousands afresh; these are kept so that every test run holds the
/// meaning without it.
@Suite struct ReferenceVerdictTests {
    private struct Pair: Decodable {
        var policy: String
        var trace: String
        var global: Bool
        var verdicts: [String]
    }

    @Test func givesTheVerdictsOfTheReference() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Vectors/dogwood/verdicts.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 150)
        var allowed = 0
        for (number, line) in lines.enumerated() {
            let pair = try JSONDecoder().decode(Pair.self, from: Data(line))
            let policies = try TemporalPolicySet(
                parsing: [("\(number).dw", pair.policy)],
                scope: pair.global ? .everybody : .principal)
            let verdicts = try PolicyTrace(pair.trace).replay(policies)
            #expect(verdicts == pair.verdicts, "pair \(number): \(pair.policy)\(pair.trace)")
            allowed += verdicts.count { $0.hasSuffix("true") }
        }
        #expect(allowed > 100)
    }
}
