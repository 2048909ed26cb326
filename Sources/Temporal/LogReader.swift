// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What holds at one moment: a timestamp and the tuples of each relation.
public struct TimePoint: Hashable, Sendable {
    /// When, in the unit of the formula's intervals.
    public var timestamp: Int
    /// The tuples of each relation, by name.
    public var tuples: [String: [[Value]]]

    /// Makes a time point.
    public init(timestamp: Int, tuples: [String: [[Value]]] = [:]) {
        self.timestamp = timestamp
        self.tuples = tuples
    }
}

/// Reads a log in MonPoly's format, one time point at a time.
///
///     @100 access("adv1",12) ("adv2",7) review(3)
///     @160
public struct LogReader {
    private var lexer: WordLexer
    private var token: WordToken
    private let signature: Signature

    /// Starts to read a log.
    public init(text: [UInt8], signature: Signature) throws(TemporalError) {
        self.signature = signature
        lexer = WordLexer(text, hidesWords: true)
        token = try lexer.next()
    }

    /// The next time point; none at the end.
    public mutating func next() throws(TemporalError) -> TimePoint? {
        while token == .symbol(";") { token = try lexer.next() }
        guard token != .end else { return nil }
        guard token == .symbol("@") else { throw lexer.unexpected(token) }
        token = try lexer.next()
        guard case .word(let digits) = token else { throw lexer.unexpected(token) }
        let text = String(decoding: digits, as: UTF8.self)
        guard let timestamp = Int(text) ?? Self.wholeSeconds(text), timestamp < .max else {
            guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else {
                throw lexer.unexpected(token)
            }
            throw TemporalError(.numberTooLarge, at: lexer.position, subject: text)
        }
        token = try lexer.next()
        var point = TimePoint(timestamp: timestamp)
        while case .word(let name) = token {
            let name = String(decoding: name, as: UTF8.self)
            guard let relation = signature[name] else {
                throw TemporalError(.unknownRelation, at: lexer.position, subject: name)
            }
            token = try lexer.next()
            if token != .symbol("(") {
                point.tuples[name, default: []].append(try tuple([], of: relation))
            }
            while token == .symbol("(") {
                let fields = try fields()
                point.tuples[name, default: []].append(try tuple(fields, of: relation))
            }
        }
        return point
    }

    /// A timestamp written with a decimal point, cut to whole seconds.
    private static func wholeSeconds(_ text: String) -> Int? {
        guard text.utf8.contains(UInt8(ascii: ".")), let value = Double(text) else { return nil }
        return Int(exactly: value.rounded(.down))
    }

    private mutating func fields() throws(TemporalError) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        token = try lexer.next()
        while token != .symbol(")") {
            guard case .word(let field) = token else { throw lexer.unexpected(token) }
            fields.append(field)
            token = try lexer.next()
            if token == .symbol(",") {
                token = try lexer.next()
                guard token != .symbol(")") else { throw lexer.unexpected(token) }
            } else if token != .symbol(")") {
                throw lexer.unexpected(token)
            }
        }
        token = try lexer.next()
        return fields
    }

    private func tuple(
        _ fields: [[UInt8]], of relation: Signature.Relation
    ) throws(TemporalError) -> [Value] {
        guard fields.count == relation.types.count else {
            throw TemporalError(.invalidTuple, at: lexer.position, subject: relation.name)
        }
        var values: [Value] = []
        values.reserveCapacity(fields.count)
        for (field, type) in zip(fields, relation.types) {
            guard let value = Value(field, as: type) else {
                throw TemporalError(.invalidTuple, at: lexer.position, subject: relation.name)
            }
            values.append(value)
        }
        return values
    }
}

extension Value {
    /// The value that a word of a log stands for; none if it is not of the type.
    init?(_ bytes: [UInt8], as type: ValueType) {
        switch type {
        case .int:
            guard let value = Int(String(decoding: bytes, as: UTF8.self)) else { return nil }
            self = .int(value)
        case .float:
            guard let value = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
            self = .float(value)
        case .string: self = .string(bytes)
        case .regexp: self = .regexp(bytes)
        }
    }
}
