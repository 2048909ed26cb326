// SPDX-License-Identifier: Apache-2.0

/// An entity with its attributes, tags and parents.
public struct Entity: Sendable {
    /// The name.
    public let uid: EntityUID
    /// The attributes.
    public let attributes: Record
    /// The tags: attributes with computed names.
    public let tags: Record
    /// The entities that this one is directly in.
    public let parents: [EntityUID]
    /// All entities that this one is in, directly or not; filled by `Entities`.
    public internal(set) var ancestors: Set<EntityUID>

    /// Makes an entity.
    public init(
        uid: EntityUID, attributes: Record = .empty, tags: Record = .empty,
        parents: [EntityUID] = []
    ) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
        ancestors = Set(parents)
    }
}

extension Entity {
    /// Whether both have the same attributes, tags and parents.
    func hasSameContent(as other: Entity) -> Bool {
        attributes == other.attributes && tags == other.tags
            && Set(parents) == Set(other.parents)
    }
}

/// The entities that a decision may look at, with all their ancestors.
public struct Entities: Sendable {
    private var byUID: [EntityUID: Entity]

    /// No entity at all.
    public static let empty = Entities([])

    /// Makes a store; of two entities with the same name the last wins.
    ///
    /// Every ancestor is computed here, so that `in` is one lookup. Cycles are tolerated.
    public init(_ entities: [Entity]) {
        byUID = [:]
        for entity in entities { byUID[entity.uid] = entity }
        closeOverParents()
    }

    /// The entity of this name.
    public subscript(uid: EntityUID) -> Entity? { byUID[uid] }

    /// The number of entities.
    public var count: Int { byUID.count }

    /// All entities, in no particular order.
    public var all: some Collection<Entity> { byUID.values }

    /// Adds entities, replacing those of the same name, and computes ancestors anew.
    public mutating func insert(_ entities: [Entity]) {
        for entity in entities { byUID[entity.uid] = entity }
        closeOverParents()
    }

    private mutating func closeOverParents() {
        let direct = byUID.mapValues(\.parents)
        for (uid, entity) in byUID where !entity.parents.isEmpty {
            var found: Set<EntityUID> = []
            var open = entity.parents
            while let next = open.popLast() {
                if found.insert(next).inserted { open += direct[next] ?? [] }
            }
            byUID[uid]?.ancestors = found
        }
    }
}

/// A question to the authorizer: whether this principal may do this to that.
public struct Request: Sendable {
    /// Who asks.
    public var principal: EntityUID
    /// What is to be done.
    public var action: EntityUID
    /// To what.
    public var resource: EntityUID
    /// The circumstances.
    public var context: Record

    /// Makes a request.
    public init(
        principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = .empty
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}
