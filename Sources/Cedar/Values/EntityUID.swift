// SPDX-License-Identifier: Apache-2.0

/// The name of an entity: its type and its identifier, as in `User::"alice"`.
///
/// Both parts are compared by code point.
public struct EntityUID: Hashable, Sendable {
    /// The type with its namespace, as in `Shop::User`.
    public let type: String
    /// The identifier: any text.
    public let id: String

    /// Names an entity.
    public init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    /// Whether both name the same entity.
    public static func == (left: EntityUID, right: EntityUID) -> Bool {
        left.id.hasSameBytes(as: right.id) && left.type.hasSameBytes(as: right.type)
    }

    /// Feeds both parts, byte by byte.
    public func hash(into hasher: inout Hasher) {
        type.hashBytes(into: &hasher)
        id.hashBytes(into: &hasher)
    }

    /// Whether the type's last part is `Action`, which makes this an action.
    public var isAction: Bool {
        EntityUID.isActionType(type)
    }

    static func isActionType(_ type: String) -> Bool {
        type == "Action" || type.hasSuffix("::Action")
    }

    func ordered(with other: EntityUID) -> Ordering {
        type.byteOrder(other.type).then(id.byteOrder(other.id))
    }
}

extension EntityUID: CustomStringConvertible {
    /// The entity in Cedar's syntax.
    public var description: String {
        "\(type)::\(StringEscapes.quoted(id))"
    }
}
