// SPDX-License-Identifier: Apache-2.0

import Cedar

// What looks into entities and into the context.
extension PartialEvaluator {
    /// What is known of an attribute or a tag of a value.
    private enum Member {
        case value(Value)
        /// Looking at it fails, and `has` is false.
        case missing(Entities)
        case unknown
    }

    private func isOpenContext(_ expression: Expression) -> Bool {
        if case .variable(.context) = expression.kind { return request.context.isOpen }
        return false
    }

    func attribute(_ name: String, of base: Expression, _ whole: Expression) -> Reduced {
        if isOpenContext(base) {
            switch request.context.attribute(name) {
            case .value(let value): return .value(value)
            case .unknown: return .residual(whole)
            case .absent:
                let empty = Expression(.record([]), base.span)
                return evaluate(Expression(.attribute(empty, name), whole.span))
            }
        }
        let reduced = reduce(base)
        let rebuilt = Expression(.attribute(reduced.expression(of: base), name), whole.span)
        switch reduced {
        case .failure: return reduced
        case .residual: return .residual(rebuilt)
        case .value(let value):
            switch member(name, of: value) {
            case .value(let found): return .value(found)
            case .missing(let store): return evaluate(rebuilt, store)
            case .unknown: return .residual(rebuilt)
            }
        }
    }

    private func member(_ name: String, of value: Value) -> Member {
        switch value {
        case .record(let record): return record[name].map { .value($0) } ?? .missing(.empty)
        case .entity(let uid):
            switch entities.knowledge(of: uid) {
            case .whole(let entity):
                return entity.attributes[name].map { .value($0) } ?? .missing(Entities([entity]))
            case .absent: return .missing(.empty)
            case .unknown: return .unknown
            case .part(let entity):
                switch entity.attributes.attribute(name) {
                case .value(let found): return .value(found)
                case .absent: return .missing(Entities([Entity(uid: uid)]))
                case .unknown: return .unknown
                }
            }
        default: return .missing(.empty)
        }
    }

    func has(_ base: Expression, _ names: [String], _ whole: Expression) -> Reduced {
        var names = names[...]
        var value: Value
        if isOpenContext(base) {
            switch request.context.attribute(names[0]) {
            case .absent: return .value(.bool(false))
            case .unknown: return typedHas(base, Array(names), whole)
            case .value(let found): value = found
            }
            names = names.dropFirst()
        } else {
            let reduced = reduce(base)
            switch reduced {
            case .failure: return reduced
            case .residual(let left): return typedHas(left, Array(names), whole)
            case .value(let found): value = found
            }
        }
        while let name = names.first {
            let subject = value.expression(at: base.span)
            let rest = Expression(.has(subject, Array(names)), whole.span)
            switch value {
            case .record, .entity: break
            default: return evaluate(rest)
            }
            switch member(name, of: value) {
            case .missing: return .value(.bool(false))
            case .unknown: return typedHas(subject, Array(names), whole)
            case .value(let found): value = found
            }
            names = names.dropFirst()
        }
        return .value(.bool(true))
    }

    /// A `has` that only the schema may decide.
    private func typedHas(_ base: Expression, _ names: [String], _ whole: Expression) -> Reduced {
        let left = Expression(.has(base, names), whole.span)
        guard !types.canFail(left) else { return .residual(left) }
        switch types.type(of: base) {
        case .record(let record)? where !record.isOpen:
            guard let declared = record[names[0]] else { return .value(.bool(false)) }
            if declared.isRequired, names.count == 1 { return .value(.bool(true)) }
        case .entity(let types)? where types.count == 1:
            let schema = self.types.schema
            if let declared = schema?.entityTypes[types[0]], declared.attributes[names[0]] == nil {
                return .value(.bool(false))
            }
        default: break
        }
        return .residual(left)
    }

    func isType(
        _ operand: Expression, _ type: String, _ ancestor: Expression?, _ whole: Expression
    ) -> Reduced {
        let reduced = reduce(operand)
        let subject = reduced.expression(of: operand)
        var isOfType: Bool?
        switch reduced {
        case .failure: return reduced
        case .value(.entity(let uid)): isOfType = uid.type.hasSameBytes(as: type)
        case .value: return evaluate(Expression(.isType(subject, type, in: nil), whole.span))
        case .residual(let left):
            if case .entity(let names)? = types.type(of: left), names.count == 1,
                !types.canFail(left)
            {
                isOfType = names[0].hasSameBytes(as: type)
            }
        }
        guard let isOfType else {
            let place = ancestor.map { reduce($0).expression(of: $0) }
            return .residual(Expression(.isType(subject, type, in: place), whole.span))
        }
        guard isOfType, let ancestor else { return .value(.bool(isOfType)) }
        // What was reduced, and not the operand: a nest of such tests would double at each step.
        return binary(.in, subject, ancestor, whole)
    }
}
