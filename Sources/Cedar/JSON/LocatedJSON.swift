// SPDX-License-Identifier: Apache-2.0

/// A JSON value with its place in the text, so that what is wrong with it can be underlined.
struct LocatedJSON {
    enum Kind {
        case null
        case bool(Bool)
        case int(Int64)
        case otherNumber(String)
        case string(String)
        case array([LocatedJSON])
        case object([Member])
    }

    struct Member {
        let key: String
        let keySpan: SourceSpan
        let value: LocatedJSON
    }

    let kind: Kind
    let span: SourceSpan

    /// The value of a member; nil if this is no object or has no such member.
    subscript(key: String) -> LocatedJSON? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.key.hasSameBytes(as: key) }?.value
    }

    var isNull: Bool { if case .null = kind { true } else { false } }

    /// The value of a member; where there is none, a null in the place of the whole object.
    func member(_ key: String) -> LocatedJSON { self[key] ?? LocatedJSON(.null, span) }

    /// Reads one JSON text.
    init(parsing source: Source) throws(CedarErrors) {
        var parser = JSONParser(source)
        do throws(JSONFault) {
            self = try parser.parseDocument()
        } catch {
            let end = source.bytes.count
            let lower = min(parser.position, end)
            let span = SourceSpan(lower: lower, upper: min(lower + 1, end))
            throw CedarErrors(errors: [
                CedarError(.malformedJSON, [error.reason], at: span, in: source)
            ])
        }
    }

    init(_ kind: Kind, _ span: SourceSpan) {
        self.kind = kind
        self.span = span
    }

    /// A value that was not read from a text.
    init(_ value: JSONValue) {
        let kind: Kind =
            switch value {
            case .null: .null
            case .bool(let value): .bool(value)
            case .int(let value): .int(value)
            case .otherNumber(let text): .otherNumber(text)
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map { LocatedJSON($0) })
            case .object(let members):
                .object(
                    members.map { key, value in
                        Member(key: key, keySpan: .none, value: LocatedJSON(value))
                    })
            }
        self.init(kind, .none)
    }

    /// The value without places.
    var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .otherNumber(let text): .otherNumber(text)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(\.value))
        case .object(let members): .object(members.map { ($0.key, $0.value.value) })
        }
    }
}
