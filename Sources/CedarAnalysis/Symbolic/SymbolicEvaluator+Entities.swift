// SPDX-License-Identifier: Apache-2.0

import Cedar

extension SymbolicEvaluator {
    func attribute(_ name: String, of base: Expression) -> Outcome {
        let outcome = evaluate(base)
        switch outcome {
        case .failure, .needs: return outcome
        case .value(.record(let record)): return record[name].map { .value($0) } ?? .failure
        case .value(.entity(let uid)):
            switch existence(of: uid) {
            case .needs(let choice): return .needs(choice)
            case .value(.bool(true)): break
            default: return .failure
            }
            guard let declared = schema.entityTypes[uid.type]?.attributes[name] else {
                return .failure
            }
            return member(declared, .attribute(uid, [Text(name)]))
        case .open(let place, .record(let record)):
            guard let declared = record[name] else { return .failure }
            return member(declared, place.member(Text(name)))
        case .value, .open: return .failure
        }
    }

    private func member(_ declared: AttributeType, _ place: Place) -> Outcome {
        switch presence(declared, place) {
        case .value(.bool(true)): resolve(place, declared.type)
        case .needs(let choice): .needs(choice)
        default: .failure
        }
    }

    private func presence(_ declared: AttributeType, _ place: Place) -> Outcome {
        if declared.isRequired { return .value(.bool(true)) }
        reads.note(.place(place), of: model)
        return model.presence[place].map { .value(.bool($0)) } ?? .needs(.presence(place))
    }

    private func existence(of uid: EntityUID) -> Outcome {
        reads.note(.existence(uid), of: model)
        return model.existence[uid].map { .value(.bool($0)) } ?? .needs(.exists(uid))
    }

    func has(_ base: Expression, _ names: [String]) -> Outcome {
        var outcome = evaluate(base)
        for (position, name) in names.enumerated() {
            let declared: AttributeType?
            let place: Place
            switch outcome {
            case .failure, .needs: return outcome
            case .value(.record(let record)):
                guard let value = record[name] else { return .value(.bool(false)) }
                outcome = .value(value)
                continue
            case .value(.entity(let uid)):
                let exists = existence(of: uid)
                guard case .value(.bool(true)) = exists else { return exists }
                declared = schema.entityTypes[uid.type]?.attributes[name]
                place = .attribute(uid, [Text(name)])
            case .open(let record, .record(let type)):
                declared = type[name]
                place = record.member(Text(name))
            case .value, .open: return .failure
            }
            guard let declared else { return .value(.bool(false)) }
            let isPresent = presence(declared, place)
            guard case .value(.bool(true)) = isPresent else { return isPresent }
            // The last one is asked for its presence alone.
            if position == names.count - 1 { return isPresent }
            outcome = resolve(place, declared.type)
        }
        return .value(.bool(true))
    }

    func tag(_ operation: BinaryOperator, _ a: Outcome, _ b: Outcome) -> Outcome {
        guard case .value(.entity(let uid)) = a else { return .failure }
        let key = closed(b)
        guard case .value(.string(let name)) = key else { return failing(key) }
        let missing: Outcome = operation == .hasTag ? .value(.bool(false)) : .failure
        guard let type = schema.entityTypes[uid.type]?.tags else { return missing }
        let exists = existence(of: uid)
        guard case .value(.bool(let isThere)) = exists else { return exists }
        let place = Place.tag(uid, Text(name))
        guard isThere else { return missing }
        reads.note(.place(place), of: model)
        guard let isPresent = model.presence[place] else { return .needs(.presence(place)) }
        guard isPresent else { return missing }
        return operation == .hasTag ? .value(.bool(true)) : resolve(place, type)
    }

    func membership(_ a: Outcome, _ b: Outcome) -> Outcome {
        guard case .value(.entity(let uid)) = a else { return .failure }
        switch b {
        case .value(.entity(let ancestor)): return isIn(uid, ancestor)
        case .value(.set(let set)): return isIn(uid, anyOf: set.elements)
        case .open(let place, .set(.entity(let names)?)):
            return isIn(uid, elementOf: place, names.first ?? "")
        default: return .failure
        }
    }

    private func isIn(_ uid: EntityUID, _ ancestor: EntityUID) -> Outcome {
        if let action = schema.actions[uid] {
            return .value(.bool(uid == ancestor || action.ancestors.contains(ancestor)))
        }
        reads.note(.hierarchy, of: model)
        if let known = model.isIn(uid, ancestor) { return .value(.bool(known)) }
        guard schema.mayBeIn(uid.type, ancestor.type),
            schema.entityTypes[uid.type]?.ancestors.contains(ancestor.type) == true
        else { return .value(.bool(false)) }
        let exists = existence(of: uid)
        guard case .value(.bool(true)) = exists else { return exists }
        return .needs(.membership(uid, ancestor))
    }

    private func isIn(_ uid: EntityUID, anyOf targets: [Value]) -> Outcome {
        var open: Outcome?
        for target in targets {
            guard case .entity(let ancestor) = target else { return .failure }
            let outcome = isIn(uid, ancestor)
            if case .value(.bool(true)) = outcome { return outcome }
            if case .needs = outcome, open == nil { open = outcome }
        }
        return open ?? .value(.bool(false))
    }

    /// Whether an entity is in an element of an open set: in one that has a name, else in another.
    private func isIn(_ uid: EntityUID, elementOf place: Place, _ type: String) -> Outcome {
        reads.note(.universe, of: model)
        reads.note(.hierarchy, of: model)
        var candidates = model.entities.filter { $0.type.hasSameBytes(as: type) }
        for case .entity(let constant) in vocabulary.constants
        where constant.type.hasSameBytes(as: type) {
            candidates.insert(constant)
        }
        for candidate in candidates.sorted(by: { $0.id.precedesByBytes($1.id) }) {
            let isElement = test(.contains(.entity(candidate)), at: place)
            guard case .value(.bool(let isIn)) = isElement else { return isElement }
            if !isIn { continue }
            let outcome = self.isIn(uid, candidate)
            guard case .value(.bool(false)) = outcome else { return outcome }
        }
        guard schema.mayBeIn(uid.type, type),
            !model.closedSets.contains(Model.ClosedSet(uid: uid, place: place))
        else { return .value(.bool(false)) }
        return .needs(.unnamedElement(uid, place, type: type))
    }
}
