// SPDX-License-Identifier: Apache-2.0

/// Values of the request's context that the store does not know.
///
/// Such a value is a slot with the tag `context` and its position among the attributes. What it
/// cannot be equal to is known all the same: a text, entity or address that the store does not
/// hold equals nothing there.
extension CompiledMachine {
    /// A value of the context as a slot, for the attribute at a position.
    func slot(_ value: Value, at position: Int) -> Slot {
        interned(value) ?? Slot(.context, position)
    }

    /// The slot of a value that the store holds; nil for sets, records and what it does not hold.
    private func interned(_ value: Value) -> Slot? {
        switch value {
        case .bool(let bool): Slot(bool)
        case .int(let bits): Slot(tag: .int, bits: bits)
        case .decimal(let bits): Slot(tag: .decimal, bits: bits)
        case .datetime(let bits): Slot(tag: .datetime, bits: bits)
        case .duration(let bits): Slot(tag: .duration, bits: bits)
        case .string(let text): store.index(of: text).map { Slot(.string, $0) }
        case .entity(let uid): store.index(of: uid).map { Slot(.entity, $0) }
        case .ipaddr(let address): store.index(of: address).map { Slot(.ipaddr, $0) }
        case .set, .record: nil
        }
    }

    /// Whether the value is neither a set nor a record, nor holds one.
    private func isFlat(_ value: Value) -> Bool {
        switch value {
        case .set, .record: false
        default: true
        }
    }

    func contextBinary(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot, _ context: Record
    ) -> Slot {
        switch operation {
        case .equal, .notEqual: return contextEqual(a, b, context, operation == .equal)
        case .contains: return contextContains(a, b, context)
        case .containsAll, .containsAny: return contextSubset(operation, a, b, context)
        default: return .unknown
        }
    }

    private func contextEqual(
        _ a: Slot, _ b: Slot, _ context: Record, _ isEqual: Bool
    ) -> Slot {
        let (known, other) = a.tag == .context ? (b, a) : (a, b)
        guard known.tag != .context, isFlat(context.values[other.index]) else { return .unknown }
        return Slot(!isEqual)
    }

    private func contextContains(_ a: Slot, _ b: Slot, _ context: Record) -> Slot {
        if a.tag == .set {
            // A value that is not in the store is in none of its sets.
            return isFlat(context.values[b.index]) ? .no : .unknown
        }
        guard a.tag == .context, b.tag != .context, b.tag != .set, b.tag != .record,
            case .set(let set) = context.values[a.index]
        else { return .unknown }
        return Slot(set.elements.contains { interned($0) == b })
    }

    private func contextSubset(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot, _ context: Record
    ) -> Slot {
        let (known, other) = a.tag == .context ? (b, a) : (a, b)
        guard known.tag == .set, other.tag == .context,
            case .set(let set) = context.values[other.index], set.elements.allSatisfy(isFlat)
        else { return .unknown }
        var shared = 0
        for element in set.elements {
            if let slot = interned(element), store.contains(slot, in: known.index) { shared += 1 }
        }
        if operation == .containsAny { return Slot(shared > 0) }
        return Slot(
            shared == (a.tag == .context ? store.sets[known.index].count : set.elements.count))
    }
}
