// SPDX-License-Identifier: Apache-2.0

/// Reads comma-separated values (RFC 4180), strictly.
///
/// The first record is the heading. A quote may stand only at both ends of a field, or doubled
/// inside; every record has as many fields as the heading; a line ends in `\n` or `\r\n`. A faulty
/// record is read to its end, so that no text inside quotes is taken for a record. Where a quote
/// that nothing closes, or something behind the closing one, leaves no telling where records begin,
/// the rest is one fault.
struct CSVReader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var place: Int
    private var line = 1
    private var lineStart: Int
    /// The first fault of the record that is being read; after it nothing is kept of the record.
    private var problem: ImportFault?

    init(_ bytes: [UInt8], separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        // The mark that some programs put before UTF-8.
        place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lineStart = place
    }

    private struct Cell {
        var value: ArraySlice<UInt8>
        var column: Int
    }

    mutating func export() -> ForeignExport {
        var found = ForeignExport()
        while place < bytes.count {
            let first = line
            do throws(ImportFault) {
                let cells = try cells()
                // An empty line is no record, as in the other formats.
                if cells.count == 1, cells[0].value.isEmpty { continue }
                let texts = try cells.map { cell throws(ImportFault) in try text(cell, first) }
                guard let heading = found.heading else {
                    found.heading = try Self.heading(texts, cells, first)
                    continue
                }
                let names = heading.fields.map(\.name)
                found.records.append(.success(try Self.record(names, texts, cells, first)))
            } catch {
                found.records.append(.failure(error))
                // Without a heading nothing that follows has a meaning.
                guard found.heading != nil, error.code != .unreadRest else { return found }
            }
        }
        return found
    }

    private static func heading(
        _ names: [String], _ cells: [Cell], _ line: Int
    ) throws(ImportFault) -> ForeignRecord {
        var heading = ForeignRecord(line: line)
        for place in names.indices {
            guard !names[place].isEmpty else {
                throw ImportFault(.malformedRecord, line: line, column: cells[place].column)
            }
            guard heading[names[place]] == nil else {
                throw ImportFault(
                    .duplicateField, line: line, column: cells[place].column, field: names[place],
                    number: place + 1)
            }
            try heading.add(names[place], names[place], column: cells[place].column)
        }
        return heading
    }

    private static func record(
        _ names: [String], _ texts: [String], _ cells: [Cell], _ line: Int
    ) throws(ImportFault) -> ForeignRecord {
        guard texts.count == names.count else {
            throw ImportFault(.malformedRecord, line: line, column: cells.last?.column ?? 1)
        }
        var record = ForeignRecord(line: line)
        for place in texts.indices {
            try record.add(names[place], texts[place], column: cells[place].column)
        }
        return record
    }

    private func text(_ cell: Cell, _ line: Int) throws(ImportFault) -> String {
        do throws(ImportFault) {
            try ForeignFormat.checkText(cell.value, line, allowsLineFeeds: true)
        } catch {
            // The field's own bytes are not the file's: quotes are taken off, and lines end in it.
            throw ImportFault(error.code, line: line, column: cell.column)
        }
        return String(decoding: cell.value, as: UTF8.self)
    }

    /// The fields up to the end of the record, which is consumed even where it is faulty.
    private mutating func cells() throws(ImportFault) -> [Cell] {
        var cells: [Cell] = []
        let start = place
        problem = nil
        while true {
            let cell = try cell()
            if place - start > ForeignRecord.byteCountMax
                || cells.count == ForeignRecord.fieldCountMax
            {
                note(.tooLong)
            }
            if problem == nil { cells.append(cell) } else { cells = [] }
            guard place < bytes.count else { break }
            let byte = bytes[place]
            place += 1
            if byte == separator { continue }
            if byte == 0x0D { place += 1 }
            (line, lineStart) = (line + 1, place)
            break
        }
        if let problem { throw problem }
        return cells
    }

    /// A field; what follows it is a separator, an end of line or the end.
    private mutating func cell() throws(ImportFault) -> Cell {
        let column = place - lineStart + 1
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try quoted(column) }
        let start = place
        while place < bytes.count, !isEnd(bytes[place]) {
            // A carriage return alone ends no line: the whole file would be one record.
            if bytes[place] == UInt8(ascii: "\"") || bytes[place] == 0x0D {
                note(.malformedRecord)
            }
            place += 1
        }
        return Cell(value: bytes[start..<place], column: column)
    }

    private mutating func quoted(_ column: Int) throws(ImportFault) -> Cell {
        var value: [UInt8] = []
        let opening = fault(.unreadRest)
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
                    guard place == bytes.count || isEnd(bytes[place]) else {
                        throw fault(.unreadRest)
                    }
                    return Cell(value: value[...], column: column)
                }
                place += 1
            } else if byte == 0x0A {
                (line, lineStart) = (line + 1, place)
            }
            // Read on to the closing quote, and keep no more of it.
            if value.count < ForeignRecord.byteCountMax {
                value.append(byte)
            } else {
                note(.tooLong)
            }
        }
        throw opening
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == 0x0A
            || byte == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
    }

    private mutating func note(_ code: ImportFault.Code) { problem = problem ?? fault(code) }

    private func fault(_ code: ImportFault.Code) -> ImportFault {
        ImportFault(code, line: line, column: place - lineStart + 1)
    }
}
