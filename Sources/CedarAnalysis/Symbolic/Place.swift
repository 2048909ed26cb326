// SPDX-License-Identifier: Apache-2.0

import Cedar

/// A part of a request or of an entity whose value is open.
enum Place: Hashable, Sendable {
    case principal
    case resource
    /// An attribute of the context, by its path; the empty path is the context itself.
    case context([Text])
    /// An attribute of an entity, by its path.
    case attribute(EntityUID, [Text])
    case tag(EntityUID, Text)

    /// What the path of a member of a tag begins with: no attribute has a name and members like it.
    static let tagMark = Text("\0tag")

    /// The attribute of a record at this place.
    func member(_ name: Text) -> Place {
        switch self {
        case .context(let path): .context(path + [name])
        case .attribute(let uid, let path): .attribute(uid, path + [name])
        case .tag(let uid, let key): .attribute(uid, [Self.tagMark, key, name])
        case .principal, .resource: self
        }
    }
}

/// A question about the value at a place that has no value yet.
enum PlaceTest: Hashable, Sendable {
    case equals(Value)
    /// Whether the number is below this one.
    case below(Int64)
    /// Whether the number is this one or below.
    case atMost(Int64)
    case like(Pattern)
    case contains(Value)
    /// Whether every element is one of these.
    case within(ValueSet)
}

/// The next thing to settle so that an expression gets a value.
enum Choice: Sendable {
    /// Which entity of a type stands at a place.
    case entity(Place, type: String)
    case exists(EntityUID)
    case presence(Place)
    case test(Place, PlaceTest)
    /// The value itself; `isExact` says whether trying the values at hand is as good as trying all.
    case value(Place, Type, isExact: Bool)
    case membership(EntityUID, EntityUID)
    /// Whether an entity is in an element of a set that nothing names.
    case unnamedElement(EntityUID, Place, type: String)
}
