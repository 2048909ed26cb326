// SPDX-License-Identifier: Apache-2.0

/// Says which time points and tuples a formula cannot feel.
///
/// A time point without tuples may be left out if the formula is false there and if
/// adding or removing such points changes it nowhere else. A rule that holds at
/// points without events, such as one with `PREVIOUS`, keeps them all.
struct EmptyPointFilter {
    /// What is known of a part of the formula at a time point without tuples.
    private struct Labels {
        /// It is true there.
        var isTrue = false
        /// It is false there.
        var isFalse = false
        /// Other such time points make no difference to it.
        var isStable = false
    }

    /// Whether time points without tuples may be left out.
    let dropsEmptyPoints: Bool
    private let names: Set<String>
    private let constants: [String: [Int: Set<Value>]]

    /// Makes the filter of a formula without sugar.
    init(_ formula: Formula) {
        let labels = Self.labels(formula, [:])
        dropsEmptyPoints = labels.isFalse && labels.isStable
        var atoms: [Atom] = []
        Self.collect(formula, bound: [], &atoms)
        names = Set(atoms.map(\.name))
        constants = Self.constants(atoms)
    }

    /// The tuples that can match an atom of the formula.
    func relevant(_ tuples: [String: [[Value]]]) -> [String: [[Value]]] {
        var result: [String: [[Value]]] = [:]
        for (name, list) in tuples where names.contains(name) {
            let wanted = constants[name] ?? [:]
            let kept =
                wanted.isEmpty
                ? list
                : list.filter { tuple in
                    wanted.allSatisfy { $0.key < tuple.count && $0.value.contains(tuple[$0.key]) }
                }
            if !kept.isEmpty { result[name] = kept }
        }
        return result
    }

    private static func collect(_ formula: Formula, bound: Set<String>, _ atoms: inout [Atom]) {
        switch formula {
        case .atom(let atom): if !bound.contains(atom.name) { atoms.append(atom) }
        case .binding(let atom, let definition, let body):
            collect(definition, bound: bound, &atoms)
            collect(body, bound: bound.union([atom.name]), &atoms)
        default: for child in formula.children { collect(child, bound: bound, &atoms) }
        }
    }

    /// The values of each place that no atom leaves open.
    private static func constants(_ atoms: [Atom]) -> [String: [Int: Set<Value>]] {
        var result: [String: [Int: Set<Value>]] = [:]
        var open: Set<String> = []
        for atom in atoms {
            for (index, argument) in atom.arguments.enumerated() {
                if let value = argument.constantValue {
                    result[atom.name, default: [:]][index, default: []].insert(value)
                } else {
                    open.insert("\(atom.name)/\(index)")
                }
            }
        }
        for (name, places) in result {
            result[name] = places.filter { !open.contains("\(name)/\($0.key)") }
        }
        return result
    }

    private static func labels(_ formula: Formula, _ scope: [RelationKey: Labels]) -> Labels {
        switch formula {
        case .compare, .matches: return Labels(isStable: true)
        case .atom(let atom):
            if let labels = scope[atom.key] { return labels }
            let isBuiltIn = Signature.builtIn.contains { $0.name == atom.name }
            return isBuiltIn ? Labels() : Labels(isFalse: true, isStable: true)
        case .binding(let atom, let definition, let body):
            var scope = scope
            scope[atom.key] = labels(definition, scope)
            return labels(body, scope)
        case .not(let inner):
            let inner = labels(inner, scope)
            return Labels(isTrue: inner.isFalse, isFalse: inner.isTrue, isStable: inner.isStable)
        case .connect(let connective, let left, let right):
            let (a, b) = (labels(left, scope), labels(right, scope))
            let isStable = a.isStable && b.isStable
            return connective == .and
                ? Labels(
                    isTrue: a.isTrue && b.isTrue, isFalse: a.isFalse || b.isFalse,
                    isStable: isStable)
                : Labels(
                    isTrue: a.isTrue || b.isTrue, isFalse: a.isFalse && b.isFalse,
                    isStable: isStable)
        case .quantify(_, _, let inner): return labels(inner, scope)
        case .modal(let modality, let interval, let inner):
            return labels(modality, interval, inner, scope)
        case .chain(_, _, let left, let right):
            let (a, b) = (labels(left, scope), labels(right, scope))
            return Labels(isStable: a.isStable && b.isStable && a.isTrue && b.isFalse)
        case .aggregate: return Labels()
        }
    }

    private static func labels(
        _ modality: Formula.Modality, _ interval: Interval, _ inner: Formula,
        _ scope: [RelationKey: Labels]
    ) -> Labels {
        guard modality == .once || modality == .eventually else { return Labels() }
        let direct = labels(inner, scope)
        if direct.isStable && direct.isFalse { return Labels(isStable: true) }
        if case .modal(let other, let second, let core) = inner,
            (other == .once || other == .eventually) && other != modality,
            interval.first == 0, second.first == 0
        {
            let labels = labels(core, scope)
            return Labels(isStable: labels.isFalse && labels.isStable)
        }
        return Labels()
    }
}
