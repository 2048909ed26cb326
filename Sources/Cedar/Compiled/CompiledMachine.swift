// SPDX-License-Identifier: Apache-2.0

/// Runs compiled code for one request.
///
/// What it cannot tell, it says is unknown.
struct CompiledMachine {
    let store: EntityStore
    let nodes: [CompiledNode]
    let operands: [Int32]
    let constants: [Slot]
    let patterns: [Pattern]
    let functions: [ExtensionFunction]

    /// The request as numbers, and its context as given.
    struct Frame {
        let principal: Slot
        let action: Slot
        let resource: Slot
        let context: Record
    }

    func run(_ index: Int32, _ frame: Frame) -> Slot {
        let node = nodes[Int(index)]
        switch node.operation {
        case .constant: return constants[Int(node.a)]
        case .variable: return variable(node.a, frame)
        case .contextAttribute: return contextAttribute(node.a, frame)
        case .contextHas: return contextHas(node, frame)
        case .not:
            let value = run(node.a, frame)
            if value.tag == .bool { return Slot(value.bits == 0) }
            return value.isStopped ? value : stop(value)
        case .negate:
            let value = run(node.a, frame)
            guard value.tag == .int, value.bits != .min else { return stop(value) }
            return Slot(tag: .int, bits: -value.bits)
        case .and: return runAll(node, frame, until: 0)
        case .or: return runAll(node, frame, until: 1)
        case .conditional:
            let test = run(node.a, frame)
            guard test.tag == .bool else { return stop(test) }
            return run(test.bits == 1 ? node.b : node.c, frame)
        case .attribute: return attribute(run(node.a, frame), Int(node.b))
        case .has: return has(node, frame)
        case .like:
            let value = run(node.a, frame)
            if value.tag == .context, case .string(let text) = frame.context.values[value.index] {
                return Slot(patterns[Int(node.b)].matches(text))
            }
            guard value.tag == .string else { return stop(value) }
            return Slot(patterns[Int(node.b)].matches(store.texts[value.index]))
        case .isType:
            let value = run(node.a, frame)
            guard value.tag == .entity else { return stop(value) }
            return Slot(store.rows[value.index].type == Int(node.b))
        case .isEmpty:
            let value = run(node.a, frame)
            if value.tag == .context, case .set(let set) = frame.context.values[value.index] {
                return Slot(set.elements.isEmpty)
            }
            guard value.tag == .set else { return stop(value) }
            return Slot(store.sets[value.index].count == 0)
        case .call: return call(node, frame)
        case .unknown: return .unknown
        default:
            return binary(node.operation, run(node.a, frame), run(node.b, frame), frame)
        }
    }

    /// What stops here: an error, unless the value was already unknown or not interned.
    private func stop(_ value: Slot) -> Slot {
        switch value.tag {
        case .unknown, .context: .unknown
        default: .error
        }
    }

    private func variable(_ index: Int32, _ frame: Frame) -> Slot {
        switch index {
        case 0: frame.principal
        case 1: frame.action
        case 2: frame.resource
        default: .unknown
        }
    }

    private func runAll(_ node: CompiledNode, _ frame: Frame, until stopBits: Int64) -> Slot {
        var position = Int(node.a)
        let end = position + Int(node.b)
        while position < end {
            let value = run(operands[position], frame)
            guard value.tag == .bool else { return stop(value) }
            if value.bits == stopBits { return value }
            position += 1
        }
        return Slot(stopBits == 0)
    }

    private func contextAttribute(_ name: Int32, _ frame: Frame) -> Slot {
        let key = store.texts[Int(name)]
        guard let position = frame.context.position(of: key) else { return .error }
        return slot(frame.context.values[position], at: position)
    }

    private func contextHas(_ node: CompiledNode, _ frame: Frame) -> Slot {
        let name = store.texts[Int(operands[Int(node.a)])]
        if node.b > 1 { return .unknown }
        return Slot(frame.context[name] != nil)
    }

    private func attribute(_ base: Slot, _ name: Int) -> Slot {
        switch base.tag {
        case .entity:
            return store.value(name, in: store.rows[base.index].attributes) ?? .error
        case .record: return store.value(name, in: store.records[base.index]) ?? .error
        default: return stop(base)
        }
    }

    private func has(_ node: CompiledNode, _ frame: Frame) -> Slot {
        var base = run(node.c, frame)
        var position = Int(node.a)
        let end = position + Int(node.b)
        while position < end {
            let name = Int(operands[position])
            let found: Slot?
            switch base.tag {
            case .entity: found = store.value(name, in: store.rows[base.index].attributes)
            case .record: found = store.value(name, in: store.records[base.index])
            default: return stop(base)
            }
            guard let found else { return .no }
            base = found
            position += 1
        }
        return .yes
    }

    private func call(_ node: CompiledNode, _ frame: Frame) -> Slot {
        let function = functions[Int(node.c)]
        let first = run(operands[Int(node.a)], frame)
        if first.isStopped { return first }
        let second = node.b > 1 ? run(operands[Int(node.a) + 1], frame) : first
        if second.isStopped { return second }
        if first.tag == .decimal, second.tag == .decimal {
            switch function {
            case .lessThan: return Slot(first.bits < second.bits)
            case .lessThanOrEqual: return Slot(first.bits <= second.bits)
            case .greaterThan: return Slot(first.bits > second.bits)
            case .greaterThanOrEqual: return Slot(first.bits >= second.bits)
            default: return .error
            }
        }
        guard let a = value(first), let b = value(second) else { return .unknown }
        guard case .value(let result) = function.apply(node.b > 1 ? [a, b] : [a]) else {
            return .error
        }
        switch result {
        case .bool(let bool): return Slot(bool)
        case .int(let bits): return Slot(tag: .int, bits: bits)
        case .datetime(let bits): return Slot(tag: .datetime, bits: bits)
        case .duration(let bits): return Slot(tag: .duration, bits: bits)
        default: return .unknown
        }
    }

    /// A slot of an extension type as a value; others cannot be receivers.
    private func value(_ slot: Slot) -> Value? {
        switch slot.tag {
        case .decimal: .decimal(slot.bits)
        case .datetime: .datetime(slot.bits)
        case .duration: .duration(slot.bits)
        case .ipaddr: .ipaddr(store.addresses[slot.index])
        default: nil
        }
    }
}
