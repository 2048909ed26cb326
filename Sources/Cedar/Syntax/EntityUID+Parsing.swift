// SPDX-License-Identifier: Apache-2.0

extension EntityUID {
    /// Reads an entity in Cedar's syntax, as in `User::"alice"`.
    ///
    /// - Throws: `CedarErrors` for anything else.
    public init(parsing text: String, file: String = "entity") throws(CedarErrors) {
        var parser = PolicyParser(Source(file: file, text: text))
        self = try parser.parseLoneEntity()
    }
}

extension PolicyParser {
    /// An entity and nothing else; of what is wrong with it, the first place.
    fileprivate mutating func parseLoneEntity() throws(CedarErrors) -> EntityUID {
        let form = "an entity alone, as in `User::\"alice\"`"
        var uid: EntityUID?
        do throws(Abandoned) {
            uid = try parseEntity()
            if !reader.isAtEnd { _ = reader.unexpected(form) }
        } catch {}
        reader.sortErrors()
        guard let first = reader.errors.first else {
            if let uid { return uid }
            preconditionFailure("a parser that gives up says why")
        }
        switch first.code {
        case .unexpectedEnd:
            throw CedarErrors(errors: [first.saying([form])])
        case .unexpectedToken, .invalidToken:
            throw CedarErrors(errors: [first.saying([first.facts.first ?? "", form])])
        default: throw CedarErrors(errors: [first])
        }
    }
}
