// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// An event that a program writes itself, field by field, before the log numbers it.
///
/// It renders to the canonical form of a submission whatever the order in which fields were set;
/// a value that the format does not allow is found when the submission is scanned.
public struct EventDraft: Hashable, Sendable {
    /// A field's value, of the kind that the field's table gives.
    public enum Value: Hashable, Sendable {
        /// A string; it must not be empty, and must be in NFC.
        case text(String)
        /// A whole number.
        case integer(Int64)
        /// True or false.
        case flag(Bool)
        /// Milliseconds since 1970.
        case instant(Int64)
        /// A SHA-256 digest.
        case digest(SHA256Digest)
        /// Strings; they are sorted and kept once.
        case texts([String])
    }

    /// The event's type.
    public let type: String
    private var values: [EntryField: Value] = [:]

    /// Begins an event of a type, with its fields.
    public init(_ type: String, _ values: [EntryField: Value] = [:]) {
        self.type = type
        self.values = values
    }

    /// A field's value; nil where the event has none.
    public subscript(field: EntryField) -> Value? {
        get { values[field] }
        set { values[field] = newValue }
    }

    /// The event in the canonical form (RFC 8785), as its source numbers it.
    ///
    /// - Parameters:
    ///   - id: The idempotency key, unique for the source.
    ///   - source: Who sends the event.
    ///   - sequence: The source's own counter, from 1.
    ///   - occurredAt: Milliseconds since 1970.
    /// - Returns: A submission's bytes, which ``EntryScanner`` has still to accept.
    public func rendered(
        id: String, source: String, sequence: UInt64, occurredAt: Int64
    ) -> [UInt8] {
        var all = values
        all[.id] = .text(id)
        all[.source] = .text(source)
        all[.sourceSeq] = .integer(Int64(clamping: sequence))
        all[.occurredAt] = .instant(occurredAt)
        all[.type] = .text(type)
        all[.v] = .integer(1)
        var bytes: [UInt8] = []
        var parent = ""
        for field in EntryField.allCases where field.kind != .object {
            guard let value = all[field] else { continue }
            let path = field.name.split(separator: ".")
            let owner = path.count == 2 ? String(path[0]) : ""
            if owner != parent, !parent.isEmpty { bytes.append(UInt8(ascii: "}")) }
            bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
            if owner != parent, !owner.isEmpty { bytes += Array("\"\(owner)\":{".utf8) }
            parent = owner
            bytes += Array("\"\(path[path.count - 1])\":".utf8)
            Self.append(value, to: &bytes)
        }
        return bytes + Array("}".utf8)
    }

    private static func append(_ value: Value, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text): append(text, to: &bytes)
        case .integer(let number): bytes += Array("\(number)".utf8)
        case .flag(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .instant(let instant): append(Timestamp.format(instant), to: &bytes)
        case .digest(let digest): append(digest.hex, to: &bytes)
        case .texts(let texts):
            bytes.append(UInt8(ascii: "["))
            var last: [UInt8]?
            for text in texts.map({ Array($0.utf8) }).sorted(by: {
                $0.lexicographicallyPrecedes($1)
            }) where text != last {
                if last != nil { bytes.append(UInt8(ascii: ",")) }
                append(String(decoding: text, as: UTF8.self), to: &bytes)
                last = text
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    /// A string with the escapes of RFC 8785, section 3.2.2.2.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        let short: [UInt8: Character] = [
            0x08: "b", 0x09: "t", 0x0A: "n", 0x0C: "f", 0x0D: "r", 0x22: "\"", 0x5C: "\\",
        ]
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if let letter = short[byte]?.asciiValue {
                bytes += [0x5C, letter]
            } else if byte < 0x20 {
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
