// SPDX-License-Identifier: Apache-2.0

extension CompiledMachine {
    func binary(
        _ operation: CompiledNode.Operation, _ a: Slot, _ b: Slot, _ frame: Frame
    ) -> Slot {
        // An unknown left side may yet fail, which would come before what the right side does.
        if a.isStopped { return a }
        if b.isStopped { return b }
        if a.tag == .context || b.tag == .context {
            return contextBinary(operation, a, b, frame.context)
        }
        switch operation {
        case .equal: return Slot(a == b)
        case .notEqual: return Slot(a != b)
        case .less, .lessEqual, .greater, .greaterEqual: return compare(operation, a, b)
        case .add, .subtract, .multiply: return arithmetic(operation, a, b)
        case .in: return membership(a, b)
        case .contains:
            return a.tag == .set ? Slot(store.contains(b, in: a.index)) : .error
        case .containsAll, .containsAny:
            guard a.tag == .set, b.tag == .set else { return .error }
            let range = store.sets[b.index]
            let isAll = operation == .containsAll
            for index in range.start..<range.start + range.count
            where store.contains(store.elements[index], in: a.index) != isAll {
                return Slot(!isAll)
            }
            return Slot(isAll)
        case .getTag, .hasTag:
            guard a.tag == .entity, b.tag == .string else { return .error }
            let value = store.value(b.index, in: store.rows[a.index].tags)
            return operation == .hasTag ? Slot(value != nil) : value ?? .error
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

    private func membership(_ a: Slot, _ b: Slot) -> Slot {
        guard a.tag == .entity else { return .error }
        if b.tag == .entity { return Slot(store.isIn(a.index, b.index)) }
        guard b.tag == .set else { return .error }
        let range = store.sets[b.index]
        var found = false
        for index in range.start..<range.start + range.count {
            let element = store.elements[index]
            guard element.tag == .entity else { return .error }
            found = found || store.isIn(a.index, element.index)
        }
        return Slot(found)
    }
}
