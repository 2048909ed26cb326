// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension Formula {
    /// Checks what can be said without types: definitions, intervals and aggregations.
    func checkWellFormed() throws(TemporalError) {
        try checkDefinitions()
        try checkAggregations()
        try checkIntervals()
        try checkFuture()
    }

    private func checkDefinitions() throws(TemporalError) {
        if case .binding(let atom, let definition, _) = self {
            let parameters = atom.arguments.compactMap(\.variableName)
            let free = definition.freeVariables
            guard parameters.count == atom.arguments.count, free.count == parameters.count,
                parameters.isSubset(of: free), free.isSubset(of: parameters)
            else {
                let list = free.joined(separator: ",")
                throw TemporalError(
                    .malformedLet, subject: atom.description,
                    reason: LocalizedText(
                        fr: "les variables libres sont (\(list))",
                        en: "the free variables are (\(list))"))
            }
        }
        for child in children { try child.checkDefinitions() }
    }

    private func checkAggregations() throws(TemporalError) {
        if case .aggregate(let aggregation, let inner) = self {
            guard !aggregation.groups.contains(aggregation.result),
                inner.freeVariables.contains(aggregation.variable)
            else {
                throw TemporalError(
                    .malformedAggregation, subject: description,
                    reason: LocalizedText(
                        fr: "`\(aggregation.result)` ne peut pas servir à grouper",
                        en: "`\(aggregation.result)` may not be a group"))
            }
        }
        for child in children { try child.checkAggregations() }
    }

    private func checkIntervals() throws(TemporalError) {
        switch self {
        case .modal(_, let interval, _), .chain(_, let interval, _, _):
            guard interval.isWellFormed else {
                throw TemporalError(.emptyInterval, subject: interval.description)
            }
        default: break
        }
        for child in children { try child.checkIntervals() }
    }

    private func checkFuture() throws(TemporalError) {
        switch self {
        case .modal(let modality, let interval, _)
        where (modality == .eventually || modality == .always) && interval.last == nil:
            throw TemporalError(.unboundedFuture, subject: "\(modality.rawValue)\(interval)")
        case .chain(.until, let interval, _, _) where interval.last == nil:
            throw TemporalError(.unboundedFuture, subject: "UNTIL\(interval)")
        default: break
        }
        for child in children { try child.checkFuture() }
    }
}
