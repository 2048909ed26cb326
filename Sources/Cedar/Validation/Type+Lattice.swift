// SPDX-License-Identifier: Apache-2.0

/// How exact types must be.
public enum ValidationMode: String, CaseIterable, Sendable {
    /// Types must be equal to be compared or put in one set.
    case strict
    /// Types may have a common supertype.
    case permissive
}

extension Type {
    func isSubtype(of other: Type, _ mode: ValidationMode) -> Bool {
        switch (self, other) {
        case (.never, _): true
        case (.alwaysTrue, .bool), (.alwaysFalse, .bool): true
        case (.set(_), .set(nil)): true
        case (.set(let a?), .set(let b?)): a.isSubtype(of: b, mode)
        case (.entity, .anyEntity): true
        case (.entity(let a), .entity(let b)):
            mode == .strict ? a == b : Set(a).isSubset(of: b)
        case (.record(let a), .record(let b)): a.isSubtype(of: b, mode)
        default: self == other
        }
    }

    /// The least type above both; nil if there is none in this mode.
    func joined(_ other: Type, _ mode: ValidationMode) -> Type? {
        if isSubtype(of: other, mode) { return other }
        if other.isSubtype(of: self, mode) { return self }
        switch (self, other) {
        case _ where isBoolean && other.isBoolean: return .bool
        case (.set(let a?), .set(let b?)):
            return a.joined(b, mode).map { .set($0) }
        case (.record(let a), .record(let b)):
            return a.joined(b, mode).map(Type.record)
        case (.entity(let a), .entity(let b)) where mode == .permissive:
            let names = Set(a).union(b).sorted { Type.nameOrder($0, $1) == .before }
            return .entity(names)
        default: return nil
        }
    }

    static func joined(_ types: [Type], _ mode: ValidationMode) -> Type? {
        var result = Type.never
        for type in types {
            guard let next = result.joined(type, mode) else { return nil }
            result = next
        }
        return result
    }

    /// Whether no value can be of both types, so that `==` is always false.
    func isDisjoint(from other: Type) -> Bool {
        guard case .entity(let a) = self, case .entity(let b) = other else { return false }
        return Set(a).isDisjoint(with: b)
    }
}

extension RecordType {
    func isSubtype(of other: RecordType, _ mode: ValidationMode) -> Bool {
        if !other.isOpen, isOpen || attributes.count != other.attributes.count { return false }
        return other.attributes.allSatisfy { field in
            guard let mine = self[field.name.string] else { return false }
            let agrees =
                mode == .strict
                ? mine.isRequired == field.attribute.isRequired
                : mine.isRequired || !field.attribute.isRequired
            return agrees && mine.type.isSubtype(of: field.attribute.type, mode)
        }
    }

    func joined(_ other: RecordType, _ mode: ValidationMode) -> RecordType? {
        var fields: [Field] = []
        for field in attributes {
            let name = field.name
            if let theirs = other[name.string],
                let type = field.attribute.type.joined(theirs.type, mode),
                mode == .permissive || theirs.isRequired == field.attribute.isRequired
            {
                let isRequired = theirs.isRequired && field.attribute.isRequired
                let attribute = AttributeType(type: type, isRequired: isRequired)
                fields.append(Field(name: name, attribute: attribute))
            } else if mode == .strict {
                return nil
            }
        }
        let isComplete = fields.count == attributes.count && fields.count == other.attributes.count
        if mode == .strict, !isComplete { return nil }
        return RecordType(fields, isOpen: isOpen || other.isOpen || !isComplete)
    }
}

extension Type: CustomStringConvertible {
    package var description: String {
        let space = "__cedar::internal::"
        switch self {
        case .never: return space + "Never"
        case .alwaysTrue: return space + "True"
        case .alwaysFalse: return space + "False"
        case .bool: return "Bool"
        case .long: return "Long"
        case .string: return "String"
        case .set(let element): return "Set<\(element?.description ?? space + "Any")>"
        case .entity(let names):
            return names.count == 1
                ? names[0] : "\(space)Union<\(names.joined(separator: ", "))>"
        case .anyEntity: return space + "AnyEntity"
        case .record(let record):
            let fields = record.attributes.map {
                "\($0.name.string)\($0.attribute.isRequired ? "" : "?"): \($0.attribute.type),"
            }
            return (record.isOpen ? space + "OpenRecord" : "") + "{\(fields.joined())}"
        case .extended(let name): return name
        }
    }

    /// The order in which messages list types.
    func ordered(with other: Type) -> Ordering {
        switch (self, other) {
        case (.set(let a), .set(let b)): (a ?? .never).ordered(with: b ?? .never)
        case (.entity(let a), .entity(let b)):
            Type.listOrder(a, b)
        case (.extended(let a), .extended(let b)): Ordering(a, b)
        case (.record(let a), .record(let b)): a.ordered(with: b)
        default: Ordering(rank, other.rank)
        }
    }

    /// Names are ordered by their last part, then by their namespaces.
    static func nameOrder(_ a: String, _ b: String) -> Ordering {
        let x = a.split(separator: "::").map { Text(String($0)) }
        let y = b.split(separator: "::").map { Text(String($0)) }
        guard let last = x.last, let other = y.last else { return Ordering(x.count, y.count) }
        return Ordering(last, other).then(listOrder(x.dropLast(), y.dropLast()))
    }

    private static func listOrder(_ a: [Text], _ b: [Text]) -> Ordering {
        for (x, y) in zip(a, b) where x != y { return Ordering(x, y) }
        return Ordering(a.count, b.count)
    }

    private static func listOrder(_ a: [String], _ b: [String]) -> Ordering {
        for (x, y) in zip(a, b) where x != y { return nameOrder(x, y) }
        return Ordering(a.count, b.count)
    }

    private var rank: Int {
        switch self {
        case .never: 0
        case .bool: 1
        case .alwaysTrue: 2
        case .alwaysFalse: 3
        case .long: 4
        case .string: 5
        case .entity, .anyEntity: 6
        case .set: 7
        case .record: 8
        case .extended: 9
        }
    }
}

extension RecordType {
    func ordered(with other: RecordType) -> Ordering {
        for (a, b) in zip(attributes, other.attributes) {
            let order = Ordering(a.name, b.name)
                .then(a.attribute.type.ordered(with: b.attribute.type))
                .then(Ordering(a.attribute.isRequired ? 1 : 0, b.attribute.isRequired ? 1 : 0))
            if order != .same { return order }
        }
        return Ordering(attributes.count, other.attributes.count)
    }
}
