// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The fields of an event that an import may set, and what each takes.
enum EventField {
    /// What only the log, or the import itself, sets.
    static let reserved: Set<EntryField> = [
        .seq, .prev, .recordedAt, .v, .sourceSeq, .evidence, .id, .source, .type, .occurredAt,
    ]

    /// The field of a name; nil if there is none, or an import may not set it.
    static func named(_ name: String) -> EntryField? {
        guard let field = EntryField.allCases.first(where: { $0.name == name }),
            field.kind != .object, !reserved.contains(field)
        else { return nil }
        return field
    }

    /// Fields that hold a person: a pseudonym, and nothing else.
    static let persons: Set<EntryField> = [
        .actorPID, .subjectPID, .from, .to, .approver, .requester, .reviewer, .owner, .author,
    ]

    /// Whether a field takes values that are read like that.
    static func takes(_ field: EntryField, _ reading: FieldRule.Reading) -> Bool {
        switch field.kind {
        case .string:
            persons.contains(field)
                ? reading == .pseudonym || reading == .word
                : [.code, .word].contains(reading)
        case .strings: [.code, .word].contains(reading)
        case .integer: reading == .integer
        case .boolean: reading == .boolean
        case .timestamp:
            [
                .rfc3339, .date, .americanDate, .frenchDate, .epochSeconds, .epochMilliseconds,
            ].contains(reading)
        case .digest: reading == .code
        case .object: false
        }
    }
}

/// Texts that may stand in a log: codes, never names.
enum CodeText {
    /// Letters, digits and `._:/-*+`, without spaces.
    static func isPlain(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 256
            && text.allSatisfy { byte in
                isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "._:/-*+".utf8.contains(byte)
            }
    }

    /// A code with a digit in it, as identifiers of things have, and names of persons have not.
    static func isCode(_ text: some Collection<UInt8>) -> Bool {
        isPlain(text) && text.contains(where: isDigit)
    }

    /// A pseudonym: `A` or `P` and 12 hexadecimal digits.
    static func isPseudonym(_ text: some Collection<UInt8>) -> Bool {
        text.count == 13 && (text.first == 0x41 || text.first == 0x50)
            && text.dropFirst().allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
