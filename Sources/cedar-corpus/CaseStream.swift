// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarCorpus
import Foundation

/// Answers cases given one a line, for comparison with another implementation.
enum CaseStream {
    static func run() {
        while let line = readLine() {
            print(answer(line))
            fflush(nil)
        }
    }

    private static func answer(_ line: String) -> String {
        do throws(CedarErrors) {
            let json = try JSONValue(parsing: line, file: "case")
            return OracleCase(json).answer.serialized
        } catch {
            return JSONValue.object([("error", .string(error.description))]).serialized
        }
    }
}
