// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What is known of a formula before it runs: its types, its normal form, whether it can run.
public struct FormulaAnalysis: Sendable {
    /// The formula as it was read, with types.
    public let input: Formula
    /// The form that is evaluated.
    public let analyzed: Formula
    /// The normal form before any rewriting.
    let normalized: Formula
    /// The free variables in the order of results, with their types.
    public let variables: [(name: String, type: ValueType)]
    /// Types of relations and variables, for people who debug typing.
    let judgement: String
    /// The first part outside the monitorable fragment.
    let unmonitorable: Unmonitorable?
    private let places: [(formula: Formula, position: SourcePosition)]
    private let signature: Signature

    /// Reads and analyses a formula, or its negation.
    ///
    /// - Throws: ``TemporalError`` if it cannot be read, typed or normalised. A formula
    ///   that is well formed but cannot be monitored is no error yet: see
    ///   ``MonitorableFormula``.
    public init(
        text: [UInt8], signature: Signature, isNegated: Bool = false,
        unfolding: LetUnfolding = .no, rewrites: Bool = true
    ) throws(TemporalError) {
        var parser = try FormulaParser(text)
        let read = try parser.formula()
        let formula = isNegated ? Formula.not(read) : read
        try self.init(
            formula, places: parser.places, signature: signature, unfolding: unfolding,
            rewrites: rewrites)
    }

    private init(
        _ formula: Formula, places: [(formula: Formula, position: SourcePosition)],
        signature: Signature, unfolding: LetUnfolding, rewrites: Bool
    ) throws(TemporalError) {
        self.places = places
        self.signature = signature
        do throws(TemporalError) {
            try formula.checkWellFormed()
            var checker = TypeChecker(signature)
            let typed = try checker.check(formula)
            variables = formula.freeVariables.map { ($0, checker.type(of: $0)) }
            judgement = checker.judgement
            var unfolder = LetUnfolder(unfolding)
            input = unfolding == .no ? typed : try unfolder.unfold(typed)
            guard rewrites else {
                normalized = input
                analyzed = input
                unmonitorable = input.hasSugar ? nil : input.unmonitorablePart
                return
            }
            let plain = try Normalizer.withoutSugar(input)
            let pushed = Normalizer.pushingNegations(plain)
            let keepsPlain = plain.unmonitorablePart == nil && pushed.unmonitorablePart != nil
            normalized = keepsPlain ? plain : pushed
            guard normalized.depth <= Normalizer.depthMax else {
                throw TemporalError(.formulaTooLarge, subject: String(plain.description.prefix(40)))
            }
            if normalized.unmonitorablePart == nil {
                analyzed = normalized
                unmonitorable = nil
            } else {
                analyzed = try Rewriter.rewrite(normalized)
                unmonitorable = analyzed.unmonitorablePart
            }
        } catch {
            throw Self.located(error, places)
        }
    }

    /// The error with the place of its subject in the text.
    private static func located(
        _ error: TemporalError, _ places: [(formula: Formula, position: SourcePosition)]
    ) -> TemporalError {
        guard error.position == nil else { return error }
        var error = error
        let mentions = places.first { $0.formula.description.contains(error.subject) }
        error.position = mentions?.position ?? SourcePosition(line: 1, column: 1)
        return error
    }

    /// Why the formula cannot be monitored, with the place and a formula that can.
    var refusal: TemporalError? {
        guard let unmonitorable else { return nil }
        let part = unmonitorable.formula
        let place = places.last {
            $0.formula == part || (try? Normalizer.withoutSugar($0.formula)) == part
        }
        return TemporalError(
            .notMonitorable, at: place?.position ?? SourcePosition(line: 1, column: 1),
            subject: part.description, reason: unmonitorable.rule.text,
            rewriting: rewriting?.description)
    }

    /// An equivalent formula that can be monitored, if reordering conjunctions gives one.
    var rewriting: Formula? {
        let candidate = normalized.withOrderedConjunctions
        if candidate.unmonitorablePart == nil { return candidate }
        guard let other = try? Rewriter.rewrite(candidate), other.unmonitorablePart == nil else {
            return nil
        }
        return other
    }
}

extension Formula {
    /// Whether an operator occurs that normal forms do not have.
    var hasSugar: Bool {
        switch self {
        case .connect(.implies, _, _), .connect(.equivalent, _, _), .quantify(.forAll, _, _),
            .modal(.always, _, _), .modal(.historically, _, _):
            true
        default: children.contains(where: \.hasSugar)
        }
    }

    /// The formula with each conjunction in an order that binds variables first.
    var withOrderedConjunctions: Formula {
        guard case .connect(.and, _, _) = self else {
            return mapChildren { $0.withOrderedConjunctions }
        }
        var rest = conjuncts.map { conjunct in
            conjunct.mapChildren { $0.withOrderedConjunctions }
        }
        guard
            let start = rest.firstIndex(where: {
                !$0.isCondition && $0.negated == nil && $0.unmonitorablePart == nil
            }) ?? rest.firstIndex(where: { $0.unmonitorablePart == nil })
        else { return self }
        var result = rest.remove(at: start)
        while !rest.isEmpty {
            // What can be added now, relations before conditions before negations.
            let ranked = rest.indices.filter { index in
                Formula.connect(.and, result, rest[index]).unmonitorablePart == nil
            }
            let next = ranked.min { rest[$0].conjunctRank < rest[$1].conjunctRank } ?? 0
            result = .connect(.and, result, rest.remove(at: next))
        }
        return result
    }

    private var conjunctRank: Int {
        isCondition ? 1 : negated != nil ? 2 : 0
    }

    private var conjuncts: [Formula] {
        guard case .connect(.and, let left, let right) = self else { return [self] }
        return left.conjuncts + right.conjuncts
    }
}

/// A formula that was typed and found monitorable: only this can run.
public struct MonitorableFormula: Sendable {
    /// What is known of it.
    public let analysis: FormulaAnalysis

    /// Accepts an analysed formula.
    ///
    /// - Throws: ``TemporalError`` with the place, the reason and, if one was found, a
    ///   formula that would do.
    public init(_ analysis: FormulaAnalysis) throws(TemporalError) {
        if let refusal = analysis.refusal { throw refusal }
        guard !analysis.analyzed.hasSugar else {
            throw TemporalError(.notMonitorable, subject: analysis.analyzed.description)
        }
        self.analysis = analysis
    }

    /// Reads, analyses and accepts a formula.
    public init(text: [UInt8], signature: Signature) throws(TemporalError) {
        try self.init(try FormulaAnalysis(text: text, signature: signature))
    }
}
