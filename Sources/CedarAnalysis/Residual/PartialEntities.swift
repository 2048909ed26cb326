// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// An entity of which some parts are not known.
public struct PartialEntity: Sendable {
    /// The name.
    public let uid: EntityUID
    /// The attributes.
    public var attributes: PartialRecord
    /// The tags.
    public var tags: PartialRecord
    /// All that the entity is in, directly or not; nil if that is not known.
    public var ancestors: Set<EntityUID>?

    /// Makes a partly known entity: it is there, whatever else is not known of it.
    public init(
        uid: EntityUID, attributes: PartialRecord = .unknown, tags: PartialRecord = .unknown,
        ancestors: Set<EntityUID>? = nil
    ) {
        (self.uid, self.attributes, self.tags) = (uid, attributes, tags)
        self.ancestors = ancestors
    }
}

/// Entities of which some are known, some partly, and the others perhaps not at all.
public struct PartialEntities: Sendable {
    /// The entities of which everything is known.
    public let known: Entities
    /// Whether every entity that is not named here is known not to exist.
    public let isComplete: Bool
    private let partial: [EntityUID: PartialEntity]

    /// Makes a partly known store.
    public init(
        known: Entities = .empty, partial: [PartialEntity] = [], isComplete: Bool
    ) {
        self.known = known
        self.isComplete = isComplete
        self.partial = Dictionary(partial.map { ($0.uid, $0) }) { _, last in last }
    }

    /// What is known of one entity.
    enum Knowledge {
        case whole(Entity)
        case part(PartialEntity)
        case absent
        case unknown
    }

    func knowledge(of uid: EntityUID) -> Knowledge {
        if let part = partial[uid] { return .part(part) }
        if let entity = known[uid] { return .whole(entity) }
        return isComplete ? .absent : .unknown
    }
}
