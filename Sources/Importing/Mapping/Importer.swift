// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Diagnostics
public import TransparencyLog

/// An event made from a foreign record, before its source's counter numbers it.
public struct ImportedEvent: Sendable {
    /// The event, with `evidence: imported`.
    public var draft: EventDraft
    /// The idempotency key: what the record calls itself, or what its content says.
    public var id: String
    /// The source.
    public var source: String
    /// When it occurred, in milliseconds since 1970.
    public var occurredAt: Int64
    /// The line of the record, from 1.
    public var line: Int

    /// The submission's bytes, with the source's counter.
    public func rendered(sequence: UInt64) -> [UInt8] {
        draft.rendered(id: id, source: source, sequence: sequence, occurredAt: occurredAt)
    }
}

/// Makes events from the records of an export.
///
/// Nothing is guessed, and nothing dropped in silence: a record becomes an event, is left out by a
/// line of the map that says so, or is a fault.
public struct Importer: Sendable {
    /// What became of the records of an export.
    public struct Outcome: Sendable {
        /// The events, in the order of the export.
        public var events: [ImportedEvent] = []
        /// The records that were refused, and why.
        public var faults: [ImportFault] = []
        /// The number of records that the map leaves out.
        public var skippedCount = 0

        /// Whether there was no record in the export.
        public var isEmpty: Bool { events.isEmpty && faults.isEmpty && skippedCount == 0 }
    }

    private let format: ForeignFormat
    private let map: ImportMap?
    private let reader: ValueReader
    private let vocabulary = EventVocabulary()

    /// Makes an importer.
    ///
    /// - Throws: ``ImportMapError/Code/noMap`` where the format needs a map and there is none.
    public init(
        _ format: ForeignFormat, map: ImportMap?, pseudonyms: PseudonymTable = PseudonymTable()
    ) throws(ImportMapError) {
        guard map != nil || format == .jsonl else { throw ImportMapError(.noMap, .nowhere) }
        (self.format, self.map) = (format, map)
        reader = ValueReader(pseudonyms: pseudonyms)
    }

    /// What is kept while an export is read.
    private struct Progress {
        var outcome = Outcome()
        var seen: Set<String> = []
        var totals: DailyTotals?
    }

    /// Reads an export to its end.
    public func read(_ bytes: [UInt8]) -> Outcome {
        var progress = Progress(totals: DailyTotals(map))
        let used = map?.used ?? []
        let export = format.export(bytes, separator: map?.separator ?? UInt8(ascii: ","))
        do throws(ImportFault) {
            try export.checkHeading(needed: map?.needed ?? []) { name in
                map?.knows(name, used: used) ?? true
            }
        } catch {
            // Under a heading of something else no record has a meaning.
            return Outcome(faults: [error.naming { isDeclared($0, used) }])
        }
        for result in export.records {
            switch result {
            case .failure(let fault):
                progress.outcome.faults.append(fault)
                progress.totals?.spoil()
            case .success(let record):
                do throws(ImportFault) {
                    try take(record, used, &progress)
                } catch {
                    progress.outcome.faults.append(error)
                    progress.totals?.spoil(record, reader)
                }
            }
        }
        progress.totals?.conclude(&progress.outcome, vocabulary)
        progress.outcome.faults = progress.outcome.faults.map { fault in
            fault.naming { isDeclared($0, used) }
        }
        return progress.outcome
    }

    /// Whether a name is the map's or this program's own, and so may be said: no person's.
    private func isDeclared(_ name: String, _ used: Set<String>) -> Bool {
        used.contains(name) || map?.drop.contains(name) == true
            || Self.ownNames.contains(OwnRecord.listName(name) ?? name)
    }

    private static let ownNames = Set(EntryField.allCases.map(\.name) + OCSFForm.names)

    private func take(
        _ record: ForeignRecord, _ used: Set<String>, _ progress: inout Progress
    ) throws(ImportFault) {
        if let skip = map?.skip, let field = record[skip.from], skip.values.contains(field.value) {
            progress.outcome.skippedCount += 1
            return
        }
        try map?.check(record, used: used)
        guard progress.totals == nil else {
            try progress.totals?.add(record, reader)
            return
        }
        let event = try event(record)
        guard progress.seen.insert(event.source + "\n" + event.id).inserted else {
            throw ImportFault(.repeatedEvent, line: record.line)
        }
        progress.outcome.events.append(event)
    }

    private func event(_ record: ForeignRecord) throws(ImportFault) -> ImportedEvent {
        guard let map else { return try OwnRecord(record).event(vocabulary) }
        guard let type = try reader.text(map.type, record)?.text else {
            throw ImportFault(.missingField, line: record.line, field: map.type.from ?? "type")
        }
        guard
            case .instant(let occurredAt)? = try reader.value(.occurredAt, map.occurredAt, record)
        else {
            throw ImportFault(.missingField, line: record.line, field: map.occurredAt.from ?? "")
        }
        var draft = EventDraft(type)
        for (field, rule) in map.fields {
            draft[field] = try reader.value(field, rule, record)
        }
        var id: String?
        if let rule = map.id {
            id = try reader.text(rule, record)?.text
            guard id != nil else {
                throw ImportFault(.missingField, line: record.line, field: rule.from ?? "id")
            }
        }
        return try Self.complete(
            draft, id: id, source: map.source, at: occurredAt, record.line, vocabulary)
    }

    /// Marks an event as imported, and checks that it says what its type must.
    static func complete(
        _ draft: EventDraft, id: String?, source: String, at occurredAt: Int64, _ line: Int,
        _ vocabulary: EventVocabulary
    ) throws(ImportFault) -> ImportedEvent {
        guard let type = unsafe vocabulary.type(named: Array(draft.type.utf8).span.bytes) else {
            throw ImportFault(.unknownValue, line: line, field: "type")
        }
        var draft = draft
        draft[.evidence] = .text("imported")
        let present = EntryFieldSet(EntryField.allCases.filter { draft[$0] != nil })
        if let missing = type.fieldsMissing(in: present).first(where: { _ in true }) {
            throw ImportFault(.missingField, line: line, field: missing.name)
        }
        // What a record says is what it is known by, where nothing else names it.
        let content = draft.rendered(id: "-", source: source, sequence: 1, occurredAt: occurredAt)
        let hash = SHA256Hasher().hash(content).hex
        let event = ImportedEvent(
            draft: draft, id: id ?? "imp-\(hash.prefix(32))", source: source,
            occurredAt: occurredAt, line: line)
        do throws(EntryError) {
            _ = try EntryScanner(mode: .submission).scan(event.rendered(sequence: 1 << 52))
        } catch {
            throw ImportFault(.wrongKind, line: line)
        }
        return event
    }
}
