// SPDX-License-Identifier: Apache-2.0

/// Reads Cedar's JSON values, with the help of a type where there is one.
///
/// Without a type, an entity must be written as `{"__entity": …}` and an extension value as
/// `{"__extn": …}`. With one, the bare forms are read too.
struct ValueReader {
    let source: Source

    func failure(_ place: String, _ reason: String, at span: SourceSpan) -> CedarErrors {
        CedarErrors(errors: [
            CedarError(.unexpectedJSON, [place, reason], at: span, in: source)
        ])
    }

    func value(_ json: LocatedJSON, _ type: Type?, at place: String) throws(CedarErrors) -> Value {
        if let type, let value = try typedValue(json, type, at: place) { return value }
        switch json.kind {
        case .null: throw failure(place, "null is not a Cedar value", at: json.span)
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .otherNumber(let text):
            throw failure(place, "`\(text)` is not a 64-bit integer", at: json.span)
        case .string(let value): return .string(value)
        case .array(let elements):
            var elementType: Type?
            if case .set(let known) = type { elementType = known }
            var values: [Value] = []
            for element in elements { values.append(try value(element, elementType, at: place)) }
            return .set(ValueSet(values))
        case .object(let members): return try object(json, members, type, at: place)
        }
    }

    /// The forms that only a type allows; nil leaves the value to the plain reading.
    private func typedValue(
        _ json: LocatedJSON, _ type: Type, at place: String
    ) throws(CedarErrors) -> Value? {
        switch (type, json.kind) {
        case (.entity, .object), (.anyEntity, .object):
            return .entity(try uid(json, at: place))
        case (.extended(let name), .string(let text)):
            return try construct(constructor(of: name), text, at: place, json.span)
        case (.extended, .object):
            let call = json["__extn"] ?? json
            return Self.isCall(call) ? try extensionCall(call, at: place) : nil
        default: return nil
        }
    }

    private func constructor(of type: String) -> String {
        type == "ipaddr" ? "ip" : type
    }

    private func object(
        _ json: LocatedJSON, _ members: [LocatedJSON.Member], _ type: Type?,
        at place: String
    ) throws(CedarErrors) -> Value {
        if members.count == 1 {
            switch members[0].key {
            case "__entity": return .entity(try uid(members[0].value, at: place))
            case "__extn" where Self.isCall(members[0].value):
                return try extensionCall(members[0].value, at: place)
            case "__expr": throw failure(place, "`__expr` is no longer supported", at: json.span)
            default: break
            }
        }
        return .record(try record(members, type, at: place))
    }

    func record(
        _ members: [LocatedJSON.Member], _ type: Type?, at place: String
    ) throws(CedarErrors) -> Record {
        var known: RecordType?
        if case .record(let record) = type { known = record }
        var fields: [(String, Value)] = []
        for member in members {
            let (key, json) = (member.key, member.value)
            fields.append((key, try value(json, known?[key]?.type, at: "\(place).\(key)")))
        }
        return Record(fields)
    }

    /// `{"type": …, "id": …}`, bare or inside `__entity`.
    func uid(_ json: LocatedJSON, at place: String) throws(CedarErrors) -> EntityUID {
        let inner = json["__entity"] ?? json
        guard case .string(let type)? = inner["type"]?.kind,
            case .string(let id)? = inner["id"]?.kind
        else {
            throw failure(place, "an entity is written {\"type\": …, \"id\": …}", at: json.span)
        }
        guard Self.isTypeName(type) else {
            throw failure(
                place, "`\(type)` is not the name of an entity type", at: inner.member("type").span)
        }
        return EntityUID(type: type, id: id)
    }

    /// Whether the text is a path of identifiers, without white space, none of them reserved.
    static func isTypeName(_ text: String) -> Bool {
        let parts = text.split(separator: "::", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            guard let first = part.utf8.first, Lexer.isIdentifierStart(first) else { return false }
            return part.utf8.allSatisfy { Lexer.isIdentifierStart($0) || Lexer.isDigit($0) }
                && !TokenReader.reserved.contains(String(part))
        }
    }

    /// Whether the text is an identifier, reserved or not.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, Lexer.isIdentifierStart(first) else { return false }
        return text.utf8.allSatisfy { Lexer.isIdentifierStart($0) || Lexer.isDigit($0) }
    }

    /// Whether the value has the form of a call; what has not is a record like any other.
    static func isCall(_ json: LocatedJSON) -> Bool {
        guard case .string? = json["fn"]?.kind else { return false }
        if case .array? = json["args"]?.kind { return true }
        return json["arg"] != nil
    }

    /// `{"fn": …, "arg": …}` or `{"fn": …, "args": […]}`.
    private func extensionCall(_ json: LocatedJSON, at place: String) throws(CedarErrors) -> Value {
        guard case .string(let name)? = json["fn"]?.kind else {
            throw failure(place, "an extension value needs `fn`", at: json.span)
        }
        if case .string(let text)? = json["arg"]?.kind {
            return try construct(name, text, at: place, json.member("arg").span)
        }
        var arguments: [Value] = []
        if let argument = json["arg"] { arguments = [try value(argument, nil, at: place)] }
        if case .array(let elements)? = json["args"]?.kind {
            for element in elements { arguments.append(try value(element, nil, at: place)) }
        }
        if arguments.count == 1, case .string(let text) = arguments[0] {
            return try construct(name, text, at: place, json.span)
        }
        guard let function = ExtensionFunction(rawValue: name), !function.isConstructor,
            arguments.count == function.arity,
            case .value(let value) = function.apply(arguments[0], arguments[arguments.count - 1])
        else {
            throw failure(
                place, "`\(name)` cannot be applied to these arguments", at: json.span)
        }
        return value
    }

    private func construct(
        _ name: String, _ text: String, at place: String, _ span: SourceSpan
    ) throws(CedarErrors) -> Value {
        guard let function = ExtensionFunction(rawValue: name), function.isConstructor else {
            throw failure(place, "`\(name)` is not an extension function", at: span)
        }
        guard let value = function.construct(text) else {
            throw failure(
                place, "`\(text)` is not a well-formed \(function.typeName) value", at: span)
        }
        return value
    }
}
