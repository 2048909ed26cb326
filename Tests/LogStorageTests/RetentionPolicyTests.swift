// SPDX-License-Identifier: Apache-2.0

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
}
