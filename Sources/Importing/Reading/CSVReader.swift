// SPDX-License-Identifier: Apache-2.0

/// Reads comma-separated values (RFC 4180), strictly.
///
/// The first record is the heading. A quote may stand only at both ends of a field, or doubled
/// inside; every record has as many fields as the heading. After a quote that nothing closes there
/// is no telling where records begin, so the rest is one fault.
struct CSVReader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var place: Int
    private var line = 1
    private var lineStart: Int

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

    mutating func records() -> [Result<ForeignRecord, ImportFault>] {
        var heading: [String]?
        var found: [Result<ForeignRecord, ImportFault>] = []
        while place < bytes.count {
            let first = line
            do throws(ImportFault) {
                let cells = try cells()
                // An empty line is no record, as in the other formats.
                if cells.count == 1, cells[0].value.isEmpty { continue }
                let texts = try cells.map { cell throws(ImportFault) in try text(cell, first) }
                guard let names = heading else {
                    heading = try Self.heading(texts, first)
                    continue
                }
                found.append(.success(try Self.record(names, texts, cells, first)))
            } catch {
                found.append(.failure(error))
                // Without a heading nothing that follows has a meaning.
                guard heading != nil, skipLine(from: first) else { return found }
            }
        }
        return found
    }

    private static func heading(_ names: [String], _ line: Int) throws(ImportFault) -> [String] {
        guard names.count <= ForeignRecord.fieldCountMax else {
            throw ImportFault(.tooLong, line: line)
        }
        var seen: Set<String> = []
        for name in names {
            guard !name.isEmpty else { throw ImportFault(.malformedRecord, line: line) }
            guard seen.insert(name).inserted else {
                throw ImportFault(.duplicateField, line: line, field: name)
            }
        }
        return names
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
        try ForeignFormat.checkText(cell.value, line, allowsLineFeeds: true)
        return String(decoding: cell.value, as: UTF8.self)
    }

    /// The fields up to the end of the record, which is consumed.
    private mutating func cells() throws(ImportFault) -> [Cell] {
        var cells: [Cell] = []
        let start = place
        while true {
            cells.append(try cell())
            guard place - start <= ForeignRecord.byteCountMax,
                cells.count <= ForeignRecord.fieldCountMax
            else { throw fault(.tooLong) }
            guard place < bytes.count else { return cells }
            let byte = bytes[place]
            place += 1
            if byte == separator { continue }
            if byte == 0x0D, place < bytes.count, bytes[place] == 0x0A { place += 1 }
            (line, lineStart) = (line + 1, place)
            return cells
        }
    }

    /// A field; what follows it is a separator, an end of line or the end.
    private mutating func cell() throws(ImportFault) -> Cell {
        let column = place - lineStart + 1
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
            let start = place
            while place < bytes.count, !isEnd(bytes[place]) {
                guard bytes[place] != UInt8(ascii: "\"") else { throw fault(.malformedRecord) }
                place += 1
            }
            return Cell(value: bytes[start..<place], column: column)
        }
        var value: [UInt8] = []
        let opening = fault(.malformedRecord)
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
                    guard place == bytes.count || isEnd(bytes[place]) else {
                        throw fault(.malformedRecord)
                    }
                    return Cell(value: value[...], column: column)
                }
                place += 1
            } else if byte == 0x0A {
                (line, lineStart) = (line + 1, place)
            }
            value.append(byte)
            guard value.count <= ForeignRecord.byteCountMax else { throw fault(.tooLong) }
        }
        throw opening
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == 0x0A
            || byte == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
    }

    private func fault(_ code: ImportFault.Code) -> ImportFault {
        ImportFault(code, line: line, column: place - lineStart + 1)
    }

    /// Goes to the line after a fault; false where a quote swallowed the rest.
    private mutating func skipLine(from first: Int) -> Bool {
        guard place < bytes.count || line == first else { return false }
        if line > first, place == lineStart { return true }
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        place = min(place + 1, bytes.count)
        (line, lineStart) = (line + 1, place)
        return true
    }
}
