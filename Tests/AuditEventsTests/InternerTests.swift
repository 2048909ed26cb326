// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Testing

@Suite struct InternerTests {
    /// Against a dictionary: the same number for the same bytes, and only for them.
    @Test func numbersTextsAsADictionaryDoes() {
        var random = SeededGenerator(state: 3)
        var interner = Interner()
        var known: [[UInt8]: InternedID] = [:]
        for _ in 0..<30_000 {
            let length = Int.random(in: 0...26, using: &random)
            // Few distinct bytes, so that texts repeat and differ in one place.
            let text = (0..<length).map { _ in UInt8.random(in: 0...1, using: &random) &* 0xFF }
            let seen = unsafe interner.find(text.span.bytes)
            #expect(seen == known[text])
            let number = unsafe interner.intern(text.span.bytes)
            #expect(number == known[text] ?? number)
            if seen == nil { #expect(Int(number.rawValue) == known.count) }
            known[text] = number
            #expect(Array(interner.bytes(number)) == text)
        }
        #expect(interner.count == known.count)
        for (text, number) in known { #expect(unsafe interner.find(text.span.bytes) == number) }
    }
}
