// SPDX-License-Identifier: Apache-2.0

/// A JSON text as a tree; members keep their order, and names are never repeated.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// A number with a fraction or an exponent, or beyond 64 bits: Cedar has no such values.
    case otherNumber(String)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The value of a member; nil if this is no object or has no such member.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.hasSameBytes(as: key) }?.value
    }

    /// How deep arrays and objects may nest.
    package static let maximumDepth = 200

    /// Reads one JSON text.
    package init(parsing text: String, file: String) throws(CedarErrors) {
        self = try LocatedJSON(parsing: Source(file: file, text: text)).value
    }
}
