// SPDX-License-Identifier: Apache-2.0

/// The formats that records are read from.
public enum ForeignFormat: String, CaseIterable, Sendable {
    /// RFC 5424, a message a line.
    case syslog
    /// ArcSight Common Event Format, an event a line, with or without what stands before `CEF:`.
    case cef
    /// RFC 4180, with a heading.
    case csv
    /// Open Cybersecurity Schema Framework, a JSON object a line.
    case ocsf
    /// A JSON object a line, whose members are the fields of this log's format.
    case jsonl

    /// Reads the records of an export.
    ///
    /// - Parameters:
    ///   - bytes: The export.
    ///   - separator: What stands between the fields of a CSV record.
    /// - Returns: Each record, or why it is none, in the order of the export.
    public func read(
        _ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")
    ) -> [Result<ForeignRecord, ImportFault>] {
        export(bytes, separator: separator).records
    }

    /// Reads the records of an export, and its heading, where the format has one.
    func export(_ bytes: [UInt8], separator: UInt8) -> ForeignExport {
        if self == .csv {
            var reader = CSVReader(bytes, separator: separator)
            return reader.export()
        }
        var found = ForeignExport()
        for (number, line) in Self.lines(bytes) {
            do throws(ImportFault) {
                found.records.append(.success(try record(line, number)))
            } catch {
                found.records.append(.failure(error))
            }
        }
        return found
    }

    private func record(
        _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(ImportFault) -> ForeignRecord {
        guard line.count <= ForeignRecord.byteCountMax else {
            throw ImportFault(.tooLong, line: number)
        }
        try Self.checkText(line, number)
        switch self {
        case .syslog:
            var reader = SyslogReader(Array(line), line: number)
            return try reader.read()
        case .cef: return try CEFReader(line: number).record(Array(line))
        case .ocsf:
            var reader = JSONLineReader(Array(line), line: number)
            let record = try reader.read()
            try OCSFForm.check(record)
            return record
        case .jsonl, .csv:
            var reader = JSONLineReader(Array(line), line: number)
            return try reader.read()
        }
    }

    /// The lines that are not empty, without `\n` or `\r\n`, with their numbers from 1.
    private static func lines(_ bytes: [UInt8]) -> [(Int, ArraySlice<UInt8>)] {
        var (number, found) = (0, [(Int, ArraySlice<UInt8>)]())
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let line = part.last == 0x0D ? part.dropLast() : part
            if !line.isEmpty { found.append((number, line)) }
        }
        return found
    }

    /// Checks that a text is UTF-8 without control characters.
    static func checkText(
        _ text: ArraySlice<UInt8>, _ line: Int, allowsLineFeeds: Bool = false
    ) throws(ImportFault) {
        for (offset, byte) in text.enumerated() where byte < 0x20 || byte == 0x7F {
            if byte == 0x09 || allowsLineFeeds && (byte == 0x0A || byte == 0x0D) { continue }
            throw ImportFault(.malformedText, line: line, column: offset + 1)
        }
        guard String(validating: text, as: UTF8.self) != nil else {
            throw ImportFault(.malformedText, line: line)
        }
    }
}

/// The core of an OCSF event: its class, its activity, its time, and the version of the schema.
enum OCSFForm {
    /// The names of the core.
    static let names = ["class_uid", "activity_id", "type_uid", "time", "metadata.version"]

    static func check(_ record: ForeignRecord) throws(ImportFault) {
        var numbers: [Int64] = []
        for name in names.dropLast() {
            guard let field = record[name] else {
                throw ImportFault(.missingField, line: record.line, field: name)
            }
            guard let number = Int64(field.value), number >= 0, number < 1 << 53 else {
                throw ImportFault(
                    .wrongKind, line: record.line, column: field.column, field: name)
            }
            numbers.append(number)
        }
        guard record["metadata.version"] != nil else {
            throw ImportFault(.missingField, line: record.line, field: "metadata.version")
        }
        // The schema defines the type as class and activity together.
        guard numbers[0] < 1 << 40, numbers[1] < 100, numbers[2] == numbers[0] * 100 + numbers[1]
        else { throw ImportFault(.malformedRecord, line: record.line, field: "type_uid") }
    }
}
