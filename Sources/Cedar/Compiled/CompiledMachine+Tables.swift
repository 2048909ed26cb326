// SPDX-License-Identifier: Apache-2.0

/// Look-ups in the tables of entities.
extension CompiledMachine {
    func index(of uid: EntityUID) -> Int? {
        guard let type = textIndex.number(of: uid.type) else { return nil }
        return entityIndex.number(of: uid.id, type: Int32(type))
    }

    /// The slot of a value that the tables hold; nil for sets, records and what they do not hold.
    func knownSlot(of value: Value) -> Slot? {
        switch value {
        case .bool(let bool): Slot(bool)
        case .int(let bits): Slot(tag: .int, bits: bits)
        case .decimal(let bits): Slot(tag: .decimal, bits: bits)
        case .datetime(let bits): Slot(tag: .datetime, bits: bits)
        case .duration(let bits): Slot(tag: .duration, bits: bits)
        case .string(let text): textIndex.number(of: text).map { Slot(.string, $0) }
        case .entity(let uid): index(of: uid).map { Slot(.entity, $0) }
        case .ipaddr(let address): addressIndex.number(of: address).map { Slot(.ipaddr, $0) }
        case .set, .record: nil
        }
    }

    /// The value of an attribute, by its number; nil if there is none.
    @inline(__always)
    func value(_ attribute: Int, in range: FieldRange) -> Slot? {
        guard let place = shapes.position(of: attribute, in: range) else {
            return value(named: shapes.name(attribute), in: range)
        }
        return place < 0 ? nil : fields[range.range.start + place].value
    }

    /// The value of an attribute or tag in a range of fields, by the number of its name.
    func value(named name: Int, in range: FieldRange) -> Slot? {
        let wanted = Int32(name)
        for index in range.range.start..<range.range.end where fields[index].name == wanted {
            return fields[index].value
        }
        return nil
    }

    func contains(_ element: Slot, in set: Int) -> Bool {
        let range = sets[set]
        var low = range.start
        var high = range.end
        while low < high {
            let middle = (low + high) / 2
            let candidate = elements[middle]
            if candidate == element { return true }
            if candidate.precedes(element) { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// Whether an entity is another one or in it.
    func isIn(_ uid: Int, _ ancestor: Int) -> Bool {
        if uid == ancestor { return true }
        let range = rows[uid].ancestors
        let wanted = Int32(truncatingIfNeeded: ancestor)
        var low = range.start
        var high = range.end
        while low < high {
            let middle = (low + high) / 2
            let candidate = ancestors[middle]
            if candidate == wanted { return true }
            if candidate < wanted { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
