// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import TemporalPolicies

/// Makes pairs of policies and logs, or replays one, for comparison with another implementation.
///
///     dogwood-cases generate SEED COUNT      one JSON object a line: policy, trace, verdicts
///     dogwood-cases replay                   the same of one object on standard input
///
/// `verdicts` are the lines of Dogwood's replay; `error` says why the policy was refused.
private struct Case: Codable {
    var policy: String
    var trace: String
    /// Whether a request sees the events of everybody.
    var global: Bool
    var verdicts: [String]?
    var error: String?

    mutating func judge() {
        do {
            let policies = try TemporalPolicySet(
                parsing: [("policy.dw", policy)], scope: global ? .everybody : .principal)
            verdicts = try PolicyTrace(trace).replay(policies)
        } catch let errors as TemporalPolicyErrors {
            error = errors.diagnostics.map(\.code).joined(separator: " ")
        } catch {
            self.error = "trace"
        }
    }
}

private let encoder = JSONEncoder()
encoder.outputFormatting = .sortedKeys
private let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "generate", let seed = UInt64(arguments[2]),
    let count = Int(arguments[3])
{
    for number in 0..<count {
        var generator = CaseGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
        var item = Case(
            policy: generator.policies(), trace: generator.trace(), global: number % 2 == 1)
        item.judge()
        print(String(decoding: try encoder.encode(item), as: UTF8.self))
    }
} else if arguments.count == 2, arguments[1] == "replay" {
    while let line = readLine() {
        var item = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
        item.judge()
        print(String(decoding: try encoder.encode(item), as: UTF8.self))
    }
} else {
    FileHandle.standardError.write(
        Data("usage: dogwood-cases generate SEED COUNT | replay\n".utf8))
    exit(64)
}
