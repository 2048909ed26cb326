// SPDX-License-Identifier: Apache-2.0

import CedarCorpus
import Foundation

/// Runs a folder of Cedar's conformance tests: `cedar-corpus CORPUS [VALIDATION]`.
@main
enum CedarCorpusTool {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "--bench" {
            for count in [16, 10_000] { try DecisionBenchmark(policyCount: count).run() }
            return
        }
        if arguments.first == "--cases" { return CaseStream.run() }
        guard let corpus = arguments.first else {
            print("usage: cedar-corpus CORPUS [VALIDATION]")
            exit(64)
        }
        let validation = arguments.dropFirst().first.map { URL(fileURLWithPath: $0) }
        let folder = CorpusFolder(URL(fileURLWithPath: corpus), validation: validation)
        let tally = folder.run()
        for difference in tally.differences { print(difference) }
        print(
            "requests \(tally.requests), validations \(tally.validations), "
                + "strict \(tally.strict), permissive \(tally.permissive)")
        exit(tally.isClean ? 0 : 1)
    }
}
