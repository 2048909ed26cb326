// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// A principal, an action or a resource: known, or unknown but for its type.
public enum PartialEntityUID: Hashable, Sendable {
    /// This entity.
    case known(EntityUID)
    /// Any entity of this type; of any type if there is none.
    case unknown(type: String?)

    /// The entity, where it is known.
    public var uid: EntityUID? {
        guard case .known(let uid) = self else { return nil }
        return uid
    }

    /// The type, where it is known.
    public var type: String? {
        switch self {
        case .known(let uid): uid.type
        case .unknown(let type): type
        }
    }
}

/// A record of which some attributes are known.
public struct PartialRecord: Sendable {
    /// The attributes that are known, with their values.
    public var known: Record
    /// The attributes that are known not to be there.
    public var absent: [String]
    /// Whether there may be attributes besides, of which nothing is known.
    public var isOpen: Bool

    /// Makes a partly known record.
    public init(known: Record = .empty, absent: [String] = [], isOpen: Bool) {
        (self.known, self.absent, self.isOpen) = (known, absent, isOpen)
    }

    /// A record of which nothing is known.
    public static let unknown = PartialRecord(isOpen: true)

    /// A record of which everything is known.
    public static func whole(_ record: Record) -> PartialRecord {
        PartialRecord(known: record, isOpen: false)
    }

    /// What is known of one attribute.
    enum Attribute {
        case value(Value)
        case absent
        case unknown
    }

    func attribute(_ name: String) -> Attribute {
        if let value = known[name] { return .value(value) }
        if !isOpen || absent.contains(where: { $0.hasSameBytes(as: name) }) { return .absent }
        return .unknown
    }
}

/// A request of which some parts are not known.
public struct PartialRequest: Sendable {
    /// Who asks.
    public var principal: PartialEntityUID
    /// What is to be done.
    public var action: PartialEntityUID
    /// To what.
    public var resource: PartialEntityUID
    /// The circumstances.
    public var context: PartialRecord

    /// Makes a partly known request.
    public init(
        principal: PartialEntityUID, action: PartialEntityUID, resource: PartialEntityUID,
        context: PartialRecord = .unknown
    ) {
        (self.principal, self.action, self.resource) = (principal, action, resource)
        self.context = context
    }
}
