// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose members keep the order in which they were written.
///
/// Reports are compared byte for byte between runs, so nothing here depends on a dictionary's order,
/// a locale or a floating-point number.
public indirect enum JSONNode: Sendable {
    /// The null value.
    case null
    /// True or false.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONNode])
    /// Members in order; the caller gives each name once.
    case object([(String, JSONNode)])

    /// The value as UTF-8 text, indented by two spaces, ending in a line feed.
    public func rendered() -> String {
        var bytes: [UInt8] = []
        write(to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], depth: Int) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .string(let value): Self.write(value, to: &bytes)
        case .array(let items):
            Self.writeList(items, "[", "]", to: &bytes, depth) { item, bytes in
                item.write(to: &bytes, depth: depth + 1)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", to: &bytes, depth) { member, bytes in
                Self.write(member.0, to: &bytes)
                bytes += ": ".utf8
                member.1.write(to: &bytes, depth: depth + 1)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ depth: Int, _ writeItem: (Item, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (position, item) in items.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            indent(depth + 1, &bytes)
            writeItem(item, &bytes)
        }
        if !items.isEmpty { indent(depth, &bytes) }
        bytes.append(UInt8(ascii: close))
    }

    private static func indent(_ depth: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<(2 * depth) { bytes.append(UInt8(ascii: " ")) }
    }

    private static func write(_ value: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        let isPlain = unsafe value.utf8.withContiguousStorageIfAvailable { text in
            let isPlain = unsafe text.allSatisfy { !isEscaped($0) }
            if isPlain { unsafe bytes.append(contentsOf: text) }
            return isPlain
        }
        if isPlain != true { value.utf8.forEach { escape($0, to: &bytes) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
        guard isEscaped(byte) else { return bytes.append(byte) }
        switch byte {
        case UInt8(ascii: "\""): bytes += "\\\"".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\r"): bytes += "\\r".utf8
        case UInt8(ascii: "\t"): bytes += "\\t".utf8
        default:
            bytes += "\\u00".utf8
            bytes += [byte >> 4, byte & 15].map { $0 + ($0 < 10 ? 0x30 : 0x57) }
        }
    }
}
