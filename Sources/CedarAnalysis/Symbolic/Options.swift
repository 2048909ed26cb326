// SPDX-License-Identifier: Apache-2.0

import Cedar

/// The ways in which a choice can be settled.
struct Options {
    /// The assumptions that each way leads to.
    private(set) var models: [Model] = []
    /// The earlier steps that ruled ways out, or said which ways there are.
    private(set) var dueSteps: Set<Int> = []
    /// Whether the ways stand for all ways.
    private(set) var isComplete = true
    private let question: Question
    private let model: Model
    private let step: Int

    init(_ question: Question, _ model: Model, _ choice: Choice, step: Int) {
        (self.question, self.model, self.step) = (question, model, step)
        switch choice {
        case .entity(let place, let type): chooseEntity(place, type)
        case .exists(let uid):
            for exists in [true, false] {
                add {
                    $0.setExistence(exists, of: uid, step: step); return true
                }
            }
        case .presence(let place):
            for isPresent in [true, false] {
                add {
                    $0.setPresence(isPresent, of: place, step: step); return true
                }
            }
        case .test(let place, let test):
            guard let type = question.type(at: place) else {
                isComplete = false
                return
            }
            dueSteps = model.steps(of: .place(place))
            let open = Constraint(type, question.schema)
            for holds in [true, false] {
                add { $0.assume(test, holds, at: place, of: open, step: step) }
            }
        case .value(let place, let type, let isExact):
            isComplete = isExact
            chooseValue(place, type)
        case .membership(let uid, let ancestor):
            dueSteps = model.steps(of: .hierarchy)
            for isMember in [true, false] {
                add { $0.setMembership(isMember, of: uid, in: ancestor, step: step) }
            }
        case .unnamedElement(let uid, let place, let type): chooseElement(uid, place, type)
        }
    }

    private mutating func add(_ assume: (inout Model) -> Bool) {
        var next = model
        if assume(&next) { models.append(next) }
    }

    /// An entity of a type: one that is named, one that was chosen, or another.
    private mutating func chooseEntity(_ place: Place, _ type: String) {
        let (schema, step) = (question.schema, step)
        dueSteps = model.steps(of: .universe).union(model.steps(of: .place(place)))
        var candidates: [EntityUID]
        if let names = schema.entityTypes[type]?.enumeration {
            candidates = names.map { EntityUID(type: type, id: $0) }
        } else if schema.entityTypes[type] != nil {
            candidates = [freshEntity(type)] + namedEntities(type)
        } else {
            candidates = schema.actions.keys.filter { $0.type.hasSameBytes(as: type) }
                .sorted { $0.id.precedesByBytes($1.id) }
        }
        for uid in candidates { add { $0.choose(.entity(uid), at: place, step: step) } }
    }

    private func namedEntities(_ type: String) -> [EntityUID] {
        var named = model.entities
        for case .entity(let uid) in question.vocabulary.constants { named.insert(uid) }
        return named.filter { $0.type.hasSameBytes(as: type) }
            .sorted { $0.id.precedesByBytes($1.id) }
    }

    private func freshEntity(_ type: String) -> EntityUID {
        let taken = Set(namedEntities(type).map { Value.entity($0) })
        guard case .entity(let uid)? = Type.entity([type]).freshValue(besides: taken) else {
            return EntityUID(type: type, id: "")
        }
        return uid
    }

    private mutating func chooseValue(_ place: Place, _ type: Type) {
        let step = step
        dueSteps = model.steps(of: .place(place))
        for value in candidates(type, place) {
            add { $0.choose(value, at: place, step: step) }
        }
    }

    /// Values of a type that stand for all: what policies name, what was chosen elsewhere, and others.
    private func candidates(_ type: Type, _ place: Place) -> [Value] {
        let known = question.vocabulary.constants.union(model.values.values)
        if let kind = NumberConstraint.Kind(type) { return numbers(kind, known) }
        switch type {
        case .bool: return [.bool(true), .bool(false)]
        case .string:
            let texts = known.compactMap { value -> String? in
                guard case .string(let text) = value else { return nil }
                return text
            }
            let fresh = type.freshValue(besides: known)
            let sample = model.constraints[place]?.sample
            return [fresh, sample].compactMap { $0 }
                + texts.sorted { $0.precedesByBytes($1) }.map { .string($0) }
        case .set:
            let sample = model.constraints[place]?.sample
            let sets = known.filter { if case .set = $0 { true } else { false } }
            return [sample, .set(ValueSet([]))].compactMap { $0 } + sets
        case .extended("ipaddr"):
            let addresses = known.filter { if case .ipaddr = $0 { true } else { false } }
            let fresh = (1...(addresses.count + 1)).lazy
                .compactMap { IPAddress("203.0.113.\($0)").map(Value.ipaddr) }
                .first { !addresses.contains($0) }
            let local = ["127.0.0.1", "::1", "224.0.0.1"].compactMap {
                IPAddress($0).map(Value.ipaddr)
            }
            return [fresh].compactMap { $0 } + addresses + local
        default: return []
        }
    }

    /// Each number that is named, and as many to both sides as there are numbers that are open: any
    /// order of the open ones among the named ones can be had with these.
    private func numbers(_ kind: NumberConstraint.Kind, _ known: Set<Value>) -> [Value] {
        var named = known.compactMap { value -> Int64? in
            guard let number = NumberConstraint.number(value), kind.value(number) == value else {
                return nil
            }
            return number
        }
        if named.isEmpty { named = [0] }
        var seen: Set<Int64> = []
        var result: [Value] = []
        for distance in 0...Int64(max(1, question.vocabulary.numberCount)) {
            for number in named.sorted() {
                for step in [distance, -distance] {
                    let (sum, overflow) = number.addingReportingOverflow(step)
                    guard !overflow, seen.insert(sum).inserted else { continue }
                    result.append(kind.value(sum))
                }
            }
        }
        return result
    }

    private mutating func chooseElement(_ uid: EntityUID, _ place: Place, _ type: String) {
        dueSteps = model.steps(of: .hierarchy).union(model.steps(of: .place(place)))
            .union(model.steps(of: .existence(uid))).union(model.steps(of: .universe))
        let (fresh, step) = (freshEntity(type), step)
        guard let setType = question.type(at: place) else {
            isComplete = false
            return
        }
        let open = Constraint(setType, question.schema)
        if model.existence[uid] != false {
            add {
                $0.setExistence(true, of: uid, step: step)
                return $0.assume(.contains(.entity(fresh)), true, at: place, of: open, step: step)
                    && $0.setMembership(true, of: uid, in: fresh, step: step)
            }
        }
        add {
            $0.close(Model.ClosedSet(uid: uid, place: place), step: step); return true
        }
    }
}
