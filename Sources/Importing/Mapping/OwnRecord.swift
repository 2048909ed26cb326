// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// A record whose members are the fields of this log's format, and that needs no map.
struct OwnRecord {
    private let record: ForeignRecord

    init(_ record: ForeignRecord) { self.record = record }

    func event(_ vocabulary: EventVocabulary) throws(ImportFault) -> ImportedEvent {
        // An identifier that is given and empty is none, though the content could stand for it.
        if let empty = record.fields.first(where: {
            $0.isHollow || $0.name == "id" && $0.value.isEmpty
        }) {
            throw fault(empty.isHollow ? Self.code(of: empty.name) : .missingField, empty)
        }
        let type = try required("type")
        let source = try required("source")
        let occurredAt = try required("occurred_at")
        guard let instant = Timestamp.parse(occurredAt.value) else {
            throw fault(.wrongKind, occurredAt)
        }
        var draft = EventDraft(type.value)
        var lists: [EntryField: [String]] = [:]
        for field in record.fields
        where !["type", "source", "occurred_at", "id"].contains(field.name) {
            if field.name == "v" || field.name == "evidence" {
                guard field.value == (field.name == "v" ? "1" : "imported") else {
                    throw fault(.wrongKind, field)
                }
                continue
            }
            try take(field, &draft, &lists)
        }
        for (field, texts) in lists { draft[field] = .texts(texts) }
        return try Importer.complete(
            draft, id: record["id"].map(checked)?.get().value, source: source.value, at: instant,
            record.line, vocabulary)
    }

    private func take(
        _ field: ForeignRecord.Field, _ draft: inout EventDraft,
        _ lists: inout [EntryField: [String]]
    ) throws(ImportFault) {
        let name = Self.listName(field.name)
        guard let target = EventField.named(name ?? field.name),
            (name != nil) == (target.kind == .strings)
        else {
            throw fault(Self.code(of: field.name), field)
        }
        if field.value.isEmpty { throw fault(.missingField, field) }
        if target.kind == .strings {
            lists[target, default: []].append(try checked(field).get().value)
            return
        }
        guard let value = try value(target, field) else { throw fault(.wrongKind, field) }
        draft[target] = value
    }

    private func value(
        _ target: EntryField, _ field: ForeignRecord.Field
    ) throws(ImportFault) -> EventDraft.Value? {
        switch target.kind {
        case .string:
            let text = try checked(field).get().value
            if EventField.persons.contains(target), !CodeText.isPseudonym(text.utf8) {
                throw fault(.unknownPerson, field)
            }
            return .text(text)
        case .integer: return ValueReader.integer(field.value).map { .integer($0) }
        case .boolean:
            return ["true", "false"].contains(field.value) ? .flag(field.value == "true") : nil
        case .timestamp: return Timestamp.parse(field.value).map { .instant($0) }
        case .digest: return SHA256Text.digest(field.value).map { .digest($0) }
        case .strings, .object: return nil
        }
    }

    /// What is wrong with a field that is not of the form its name asks for.
    private static func code(of name: String) -> ImportFault.Code {
        guard let field = EntryField.allCases.first(where: { $0.name == name }) else {
            return .unmappedField
        }
        let isOwn = ["type", "source", "occurred_at", "id"].contains(name)
        return EventField.reserved.contains(field) && !isOwn ? .reservedField : .wrongKind
    }

    /// The name of the array that `name.0` is an item of.
    static func listName(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: "."),
            name[dot...].utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(name[..<dot])
    }

    private func required(_ name: String) throws(ImportFault) -> ForeignRecord.Field {
        guard let field = record[name] else {
            throw ImportFault(.missingField, line: record.line, field: name)
        }
        return try checked(field).get()
    }

    /// A text that names nobody, as far as a program can tell.
    private func checked(
        _ field: ForeignRecord.Field
    ) -> Result<ForeignRecord.Field, ImportFault> {
        let bytes = Array(field.value.utf8)
        guard unsafe DirectIdentifier.find(in: bytes.span.bytes) == nil else {
            return .failure(fault(.directIdentifier, field))
        }
        guard CodeText.isPlain(bytes) else { return .failure(fault(.freeText, field)) }
        return .success(field)
    }

    private func fault(
        _ code: ImportFault.Code, _ field: ForeignRecord.Field
    ) -> ImportFault {
        ImportFault(code, line: record.line, column: field.column, field: field.name)
    }
}
