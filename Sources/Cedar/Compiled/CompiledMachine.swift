// SPDX-License-Identifier: Apache-2.0

/// Runs compiled code for one request, without allocating.
///
/// What it cannot tell, it says is unknown: a set or record that is built from the request, the
/// whole context as a value, and an extension value made from a text that is not a literal.
///
/// A class, so that its tables are never copied.
final class CompiledMachine: Sendable {
    // Of the entities.
    let rows: FixedTable<EntityStore.Row>
    let fields: FixedTable<SlotField>
    let ancestors: FixedTable<Int32>
    let sets: FixedTable<SlotRange>
    let elements: FixedTable<Slot>
    let records: FixedTable<FieldRange>
    let shapes: ShapeTable
    let texts: [String]
    let textIndex: TextIndex
    let entityIndex: EntityIndex
    let addressIndex: AddressIndex
    // Of the policies.
    let nodes: FixedTable<CompiledNode>
    let tests: FixedTable<CompiledTest>
    let operands: FixedTable<Int32>
    let constants: FixedTable<Slot>
    let patterns: [BytePattern]
    let functions: [ExtensionFunction]
    /// What policies read of the context.
    let contextPaths: [ContextPath]
    /// The first name of each of these paths.
    let contextNames: [String]

    init(_ compiler: PolicyCompiler) {
        let store = compiler.store
        rows = FixedTable(store.rows)
        fields = FixedTable(store.fields)
        ancestors = FixedTable(store.ancestors)
        sets = FixedTable(store.sets)
        elements = FixedTable(store.elements)
        records = FixedTable(store.records)
        shapes = ShapeTable(shapes: store.shapes, names: compiler.attributeNames)
        texts = store.texts
        textIndex = store.textIndex
        entityIndex = store.entityIndex
        addressIndex = store.addressIndex
        nodes = FixedTable(compiler.nodes)
        tests = FixedTable(compiler.tests)
        operands = FixedTable(compiler.operands)
        constants = FixedTable(compiler.constants)
        patterns = compiler.patterns
        functions = compiler.functions
        contextPaths = compiler.contextPaths
        contextNames = compiler.contextPaths.map { $0.names[0] }
    }

    deinit {
        rows.deallocate()
        fields.deallocate()
        ancestors.deallocate()
        sets.deallocate()
        elements.deallocate()
        records.deallocate()
        shapes.deallocate()
        nodes.deallocate()
        tests.deallocate()
        operands.deallocate()
        constants.deallocate()
    }

    /// The request as numbers, and those of its values that the store does not hold.
    struct Frame {
        var principal = Slot.unknown
        var action = Slot.unknown
        var resource = Slot.unknown
        var principalFields = FieldRange.empty
        var resourceFields = FieldRange.empty
        /// What the slots with the tag `foreign` number; what is beyond the count is out of date.
        private(set) var values: [Value] = []
        private var valueCount = 0
        /// What was read of the context; an entry of another request is out of date.
        private var contextReads: [ContextRead] = []
        private var epoch = 0
        /// The machine that numbered the types of the requests before, which often come again.
        private var machine: CompiledMachine?
        var principalType = TypeMemo()
        var actionType = TypeMemo()
        var resourceType = TypeMemo()

        /// Begins a request, with the room of the one before.
        mutating func begin(_ machine: CompiledMachine) {
            valueCount = 0
            epoch += 1
            guard self.machine !== machine else { return }
            self.machine = machine
            principalType = TypeMemo()
            actionType = TypeMemo()
            resourceType = TypeMemo()
            let count = machine.contextPaths.count
            while contextReads.count < count { contextReads.append(ContextRead()) }
        }

        mutating func foreign(_ value: Value) -> Slot {
            if valueCount < values.count {
                values[valueCount] = value
            } else {
                values.append(value)
            }
            valueCount += 1
            return Slot(.foreign, valueCount - 1)
        }

        @inline(__always)
        func contextSlot(_ number: Int) -> Slot? {
            let known = contextReads[number]
            return known.epoch == epoch ? known.slot : nil
        }

        /// Where a path began in the context before: most callers always send the same.
        func contextHint(_ number: Int) -> Int { contextReads[number].position }

        mutating func keep(_ slot: Slot, ofContext number: Int, at position: Int) {
            contextReads[number] = ContextRead(epoch: epoch, slot: slot, position: position)
        }
    }

    struct ContextRead {
        var epoch = 0
        var slot = Slot.unknown
        var position = 0
    }

    /// The value of a node, without a call where it is a leaf.
    @inline(__always)
    func operand(_ index: Int32, _ request: Request, _ frame: inout Frame) -> Slot {
        let node = nodes[Int(index)]
        switch node.operation {
        case .constant: return constants[Int(node.a)]
        case .variable: return variable(node.a, &frame)
        case .principalAttribute:
            return value(Int(node.a), in: frame.principalFields) ?? .error
        case .resourceAttribute:
            return value(Int(node.a), in: frame.resourceFields) ?? .error
        case .contextAttribute: return contextValue(Int(node.a), request, &frame)
        default: return run(node, request, &frame)
        }
    }

    private func run(_ node: CompiledNode, _ request: Request, _ frame: inout Frame) -> Slot {
        switch node.operation {
        case .constant, .variable, .principalAttribute, .resourceAttribute, .contextAttribute,
            .truth, .unknown:
            return .unknown
        case .not:
            let value = operand(node.a, request, &frame)
            return value.tag == .bool ? Slot(value.bits == 0) : stop(value)
        case .negate:
            let value = operand(node.a, request, &frame)
            guard value.tag == .int, value.bits != .min else { return stop(value) }
            return Slot(tag: .int, bits: -value.bits)
        case .and: return runAll(node, request, &frame, until: 0)
        case .or: return runAll(node, request, &frame, until: 1)
        case .conditional:
            let test = operand(node.a, request, &frame)
            guard test.tag == .bool else { return stop(test) }
            return operand(test.bits == 1 ? node.b : node.c, request, &frame)
        case .attribute:
            let base = operand(node.a, request, &frame)
            return attribute(Int(node.b), of: base, &frame) ?? .error
        case .contextHas: return contextHas(node, request, &frame)
        case .has:
            let base = operand(node.c, request, &frame)
            return has(base, Int(node.a)..<Int(node.a + node.b), &frame)
        case .like:
            return like(operand(node.a, request, &frame), Int(node.b), &frame)
        case .isType: return isType(operand(node.a, request, &frame), Int(node.b), &frame)
        case .isTypeIn:
            let subject = operand(node.a, request, &frame)
            let test = isType(subject, Int(node.b), &frame)
            guard test == .yes else { return test }
            let ancestor = operand(node.c, request, &frame)
            return ancestor.isStopped ? ancestor : binary(.in, subject, ancestor, &frame)
        case .isEmpty: return isEmpty(operand(node.a, request, &frame), &frame)
        case .inAny, .isAmong: return runList(node, request, &frame)
        case .call: return call(node, request, &frame)
        default: return runBinary(node.operation, node.a, node.b, request, &frame)
        }
    }

    @inline(__always)
    func runBinary(
        _ operation: CompiledNode.Operation, _ a: Int32, _ b: Int32, _ request: Request,
        _ frame: inout Frame
    ) -> Slot {
        let left = operand(a, request, &frame)
        // An unknown left side may yet fail, which would come before what the right side does.
        if left.isStopped { return left }
        let right = operand(b, request, &frame)
        return right.isStopped ? right : binary(operation, left, right, &frame)
    }

    /// What a value of the wrong kind comes to.
    func stop(_ value: Slot) -> Slot {
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

    private func runAll(
        _ node: CompiledNode, _ request: Request, _ frame: inout Frame, until last: Int64
    ) -> Slot {
        var position = Int(node.a)
        let end = position + Int(node.b)
        while position < end {
            let value = operand(operands[position], request, &frame)
            guard value.tag == .bool else { return stop(value) }
            if value.bits == last { return value }
            position += 1
        }
        return Slot(last == 0)
    }

    /// `x in [a, b]` or `[a, b].contains(x)`, for a list that the request fills.
    private func runList(_ node: CompiledNode, _ request: Request, _ frame: inout Frame) -> Slot {
        let target = operand(node.c, request, &frame)
        if target.isStopped { return target }
        let isMembership = node.operation == .inAny
        if isMembership, !isEntity(target, &frame) { return .error }
        var found = false
        for position in Int(node.a)..<Int(node.a + node.b) {
            let element = operand(operands[position], request, &frame)
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
}
