// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What has been assumed of a set: elements that are in it or not, and sets that hold it or not.
struct SetConstraint: Sendable {
    let element: Type?
    /// The elements that there can be, where they are few: truth values and enumerated entities.
    private let universe: [Value]?
    private var required: Set<Value> = []
    private var excluded: Set<Value> = []
    private var bounds: [ValueSet] = []
    private var exceeded: [ValueSet] = []

    init(element: Type?, schema: Schema) {
        self.element = element
        switch element {
        case .bool: universe = [.bool(false), .bool(true)]
        case .entity(let names) where names.count == 1:
            universe = schema.entityTypes[names[0]]?.enumeration?.map {
                .entity(EntityUID(type: names[0], id: $0))
            }
        default: universe = nil
        }
    }

    func assuming(_ test: PlaceTest, _ holds: Bool) -> SetConstraint? {
        var next = self
        switch test {
        case .contains(let value) where holds: next.required.insert(value)
        case .contains(let value): next.excluded.insert(value)
        case .within(let bound) where holds: next.bounds.append(bound)
        case .within(let bound): next.exceeded.append(bound)
        default: return self
        }
        return next.isPossible ? next : nil
    }

    private func isOpen(to value: Value) -> Bool {
        !excluded.contains(value) && bounds.allSatisfy { $0.contains(value) }
            && universe?.contains(value) ?? true
    }

    /// Adding elements breaks no assumption but those on the element itself, so each set that is to
    /// be exceeded can be looked at alone.
    private var isPossible: Bool {
        required.allSatisfy(isOpen)
            && exceeded.allSatisfy { bound in
                required.contains { !bound.contains($0) } || mayExceed(bound)
            }
    }

    private func mayExceed(_ bound: ValueSet) -> Bool {
        if let candidates { return candidates.contains { isOpen(to: $0) && !bound.contains($0) } }
        return true
    }

    /// The elements that there can be, where something limits them.
    private var candidates: [Value]? { bounds.first?.elements ?? universe }

    func admits(_ value: Value) -> Bool {
        guard case .set(let set) = value else { return false }
        return set.elements.allSatisfy(isOpen) && required.allSatisfy(set.contains)
            && exceeded.allSatisfy { bound in set.elements.contains { !bound.contains($0) } }
    }

    /// A small set that is left; nil if its elements cannot be made up.
    var sample: Value? {
        var elements = required
        for bound in exceeded where !elements.contains(where: { !bound.contains($0) }) {
            if let candidates {
                let found = candidates.first { isOpen(to: $0) && !bound.contains($0) }
                guard let found else { return nil }
                elements.insert(found)
            } else {
                let taken = elements.union(excluded).union(bound.elements)
                guard let element, let fresh = element.freshValue(besides: taken) else {
                    return nil
                }
                elements.insert(fresh)
            }
        }
        return .set(ValueSet(Array(elements)))
    }

    /// The elements assumed to be in the set, in a fixed order.
    var requiredElements: ValueSet { ValueSet(Array(required)) }
}

extension Type {
    /// A value of the type that is none of these, where values of the type can be made up.
    func freshValue(besides taken: Set<Value>) -> Value? {
        for number in 1...(taken.count + 1) {
            let value: Value
            switch self {
            case .string: value = .string("other-\(number)")
            case .long: value = .int(Int64(number) + 1_000)
            case .extended("datetime"): value = .datetime(Int64(number) * 86_400_000)
            case .extended("duration"): value = .duration(Int64(number) * 1_000)
            case .extended("decimal"): value = .decimal(Int64(number) * 10_000)
            case .entity(let names) where names.count == 1:
                value = .entity(EntityUID(type: names[0], id: "other-\(number)"))
            default: return nil
            }
            if !taken.contains(value) { return value }
        }
        return nil
    }
}
