// SPDX-License-Identifier: Apache-2.0

/// The number of an event type in an ``EventSchema``.
public struct EventTypeID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The position of the type among the types of its schema.
    public var rawValue: UInt16

    /// Makes an identifier from a position.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether one type is declared before another.
    public static func < (left: EventTypeID, right: EventTypeID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The number of a field in an ``EventSchema``.
public struct FieldID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The position of the field among the fields of its schema.
    public var rawValue: UInt8

    /// Makes an identifier from a position.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Whether one field is declared before another.
    public static func < (left: FieldID, right: FieldID) -> Bool {
        left.rawValue < right.rawValue
    }

    var index: Int { Int(rawValue) }
}

/// What a field holds, which says how texts name its values.
public enum FieldKind: Hashable, Sendable {
    /// A number that stands for itself: a count, seconds.
    case number
    /// A number that stands for a text, by the caller's own table.
    case identifier
    /// One of a closed list of words, numbered from 0.
    case word([String])
    /// A set of such words, one bit each.
    case wordSet([String])
}

/// The names of the event types and of the fields that rules speak about.
///
/// Events reach the monitor as integers. The schema is the table that both sides share: a type
/// or a field is its position here.
public struct EventSchema: Hashable, Sendable {
    /// A field and what it holds.
    public struct Field: Hashable, Sendable {
        /// The name that rules use.
        public var name: String
        /// What it holds.
        public var kind: FieldKind

        /// Makes a field.
        public init(_ name: String, _ kind: FieldKind = .identifier) {
            self.name = name
            self.kind = kind
        }
    }

    /// The most fields that a schema may have.
    public static let fieldCountMax = 64

    /// The names of the event types.
    public let types: [String]
    /// The fields.
    public let fields: [Field]
    /// Names that stand for several event types.
    public let groups: [String: [EventTypeID]]
    private let typeNumbers: [String: EventTypeID]
    private let fieldNumbers: [String: FieldID]

    /// Makes a schema.
    ///
    /// - Precondition: At most 65,535 types and 64 fields.
    public init(types: [String], fields: [Field], groups: [String: [String]] = [:]) {
        precondition(types.count < Int(UInt16.max), "more event types than 16 bits number")
        precondition(fields.count <= Self.fieldCountMax, "more fields than an event may have")
        self.types = types
        self.fields = fields
        var typeNumbers: [String: EventTypeID] = [:]
        for (number, name) in types.enumerated() {
            typeNumbers[name] = EventTypeID(rawValue: UInt16(number))
        }
        var fieldNumbers: [String: FieldID] = [:]
        for (number, field) in fields.enumerated() {
            fieldNumbers[field.name] = FieldID(rawValue: UInt8(number))
        }
        self.groups = groups.mapValues { names in names.compactMap { typeNumbers[$0] }.sorted() }
        self.typeNumbers = typeNumbers
        self.fieldNumbers = fieldNumbers
    }

    /// The type of a name.
    public func type(_ name: String) -> EventTypeID? { typeNumbers[name] }

    /// The types of a name, which may be a group.
    public func types(named name: String) -> [EventTypeID] {
        groups[name] ?? typeNumbers[name].map { [$0] } ?? []
    }

    /// The field of a name.
    public func field(_ name: String) -> FieldID? { fieldNumbers[name] }

    func name(of type: EventTypeID) -> String {
        Int(type.rawValue) < types.count ? types[Int(type.rawValue)] : "?"
    }

    func name(of field: FieldID) -> String {
        field.index < fields.count ? fields[field.index].name : "?"
    }
}
