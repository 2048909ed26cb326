// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Reads the inside of a `temporal { … }` block.
///
/// From the loosest: `&&`, `since`, `!`. The body of `exists` and of an aggregate takes all that
/// follows; that of `formerly` and `previous` is one atom.
struct ConditionParser {
    static let depthMax = 64

    private let tokens: [ConditionToken]
    private var index = 0
    private var depth = 0

    init(
        _ bytes: ArraySlice<UInt8>, line: Int, column: Int
    ) throws(TemporalPolicyError) {
        guard bytes.count <= 1 << 16 else {
            throw TemporalPolicyError(
                .conditionTooLarge, line: line, column: column, subject: "\(bytes.count)")
        }
        tokens = try ConditionLexer.tokens(bytes, line: line, column: column)
    }

    /// Reads the whole text.
    mutating func condition() throws(TemporalPolicyError) -> TemporalCondition {
        let condition = try chain()
        guard token.kind == .end else { throw unexpected }
        return condition
    }

    // MARK: Tokens

    private var token: ConditionToken { tokens[index] }

    private func token(after offset: Int) -> ConditionToken {
        tokens[min(index + offset, tokens.count - 1)]
    }

    private func failure(_ code: TemporalPolicyError.Code) -> TemporalPolicyError {
        TemporalPolicyError(
            code, line: token.line, column: token.column,
            subject: token.kind == .end ? "}" : token.text)
    }

    private var unexpected: TemporalPolicyError { failure(.unexpectedToken) }

    private func stands(_ symbol: String) -> Bool { token.kind == .symbol && token.text == symbol }

    private func stands(word: String) -> Bool { token.kind == .word && token.text == word }

    private mutating func take(_ symbol: String) -> Bool {
        guard stands(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard stands(word: word) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(TemporalPolicyError) {
        guard take(symbol) else { throw unexpected }
    }

    private mutating func expect(word: String) throws(TemporalPolicyError) {
        guard take(word: word) else { throw unexpected }
    }

    private mutating func name() throws(TemporalPolicyError) -> String {
        if stands("?") || stands("$") { throw failure(.macro) }
        guard token.kind == .word else { throw unexpected }
        index += 1
        return tokens[index - 1].text
    }

    private mutating func enter() throws(TemporalPolicyError) {
        depth += 1
        guard depth <= Self.depthMax else { throw failure(.conditionTooLarge) }
    }

    // MARK: Conditions

    private mutating func chain() throws(TemporalPolicyError) -> TemporalCondition {
        let startDepth = depth
        try enter()
        var left = try sinceOrConjunct()
        while take("&&") {
            // A chain is a tree as deep as it is long.
            try enter()
            left = .and(left, try sinceOrConjunct())
        }
        depth = startDepth
        return left
    }

    private mutating func sinceOrConjunct() throws(TemporalPolicyError) -> TemporalCondition {
        var negations = 0
        while take("!") { negations += 1 }
        var left = try conjunct()
        if negations % 2 == 1 { left = .not(left) }
        // An even number of negations still binds nothing.
        if negations > 0, negations % 2 == 0 { left = .not(.not(left)) }
        guard take(word: "since") else { return left }
        let window = try window()
        return .since(left, window, try atom())
    }

    private mutating func conjunct() throws(TemporalPolicyError) -> TemporalCondition {
        if take(word: "formerly") {
            let window = try window()
            return .formerly(window, try atom())
        }
        if take(word: "previous") {
            let window = try window()
            return .previous(window, try atom())
        }
        if stands(word: "exists") { return try exists() }
        return try atom()
    }

    private mutating func exists() throws(TemporalPolicyError) -> TemporalCondition {
        let startDepth = depth
        try enter()
        index += 1
        let binder = try binder()
        try expect(".")
        let result = TemporalCondition.exists(binder.name, binder.type, try chain())
        depth = startDepth
        return result
    }

    private mutating func atom() throws(TemporalPolicyError) -> TemporalCondition {
        let startDepth = depth
        try enter()
        defer { depth = startDepth }
        if stands("("), !opensAggregate {
            index += 1
            let inner = try chain()
            try expect(")")
            return inner
        }
        if stands(word: "tp"), isSymbol("(", after: 1) {
            index += 2
            let name = try name()
            try expect(")")
            return .timePoint(name)
        }
        if let predicate = try predicate() { return .event(predicate) }
        let left = try term()
        let sign = token
        guard sign.kind == .symbol,
            let comparison = TemporalCondition.Comparison(rawValue: sign.text)
        else { throw unexpected }
        index += 1
        return .compare(comparison, left, try term())
    }

    private func isSymbol(_ symbol: String, after offset: Int) -> Bool {
        let token = token(after: offset)
        return token.kind == .symbol && token.text == symbol
    }

    private var opensAggregate: Bool {
        let next = token(after: 1)
        return next.kind == .word && (next.text == "count" || next.text == "sum")
            && token(after: 2).kind == .word
    }

    private mutating func window() throws(TemporalPolicyError) -> Int64 {
        try expect(word: "within")
        if stands("?") { throw failure(.macro) }
        guard case .integer(let count) = token.kind else { throw unexpected }
        let start = token
        // A window of nothing sees nothing: a guard that never holds.
        guard count > 0 else { throw failure(.numberOutOfBounds) }
        index += 1
        let units: [String: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard token.kind == .word, let unit = units[token.text] else { throw unexpected }
        index += 1
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else {
            throw TemporalPolicyError(
                .numberOutOfBounds, line: start.line, column: start.column, subject: start.text)
        }
        return seconds
    }

    private mutating func binder() throws(TemporalPolicyError) -> TemporalCondition.Binder {
        try expect("(")
        let name = try name()
        try expect(":")
        var type = try self.name()
        while take("::") { type += "::" + (try self.name()) }
        try expect(")")
        return TemporalCondition.Binder(name: name, type: type)
    }

    // MARK: Events

    /// `A::B::"id"::kind{ … }`, or nothing if no kind follows the quoted text.
    private mutating func predicate() throws(TemporalPolicyError) -> EventPredicate? {
        let start = index
        guard let action = entity(), isSymbol("::", after: 0), token(after: 1).kind == .word,
            isSymbol("{", after: 2)
        else {
            index = start
            return nil
        }
        index += 1
        let kind = try name()
        var predicate = EventPredicate(action: action, kind: kind, fields: [])
        // Blocks that follow each other refine the same event.
        repeat { predicate.fields += try fields() } while stands("{")
        return predicate
    }

    private mutating func fields() throws(TemporalPolicyError) -> [EventPredicate.Field] {
        try expect("{")
        var fields: [EventPredicate.Field] = []
        while !take("}") {
            if !fields.isEmpty { try expect(",") }
            var path = try name()
            while take(".") { path += "." + (try name()) }
            try expect(":")
            fields.append(EventPredicate.Field(path: path, term: try term()))
        }
        return fields
    }

    private mutating func entity() -> EntityUID? {
        guard token.kind == .word else { return nil }
        var type = token.text
        var offset = 1
        while isSymbol("::", after: offset) {
            let next = token(after: offset + 1)
            if case .text(let id) = next.kind {
                index += offset + 2
                return EntityUID(type: type, id: id)
            }
            guard next.kind == .word else { return nil }
            type += "::" + next.text
            offset += 2
        }
        return nil
    }

    // MARK: Terms

    private mutating func term() throws(TemporalPolicyError) -> TemporalCondition.Term {
        let startDepth = depth
        try enter()
        defer { depth = startDepth }
        switch token.kind {
        case .integer(let value):
            index += 1
            return .value(.int(value))
        case .text(let text):
            index += 1
            return .value(.string(text))
        case .symbol: return try symbolTerm()
        case .word: return try wordTerm()
        case .end: throw unexpected
        }
    }

    private mutating func symbolTerm() throws(TemporalPolicyError) -> TemporalCondition.Term {
        if take("*") { return .wildcard }
        if stands("?") || stands("$") { throw failure(.macro) }
        if stands("("), opensAggregate {
            index += 1
            let aggregate = try aggregate()
            try expect(")")
            return .aggregate(aggregate)
        }
        guard take("[") else { throw unexpected }
        var terms: [TemporalCondition.Term] = []
        while !take("]") {
            if !terms.isEmpty { try expect(",") }
            terms.append(try term())
        }
        return .array(terms)
    }

    private mutating func wordTerm() throws(TemporalPolicyError) -> TemporalCondition.Term {
        if let entity = entity() { return .value(.entity(entity)) }
        let word = try name()
        switch word {
        case "true", "false": return .value(.bool(word == "true"))
        case "_": return .wildcard
        case "decimal" where stands("("): return .value(try decimal())
        case "count", "sum":
            guard token.kind == .word else { return .variable(word) }
            index -= 1
            return .aggregate(try aggregate())
        case "context":
            let path = try path()
            guard !path.isEmpty else { throw unexpected }
            return .context(path)
        case "principal": return .principal(try path())
        case "resource": return .resource(try path())
        default:
            if stands("(") { throw failure(.macro) }
            return .variable(word)
        }
    }

    private mutating func path() throws(TemporalPolicyError) -> [String] {
        var path: [String] = []
        while stands("."), token(after: 1).kind == .word {
            index += 1
            path.append(try name())
        }
        return path
    }

    private mutating func decimal() throws(TemporalPolicyError) -> Value {
        try expect("(")
        guard case .text(let text) = token.kind else { throw unexpected }
        guard let value = DecimalPattern.value(of: text) else {
            throw failure(.numberOutOfBounds)
        }
        index += 1
        try expect(")")
        return .decimal(value)
    }

    private mutating func aggregate() throws(TemporalPolicyError) -> TemporalCondition.Aggregate {
        let isSum = token.text == "sum"
        index += 1
        let summed = isSum ? try name() : nil
        try expect(word: "for")
        var domain = [try binder()]
        while take(",") { domain.append(try binder()) }
        try expect(".")
        try expect(word: "where")
        return TemporalCondition.Aggregate(summed: summed, domain: domain, body: try chain())
    }
}

/// The text of a decimal with one to four digits after the point, in ten-thousandths.
enum DecimalPattern {
    static func value(of text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, (1...4).contains(parts[1].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy(ConditionLexer.isDigit) })
        else { return nil }
        let digits = String(parts[1]) + String(repeating: "0", count: 4 - parts[1].utf8.count)
        return Int64((isNegative ? "-" : "") + parts[0] + digits)
    }
}
