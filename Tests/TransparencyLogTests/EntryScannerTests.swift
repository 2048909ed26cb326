// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

@Suite struct EntryScannerTests {
    let scanner = EntryScanner(mode: .submission)
    let valid = sampleSubmission(7)

    /// Raw values follow the order of the keys, which the scanner relies on.
    @Test func fieldsAreInCanonicalOrder() {
        let names = EntryField.allCases.map { Array($0.name.utf8) }
        for (name, next) in zip(names, names.dropFirst()) {
            #expect(name.lexicographicallyPrecedes(next) || next.starts(with: name))
        }
        #expect(Set(names).count == names.count)
    }

    @Test func placesEveryField() throws {
        let entry = try scanner.scan(Array(valid.utf8))
        let text = Array(valid.utf8)
        let value = { (field: EntryField) in
            entry.range(of: field).map { String(decoding: text[$0], as: UTF8.self) }
        }
        #expect(value(.actorPID) == "A0123456789ab")
        #expect(value(.categories) == "[\"CO\",\"CV\"]")
        #expect(value(.subject) == "{\"pid\":\"P00000000cafe\"}")
        #expect(value(.sourceSeq) == "7")
        #expect(value(.v) == "1")
        #expect(value(.seq) == nil)
        #expect(entry.sourceSeq == 7)
        #expect(entry.occurredAt == sampleTime + 7_000)
    }

    /// Each field alone, with a good value and with one of another kind.
    @Test(arguments: EntryField.allCases) func everyFieldIsKnown(field: EntryField) throws {
        guard field.kind != .object,
            ![.v, .id, .type, .source, .sourceSeq, .occurredAt].contains(field)
        else { return }
        let good: String
        switch field.kind {
        case .string: good = "\"x\""
        case .integer: good = "-12"
        case .boolean: good = "false"
        case .timestamp: good = "\"2026-02-28T23:59:59.999Z\""
        case .digest: good = "\"" + String(repeating: "0f", count: 32) + "\""
        case .strings: good = "[\"a\",\"b\"]"
        case .object: return
        }
        let isReserved = [.seq, .prev, .recordedAt].contains(field)
        let text = Self.entry(with: field, good)
        if isReserved {
            #expect(Self.code(text) == .reservedField)
        } else {
            #expect(Self.code(text) == nil, "\(text)")
        }
        let wrong = field.kind == .integer ? "\"1\"" : "1"
        #expect(Self.code(Self.entry(with: field, wrong)) == .wrongKind)
    }

    /// A key is its bytes: with zeros beside it, it is no field's.
    @Test(arguments: EntryField.allCases) func zerosMakeAnotherKey(field: EntryField) throws {
        let key = String(field.name.split(separator: ".").last ?? "")
        let isAlways = [.v, .id, .type, .source, .sourceSeq, .occurredAt].contains(field)
        let good = Self.entry(
            with: isAlways ? .actorPID : field,
            field.kind == .integer && !isAlways ? "1" : "\"x\"")
        for other in [key + "\0", key + "\0\0\0\0", "\0" + key] {
            let text = good.replacing("\"\(key)\":", with: "\"\(other)\":")
            #expect(text != good && Self.code(text) == .unknownField, "\(text.debugDescription)")
        }
    }

    static func code(_ text: String) -> EntryError.Code? {
        do throws(EntryError) {
            _ = try EntryScanner(mode: .submission).scan(Array(text.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    /// The smallest submission with one more field, in its place.
    static func entry(with field: EntryField, _ value: String) -> String {
        let parts = field.name.split(separator: ".").map(String.init)
        var members = [
            ("id", "\"1\""), ("occurred_at", "\"2026-01-01T00:00:00.000Z\""),
            ("source", "\"s\""), ("source_seq", "1"), ("type", "\"t\""), ("v", "1"),
        ]
        members.append(
            parts.count == 2 ? (parts[0], "{\"\(parts[1])\":\(value)}") : (parts[0], value))
        members.sort { Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) }
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    @Test(arguments: [
        ("\"unit\":\"FTPRO\"", "\"unit\":\"\"", EntryError.Code.emptyValue),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"\\u0041\"", .nonMinimalEscape),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"\\u000a\"", .nonMinimalEscape),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"\\/\"", .nonMinimalEscape),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"\\u001F\"", .nonMinimalEscape),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"a\u{1}b\"", .unexpectedByte),
        ("\"unit\":\"FTPRO\"", "\"unit\":\"e\u{301}\"", .invalidText),
        ("\"unit\":\"FTPRO\"", "\"unit\":null", .wrongKind),
        ("\"unit\":\"FTPRO\"", "\"zone\":\"FTPRO\"", .unknownField),
        ("[\"CO\",\"CV\"]", "[\"CV\",\"CO\"]", .itemOrder),
        ("[\"CO\",\"CV\"]", "[\"CO\",\"CO\"]", .itemOrder),
        ("[\"CO\",\"CV\"]", "[\"CO\",1]", .wrongKind),
        ("{\"pid\":\"P00000000cafe\"}", "{}", .emptyValue),
        ("\"source_seq\":7", "\"source_seq\":07", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":-0", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":-7", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":7.0", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":7e1", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":9007199254740992", .invalidNumber),
        ("\"source_seq\":7", "\"source_seq\":99999999999999999999", .invalidNumber),
        ("\"v\":1", "\"v\":2", .unknownVersion),
        ("\"source_seq\":7,", "", .missingField),
        ("\"type\":\"profile.view\",\"v\":1", "\"v\":1,\"type\":\"profile.view\"", .keyOrder),
        ("\"v\":1", "\"v\":1,\"v\":1", .keyOrder),
        ("\"v\":1}", "\"v\":1}\n", .trailingBytes),
        ("{\"actor\"", "{ \"actor\"", .unexpectedByte),
    ])
    func refusesWhatIsNotCanonical(old: String, new: String, code: EntryError.Code) {
        #expect(valid.contains(old))
        let text = valid.replacing(old, with: new, maxReplacements: 1)
        #expect(Self.code(text) == code, "\(text)")
    }

    @Test(arguments: ["\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}", "é€😀", "\\n\u{301}", "/"])
    func acceptsCanonicalText(text: String) {
        #expect(Self.code(valid.replacing("FTPRO", with: text)) == nil)
    }

    @Test func acceptsTheGreatestNumber() {
        let text = valid.replacing("_seq\":7", with: "_seq\":9007199254740991")
        #expect(Self.code(text) == nil)
    }

    @Test func refusesMoreThanTheLimit() {
        let room = EntryScanner.byteCountMax - valid.utf8.count + 5
        let fits = valid.replacing("FTPRO", with: String(repeating: "x", count: room))
        #expect(fits.utf8.count == EntryScanner.byteCountMax)
        #expect(Self.code(fits) == nil)
        #expect(Self.code(fits.replacing("xx", with: "xxx", maxReplacements: 1)) == .tooLong)
    }

    /// Every cut and every changed byte ends in a value or a typed error.
    @Test func neverCrashes() {
        let bytes = Array(valid.utf8)
        for count in 0..<bytes.count {
            #expect(throws: EntryError.self) { try scanner.scan(Array(bytes[..<count])) }
        }
        var random = SystemRandomNumberGenerator()
        var accepted = 0
        for index in bytes.indices {
            for value in 0...255 {
                var changed = bytes
                changed[index] = UInt8(value)
                if (try? scanner.scan(changed)) != nil { accepted += 1 }
            }
        }
        #expect(accepted > bytes.count)
        for _ in 0..<2_000 {
            let noise = (0..<Int.random(in: 0..<64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: EntryError.self) { try scanner.scan(noise) }
        }
    }

    @Test func renderedSubmissionScansAsAnEntry() throws {
        let submission = Array(valid.utf8)
        let prev = SHA256Hasher().hash([1])
        let entry = try EntryRenderer.render(
            submission, scanner.scan(submission), seq: 42, prev: prev, recordedAt: sampleTime)
        let scanned = try EntryScanner().scan(entry)
        #expect(scanned.seq == 42)
        #expect(scanned.prev == prev)
        #expect(scanned.recordedAt == sampleTime)
        #expect(throws: EntryError(.missingField, at: submission.count)) {
            try EntryScanner().scan(submission)
        }
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", Int64(0)), ("2026-03-02T08:15:30.123Z", 1_772_439_330_123),
        ("2000-02-29T23:59:59.999Z", 951_868_799_999),
        ("0000-01-01T00:00:00.000Z", Timestamp.range.lowerBound),
        ("9999-12-31T23:59:59.999Z", Timestamp.range.upperBound),
        ("1969-12-31T23:59:59.999Z", -1),
    ])
    func bothWays(text: String, milliseconds: Int64) {
        #expect(Timestamp.parse(text) == milliseconds)
        #expect(Timestamp.format(milliseconds) == text)
    }

    @Test func everyDayOfFourCenturies() {
        for day in stride(from: Int64(-20_000), to: 130_000, by: 1) {
            let time = day * 86_400_000 + 12_345_678
            #expect(Timestamp.parse(Timestamp.format(time)) == time)
        }
    }

    @Test(arguments: [
        "2026-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z",
        "2026-01-01t00:00:00.000Z", "2026-01-01T00:00:00.000z", "2026-01-01T00:00:00.00:Z",
        "2026-01-01T00:00:00Z", "2026/01/01T00:00:00.000Z", "2026-01-01T00:00:00.000+",
    ])
    func refusesWhatIsNoInstant(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }
}
