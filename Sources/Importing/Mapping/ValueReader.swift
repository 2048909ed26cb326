// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// Reads foreign values, each as its rule says and never as anything else.
struct ValueReader {
    let pseudonyms: PseudonymTable

    /// The text that a rule makes of a record's value; nil where the record has none.
    ///
    /// - Throws: ``ImportFault``; a person's name is never in it.
    func text(
        _ rule: FieldRule, _ record: ForeignRecord
    ) throws(ImportFault) -> (text: String, column: Int)? {
        guard let from = rule.from else { return rule.words[""].map { ($0, 1) } }
        guard let field = record[from] else { return nil }
        func fault(_ code: ImportFault.Code) -> ImportFault {
            ImportFault(code, line: record.line, column: field.column, field: from)
        }
        switch rule.reading {
        case .word:
            guard let word = rule.words[field.value] else { throw fault(.unknownValue) }
            return (word, field.column)
        case .pseudonym:
            guard let pid = pseudonym(field.value) else { throw fault(.unknownPerson) }
            return (pid, field.column)
        case .code:
            let text = rule.prefix + field.value
            guard unsafe DirectIdentifier.find(in: Array(field.value.utf8).span.bytes) == nil else {
                throw fault(.directIdentifier)
            }
            guard CodeText.isCode(text.utf8) else { throw fault(.freeText) }
            return (text, field.column)
        default: return (field.value, field.column)
        }
    }

    /// The pseudonym of a person; one that stands there already is taken as it is.
    private func pseudonym(_ name: String) -> String? {
        CodeText.isPseudonym(name.utf8) ? name : pseudonyms.pseudonym(of: name)
    }

    /// The value of an event's field.
    ///
    /// - Throws: ``ImportFault``.
    func value(
        _ field: EntryField, _ rule: FieldRule, _ record: ForeignRecord
    ) throws(ImportFault) -> EventDraft.Value? {
        guard let (text, column) = try text(rule, record) else { return nil }
        let value: EventDraft.Value? =
            switch field.kind {
            case .string: .text(text)
            case .strings: .texts([text])
            case .digest: SHA256Text.digest(text).map { .digest($0) }
            case .integer: Self.integer(text).map { .integer($0) }
            case .boolean: Self.boolean(text).map { .flag($0) }
            case .timestamp: InstantText.parse(text, rule.reading).map { .instant($0) }
            case .object: nil
            }
        guard let value else {
            throw ImportFault(
                .wrongKind, line: record.line, column: column, field: rule.from ?? field.name)
        }
        return value
    }

    static func integer(_ text: String) -> Int64? {
        // The smallest number has no absolute value: its magnitude is of another type.
        guard let number = Int64(text), String(number) == text, number.magnitude < 1 << 53 else {
            return nil
        }
        return number
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true", "yes", "oui", "1": true
        case "false", "no", "non", "0": false
        default: nil
        }
    }
}
