// SPDX-License-Identifier: Apache-2.0

extension JSONNode {
    /// The value on one line in the canonical form of RFC 8785: members in the order of their
    /// names, no space, the shortest escapes.
    ///
    /// Names must be ASCII, of which the order of UTF-16 and that of bytes agree.
    func canonical() -> String {
        var text = ""
        writeCanonically(to: &text)
        return text
    }

    private func writeCanonically(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .string(let value): Self.writeCanonically(value, to: &text)
        case .array(let items):
            text += "["
            for (place, item) in items.enumerated() {
                if place > 0 { text += "," }
                item.writeCanonically(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            let sorted = members.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            for (place, member) in sorted.enumerated() {
                if place > 0 { text += "," }
                Self.writeCanonically(member.0, to: &text)
                text += ":"
                member.1.writeCanonically(to: &text)
            }
            text += "}"
        }
    }

    /// RFC 8785, section 3.2.2.2.
    private static func writeCanonically(_ value: String, to text: inout String) {
        let hexadecimal = Array("0123456789abcdef")
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{08}": text += "\\b"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\u{0C}": text += "\\f"
            case "\r": text += "\\r"
            case _ where scalar.value < 0x20:
                text += "\\u00"
                text.append(hexadecimal[Int(scalar.value >> 4)])
                text.append(hexadecimal[Int(scalar.value & 15)])
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// The members of an object; none of any other value.
    var members: [(String, JSONNode)] {
        if case .object(let members) = self { members } else { [] }
    }
}
