// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Testing

@Suite struct DirectIdentifierTests {
    func find(_ text: String) -> DirectIdentifier? {
        let bytes = Array(text.utf8)
        return unsafe DirectIdentifier.find(in: bytes.span.bytes)
    }

    @Test(arguments: [
        ("jean.dupont@exemple.fr", DirectIdentifier.email), ("voir a@b.fr.", .email),
        ("x+y@sous.domaine.example", .email), ("0612345678", .phone), ("06 12 34 56 78", .phone),
        ("06.12.34.56.78", .phone), ("tel 01-23-45-67-89", .phone), ("+33 6 12 34 56 78", .phone),
        ("+33612345678", .phone), ("dossier 12 0612345678", .phone), ("1840375123456", .nir),
        ("1 84 03 75 123 456", .nir), ("184037512345690", .nir), ("2 85 07 2A 004 012 59", .nir),
        ("2 85 07 2B 004 012", .nir), ("284-05-59-350-123", .nir),
    ])
    func finds(_ text: String, _ kind: DirectIdentifier) {
        #expect(find(text) == kind, "\(text)")
    }

    @Test(arguments: [
        "", "A00123456789a", "P1840375123456", "OF-2026-001234", "LIC-000123", "P3-PROMOTION",
        "184037512345600", "a@", "@b.fr", "a@b", "a@b.", "1840399000456", "9840375123456",
        "1841375123456", "123456789", "00123456789", "061234567", "06123456789", "x0612345678",
        "2026-01-05 10:00", "3a1840375123456b", "18403751234561234", "+44612345678",
    ])
    func doesNotAccuse(_ text: String) {
        #expect(find(text) == nil, "\(text)")
    }

    /// The keys of all numbers are 97 minus the remainder: one key in 97 is right.
    @Test func exactlyOneKeyIsRight() {
        for number in stride(from: 1_840_375_123_001, to: 1_840_375_123_200, by: 7) {
            let right = (0...99).filter { key in
                find("\(number)\(key < 10 ? "0" : "")\(key)") == .nir
            }
            #expect(right == [97 - number % 97])
        }
    }

    /// Wherever it stands in a text, an identifier is found; stuck to a letter, a number is not one.
    @Test func placeDoesNotMatter() {
        let identifiers = ["0612345678", "+33 6 12 34 56 78", "1 84 03 75 123 456", "a@b.fr"]
        for identifier in identifiers {
            for before in 0..<20 {
                for after in 0..<20 {
                    let text =
                        String(repeating: "x", count: before) + " " + identifier + " "
                        + String(repeating: "y", count: after)
                    #expect(find(text) != nil, "\(text)")
                }
                let stuck = String(repeating: "x", count: before + 1) + "0612345678"
                #expect(find(stuck) == nil, "\(stuck)")
            }
        }
    }

    /// Pseudonyms, digests and identifiers of entries, drawn at random, are not accused.
    @Test func randomReferencesAreNotAccused() {
        var random = SeededGenerator(state: 10)
        for _ in 0..<20_000 {
            let hex = String(random.next() | 1 << 63, radix: 16)
            let more = String(random.next() | 1 << 63, radix: 16)
            let uuid =
                "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.suffix(3))-"
                + "8\(more.prefix(3))-\(more.suffix(12))"
            for text in ["P" + hex.prefix(12), "A" + more.prefix(12), uuid, hex + more] {
                #expect(find(text) == nil, "seed 10: \(text)")
            }
        }
    }
}
