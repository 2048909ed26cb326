// SPDX-License-Identifier: Apache-2.0

/// Reads a message of the syslog protocol (RFC 5424, section 6).
///
///     <134>1 2026-03-02T08:01:02.003Z host app 711 login [seat@32473 id="12" act="open"] text
///
/// Its fields are `facility`, `severity`, `timestamp`, `hostname`, `app_name`, `procid`, `msgid`,
/// `sd.<id>.<name>` for each parameter of the structured data, and `msg`.
struct SyslogReader {
    private let bytes: [UInt8]
    private var place = 0
    private var record: ForeignRecord

    init(_ bytes: [UInt8], line: Int) {
        self.bytes = bytes
        record = ForeignRecord(line: line)
    }

    mutating func read() throws(ImportFault) -> ForeignRecord {
        try priority()
        try take("1 ")
        for (name, limit) in [
            ("timestamp", 32), ("hostname", 255), ("app_name", 48), ("procid", 128),
            ("msgid", 32),
        ] {
            try header(name, limit)
            if name != "msgid" { try take(" ") }
        }
        try take(" ")
        try structuredData()
        guard place < bytes.count else { return record }
        try take(" ")
        var text = bytes[place...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        try record.add("msg", String(decoding: text, as: UTF8.self), column: place + 1)
        return record
    }

    private var fault: ImportFault {
        ImportFault(.malformedRecord, line: record.line, column: place + 1)
    }

    private mutating func take(_ text: StaticString) throws(ImportFault) {
        for byte in text.description.utf8 {
            guard place < bytes.count, bytes[place] == byte else { throw fault }
            place += 1
        }
    }

    /// `<n>`, from 0 to 191, without leading zeros: eight times the facility, and the severity.
    private mutating func priority() throws(ImportFault) {
        try take("<")
        let start = place
        var value = 0
        while place < bytes.count, place - start < 3, (0x30...0x39).contains(bytes[place]) {
            value = value * 10 + Int(bytes[place] - 0x30)
            place += 1
        }
        guard place > start, value <= 191, bytes[start] != 0x30 || place == start + 1 else {
            throw fault
        }
        try take(">")
        try record.add("facility", "\(value / 8)")
        try record.add("severity", "\(value % 8)")
    }

    /// A word of printable ASCII; `-` says that there is none.
    private mutating func header(_ name: String, _ limit: Int) throws(ImportFault) {
        let start = place
        while place < bytes.count, (0x21...0x7E).contains(bytes[place]), place - start <= limit {
            place += 1
        }
        guard place > start, place - start <= limit else { throw fault }
        let value = bytes[start..<place]
        guard value.elementsEqual("-".utf8) == false else { return }
        try record.add(name, String(decoding: value, as: UTF8.self), column: start + 1)
    }

    private mutating func structuredData() throws(ImportFault) {
        if place < bytes.count, bytes[place] == UInt8(ascii: "-") {
            place += 1
            return
        }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "[") else { throw fault }
        var seen: Set<String> = []
        while place < bytes.count, bytes[place] == UInt8(ascii: "[") {
            place += 1
            let id = try name()
            guard seen.insert(id).inserted else {
                throw ImportFault(
                    .duplicateField, line: record.line, column: place + 1, field: id)
            }
            while place < bytes.count, bytes[place] == UInt8(ascii: " ") {
                place += 1
                let parameter = try name()
                try take("=\"")
                let column = place + 1
                try record.add("sd.\(id).\(parameter)", try value(), column: column)
            }
            try take("]")
        }
    }

    /// A name: 1 to 32 printable characters without `=`, `]` and quotes.
    private mutating func name() throws(ImportFault) -> String {
        let start = place
        while place < bytes.count, (0x21...0x7E).contains(bytes[place]),
            ![UInt8(ascii: "="), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains(bytes[place])
        {
            place += 1
        }
        guard (1...32).contains(place - start) else { throw fault }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// A value up to its quote; `\"`, `\\` and `\]` stand for the second character.
    private mutating func value() throws(ImportFault) -> String {
        var value: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "]"):
                place -= 1
                throw fault
            case UInt8(ascii: "\\")
            where place < bytes.count && [0x22, 0x5C, 0x5D].contains(bytes[place]):
                value.append(bytes[place])
                place += 1
            default: value.append(byte)
            }
        }
        throw fault
    }
}
