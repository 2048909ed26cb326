// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The relations that a log holds, with the types of their attributes.
///
///     access(adviser: string, person: string)
///     review(int)
///
/// `ts(int)`, `tp(int)` and `tpts(int, int)` are always there: the timestamp and the
/// number of the time point.
public struct Signature: Hashable, Sendable {
    /// A relation that a log may hold.
    public struct Relation: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The types of the attributes.
        public var types: [ValueType]

        /// Makes a relation.
        public init(_ name: String, _ types: [ValueType]) {
            self.name = name
            self.types = types
        }
    }

    /// The declared relations, in the order of declaration.
    public private(set) var relations: [Relation]
    private var indexes: [String: Int] = [:]

    /// Makes a signature from its relations.
    public init(_ relations: [Relation]) {
        self.relations = relations
        for (index, relation) in relations.enumerated() where indexes[relation.name] == nil {
            indexes[relation.name] = index
        }
    }

    /// The relation with a name.
    public subscript(name: String) -> Relation? {
        indexes[name].map { relations[$0] }
    }

    /// The relations that need no declaration.
    static let builtIn = [
        Relation("tp", [.int]), Relation("ts", [.int]), Relation("tpts", [.int, .int]),
    ]
}

extension Signature {
    /// Reads a signature from its text.
    public init(text: [UInt8]) throws(TemporalError) {
        var lexer = WordLexer(text, hasBlockComments: true)
        var relations: [Relation] = []
        while true {
            let token = try lexer.next()
            if token == .end { break }
            guard case .word(let name) = token else { throw lexer.unexpected(token) }
            var types: [ValueType] = []
            try lexer.expect("(")
            var next = try lexer.next()
            while next != .symbol(")") {
                var field: [UInt8] = []
                while case .word(let part) = next {
                    field += part
                    next = try lexer.next()
                }
                types.append(try Signature.type(of: field, lexer))
                guard next == .symbol(",") || next == .symbol(")") else {
                    throw lexer.unexpected(next)
                }
                if next == .symbol(",") { next = try lexer.next() }
            }
            relations.append(Relation(String(decoding: name, as: UTF8.self), types))
        }
        self.init(relations)
    }

    /// The type in `name:type` or `type`.
    private static func type(
        of field: [UInt8], _ lexer: WordLexer
    ) throws(TemporalError) -> ValueType {
        let name = field.split(separator: UInt8(ascii: ":")).last ?? []
        guard let type = ValueType(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw lexer.unexpected(.word(field))
        }
        return type
    }
}
