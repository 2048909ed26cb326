// SPDX-License-Identifier: Apache-2.0

/// Builds the operators of a monitorable formula.
struct OperatorCompiler {
    private var definitions: [RelationKey: (number: Int, columns: [String])] = [:]
    private var definitionCount = 0
    /// Every operator, for the count of tuples held.
    private(set) var operators: [any FormulaOperator] = []

    mutating func compile(_ formula: Formula) throws(TemporalError) -> any FormulaOperator {
        let result = try build(formula)
        operators.append(result)
        return result
    }

    private mutating func build(_ formula: Formula) throws(TemporalError) -> any FormulaOperator {
        switch formula {
        case .atom(let atom): return AtomOperator(atom, from: source(of: atom))
        case .compare(.equal, let left, let right): return try equality(left, right, formula)
        case .not(.compare(.equal, let left, let right)):
            return try inequality(left, right, formula)
        case .not(let inner):
            let child = try compile(inner)
            return MapOperator(child, columns: []) { relation, _ in
                relation.isEmpty ? .nullaryTruth : []
            }
        case .connect(.and, let left, let right): return try conjunction(left, right)
        case .connect(.or, let left, let right): return try disjunction(left, right)
        case .quantify(.exists, let names, let inner):
            let child = try compile(inner)
            let columns = child.columns.subtracting(names)
            if let tracking = child as? any ChangeTracking {
                return ProjectionOperator(tracking, columns: columns)
            }
            let kept = places(of: columns, in: child.columns)
            return MapOperator(child, columns: columns) { relation, _ in relation.projected(kept) }
        case .aggregate(let aggregation, let inner):
            let aggregator = Aggregator(aggregation, columns: inner.freeVariables)
            let child = try compile(inner)
            let order = places(of: inner.freeVariables, in: child.columns)
            if let tracking = child as? any ChangeTracking {
                return AggregateOperator(tracking, aggregator, order: order)
            }
            return MapOperator(child, columns: aggregator.columns) {
                (relation, frame) throws(TemporalError) in
                try aggregator.apply(relation.projected(order), frame)
            }
        case .binding(let atom, let definition, let body):
            return try binding(atom, definition, body)
        case .modal(let modality, let interval, let inner):
            return try modal(modality, interval, inner, formula)
        case .chain(let chain, let interval, let left, let right):
            let child = try compile(right)
            let continuation = Continuation(
                try compile(left.negated ?? left), isNegated: left.negated != nil,
                columns: child.columns)
            return chain == .since
                ? SinceOperator(continuation, child, interval)
                : UntilOperator(continuation, child, interval)
        case .compare, .matches, .connect, .quantify: throw unsupported(formula)
        }
    }

    private func unsupported(_ formula: Formula) -> TemporalError {
        TemporalError(.notMonitorable, subject: formula.description)
    }

    private func source(of atom: Atom) -> AtomOperator.Source {
        if let definition = definitions[atom.key] { return .definition(definition.number) }
        switch (atom.name, atom.arguments.count) {
        case ("tp", 1): return .index
        case ("ts", 1): return .timestamp
        case ("tpts", 2): return .both
        default: return .log(atom.name)
        }
    }

    private func equality(
        _ left: Term, _ right: Term, _ formula: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        switch (left, right) {
        case (.variable(let name), .constant(let value)),
            (.constant(let value), .variable(let name)):
            return ConstantOperator([name], [[value]])
        case (.constant(let a), .constant(let b)):
            return ConstantOperator([], a == b ? .nullaryTruth : [])
        default: throw unsupported(formula)
        }
    }

    private func inequality(
        _ left: Term, _ right: Term, _ formula: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        switch (left, right) {
        case (.constant(let a), .constant(let b)):
            return ConstantOperator([], a == b ? [] : .nullaryTruth)
        case (.variable(let name), .variable(let other)) where name == other:
            return ConstantOperator([name], [])
        default: throw unsupported(formula)
        }
    }

    private mutating func conjunction(
        _ left: Formula, _ right: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        let first = try compile(left)
        if right.isCondition, right.isCondition(over: first.columns) {
            let condition = try Condition(right, columns: first.columns)
            return MapOperator(first, columns: condition.columns) {
                (relation, _) throws(TemporalError) in try condition.apply(relation)
            }
        }
        let second = try compile(right.negated ?? right)
        let plan = JoinPlan(first.columns, second.columns)
        if right.negated != nil {
            return ZipOperator(first, second, columns: first.columns) { plan.subtract($0, $1) }
        }
        return ZipOperator(first, second, columns: plan.columns) { plan.join($0, $1) }
    }

    private mutating func disjunction(
        _ left: Formula, _ right: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        let (first, second) = (try compile(left), try compile(right))
        let columns = first.columns
        guard columns != second.columns else {
            return ZipOperator(first, second, columns: columns) { $0.union($1) }
        }
        let order = places(of: columns, in: second.columns)
        return ZipOperator(first, second, columns: columns) { $0.union($1.projected(order)) }
    }

    private mutating func binding(
        _ atom: Atom, _ definition: Formula, _ body: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        let child = try compile(definition)
        let order = places(of: atom.variables, in: child.columns)
        let ordered = MapOperator(child, columns: atom.variables) { relation, _ in
            relation.projected(order)
        }
        let hidden = definitions[atom.key]
        definitionCount += 1
        let number = definitionCount
        definitions[atom.key] = (number, atom.variables)
        let inner = try compile(body)
        definitions[atom.key] = hidden
        return DefinitionOperator(number, ordered, inner)
    }

    private mutating func modal(
        _ modality: Formula.Modality, _ interval: Interval, _ inner: Formula, _ formula: Formula
    ) throws(TemporalError) -> any FormulaOperator {
        let child = try compile(inner)
        switch modality {
        case .previous: return PreviousOperator(child, interval)
        case .next: return NextOperator(child, interval)
        case .once: return SinceOperator(nil, child, interval)
        case .eventually: return UntilOperator(nil, child, interval)
        case .historically, .always: throw unsupported(formula)
        }
    }
}
