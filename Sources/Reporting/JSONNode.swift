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
        var text = ""
        write(to: &text, depth: 0)
        text += "\n"
        return text
    }

    private func write(to text: inout String, depth: Int) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .string(let value): Self.write(value, to: &text)
        case .array(let items):
            Self.writeList(items, "[", "]", to: &text, depth) { item, text in
                item.write(to: &text, depth: depth + 1)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", to: &text, depth) { member, text in
                Self.write(member.0, to: &text)
                text += ": "
                member.1.write(to: &text, depth: depth + 1)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout String, _ depth: Int,
        _ writeItem: (Item, inout String) -> Void
    ) {
        text += open
        for (position, item) in items.enumerated() {
            text += position == 0 ? "\n" : ",\n"
            text += String(repeating: "  ", count: depth + 1)
            writeItem(item, &text)
        }
        if !items.isEmpty { text += "\n" + String(repeating: "  ", count: depth) }
        text += close
    }

    private static func write(_ value: String, to text: inout String) {
        let hexadecimal = Array("0123456789abcdef")
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\u00"
                text.append(hexadecimal[Int(scalar.value >> 4)])
                text.append(hexadecimal[Int(scalar.value & 15)])
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
