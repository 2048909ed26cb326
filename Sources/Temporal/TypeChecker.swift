// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The type of a term before all is known.
enum TypeSymbol: Hashable {
    case unknown(Int)
    case number(Int)
    case known(ValueType)
}

/// Infers the types of variables and relations, by unification in reading order.
///
/// A type that stays unknown is taken for a float, as in MonPoly.
struct TypeChecker {
    /// The relations in scope, the last declared first.
    private(set) var relations: [(key: RelationKey, types: [TypeSymbol])]
    /// The variables in scope, the last met first.
    private(set) var variables: [(name: String, type: TypeSymbol)] = []
    private var bindings: [Int: TypeSymbol] = [:]
    private var symbolCount = 0
    private var resultTypes: [TypeSymbol] = []

    init(_ signature: Signature) {
        let all = signature.relations.reversed() + Signature.builtIn
        relations = all.map {
            (RelationKey(name: $0.name, arity: $0.types.count), $0.types.map { .known($0) })
        }
    }

    /// Checks a formula; returns it with the types of its aggregations.
    mutating func check(_ formula: Formula) throws(TemporalError) -> Formula {
        for name in formula.freeVariables { variables.insert((name, unknown()), at: 0) }
        try visit(formula)
        var index = 0
        return annotated(formula, &index)
    }

    /// The type of a free variable of the checked formula.
    func type(of variable: String) -> ValueType {
        valueType(variables.first { $0.name == variable }?.type ?? .unknown(0))
    }

    /// The type that a symbol stands for now.
    func resolved(_ symbol: TypeSymbol) -> TypeSymbol {
        var symbol = symbol
        while true {
            guard case .unknown(let index) = symbol, let next = bindings[index] else {
                if case .number(let index) = symbol, let next = bindings[index] {
                    symbol = next
                    continue
                }
                return symbol
            }
            symbol = next
        }
    }

    private func valueType(_ symbol: TypeSymbol) -> ValueType {
        if case .known(let type) = resolved(symbol) { type } else { .float }
    }

    private func annotated(_ formula: Formula, _ index: inout Int) -> Formula {
        var position = index
        let result: Formula = formula.mapChildren { child in annotated(child, &position) }
        index = position
        guard case .aggregate(var aggregation, let inner) = result else { return result }
        aggregation.resultType = valueType(resultTypes[index])
        index += 1
        return .aggregate(aggregation, inner)
    }

    // MARK: Symbols

    private mutating func unknown() -> TypeSymbol {
        symbolCount += 1
        return .unknown(symbolCount)
    }

    private mutating func number() -> TypeSymbol {
        symbolCount += 1
        return .number(symbolCount)
    }

    /// Makes two types one, or says at which term they differ.
    private mutating func unify(
        expected: TypeSymbol, actual: TypeSymbol, at term: Term
    ) throws(TemporalError) {
        let (left, right) = (resolved(expected), resolved(actual))
        guard left != right else { return }
        switch (left, right) {
        case (.unknown(let a), .unknown(let b)): bindings[max(a, b)] = .unknown(min(a, b))
        case (.number(let a), .number(let b)): bindings[max(a, b)] = .number(min(a, b))
        case (.unknown(let a), let other), (let other, .unknown(let a)): bindings[a] = other
        case (.number(let a), .known(let type)) where type == .int || type == .float:
            bindings[a] = .known(type)
        case (.known(let type), .number(let a)) where type == .int || type == .float:
            bindings[a] = .known(type)
        default:
            let (wanted, found) = (left.description, right.description)
            throw TemporalError(
                .typeClash, subject: term.description,
                reason: LocalizedText(
                    fr: "type \(found) au lieu de \(wanted)",
                    en:
                        "Actual type \(found) is not compatible with expected type \(wanted)"))
        }
    }

    // MARK: Terms

    @discardableResult
    private mutating func visit(
        _ term: Term, as expected: TypeSymbol
    ) throws(TemporalError) -> TypeSymbol {
        switch term {
        case .variable(let name):
            guard let known = variables.first(where: { $0.name == name }) else {
                variables.insert((name, expected), at: 0)
                return expected
            }
            try unify(expected: expected, actual: known.type, at: term)
            return known.type
        case .constant(let value):
            try unify(expected: expected, actual: .known(value.type), at: term)
            return .known(value.type)
        case .apply(let function, let argument):
            let (taken, given) = function.signature
            try unify(expected: .known(given), actual: expected, at: term)
            try visit(argument, as: .known(taken))
            return .known(given)
        case .negative(let argument):
            let symbol = number()
            try unify(expected: symbol, actual: expected, at: term)
            try visit(argument, as: symbol)
            return symbol
        case .binary(let sign, let left, let right):
            let symbol: TypeSymbol = sign == .modulo ? .known(.int) : number()
            try unify(expected: symbol, actual: expected, at: term)
            try visit(left, as: symbol)
            try visit(right, as: symbol)
            return symbol
        }
    }

    // MARK: Formulas

    private mutating func visit(_ formula: Formula) throws(TemporalError) {
        switch formula {
        case .compare(.substring, let left, let right):
            try visit(left, as: .known(.string))
            try visit(right, as: .known(.string))
        case .compare(_, let left, let right):
            let symbol = unknown()
            try visit(left, as: symbol)
            try visit(right, as: symbol)
        case .matches(let text, let pattern, let groups):
            try visit(text, as: .known(.string))
            try visit(pattern, as: .known(.regexp))
            for case .some(let group) in groups { try visit(group, as: .known(.string)) }
        case .atom(let atom):
            guard let relation = relations.first(where: { $0.key == atom.key }) else {
                throw TemporalError(
                    .unknownRelation, subject: "\(atom.name)/\(atom.arguments.count)")
            }
            for (type, argument) in zip(relation.types, atom.arguments) {
                try visit(argument, as: type)
            }
        case .binding(let atom, let definition, let body):
            try visitBinding(atom, definition, body)
        case .quantify(_, let names, let inner):
            try visitBound(names) { (checker) throws(TemporalError) in try checker.visit(inner) }
        case .aggregate(let aggregation, let inner): try visit(aggregation, inner)
        case .not, .connect, .modal, .chain:
            for child in formula.children { try visit(child) }
        }
    }

    /// Visits with fresh variables, then restores those that they hid.
    private mutating func visitBound(
        _ names: [String], _ body: (inout TypeChecker) throws(TemporalError) -> Void
    ) throws(TemporalError) {
        let hidden = variables.filter { names.contains($0.name) }
        variables.removeAll { names.contains($0.name) }
        for name in names { variables.insert((name, unknown()), at: 0) }
        try body(&self)
        variables.removeAll { names.contains($0.name) }
        variables += hidden
    }

    private mutating func visitBinding(
        _ atom: Atom, _ definition: Formula, _ body: Formula
    ) throws(TemporalError) {
        let outer = variables
        let parameters = atom.arguments.compactMap(\.variableName)
        variables = []
        for name in parameters { variables.insert((name, unknown()), at: 0) }
        try visit(definition)
        let types = parameters.map { name in
            variables.first { $0.name == name }?.type ?? .unknown(0)
        }
        variables = outer
        let hidden = relations.filter { $0.key == atom.key }
        relations.removeAll { $0.key == atom.key }
        relations.insert((atom.key, types), at: 0)
        try visit(body)
        relations.removeAll { $0.key == atom.key }
        relations = hidden + relations
    }

    private mutating func visit(
        _ aggregation: Aggregation, _ inner: Formula
    ) throws(TemporalError) {
        let bound = inner.freeVariables.subtracting(aggregation.groups)
        let kept = variables.map(\.name).filter { !bound.contains($0) }
        let hidden = variables.filter { bound.contains($0.name) }
        variables.removeAll { bound.contains($0.name) }
        for name in bound { variables.insert((name, unknown()), at: 0) }
        let (anything, numeric) = (unknown(), number())
        let (given, taken): (TypeSymbol, TypeSymbol) =
            switch aggregation.operation {
            case .minimum, .maximum: (anything, anything)
            case .count: (.known(.int), anything)
            case .sum: (numeric, numeric)
            case .average, .median: (.known(.float), numeric)
            }
        try visit(inner)
        let subject = try visit(.variable(aggregation.variable), as: taken)
        variables.removeAll { !kept.contains($0.name) || bound.contains($0.name) }
        variables = hidden + variables
        let result = try visit(.variable(aggregation.result), as: given)
        if given == taken {
            try unify(expected: subject, actual: result, at: .variable(aggregation.result))
        }
        resultTypes.append(result)
    }
}

extension TypeSymbol: CustomStringConvertible {
    /// The type as MonPoly names it: `Int`, `t3`, `(Num t4) =>  t4`.
    var description: String {
        switch self {
        case .unknown(let index): "t\(index)"
        case .number(let index): "(Num t\(index)) =>  t\(index)"
        case .known(.int): "Int"
        case .known(.float): "Float"
        case .known(.string): "String"
        case .known(.regexp): "Regexp"
        }
    }
}
