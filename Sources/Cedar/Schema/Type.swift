// SPDX-License-Identifier: Apache-2.0

/// A type of the validator.
///
/// The types of a schema are those without `never`, the two
/// singleton Booleans, entity unions and sets of unknown elements.
package indirect enum Type: Hashable, Sendable {
    /// The type of nothing.
    case never
    case alwaysTrue
    case alwaysFalse
    case bool
    case long
    case string
    /// Nil is the set of unknown elements: the empty set literal.
    case set(Type?)
    /// An entity of one of these types; sorted, never empty.
    case entity([String])
    case anyEntity
    case record(RecordType)
    case extended(String)

    /// One entity type.
    static func oneEntity(_ name: String) -> Type { .entity([name]) }

    var isBoolean: Bool {
        switch self {
        case .bool, .alwaysTrue, .alwaysFalse: true
        default: false
        }
    }
}

/// An attribute of a record or an entity.
package struct AttributeType: Hashable, Sendable {
    package let type: Type
    package let isRequired: Bool
}

/// Attributes by name, sorted by bytes.
package struct RecordType: Hashable, Sendable {
    package let attributes: [Field]
    /// Whether other attributes may be there too: only for what permissive joins lose.
    package let isOpen: Bool

    package struct Field: Hashable, Sendable {
        package let name: Text
        package let attribute: AttributeType
    }

    package init(_ fields: [Field], isOpen: Bool = false) {
        attributes = fields.sorted { $0.name < $1.name }
        self.isOpen = isOpen
    }

    static let empty = RecordType([])

    package subscript(name: String) -> AttributeType? {
        let key = Text(name)
        return attributes.first { $0.name == key }?.attribute
    }
}
