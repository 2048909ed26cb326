// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What the fields of an export mean: a file of YAML that somebody wrote, and signs for.
///
///     source: linkedin-recruiter
///     separator: ";"
///     type: {from: Action, values: {Assigned: licence.assign, Parked: licence.suspend}}
///     occurred_at: {from: Date, as: date}
///     id: {from: Event ID, as: code}
///     fields:
///       licence_id: {from: Seat ID, as: code, prefix: LIC-}
///       to: {from: Seat holder, as: pseudonym}
///       reason_code: VENDOR-EXPORT
///     skip: {from: Action, values: [Message sent]}
///     drop: [Seat holder name, "Custom *"]
///
/// Every field of the export is named: used, or dropped knowingly. Without `id` an event is known by
/// its content. With `sum`, records are added up by day and make one `claim.register` for each
/// column: the vendor's totals, with no person in them.
public struct ImportMap: Sendable {
    /// Records that are left out.
    struct Skip: Sendable {
        var from: String
        var values: Set<String>
    }

    /// The source of the entries.
    public var source = ""
    /// What stands between the fields of a CSV record.
    public var separator = UInt8(ascii: ",")
    var type = FieldRule.constant("")
    var occurredAt = FieldRule.constant("")
    var id: FieldRule?
    var fields: [(field: EntryField, rule: FieldRule)] = []
    var skip: Skip?
    var drop: Set<String> = []
    /// Beginnings of names: `ext.*` drops each field of the extension.
    var dropPrefixes: [String] = []
    /// Columns that are added up by day, by the reference of their claim.
    var sums: [(reference: String, column: String)] = []

    /// The foreign fields that the map reads.
    var used: Set<String> {
        let rules = fields.map { $0.rule } + [type, occurredAt] + [id].compactMap { $0 }
        return Set(
            rules.compactMap(\.from) + sums.map { $0.column } + [skip?.from].compactMap { $0 })
    }

    /// The foreign fields that no record can do without.
    var needed: [String] {
        let rules = sums.isEmpty ? [type, occurredAt, id].compactMap { $0 } : [occurredAt]
        return rules.compactMap(\.from) + sums.map { $0.column } + [skip?.from].compactMap { $0 }
    }

    /// Whether the map says what becomes of a foreign field.
    func knows(_ name: String, used: Set<String>) -> Bool {
        used.contains(name) || drop.contains(name)
            || dropPrefixes.contains { name.hasPrefix($0) }
    }

    /// Checks that a record has no field that the map says nothing of, and none that is hollow.
    ///
    /// - Throws: ``ImportFault``, for the first such field.
    func check(_ record: ForeignRecord, used: Set<String>) throws(ImportFault) {
        for field in record.fields {
            // What drops all that an object may hold drops an object that holds nothing.
            let isDropped = field.isHollow && knows(field.name + ".", used: [])
            let isUsed = used.contains { $0 == field.name || $0.hasPrefix(field.name + ".") }
            let isKnown = isDropped || knows(field.name, used: used) || field.isHollow && isUsed
            guard isKnown else {
                throw ImportFault(
                    .unmappedField, line: record.line, column: field.column, field: field.name)
            }
            guard !field.isHollow || isDropped || !isUsed else {
                throw ImportFault(
                    .wrongKind, line: record.line, column: field.column, field: field.name)
            }
        }
    }

    /// The map of `jsonl` where none is given: each member is a field of this log's format.
    static let own = ImportMap()
}
