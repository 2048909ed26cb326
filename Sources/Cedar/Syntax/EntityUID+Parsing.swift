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
    /// An entity and nothing else.
    fileprivate mutating func parseLoneEntity() throws(CedarErrors) -> EntityUID {
        var uid: EntityUID?
        do throws(Abandoned) {
            uid = try parseEntity()
            if !reader.isAtEnd { _ = reader.unexpected("nothing after the entity") }
        } catch {}
        guard reader.errors.isEmpty, let uid else { throw CedarErrors(errors: reader.errors) }
        return uid
    }
}
