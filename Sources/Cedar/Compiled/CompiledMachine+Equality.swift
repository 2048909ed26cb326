// SPDX-License-Identifier: Apache-2.0

/// Equality and membership among values of the store and of the request.
///
/// A text, entity or address is foreign only if the store does not hold it, so that it equals
/// nothing there; sets and records of the request are always foreign.
extension CompiledMachine {
    func isSame(_ a: Slot, _ b: Slot, _ frame: inout Frame) -> Bool {
        switch (a.tag == .foreign, b.tag == .foreign) {
        case (false, false): a == b
        case (true, false): isSame(frame.values[a.index], b, &frame)
        case (false, true): isSame(frame.values[b.index], a, &frame)
        case (true, true): frame.values[a.index] == frame.values[b.index]
        }
    }

    /// Whether a value of the request is the one of a slot.
    func isSame(_ value: Value, _ slot: Slot, _ frame: inout Frame) -> Bool {
        if slot.tag == .foreign { return value == frame.values[slot.index] }
        switch value {
        case .set(let set):
            guard slot.tag == .set, sets[slot.index].count == set.elements.count else {
                return false
            }
            return set.elements.allSatisfy { holds(slot, $0, &frame) }
        case .record(let record):
            guard slot.tag == .record, records[slot.index].range.count == record.count else {
                return false
            }
            for (key, value) in zip(record.keys, record.values) {
                guard let name = textIndex.number(of: key),
                    let other = self.value(named: name, in: records[slot.index]),
                    isSame(value, other, &frame)
                else { return false }
            }
            return true
        default: return knownSlot(of: value) == slot
        }
    }

    func isSet(_ value: Slot, _ frame: inout Frame) -> Bool {
        if value.tag == .set { return true }
        if value.tag == .foreign, case .set = frame.values[value.index] { return true }
        return false
    }

    /// Whether a set holds the value of a slot.
    func holds(_ set: Slot, _ element: Slot, _ frame: inout Frame) -> Bool {
        if element.tag == .foreign { return holds(set, frame.values[element.index], &frame) }
        if set.tag == .set { return contains(element, in: set.index) }
        guard case .set(let values) = frame.values[set.index] else { return false }
        return values.elements.contains { isSame($0, element, &frame) }
    }

    /// Whether a set holds a value of the request.
    func holds(_ set: Slot, _ element: Value, _ frame: inout Frame) -> Bool {
        guard set.tag == .set else {
            guard case .set(let values) = frame.values[set.index] else { return false }
            return values.contains(element)
        }
        switch element {
        case .set, .record:
            let range = sets[set.index]
            for index in range.start..<range.end
            where isSame(element, elements[index], &frame) {
                return true
            }
            return false
        default:
            guard let slot = knownSlot(of: element) else { return false }
            return contains(slot, in: set.index)
        }
    }
}
