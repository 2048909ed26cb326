// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Reads a formula in MonPoly's syntax.
///
/// Operators bind, from the loosest: `SINCE UNTIL` (to the right), the temporal
/// operators of one formula, `EXISTS FORALL`, `EQUIV`, `IMPLIES` (to the right), `OR`,
/// `AND`, `NOT`. An operator before a formula takes everything to its right that binds
/// tighter than itself; `LET` and aggregations take all that follows.
struct FormulaParser {
    /// How deep formulas and terms may nest.
    static let depthMax = 120
    /// How many bytes a formula may have.
    static let byteCountMax = 1 << 16

    private let tokens: [(token: FormulaToken, position: SourcePosition)]
    private var index = 0
    private var depth = 0
    private var unnamedCount = 0
    /// Each formula that was read, with its place.
    private(set) var places: [(formula: Formula, position: SourcePosition)] = []

    /// How tightly operators bind.
    enum Level {
        static let loosest = 0
        static let chain = 1
        static let modal = 2
        static let quantifier = 3
        static let equivalent = 4
        static let implies = 5
        static let or = 6
        static let and = 7
        static let not = 8
    }

    /// What stands at a place where a formula or a term may begin.
    private enum Operand {
        case formula(Formula)
        case term(Term)
    }

    init(_ bytes: [UInt8]) throws(TemporalError) {
        guard bytes.count <= Self.byteCountMax else {
            throw TemporalError(.formulaTooLarge, subject: "\(bytes.count)")
        }
        tokens = try FormulaLexer.tokens(of: bytes)
    }

    /// Reads the whole text as one formula.
    mutating func formula() throws(TemporalError) -> Formula {
        let formula = try formula(above: Level.loosest)
        guard token == .end else { throw unexpected("end of formula", "fin de la formule") }
        return formula
    }

    // MARK: Tokens

    private var token: FormulaToken { tokens[index].token }
    private var position: SourcePosition { tokens[index].position }

    private func token(after offset: Int) -> FormulaToken {
        index + offset < tokens.count ? tokens[index + offset].token : .end
    }

    private mutating func take(_ expected: FormulaToken) -> Bool {
        guard token == expected else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(TemporalError) {
        guard take(.symbol(symbol)) else { throw unexpected("`\(symbol)`", "`\(symbol)`") }
    }

    private func unexpected(_ english: String, _ french: String) -> TemporalError {
        TemporalError(
            .unexpectedToken, at: position, subject: token.text,
            reason: LocalizedText(fr: "attendu\u{202F}: \(french)", en: "expected \(english)"))
    }

    private mutating func enter() throws(TemporalError) {
        depth += 1
        guard depth <= Self.depthMax else {
            throw TemporalError(.formulaTooLarge, at: position, subject: token.text)
        }
    }

    // MARK: Formulas

    private mutating func formula(above level: Int) throws(TemporalError) -> Formula {
        guard case .formula(let formula) = try operand(above: level) else {
            throw unexpected("a comparison", "une comparaison")
        }
        return formula
    }

    /// A formula, or a term that no comparison follows.
    private mutating func operand(above level: Int) throws(TemporalError) -> Operand {
        let startDepth = depth
        try enter()
        let start = position
        var left: Formula
        switch try prefix() {
        case .term(let term):
            guard let comparison = try comparison(after: term) else {
                depth = startDepth
                return .term(term)
            }
            left = comparison
        case .formula(let formula): left = formula
        }
        places.append((left, start))
        while let (binding, isRight) = infixLevel, binding > level {
            // A chain of operators is a tree as deep as it is long.
            try enter()
            left = try infix(left, level: isRight ? binding - 1 : binding)
            places.append((left, start))
        }
        depth = startDepth
        return .formula(left)
    }

    private var infixLevel: (level: Int, isRight: Bool)? {
        guard case .keyword(let word) = token else { return nil }
        switch word {
        case "SINCE", "UNTIL": return (Level.chain, true)
        case "EQUIV": return (Level.equivalent, false)
        case "IMPLIES": return (Level.implies, true)
        case "OR": return (Level.or, false)
        case "AND": return (Level.and, false)
        default: return nil
        }
    }

    private mutating func infix(_ left: Formula, level: Int) throws(TemporalError) -> Formula {
        let word = token.text
        index += 1
        if let chain = Formula.Chain(rawValue: word) {
            let interval = try interval()
            return .chain(chain, interval, left, try formula(above: level))
        }
        let connective = Formula.Connective(rawValue: word) ?? .and
        return .connect(connective, left, try formula(above: level))
    }

    private mutating func prefix() throws(TemporalError) -> Operand {
        if case .word = token {
            if token(after: 1) == .symbol("(") { return .formula(.closed(try atom())) }
            if token(after: 1) == .symbol("<-") { return .formula(try aggregation()) }
        }
        guard case .keyword(let word) = token else { return try parenthesisedOrTerm() }
        let modalities: [String: Formula.Modality] = [
            "PREV": .previous, "PREVIOUS": .previous, "NEXT": .next, "ONCE": .once,
            "EVENTUALLY": .eventually, "SOMETIMES": .eventually, "ALWAYS": .always,
            "PAST_ALWAYS": .historically, "HISTORICALLY": .historically,
        ]
        if let modality = modalities[word] {
            index += 1
            let interval = try interval()
            return .formula(.modal(modality, interval, try formula(above: Level.modal)))
        }
        switch word {
        case "TRUE", "FALSE":
            index += 1
            return .formula(word == "TRUE" ? .truth : .falsehood)
        case "NOT":
            index += 1
            return .formula(.not(try formula(above: Level.not)))
        case "EXISTS", "FORALL": return .formula(try quantifier(word))
        case "LET": return .formula(try letBinding())
        default: return try parenthesisedOrTerm()
        }
    }

    private mutating func quantifier(_ word: String) throws(TemporalError) -> Formula {
        index += 1
        let names = try variables()
        guard !names.isEmpty else { throw unexpected("a variable", "une variable") }
        try expect(".")
        let inner = try formula(above: Level.quantifier)
        return .quantify(word == "EXISTS" ? .exists : .forAll, names, inner)
    }

    private mutating func letBinding() throws(TemporalError) -> Formula {
        index += 1
        guard case .word = token else { throw unexpected("a name", "un nom") }
        let head = try atom()
        try expect("=")
        let definition = try formula(above: Level.loosest)
        guard take(.keyword("IN")) else { throw unexpected("`IN`", "`IN`") }
        return .binding(head, definition, try formula(above: Level.loosest))
    }

    private mutating func aggregation() throws(TemporalError) -> Formula {
        let start = position
        let result = try variable()
        try expect("<-")
        guard case .keyword(let word) = token,
            let operation = Aggregation.Operation(rawValue: word)
        else { throw unexpected("CNT, MIN, MAX, SUM, AVG, MED", "CNT, MIN, MAX, SUM, AVG, MED") }
        index += 1
        let subject = try variable()
        let groups = take(.symbol(";")) ? try variables() : []
        let inner = try formula(above: Level.loosest)
        let free = inner.freeVariables
        for name in [subject] + groups where !free.contains(name) {
            throw TemporalError(
                .malformedAggregation, at: start, subject: name,
                reason: LocalizedText(
                    fr: "cette variable n’est pas libre dans la formule agrégée",
                    en: "this variable is not free in the aggregated formula"))
        }
        return .aggregate(
            Aggregation(result: result, operation: operation, variable: subject, groups: groups),
            inner)
    }

    private mutating func atom() throws(TemporalError) -> Atom {
        let name = token.text
        index += 1
        try expect("(")
        var arguments: [Term] = []
        if !take(.symbol(")")) {
            repeat { arguments.append(try term()) } while take(.symbol(","))
            try expect(")")
        }
        return Atom(name, arguments)
    }

    private mutating func variables() throws(TemporalError) -> [String] {
        guard case .word = token else { return [] }
        var names = [try variable()]
        while take(.symbol(",")) { names.append(try variable()) }
        return names
    }

    private mutating func variable() throws(TemporalError) -> String {
        guard case .word(let name) = token else { throw unexpected("a variable", "une variable") }
        index += 1
        guard name == "_" else { return name }
        unnamedCount += 1
        return "_\(unnamedCount)"
    }

    // MARK: Intervals

    private mutating func interval() throws(TemporalError) -> Interval {
        let isClosed = token == .symbol("[")
        guard isClosed || opensInterval else { return .everything }
        index += 1
        let lower = try bound()
        try expect(",")
        let upper: Int? = take(.symbol("*")) ? nil : try bound()
        if take(.symbol("]")) {
            return Interval(from: lower, includesLower: isClosed, to: upper)
        }
        try expect(")")
        return Interval(from: lower, includesLower: isClosed, to: upper, includesUpper: false)
    }

    private var opensInterval: Bool {
        guard token == .symbol("("), token(after: 2) == .symbol(",") else { return false }
        switch token(after: 1) {
        case .integer, .duration: return true
        default: return false
        }
    }

    private mutating func bound() throws(TemporalError) -> Int {
        switch token {
        case .integer(let value), .duration(let value):
            index += 1
            return value
        default: throw unexpected("a bound", "une borne")
        }
    }

    // MARK: Comparisons and terms

    private mutating func parenthesisedOrTerm() throws(TemporalError) -> Operand {
        guard token == .symbol("(") else { return .term(try term()) }
        index += 1
        let inner = try operand(above: Level.loosest)
        try expect(")")
        guard case .term(let term) = inner else { return inner }
        return .term(try continuation(after: term, above: 0))
    }

    private mutating func comparison(after left: Term) throws(TemporalError) -> Formula? {
        let sign = token
        switch sign {
        case .symbol("="), .symbol("<="), .symbol("<"), .symbol(">"), .symbol(">="),
            .keyword("SUBSTRING"), .keyword("MATCHES"):
            index += 1
        default: return nil
        }
        let right = try term()
        switch sign {
        case .symbol("="): return .compare(.equal, left, right)
        case .symbol("<"): return .compare(.less, left, right)
        case .symbol("<="): return .compare(.lessOrEqual, left, right)
        case .symbol(">"): return .compare(.less, right, left)
        case .symbol(">="): return .compare(.lessOrEqual, right, left)
        case .keyword("SUBSTRING"): return .compare(.substring, left, right)
        default: return .matches(left, right, try groups())
        }
    }

    private mutating func groups() throws(TemporalError) -> [Term?] {
        guard take(.symbol("(")) else { return [] }
        guard !take(.symbol(")")) else { return [] }
        var groups: [Term?] = []
        repeat {
            if take(.word("_")) {
                groups.append(nil)
            } else {
                groups.append(try term())
            }
        } while take(.symbol(","))
        try expect(")")
        return groups
    }

    private mutating func term() throws(TemporalError) -> Term {
        try term(above: 0)
    }

    private mutating func term(above level: Int) throws(TemporalError) -> Term {
        let startDepth = depth
        try enter()
        let first = try factor()
        let term = try continuation(after: first, above: level)
        depth = startDepth
        return term
    }

    /// Goes on with a term after its first part.
    ///
    /// `MOD` takes all that follows it.
    private mutating func continuation(
        after first: Term, above level: Int
    ) throws(TemporalError) -> Term {
        let operators: [FormulaToken: (Term.Operator, Int, Int)] = [
            .symbol("+"): (.plus, 1, 1), .symbol("-"): (.minus, 1, 1), .symbol("*"): (.times, 2, 2),
            .symbol("/"): (.divided, 2, 2), .keyword("MOD"): (.modulo, 4, 0),
        ]
        let startDepth = depth
        var left = first
        while let (sign, binding, inner) = operators[token], binding > level {
            try enter()
            index += 1
            left = .binary(sign, left, try term(above: inner))
        }
        depth = startDepth
        return left
    }

    private mutating func factor() throws(TemporalError) -> Term {
        switch token {
        case .integer(let value):
            index += 1
            return .constant(.int(value))
        case .float(let value):
            index += 1
            return .constant(.float(value))
        case .text(let bytes):
            index += 1
            return .constant(.string(bytes))
        case .pattern(let bytes):
            _ = try Pattern(bytes, at: position)
            index += 1
            return .constant(.regexp(bytes))
        case .word: return .variable(try variable())
        case .symbol("-"):
            index += 1
            return .negative(try term(above: 3))
        case .symbol("("):
            index += 1
            let inner = try term()
            try expect(")")
            return inner
        case .keyword(let word):
            guard let function = Term.Function(rawValue: word) else {
                throw unexpected("a formula or a term", "une formule ou un terme")
            }
            index += 1
            try expect("(")
            let inner = try term()
            try expect(")")
            return .apply(function, inner)
        default: throw unexpected("a formula or a term", "une formule ou un terme")
        }
    }
}

extension Formula {
    /// An atom, with its variables that begin with `_` bound on the spot.
    static func closed(_ atom: Atom) -> Formula {
        let names = atom.arguments.compactMap(\.variableName).filter { $0.hasPrefix("_") }
        return names.isEmpty ? .atom(atom) : .quantify(.exists, names, .atom(atom))
    }
}
