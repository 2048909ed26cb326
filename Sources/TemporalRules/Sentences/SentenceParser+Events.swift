// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension SentenceParser {
    /// Events joined by "or".
    mutating func events() throws(SentenceError) -> Events {
        var events = Events()
        events.column = token.column
        repeat { events.items.append(try event()) } while !stands(.orWithin) && take(.or)
        return events
    }

    private mutating func event() throws(SentenceError) -> (
        selector: EventSelector, bindings: [(name: String, field: FieldID)]
    ) {
        guard token.kind == .word else { throw unexpected("un événement", "an event") }
        let types = setting.schema.types(named: token.text)
        guard !types.isEmpty else { throw failure(.unknownEvent) }
        next()
        var conditions: [FieldCondition] = []
        var bindings: [(name: String, field: FieldID)] = []
        if take(symbol: "("), !take(symbol: ")") {
            repeat {
                if let hours = try hours() {
                    conditions.append(hours)
                    continue
                }
                let field = try field()
                if take(symbol: ":") {
                    bindings.append((try name(), field))
                } else {
                    conditions.append(try condition(field))
                }
            } while take(symbol: ",")
            try expect(symbol: ")")
        }
        return (EventSelector(types, where: conditions), bindings)
    }

    mutating func field() throws(SentenceError) -> FieldID {
        guard token.kind == .word else { throw unexpected("un champ", "a field") }
        guard let field = setting.schema.field(token.text) else { throw failure(.unknownField) }
        next()
        return field
    }

    private mutating func takeWord(_ english: String, _ french: String) -> Bool {
        take([language == .english ? english : french])
    }

    /// `outside 07:30 to 19:30`: at night, at week-ends, on holidays.
    private mutating func hours() throws(SentenceError) -> FieldCondition? {
        guard takeWord("outside", "hors") else { return nil }
        let start = try minute()
        try expect(.to)
        let end = try minute()
        return .outsideHours(.paris, fromMinute: start, toMinute: end)
    }

    private mutating func minute() throws(SentenceError) -> Int {
        let start = token
        let hour = try number()
        try expect(symbol: ":")
        let minute = try number()
        guard (0...24).contains(hour), (0...59).contains(minute) else {
            throw SentenceError(.valueTooLarge, at: start.column, subject: start.text)
        }
        return Int(hour * 60 + minute)
    }

    private mutating func condition(_ field: FieldID) throws(SentenceError) -> FieldCondition {
        if takeWord("missing", "absent") { return .absent(field) }
        if takeWord("present", "présent") { return .present(field) }
        if case .wordSet = setting.schema.fields[field.index].kind {
            if takeWord("has", "contient") { return .hasAny(field, try wordSet(field)) }
            if takeWord("lacks", "exclut") { return .hasNone(field, try wordSet(field)) }
            throw unexpected("`contient` ou `exclut`", "`has` or `lacks`")
        }
        let sign = token
        guard ["=", "!=", "<", "<=", ">", ">="].contains(where: { sign.isSymbol($0) }) else {
            throw unexpected("une comparaison", "a comparison")
        }
        next()
        if token.kind == .word, let other = setting.schema.field(token.text),
            !isWord(field, token.text)
        {
            next()
            return try comparison(field, sign, other)
        }
        switch sign.text {
        case "=": return .isIn(field, try values(field))
        case "!=": return .isNotIn(field, try values(field))
        default: return try bound(field, sign)
        }
    }

    private func isWord(_ field: FieldID, _ text: String) -> Bool {
        if case .word(let words) = setting.schema.fields[field.index].kind {
            return words.contains(text)
        }
        return false
    }

    private mutating func comparison(
        _ field: FieldID, _ sign: SentenceToken, _ other: FieldID
    ) throws(SentenceError) -> FieldCondition {
        switch sign.text {
        case "=": return .same(field, other)
        case "!=": return .different(field, other)
        case ">":
            guard take(symbol: "+") else { return .exceeds(field, other, by: 0) }
            let start = token
            guard case .seconds(let seconds) = try span() else {
                throw SentenceError(.valueTooLarge, at: start.column, subject: start.text)
            }
            return .exceeds(field, other, by: seconds)
        default:
            throw SentenceError(
                .unexpectedWord, at: sign.column, subject: sign.text,
                expected: LocalizedText(fr: "`=`, `!=` ou `>`", en: "`=`, `!=` or `>`"))
        }
    }

    private mutating func bound(
        _ field: FieldID, _ sign: SentenceToken
    ) throws(SentenceError) -> FieldCondition {
        let value = try length()
        let (shift, isUpper): (Int64, Bool) =
            switch sign.text {
            case "<": (-1, true)
            case "<=": (0, true)
            case ">": (1, false)
            default: (0, false)
            }
        let (limit, overflow) = value.addingReportingOverflow(shift)
        guard !overflow else {
            throw SentenceError(.valueTooLarge, at: sign.column, subject: "\(value)")
        }
        return isUpper ? .atMost(field, limit) : .atLeast(field, limit)
    }

    /// A number, or a length of time in seconds: `20`, `24 h`.
    private mutating func length() throws(SentenceError) -> Int64 {
        let start = token
        let value = try number()
        let units: [(SentenceUnit, Int64)] = [
            (.second, 1), (.minute, 60), (.hour, 3_600), (.day, 86_400),
        ]
        for (unit, factor) in units where take(unit.spellings[language] ?? []) {
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            guard !overflow else {
                throw SentenceError(.valueTooLarge, at: start.column, subject: start.text)
            }
            return product
        }
        return value
    }

    private mutating func wordSet(_ field: FieldID) throws(SentenceError) -> Int64 {
        try values(field).reduce(0) { $0 | (1 << $1) }
    }

    /// One value, several in braces, or a parameter that stands for either.
    private mutating func values(_ field: FieldID) throws(SentenceError) -> [Int64] {
        if take(symbol: "{") {
            var values: [Int64] = []
            repeat { values += try value(field) } while take(symbol: ",")
            try expect(symbol: "}")
            return values
        }
        return try value(field)
    }

    private mutating func value(_ field: FieldID) throws(SentenceError) -> [Int64] {
        if token.kind == .parameter {
            guard let parameter = setting.parameters[String(token.text.dropFirst())] else {
                throw failure(.unknownParameter)
            }
            guard case .words(let words) = parameter else { return [try number()] }
            var values: [Int64] = []
            for word in words { values.append(try value(of: word, in: field)) }
            next()
            return values
        }
        if case .number = setting.schema.fields[field.index].kind { return [try number()] }
        guard token.kind != .end, token.kind != .symbol else {
            throw unexpected("une valeur", "a value")
        }
        let value = try value(of: token.text, in: field)
        next()
        return [value]
    }

    private func value(of text: String, in field: FieldID) throws(SentenceError) -> Int64 {
        let value: Int64? =
            switch setting.schema.fields[field.index].kind {
            case .number: Int64(text)
            case .identifier: setting.identify(text)
            case .word(let words): words.firstIndex(of: text).map { Int64($0) }
            case .wordSet(let words):
                words.firstIndex(of: text).flatMap { $0 < 63 ? Int64($0) : nil }
            }
        guard let value else {
            throw SentenceError(.unknownValue, at: token.column, subject: text)
        }
        return value
    }
}
