// SPDX-License-Identifier: Apache-2.0

import Reporting
import Testing

@Suite struct JSONNodeTests {
    @Test func keepsOrderAndEscapes() {
        let node = JSONNode.object([
            ("z", .array([])), ("a", .string("\"\\\n\u{1}\u{7F}é\u{202F}")),
            ("n", .array([.integer(-1), .boolean(true), .null])),
        ])
        #expect(
            node.rendered() == #"""
                {
                  "z": [],
                  "a": "\"\\\n\u0001\u007fé\#u{202F}",
                  "n": [
                    -1,
                    true,
                    null
                  ]
                }

                """#)
    }
}
