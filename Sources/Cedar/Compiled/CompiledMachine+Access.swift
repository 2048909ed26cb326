// SPDX-License-Identifier: Apache-2.0

/// Attributes, tags and tests of one value.
extension CompiledMachine {
    /// A value of the request: its slot in the store, or a foreign one.
    func slot(_ value: Value, _ frame: inout Frame) -> Slot {
        store.slot(of: value) ?? frame.foreign(value)
    }

    /// An attribute of the context, by its number; nil if there is none.
    func contextAttribute(_ number: Int, _ frame: inout Frame) -> Slot? {
        let known = frame.contextSlots[number]
        if known.tag != .pending { return known.tag == .error ? nil : known }
        guard let position = frame.context.position(of: contextNames[number]) else {
            frame.contextSlots[number] = .error
            return nil
        }
        let found = slot(frame.context.values[position], &frame)
        frame.contextSlots[number] = found
        return found
    }

    func contextHas(_ node: CompiledNode, _ frame: inout Frame) -> Slot {
        guard let base = contextAttribute(Int(node.c), &frame) else { return .no }
        if node.b == 1 { return .yes }
        return has(base, Int(node.a + 1)..<Int(node.a + node.b), &frame)
    }

    /// An attribute of an entity or a record; nil if there is none.
    func attribute(_ name: Int, of base: Slot, _ frame: inout Frame) -> Slot? {
        switch base.tag {
        case .entity: return store.value(name, in: store.rows[base.index].attributes)
        case .record: return store.value(name, in: store.records[base.index])
        case .foreign:
            // A foreign entity is not in the store, and so has no attributes.
            guard case .record(let record) = frame.values[base.index],
                let position = record.position(of: store.texts[name])
            else { return nil }
            return slot(record.values[position], &frame)
        default: return base.tag == .unknown ? .unknown : nil
        }
    }

    /// Whether a value has an attribute, that has the next one, and so on.
    func has(_ value: Slot, _ path: Range<Int>, _ frame: inout Frame) -> Slot {
        var base = value
        for position in path {
            guard mayHaveAttributes(base, &frame) else {
                return base.tag == .unknown ? .unknown : .error
            }
            guard let next = attribute(Int(operands[position]), of: base, &frame) else {
                return .no
            }
            base = next
        }
        return .yes
    }

    private func mayHaveAttributes(_ base: Slot, _ frame: inout Frame) -> Bool {
        switch base.tag {
        case .entity, .record: return true
        case .foreign:
            switch frame.values[base.index] {
            case .entity, .record: return true
            default: return false
            }
        default: return false
        }
    }

    func like(_ value: Slot, _ pattern: BytePattern, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .string: return Slot(pattern.matches(store.texts[value.index]))
        case .foreign:
            guard case .string(let text) = frame.values[value.index] else { return .error }
            return Slot(pattern.matches(text))
        default: return value.tag == .unknown ? .unknown : .error
        }
    }

    func isType(_ value: Slot, _ type: Int, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .entity: return Slot(Int(store.rows[value.index].type) == type)
        case .foreign:
            guard case .entity(let uid) = frame.values[value.index] else { return .error }
            return Slot(uid.type.hasSameBytes(as: store.texts[type]))
        default: return value.tag == .unknown ? .unknown : .error
        }
    }

    func isEmpty(_ value: Slot, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .set: return Slot(store.sets[value.index].count == 0)
        case .foreign:
            guard case .set(let set) = frame.values[value.index] else { return .error }
            return Slot(set.elements.isEmpty)
        default: return value.tag == .unknown ? .unknown : .error
        }
    }

    /// `hasTag` and `getTag`; a foreign text is the name of no tag.
    func tag(
        _ operation: CompiledNode.Operation, _ tag: Slot, of base: Slot, _ frame: inout Frame
    ) -> Slot {
        guard isEntity(base, &frame), isText(tag, &frame) else { return .error }
        var found: Slot?
        if base.tag == .entity, tag.tag == .string {
            found = store.value(tag.index, in: store.rows[base.index].tags)
        }
        return operation == .hasTag ? Slot(found != nil) : found ?? .error
    }

    func isEntity(_ value: Slot, _ frame: inout Frame) -> Bool {
        if value.tag == .entity { return true }
        if value.tag == .foreign, case .entity = frame.values[value.index] { return true }
        return false
    }

    private func isText(_ value: Slot, _ frame: inout Frame) -> Bool {
        if value.tag == .string { return true }
        if value.tag == .foreign, case .string = frame.values[value.index] { return true }
        return false
    }
}
