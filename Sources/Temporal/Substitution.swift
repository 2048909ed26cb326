// SPDX-License-Identifier: Apache-2.0

/// Names for variables that are not taken: `_x1`, `_x2`, and so on.
func freshNames(for names: [String], avoiding taken: [String]) -> [String: String] {
    var taken = Set(taken)
    var result: [String: String] = [:]
    for name in names {
        var number = 1
        while taken.contains("_x\(number)") { number += 1 }
        taken.insert("_x\(number)")
        result[name] = "_x\(number)"
    }
    return result
}

extension Formula {
    /// The formula with free variables replaced by terms, bound ones renamed where they clash.
    func substituting(_ map: [String: Term]) -> Formula {
        switch self {
        case .compare(let comparison, let left, let right):
            return .compare(comparison, left.substituting(map), right.substituting(map))
        case .matches(let text, let pattern, let groups):
            return .matches(
                text.substituting(map), pattern.substituting(map),
                groups.map { $0?.substituting(map) })
        case .atom(let atom):
            return .atom(Atom(atom.name, atom.arguments.map { $0.substituting(map) }))
        case .binding(let atom, let definition, let body):
            return .binding(atom, definition, body.substituting(map))
        case .quantify(let quantifier, let names, let inner):
            let (renamed, inside) = map.entering(names, of: inner)
            return .quantify(
                quantifier, names.map { renamed[$0] ?? $0 }, inner.substituting(inside))
        case .aggregate(let aggregation, let inner):
            return aggregation.substituting(map, in: inner)
        case .not, .connect, .modal, .chain: return mapChildren { $0.substituting(map) }
        }
    }
}

extension [String: Term] {
    /// This substitution inside a binder, with new names for bound variables that it would capture.
    func entering(
        _ bound: [String], of inner: Formula
    ) -> (renamed: [String: String], inside: [String: Term]) {
        let incoming = values.flatMap(\.variables)
        let renamed = freshNames(
            for: bound.filter { incoming.contains($0) },
            avoiding: inner.freeVariables + incoming + bound)
        var inside = filter { !bound.contains($0.key) }
        for (old, new) in renamed { inside[old] = .variable(new) }
        return (renamed, inside)
    }
}

extension Aggregation {
    /// The aggregation with variables replaced.
    ///
    /// A result or a group that becomes a constant stays a variable, bound and compared
    /// outside: without a group, an aggregation over nothing would mean something else.
    func substituting(_ map: [String: Term], in inner: Formula) -> Formula {
        let bound = inner.freeVariables.subtracting(groups)
        let (renamed, inside) = map.entering(bound, of: inner)
        let incoming = map.values.flatMap(\.variables)
        let taken = [result] + groups + incoming + inner.freeVariables + Array(renamed.values)
        let temporary = freshNames(for: ([result] + groups).unique, avoiding: taken)
        var constraints: [(String, Term)] = []
        var innerMap = inside
        func outer(_ name: String) -> String {
            guard let term = map[name] else { return name }
            if case .variable(let other) = term { return other }
            let fresh = temporary[name] ?? name
            if !constraints.contains(where: { $0.0 == fresh }) { constraints.append((fresh, term)) }
            return fresh
        }
        var changed = self
        changed.result = outer(result)
        changed.variable = groups.contains(variable) ? variable : renamed[variable] ?? variable
        changed.groups = groups.map { group in
            let name = outer(group)
            if inside[group] != nil { innerMap[group] = .variable(name) }
            return name
        }
        if groups.contains(variable) {
            changed.variable = innerMap[variable]?.variableName ?? variable
        }
        var formula = Formula.aggregate(changed, inner.substituting(innerMap))
        for (name, term) in constraints {
            formula = .connect(.and, formula, .compare(.equal, .variable(name), term))
        }
        guard !constraints.isEmpty else { return formula }
        return .quantify(.exists, constraints.map(\.0), formula)
    }
}

/// Whether `LET` is replaced by its definition.
public enum LetUnfolding: String, CaseIterable, Hashable, Sendable {
    /// Never.
    case no
    /// Always.
    case full
    /// Where the relation is used at most once.
    case smart
}

/// Replaces relations that `LET` defines by their definitions.
struct LetUnfolder {
    let mode: LetUnfolding
    private var definitions: [RelationKey: (parameters: [String], formula: Formula)] = [:]
    private var budget = Normalizer.nodeCountMax

    init(_ mode: LetUnfolding) {
        self.mode = mode
    }

    mutating func unfold(_ formula: Formula) throws(TemporalError) -> Formula {
        switch formula {
        case .atom(let atom):
            guard let (parameters, definition) = definitions[atom.key] else { return formula }
            budget -= definition.nodeCount
            guard budget > 0 else {
                throw TemporalError(.formulaTooLarge, subject: atom.description)
            }
            let map = Dictionary(
                zip(parameters, atom.arguments), uniquingKeysWith: { first, _ in first })
            return definition.substituting(
                map.filter { $0.value != Term.variable($0.key) })
        case .binding(let atom, let definition, let body):
            let definition = try unfold(definition)
            let hidden = definitions.removeValue(forKey: atom.key)
            defer { definitions[atom.key] = hidden }
            if mode == .smart {
                let unfolded = try unfold(body)
                if unfolded.useCount(of: atom.key) > 1 {
                    return .binding(atom, definition, unfolded)
                }
            }
            definitions[atom.key] = (atom.variables, definition)
            return try unfold(body)
        default:
            return try formula.mapChildren { (child: Formula) throws(TemporalError) in
                try unfold(child)
            }
        }
    }
}

extension Formula {
    /// How many formulas this one is made of.
    var nodeCount: Int {
        children.reduce(1) { count, child in
            let (sum, overflow) = count.addingReportingOverflow(child.nodeCount)
            return overflow ? .max : sum
        }
    }

    /// How deep it nests.
    var depth: Int {
        1 + (children.map(\.depth).max() ?? 0)
    }

    /// How often a relation occurs freely.
    func useCount(of key: RelationKey) -> Int {
        switch self {
        case .atom(let atom): atom.key == key ? 1 : 0
        case .binding(let atom, let definition, let body):
            definition.useCount(of: key) + (atom.key == key ? 0 : body.useCount(of: key))
        default: children.reduce(0) { $0 + $1.useCount(of: key) }
        }
    }
}
