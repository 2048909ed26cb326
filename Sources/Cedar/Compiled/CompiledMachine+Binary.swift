// SPDX-License-Identifier: Apache-2.0

/// Operators with two operands, neither of which failed.
extension CompiledMachine {
    func binary(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot, _ frame: inout Frame
    ) -> Slot {
        switch operation {
        case .equal: return Slot(isSame(a, b, &frame))
        case .notEqual: return Slot(!isSame(a, b, &frame))
        case .less, .lessEqual, .greater, .greaterEqual: return compare(operation, a, b)
        case .add, .subtract, .multiply: return arithmetic(operation, a, b)
        case .in: return membership(a, b, &frame)
        case .contains: return isSet(a, &frame) ? Slot(holds(a, b, &frame)) : .error
        case .containsAll, .containsAny: return comparison(operation, a, b, &frame)
        case .getTag, .hasTag: return tag(operation, b, of: a, &frame)
        default: return .unknown
        }
    }

    private func compare(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot
    ) -> Slot {
        guard a.tag == b.tag, a.tag == .int || a.tag == .datetime || a.tag == .duration else {
            return .error
        }
        switch operation {
        case .less: return Slot(a.bits < b.bits)
        case .lessEqual: return Slot(a.bits <= b.bits)
        case .greater: return Slot(a.bits > b.bits)
        default: return Slot(a.bits >= b.bits)
        }
    }

    private func arithmetic(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot
    ) -> Slot {
        guard a.tag == .int, b.tag == .int else { return .error }
        let (result, overflow) =
            switch operation {
            case .add: a.bits.addingReportingOverflow(b.bits)
            case .subtract: a.bits.subtractingReportingOverflow(b.bits)
            default: a.bits.multipliedReportingOverflow(by: b.bits)
            }
        return overflow ? .error : Slot(tag: .int, bits: result)
    }

    private func membership(_ a: Slot, _ b: Slot, _ frame: inout Frame) -> Slot {
        guard isEntity(a, &frame) else { return .error }
        if isEntity(b, &frame) { return Slot(isIn(a, b, &frame)) }
        var found = false
        if b.tag == .set {
            let range = sets[b.index]
            for index in range.start..<range.end {
                let element = elements[index]
                guard element.tag == .entity else { return .error }
                found = found || isIn(a, element, &frame)
            }
            return Slot(found)
        }
        guard b.tag == .foreign, case .set(let set) = frame.values[b.index] else { return .error }
        for element in set.elements {
            guard case .entity(let uid) = element else { return .error }
            if let known = index(of: uid) {
                found = found || isIn(a, Slot(.entity, known), &frame)
            } else {
                found = found || isSame(element, a, &frame)
            }
        }
        return Slot(found)
    }

    /// Whether an entity is another one or in it; a foreign one is only in itself.
    func isIn(_ a: Slot, _ b: Slot, _ frame: inout Frame) -> Bool {
        if a.tag == .entity, b.tag == .entity { return isIn(a.index, b.index) }
        return a.tag == b.tag && isSame(a, b, &frame)
    }

    /// `containsAll` and `containsAny`.
    private func comparison(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot, _ frame: inout Frame
    ) -> Slot {
        guard isSet(a, &frame), isSet(b, &frame) else { return .error }
        let isAll = operation == .containsAll
        if b.tag == .set {
            let range = sets[b.index]
            for index in range.start..<range.end
            where holds(a, elements[index], &frame) != isAll {
                return Slot(!isAll)
            }
        } else if case .set(let set) = frame.values[b.index] {
            for element in set.elements where holds(a, element, &frame) != isAll {
                return Slot(!isAll)
            }
        }
        return Slot(isAll)
    }
}
