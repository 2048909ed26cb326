// SPDX-License-Identifier: Apache-2.0

import Foundation
import MFOTLCases

/// Runs a file of cases; prints each difference and how many cases agree.
func run(_ path: String) throws -> Bool {
    let cases = try MonPolyCase.cases(in: try Data(contentsOf: URL(fileURLWithPath: path)))
    let applicable = cases.filter { $0.notApplicableReason == nil }
    for skipped in cases {
        guard let reason = skipped.notApplicableReason else { continue }
        print("\(skipped.id): not applicable: \(reason)")
    }
    var agreeing = 0
    for item in applicable {
        if item.isSame {
            agreeing += 1
            continue
        }
        print("\(item.id): different")
        print("  formula: \(item.formula)")
        print("  expected:\n\(item.expected)\n  got:\n\(item.actual)")
    }
    print("cases \(agreeing)/\(applicable.count)")
    return agreeing == applicable.count
}

guard CommandLine.arguments.count == 2 else {
    print("usage: mfotl-cases FILE")
    exit(64)
}
do {
    exit(try run(CommandLine.arguments[1]) ? 0 : 1)
} catch {
    print("\(CommandLine.arguments[1]): \(error)")
    exit(66)
}
