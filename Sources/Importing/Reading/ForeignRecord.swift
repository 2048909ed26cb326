// SPDX-License-Identifier: Apache-2.0

/// One record of an export of another program, as named texts: nothing of it is believed yet.
public struct ForeignRecord: Hashable, Sendable {
    /// The greatest number of fields.
    public static let fieldCountMax = 512
    /// The greatest number of bytes of a record.
    public static let byteCountMax = 1 << 16

    /// A field of a record.
    public struct Field: Hashable, Sendable {
        /// Its name: a column's heading, or a path such as `actor.user.uid`.
        public var name: String
        /// Its value, without quotes and escapes.
        public var value: String
        /// Where the value, or the record, begins: a column in bytes, from 1.
        public var column: Int
        /// Whether it is an object or an array with nothing in it, and so has no value.
        public var isHollow = false
    }

    /// The line on which the record begins, from 1.
    public var line: Int
    /// The fields, in the record's order; no two have one name.
    public private(set) var fields: [Field] = []
    private var places: [String: Int] = [:]

    init(line: Int) { self.line = line }

    /// Adds a field.
    ///
    /// - Throws: ``ImportFault`` if there is one of that name, or too many.
    mutating func add(
        _ name: String, _ value: String, column: Int = 1, isHollow: Bool = false
    ) throws(ImportFault) {
        guard fields.count < Self.fieldCountMax else {
            throw ImportFault(.tooLong, line: line, column: column)
        }
        guard places.updateValue(fields.count, forKey: name) == nil else {
            throw ImportFault(.duplicateField, line: line, column: column, field: name)
        }
        fields.append(Field(name: name, value: value, column: column, isHollow: isHollow))
    }

    /// The field of a name; nil if there is none, or it is empty.
    public subscript(name: String) -> Field? {
        guard let place = places[name], !fields[place].value.isEmpty else { return nil }
        return fields[place]
    }
}

/// An export as it was read: its records, and what stands above them.
struct ForeignExport {
    /// The names of the columns, where the format has a heading; each is its own value.
    var heading: ForeignRecord?
    /// Each record, or why it is none, in the order of the export.
    var records: [Result<ForeignRecord, ImportFault>] = []

    /// Checks a heading against a map, whether or not a record follows it.
    ///
    /// - Parameters:
    ///   - needed: The columns that every record must have, by the map.
    ///   - knows: Whether the map says what becomes of a column.
    /// - Throws: ``ImportFault``, for the first column that is unknown, or missing.
    func checkHeading(
        needed: [String], _ knows: (String) -> Bool
    ) throws(ImportFault) {
        guard let heading else { return }
        for (place, field) in heading.fields.enumerated() where !knows(field.name) {
            throw ImportFault(
                .unmappedField, line: heading.line, column: field.column, field: field.name,
                number: place + 1)
        }
        if let missing = needed.first(where: { heading[$0] == nil }) {
            throw ImportFault(.missingField, line: heading.line, field: missing)
        }
    }
}
