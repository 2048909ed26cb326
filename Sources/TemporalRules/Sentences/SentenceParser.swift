// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Reads sentences: the fixed words of one language around events.
struct SentenceParser {
    /// Events, each with the variables that it binds.
    struct Events {
        var items: [(selector: EventSelector, bindings: [(name: String, field: FieldID)])] = []
        var column = 1

        /// The variables of the first event, in order.
        var variables: [String] { items.first?.bindings.map(\.name) ?? [] }
    }

    let language: Language
    let setting: RuleSentence.Setting
    private let tokens: [SentenceToken]
    private var index = 0

    init(
        _ text: String, _ language: Language, _ setting: RuleSentence.Setting
    ) throws(SentenceError) {
        self.language = language
        self.setting = setting
        tokens = try SentenceLexer.tokens(of: text)
    }

    // MARK: Tokens

    var token: SentenceToken { tokens[index] }

    mutating func next() {
        if index + 1 < tokens.count { index += 1 }
    }

    func failure(_ code: SentenceError.Code, expected: LocalizedText? = nil) -> SentenceError {
        let subject = token.kind == .end ? "…" : token.text
        return SentenceError(
            code, at: token.column, subject: subject,
            expected: expected ?? LocalizedText(fr: "", en: ""))
    }

    func unexpected(_ french: String, _ english: String) -> SentenceError {
        failure(.unexpectedWord, expected: LocalizedText(fr: french, en: english))
    }

    mutating func take(symbol: String) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        next()
        return true
    }

    mutating func expect(symbol: String) throws(SentenceError) {
        guard take(symbol: symbol) else { throw unexpected("`\(symbol)`", "`\(symbol)`") }
    }

    /// How many tokens a spelling takes here; nothing if it does not stand here.
    private func length(of spelling: String) -> Int? {
        let words = spelling.split(separator: " ")
        guard index + words.count <= tokens.count else { return nil }
        for (offset, word) in words.enumerated() {
            let token = tokens[index + offset]
            guard token.kind == .word || token.kind == .symbol,
                token.text.utf8.elementsEqual(word.utf8)
            else { return nil }
        }
        return words.count
    }

    mutating func take(_ spellings: [String]) -> Bool {
        guard let length = spellings.compactMap({ length(of: $0) }).max() else { return false }
        index += length
        return true
    }

    mutating func take(_ word: SentenceWord) -> Bool { take(word.spellings[language] ?? []) }

    func stands(_ word: SentenceWord) -> Bool {
        (word.spellings[language] ?? []).contains { length(of: $0) != nil }
    }

    mutating func expect(_ word: SentenceWord) throws(SentenceError) {
        guard take(word) else {
            throw unexpected("« \(word.text(in: .french)) »", "“\(word.text(in: .english))”")
        }
    }

    /// A comma before a clause, which may be left out.
    mutating func skipComma() { _ = take(symbol: ",") }

    mutating func name() throws(SentenceError) -> String {
        guard token.kind == .word else { throw unexpected("un nom", "a name") }
        defer { next() }
        return token.text
    }

    /// A number, or a parameter that is one.
    mutating func number() throws(SentenceError) -> Int64 {
        switch token.kind {
        case .number(let value):
            next()
            return value
        case .parameter:
            guard let parameter = setting.parameters[String(token.text.dropFirst())] else {
                throw failure(.unknownParameter)
            }
            guard case .number(let value) = parameter else {
                throw failure(
                    .unknownParameter, expected: LocalizedText(fr: "un nombre", en: "a number"))
            }
            next()
            return value
        case .word:
            // A negative number: the sign is part of the word.
            guard let value = Int64(token.text) else { throw unexpected("un nombre", "a number") }
            next()
            return value
        default: throw unexpected("un nombre", "a number")
        }
    }

    // MARK: Lengths of time

    mutating func unit() throws(SentenceError) -> SentenceUnit {
        for unit in SentenceUnit.allCases where take(unit.spellings[language] ?? []) {
            return unit
        }
        throw unexpected("une unité de temps", "a unit of time")
    }

    mutating func span() throws(SentenceError) -> TimeSpan {
        let start = token
        let count = try number()
        let unit = try unit()
        let span: TimeSpan? =
            switch unit {
            case .second: Self.seconds(count, 1)
            case .minute: Self.seconds(count, 60)
            case .hour: Self.seconds(count, 3_600)
            case .day: Self.seconds(count, 86_400)
            case .civilDay: Int32(exactly: count).map { .days(Int($0)) }
            case .workingDay: Int32(exactly: count).map { .workingDays(Int($0)) }
            case .month: Int32(exactly: count).map { .months(Int($0)) }
            case .week: nil
            }
        guard let span, span.isWellFormed else {
            throw SentenceError(.valueTooLarge, at: start.column, subject: start.text)
        }
        return span
    }

    private static func seconds(_ count: Int64, _ factor: Int64) -> TimeSpan? {
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : .seconds(product)
    }

    mutating func window() throws(SentenceError) -> QuotaWindow {
        let articles = language == .english ? ["a", "an", "one"] : ["un", "une"]
        if token.kind == .word, articles.contains(token.text) {
            next()
            switch try unit() {
            case .civilDay: return .civil(.day)
            case .week: return .civil(.isoWeek)
            case .month: return .civil(.month)
            default: throw unexpected("un jour civil", "a civil day")
            }
        }
        let start = token
        guard case .seconds(let seconds) = try span(), seconds > 0 else {
            throw SentenceError(.valueTooLarge, at: start.column, subject: start.text)
        }
        return .sliding(seconds: seconds)
    }

    func expectEnd() throws(SentenceError) {
        guard token.kind == .end else { throw unexpected("la fin", "the end") }
    }
}
