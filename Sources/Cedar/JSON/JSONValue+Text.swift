// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON text on one line, members in their order.
    ///
    /// A loop and not a recursion: a chain of operators nests as deep as it is long.
    package var serialized: String {
        enum Piece {
            case value(JSONValue)
            case text(String)
        }
        var result = ""
        var open = [Piece.value(self)]
        while let piece = open.popLast() {
            switch piece {
            case .text(let text): result += text
            case .value(.null): result += "null"
            case .value(.bool(let value)): result += value ? "true" : "false"
            case .value(.int(let value)): result += String(value)
            case .value(.otherNumber(let text)): result += text
            case .value(.string(let text)): result += Self.quoted(text)
            case .value(.array(let elements)):
                result += "["
                open.append(.text("]"))
                for (index, element) in elements.enumerated().reversed() {
                    open.append(.value(element))
                    if index > 0 { open.append(.text(",")) }
                }
            case .value(.object(let members)):
                result += "{"
                open.append(.text("}"))
                for (index, member) in members.enumerated().reversed() {
                    open.append(.value(member.value))
                    let comma = index > 0 ? "," : ""
                    open.append(.text("\(comma)\(Self.quoted(member.key)):"))
                }
            }
        }
        return result
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Whether there are more values in it than a number.
    func isLarger(than limit: Int) -> Bool {
        var open = [self]
        var count = 0
        while let value = open.popLast() {
            count += 1
            if count > limit { return true }
            switch value {
            case .array(let elements): open += elements
            case .object(let members): open += members.map(\.value)
            default: break
            }
        }
        return false
    }

    /// An object with one member.
    static func single(_ key: String, _ value: JSONValue) -> JSONValue {
        .object([(key, value)])
    }
}

extension EntityUID {
    /// The entity as `{"type": …, "id": …}`.
    var json: JSONValue {
        .object([("type", .string(type)), ("id", .string(id))])
    }
}

extension Value {
    /// The value in Cedar's JSON format, with its escapes for entities and extension values.
    package var json: JSONValue {
        switch self {
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .string(let text): return .string(text)
        case .entity(let uid): return .single("__entity", uid.json)
        case .set(let set): return .array(set.elements.map(\.json))
        case .record(let record):
            let members = zip(record.keys, record.values).map { (key: $0, value: $1.json) }
            return .object(members)
        case .decimal(let value): return Self.call("decimal", DecimalText.format(value))
        case .ipaddr(let address): return Self.call("ip", address.description)
        case .duration(let value): return Self.call("duration", "\(value)ms")
        case .datetime(let value):
            let arguments: [JSONValue] = [
                Self.call("datetime", "1970-01-01"), Self.call("duration", "\(value)ms"),
            ]
            return .single(
                "__extn", .object([("fn", .string("offset")), ("args", .array(arguments))]))
        }
    }

    private static func call(_ function: String, _ argument: String) -> JSONValue {
        .single("__extn", .object([("fn", .string(function)), ("arg", .string(argument))]))
    }
}

extension Request {
    /// The request in Cedar's JSON format, as it is read back.
    package var json: JSONValue {
        .object([
            ("principal", principal.json), ("action", action.json), ("resource", resource.json),
            ("context", Value.record(context).json),
        ])
    }
}

extension Entities {
    /// The entities in Cedar's JSON format, sorted by name.
    public var jsonText: String { json.serialized }

    /// The entities in Cedar's JSON format, sorted by name.
    package var json: JSONValue {
        let sorted = all.sorted { $0.uid.ordered(with: $1.uid) == .before }
        return JSONValue.array(
            sorted.map { entity in
                .object([
                    ("uid", entity.uid.json), ("attrs", Value.record(entity.attributes).json),
                    ("parents", .array(entity.parents.map(\.json))),
                    ("tags", Value.record(entity.tags).json),
                ])
            })
    }
}
