// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

@Suite struct EventDraftTests {
    /// Every field of the format with a value of its kind: the scanner takes it, whatever the order.
    @Test func everyFieldIsCanonical() throws {
        let submitted = EntryField.allCases.filter {
            $0.kind != .object && ![.seq, .prev, .recordedAt].contains($0)
        }
        for fields in [submitted, submitted.reversed()] + submitted.map({ [$0] }) {
            var draft = EventDraft("session.open")
            for field in fields where ![.v, .type].contains(field) {
                draft[field] = Self.value(field.kind)
            }
            let bytes = draft.rendered(
                id: "x-1", source: "test", sequence: 7, occurredAt: 1_700_000_000_123)
            let scanned = try EntryScanner(mode: .submission).scan(bytes)
            for field in fields { #expect(scanned.contains(field), "\(field)") }
        }
    }

    @Test func rendersToTheLetter() {
        var draft = EventDraft("log.read", [.caseRef: .text("CASE-1")])
        draft[.actorPID] = .text("A000000000001")
        draft[.categories] = .texts(["CV", "CO", "CV"])
        draft[.subjectPID] = .text("P00")
        draft[.reference] = .text("tab\tquote\"back\\slash\u{1}é")
        let text = String(
            decoding: draft.rendered(id: "i", source: "s", sequence: 1, occurredAt: 0),
            as: UTF8.self)
        #expect(
            text == """
                {"actor":{"pid":"A000000000001"},"case_ref":"CASE-1","categories":["CO","CV"],\
                "id":"i","occurred_at":"1970-01-01T00:00:00.000Z",\
                "reference":"tab\\tquote\\"back\\\\slash\\u0001é","source":"s","source_seq":1,\
                "subject":{"pid":"P00"},"type":"log.read","v":1}
                """)
    }

    /// What the format refuses is refused by the scanner, not written.
    @Test(arguments: ["", "e\u{301}"])
    func badTextIsRefused(text: String) {
        let draft = EventDraft("log.read", [.reference: .text(text)])
        let bytes = draft.rendered(id: "i", source: "s", sequence: 1, occurredAt: 0)
        #expect(throws: EntryError.self) { try EntryScanner(mode: .submission).scan(bytes) }
    }

    private static func value(_ kind: EntryFieldKind) -> EventDraft.Value {
        switch kind {
        case .string, .object: .text("x")
        case .integer: .integer(-3)
        case .boolean: .flag(true)
        case .timestamp: .instant(0)
        case .digest: .digest(SHA256Hasher().hash([]))
        case .strings: .texts(["b", "a"])
        }
    }
}
