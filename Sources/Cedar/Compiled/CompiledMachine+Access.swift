// SPDX-License-Identifier: Apache-2.0

/// Attributes, tags and tests of one value.
extension CompiledMachine {
    /// A value of the request: its slot in the store, or a foreign one.
    func slot(_ value: Value, _ frame: inout Frame) -> Slot {
        knownSlot(of: value) ?? frame.foreign(value)
    }

    /// What a path of the context leads to; an error if it leads nowhere.
    @inline(__always)
    func contextValue(_ number: Int, _ request: Request, _ frame: inout Frame) -> Slot {
        frame.contextSlot(number) ?? findContextValue(number, request, &frame)
    }

    private func findContextValue(
        _ number: Int, _ request: Request, _ frame: inout Frame
    ) -> Slot {
        var found = Slot.error
        let position = request.context.position(
            of: contextNames[number], near: frame.contextHint(number))
        if let position {
            found =
                contextPaths[number].names.count == 1
                ? slot(request.context.values[position], &frame)
                : follow(contextPaths[number], 1, request.context.values[position], &frame)
        }
        frame.keep(found, ofContext: number, at: position ?? 0)
        return found
    }

    /// Follows a path through records of the request, which need no slots of their own.
    private func follow(
        _ path: ContextPath, _ depth: Int, _ value: Value, _ frame: inout Frame
    ) -> Slot {
        if depth == path.names.count { return slot(value, &frame) }
        guard case .record(let record) = value else {
            var base = slot(value, &frame)
            for attribute in path.attributes[depth...] {
                guard let next = self.attribute(Int(attribute), of: base, &frame) else {
                    return .error
                }
                base = next
            }
            return base
        }
        guard let position = record.position(of: path.names[depth], near: 0) else { return .error }
        return follow(path, depth + 1, record.values[position], &frame)
    }

    func contextHas(_ node: CompiledNode, _ request: Request, _ frame: inout Frame) -> Slot {
        let base = contextValue(Int(node.c), request, &frame)
        if base.tag == .error { return .no }
        if node.b == 1 { return .yes }
        return has(base, Int(node.a + 1)..<Int(node.a + node.b), &frame)
    }

    /// An attribute of an entity or a record; nil if there is none.
    func attribute(_ attribute: Int, of base: Slot, _ frame: inout Frame) -> Slot? {
        switch base.tag {
        case .entity: return value(attribute, in: rows[base.index].attributes)
        case .record: return value(attribute, in: records[base.index])
        case .foreign:
            // A foreign entity is not in the store, and so has no attributes.
            guard case .record(let record) = frame.values[base.index],
                let position = record.position(of: texts[shapes.name(attribute)])
            else { return nil }
            return slot(record.values[position], &frame)
        default: return base.tag == .unknown ? .unknown : nil
        }
    }

    /// Whether a value has an attribute.
    func has(_ base: Slot, _ attribute: Int, _ frame: inout Frame) -> Slot {
        guard mayHaveAttributes(base, &frame) else {
            return base.tag == .unknown ? .unknown : .error
        }
        return Slot(self.attribute(attribute, of: base, &frame) != nil)
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

    func like(_ value: Slot, _ pattern: Int, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .string: return Slot(textIndex.bytes.matches(value.index, patterns[pattern]))
        case .foreign:
            guard case .string(let text) = frame.values[value.index] else { return .error }
            return Slot(patterns[pattern].matches(text))
        default: return value.tag == .unknown ? .unknown : .error
        }
    }

    func isType(_ value: Slot, _ type: Int, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .entity: return Slot(Int(rows[value.index].type) == type)
        case .foreign:
            guard case .entity(let uid) = frame.values[value.index] else { return .error }
            return Slot(uid.type.hasSameBytes(as: texts[type]))
        default: return value.tag == .unknown ? .unknown : .error
        }
    }

    func isEmpty(_ value: Slot, _ frame: inout Frame) -> Slot {
        switch value.tag {
        case .set: return Slot(sets[value.index].count == 0)
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
            found = value(named: tag.index, in: rows[base.index].tags)
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

/// Calls of extension functions.
extension CompiledMachine {
    func call(_ node: CompiledNode, _ request: Request, _ frame: inout Frame) -> Slot {
        let function = functions[Int(node.c)]
        let first = operand(operands[Int(node.a)], request, &frame)
        if first.isStopped { return first }
        var second = first
        if node.b > 1 {
            second = operand(operands[Int(node.a) + 1], request, &frame)
            if second.isStopped { return second }
        }
        if function == .isInRange {
            guard let a = address(first, &frame), let b = address(second, &frame) else {
                return .error
            }
            return Slot(a.isInRange(b))
        }
        guard let a = extensionValue(first, &frame), let b = extensionValue(second, &frame) else {
            return .error
        }
        guard case .value(let result) = function.apply(a, b) else { return .error }
        return knownSlot(of: result) ?? .unknown
    }

    private func address(_ slot: Slot, _ frame: inout Frame) -> IPAddress? {
        if slot.tag == .ipaddr { return addressIndex.addresses[slot.index] }
        guard slot.tag == .foreign, case .ipaddr(let address) = frame.values[slot.index] else {
            return nil
        }
        return address
    }

    /// A slot of an extension type as a value; others cannot be operands of a method.
    private func extensionValue(_ slot: Slot, _ frame: inout Frame) -> Value? {
        switch slot.tag {
        case .decimal: .decimal(slot.bits)
        case .datetime: .datetime(slot.bits)
        case .duration: .duration(slot.bits)
        default: address(slot, &frame).map(Value.ipaddr)
        }
    }
}

extension Record {
    /// The position of an attribute, which may well be this one.
    @inline(__always)
    fileprivate func position(of key: String, near hint: Int) -> Int? {
        if hint < count, keys[hint].isIdentical(to: key) { return hint }
        return position(of: key)
    }
}
