// SPDX-License-Identifier: Apache-2.0

/// Reads an event of the Common Event Format (ArcSight, version 0 and 1).
///
///     CEF:0|LinkedIn|Recruiter|1.0|100|seat assigned|3|rt=1772438462003 cs1=LIC-0042
///
/// Its fields are `vendor`, `product`, `device_version`, `signature_id`, `name`, `severity`,
/// `ext.<key>` for each key of the extension, and `prefix` for what stands before `CEF:`.
struct CEFReader {
    let line: Int
    private static let headers = [
        "vendor", "product", "device_version", "signature_id", "name", "severity",
    ]

    init(line: Int) { self.line = line }

    func record(_ bytes: [UInt8]) throws(ImportFault) -> ForeignRecord {
        var record = ForeignRecord(line: line)
        var place = try start(bytes, &record)
        let version = try header(bytes, &place)
        guard version == "0" || version == "1" else { throw fault(place) }
        for name in Self.headers {
            let column = place + 1
            try record.add(name, try header(bytes, &place), column: column)
        }
        try pairs(bytes[place...], &record)
        return record
    }

    private func fault(_ place: Int) -> ImportFault {
        ImportFault(.malformedRecord, line: line, column: place + 1)
    }

    /// Where the version begins, after `CEF:`.
    private func start(
        _ bytes: [UInt8], _ record: inout ForeignRecord
    ) throws(ImportFault) -> Int {
        let mark = Array("CEF:".utf8)
        if bytes.starts(with: mark) { return mark.count }
        // After a header of syslog, which ends in a space.
        let range = bytes.indices.prefix(1_024).first { place in
            bytes[place] == UInt8(ascii: " ") && bytes[(place + 1)...].starts(with: mark)
        }
        guard let range else { throw fault(0) }
        try record.add("prefix", String(decoding: bytes[..<range], as: UTF8.self))
        return range + 1 + mark.count
    }

    /// A part of the header, up to `|`, which is consumed; `\|` and `\\` stand for the second.
    private func header(_ bytes: [UInt8], _ place: inout Int) throws(ImportFault) -> String {
        var value: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "|") { return String(decoding: value, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            guard place < bytes.count, [0x5C, 0x7C].contains(bytes[place]) else {
                throw fault(place)
            }
            value.append(bytes[place])
            place += 1
        }
        throw fault(place)
    }

    /// `key=value` pairs: a value may hold spaces, and ends where the next key begins.
    private func pairs(
        _ bytes: ArraySlice<UInt8>, _ record: inout ForeignRecord
    ) throws(ImportFault) {
        var found: [(key: Range<Int>, value: Int)] = []
        var (place, wordStart) = (bytes.startIndex, bytes.startIndex)
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: " "): wordStart = place + 1
            case UInt8(ascii: "="):
                guard wordStart < place, bytes[wordStart..<place].allSatisfy(Self.isKey) else {
                    throw fault(place)
                }
                found.append((wordStart..<place, place + 1))
                wordStart = bytes.endIndex
            default: break
            }
            place += 1
        }
        guard let first = found.first else {
            guard bytes.allSatisfy({ $0 == UInt8(ascii: " ") }) else {
                throw fault(bytes.startIndex)
            }
            return
        }
        guard bytes[bytes.startIndex..<first.key.lowerBound].allSatisfy({ $0 == 0x20 }) else {
            throw fault(bytes.startIndex)
        }
        for (number, pair) in found.enumerated() {
            let isLast = number + 1 == found.count
            let end = isLast ? bytes.endIndex : found[number + 1].key.lowerBound - 1
            try record.add(
                "ext." + String(decoding: bytes[pair.key], as: UTF8.self),
                try unescaped(bytes[pair.value..<max(end, pair.value)]), column: pair.value + 1)
        }
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || [0x5F, 0x2E, 0x2D, 0x5B, 0x5D].contains(byte)
    }

    private func unescaped(_ text: ArraySlice<UInt8>) throws(ImportFault) -> String {
        var value: [UInt8] = []
        var place = text.startIndex
        while place < text.endIndex {
            var byte = text[place]
            if byte == UInt8(ascii: "\\") {
                place += 1
                guard place < text.endIndex else { throw fault(place) }
                switch text[place] {
                case UInt8(ascii: "n"): byte = 0x0A
                case UInt8(ascii: "r"): byte = 0x0D
                case UInt8(ascii: "="), UInt8(ascii: "\\"): byte = text[place]
                default: throw fault(place)
                }
            }
            value.append(byte)
            place += 1
        }
        while value.last == 0x20 { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }
}
