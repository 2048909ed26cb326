// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import LogStorage
import Testing

@Suite struct RetentionPolicyTests {
    @Test(arguments: [
        "", "retention_days_min: 180", "retention_days_min: 0\nretention_days_max: 9",
        "retention_days_min: 9\nretention_days_max: 8", "retention_days_min: -1",
        "retention_days_min: 180\nretention_days_min: 180\nretention_days_max: 365",
        "retention_days_min: 99999999999999999999\nretention_days_max: 365", "x: 1",
    ])
    func aPolicyIsTwoLines(_ text: String) {
        let error = #expect(throws: StorageError.self) {
            try RetentionPolicy(parsing: Array(text.utf8), path: "p")
        }
        #expect(error?.code == .malformedPolicy)
    }

    /// Written on any system, and with the mark that some programs put before UTF-8.
    @Test(arguments: ["", "\u{FEFF}"], ["\n", "\r\n"])
    func aPolicyIsReadFromAnySystem(_ mark: String, _ end: String) throws {
        let lines = [
            "# written by hand", "retention_days_min: 180", "  ", "", "retention_days_max: 365",
        ]
        let text = mark + lines.map { $0 + end }.joined()
        let policy = try RetentionPolicy(parsing: Array(text.utf8), path: "p")
        #expect(policy.daysMin == 180 && policy.daysMax == 365)
    }

    @Test(arguments: [
        ("# a\nretention_days_min: 180 days\n", 2), ("\r\n\r\nx: 1", 3),
        ("retention_days_min: 1\nretention_days_min: 1", 2),
    ])
    func aFaultHasItsLine(_ text: String, _ line: Int) {
        let error = #expect(throws: StorageError.self) {
            try RetentionPolicy(parsing: Array(text.utf8), path: "p")
        }
        #expect(error?.diagnostic.place == .text(file: "p", line: line, column: 1))
    }
}
