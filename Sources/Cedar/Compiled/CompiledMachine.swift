// SPDX-License-Identifier: Apache-2.0

/// Runs compiled code for one request, without allocating.
///
/// What it cannot tell, it says is unknown: a set or record that is built from the request, the
/// whole context as a value, and an extension value made from a text that is not a literal.
struct CompiledMachine {
    let store: EntityStore
    let nodes: [CompiledNode]
    let operands: [Int32]
    let constants: [Slot]
    let patterns: [BytePattern]
    let functions: [ExtensionFunction]
    /// The attributes of the context that policies read, by their numbers.
    let contextNames: [String]

    /// The request as numbers, and those of its values that the store does not hold.
    struct Frame {
        var principal = Slot.unknown
        var action = Slot.unknown
        var resource = Slot.unknown
        var context = Record.empty
        /// What the slots with the tag `foreign` number.
        var values: [Value] = []

        /// The attributes of the context that were looked up; the others are pending.
        var contextSlots: [Slot] = []

        /// Begins a request, with the room of the one before.
        mutating func begin(_ request: Request, _ nameCount: Int) {
            values.removeAll(keepingCapacity: true)
            context = request.context
            contextSlots.removeAll(keepingCapacity: true)
            for _ in 0..<nameCount { contextSlots.append(.pending) }
        }

        mutating func foreign(_ value: Value) -> Slot {
            values.append(value)
            return Slot(.foreign, values.count - 1)
        }
    }

    /// The value of a node, without a call where it is a leaf.
    @inline(__always)
    private func operand(_ index: Int32, _ frame: inout Frame) -> Slot {
        let node = nodes[Int(index)]
        switch node.operation {
        case .constant: return constants[Int(node.a)]
        case .variable: return variable(node.a, &frame)
        default: return run(index, &frame)
        }
    }

    func run(_ index: Int32, _ frame: inout Frame) -> Slot {
        let node = nodes[Int(index)]
        switch node.operation {
        case .constant: return constants[Int(node.a)]
        case .variable: return variable(node.a, &frame)
        case .contextAttribute: return contextAttribute(Int(node.a), &frame) ?? .error
        case .contextHas: return contextHas(node, &frame)
        case .not:
            let value = run(node.a, &frame)
            return value.tag == .bool ? Slot(value.bits == 0) : stop(value)
        case .negate:
            let value = run(node.a, &frame)
            guard value.tag == .int, value.bits != .min else { return stop(value) }
            return Slot(tag: .int, bits: -value.bits)
        case .and: return runAll(node, &frame, until: 0)
        case .or: return runAll(node, &frame, until: 1)
        case .conditional:
            let test = run(node.a, &frame)
            guard test.tag == .bool else { return stop(test) }
            return run(test.bits == 1 ? node.b : node.c, &frame)
        case .attribute:
            return attribute(Int(node.b), of: operand(node.a, &frame), &frame) ?? .error
        case .has:
            return has(run(node.c, &frame), Int(node.a)..<Int(node.a + node.b), &frame)
        case .like: return like(run(node.a, &frame), patterns[Int(node.b)], &frame)
        case .isType: return isType(operand(node.a, &frame), Int(node.b), &frame)
        case .isEmpty: return isEmpty(run(node.a, &frame), &frame)
        case .inAny, .isAmong: return runList(node, &frame)
        case .call: return call(node, &frame)
        case .unknown: return .unknown
        default:
            let left = operand(node.a, &frame)
            // An unknown left side may yet fail, which would come before what the right side does.
            if left.isStopped { return left }
            let right = operand(node.b, &frame)
            return right.isStopped ? right : binary(node.operation, left, right, &frame)
        }
    }

    /// What a value of the wrong kind comes to.
    private func stop(_ value: Slot) -> Slot {
        value.tag == .unknown ? .unknown : .error
    }

    @inline(__always)
    private func variable(_ index: Int32, _ frame: inout Frame) -> Slot {
        switch index {
        case 0: frame.principal
        case 1: frame.action
        case 2: frame.resource
        default: .unknown
        }
    }

    private func runAll(_ node: CompiledNode, _ frame: inout Frame, until last: Int64) -> Slot {
        var position = Int(node.a)
        let end = position + Int(node.b)
        while position < end {
            let value = run(operands[position], &frame)
            guard value.tag == .bool else { return stop(value) }
            if value.bits == last { return value }
            position += 1
        }
        return Slot(last == 0)
    }

    /// `x in [a, b]` or `[a, b].contains(x)`, for a list that the request fills.
    private func runList(_ node: CompiledNode, _ frame: inout Frame) -> Slot {
        let target = run(node.c, &frame)
        if target.isStopped { return target }
        let isMembership = node.operation == .inAny
        if isMembership, !isEntity(target, &frame) { return .error }
        var found = false
        for position in Int(node.a)..<Int(node.a + node.b) {
            let element = run(operands[position], &frame)
            if element.isStopped { return element }
            if isMembership {
                guard isEntity(element, &frame) else { return .error }
                found = found || isIn(target, element, &frame)
            } else {
                found = found || isSame(target, element, &frame)
            }
        }
        return Slot(found)
    }

    private func call(_ node: CompiledNode, _ frame: inout Frame) -> Slot {
        let function = functions[Int(node.c)]
        let first = run(operands[Int(node.a)], &frame)
        if first.isStopped { return first }
        let second = node.b > 1 ? run(operands[Int(node.a) + 1], &frame) : first
        if second.isStopped { return second }
        guard let a = extensionValue(first, &frame), let b = extensionValue(second, &frame) else {
            return .error
        }
        guard case .value(let result) = function.apply(a, b) else { return .error }
        return store.slot(of: result) ?? .unknown
    }

    /// A slot of an extension type as a value; others cannot be operands of a method.
    private func extensionValue(_ slot: Slot, _ frame: inout Frame) -> Value? {
        switch slot.tag {
        case .decimal: .decimal(slot.bits)
        case .datetime: .datetime(slot.bits)
        case .duration: .duration(slot.bits)
        case .ipaddr: .ipaddr(store.addresses[slot.index])
        case .foreign:
            if case .ipaddr = frame.values[slot.index] { frame.values[slot.index] } else { nil }
        default: nil
        }
    }
}
