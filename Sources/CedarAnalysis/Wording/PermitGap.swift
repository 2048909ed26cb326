// SPDX-License-Identifier: Apache-2.0

public import Cedar
import Diagnostics

/// What a permit lacked to apply to a request.
public struct PermitGap: Sendable {
    /// The permit.
    public let policyID: PolicyID
    /// What would have to be so besides what is so.
    public let lacking: ConditionPhrase
    /// How many things are lacking, by the shortest way: the fewer, the nearer the permit.
    public let size: Int
    /// How many of the things that it asks for are so.
    let heldCount: Int

    /// The permits of a set that do not apply to a request, the nearest first.
    ///
    /// They come in the order of `Authorizer.changes`: the nearest needs the smallest change to allow
    /// the request. Then come those for which no change was found: those that lack the fewest
    /// conditions first, of these those of which more is so, then the first in the set.
    public static func all(
        _ policySet: PolicySet, _ request: Request, _ entities: Entities, _ words: ConditionWords
    ) -> [PermitGap] {
        let reader = GapReader(
            evaluator: Evaluator(request: request, entities: entities), words: words)
        let gaps = policySet.policies.filter { $0.effect == .permit }.compactMap { permit in
            reader.gap(permit.conditionExpression, true).map { gap in
                PermitGap(
                    policyID: permit.id, lacking: gap.phrase.simplified(), size: gap.size,
                    heldCount: reader.heldCount(permit.conditionExpression))
            }
        }
        let changes = Authorizer(policySet).changes(request, entities)
        let ranks = Dictionary(
            changes.enumerated().map { (Text($0.element.permitID), $0.offset) },
            uniquingKeysWith: { first, _ in first })
        return gaps.enumerated().sorted {
            let (a, b) = ($0.element, $1.element)
            return (
                ranks[Text(a.policyID)] ?? ranks.count, a.size, -a.heldCount, $0.offset
            ) < (ranks[Text(b.policyID)] ?? ranks.count, b.size, -b.heldCount, $1.offset)
        }.map(\.element)
    }
}

extension ConditionWords {
    /// Why a policy that applies to a request does: the conditions of its clauses that made it so.
    public func reasons(
        _ policy: Policy, _ request: Request, _ entities: Entities
    ) -> ConditionPhrase {
        let reader = GapReader(
            evaluator: Evaluator(request: request, entities: entities), words: self)
        return .all(policy.conditions.flatMap { reader.reasons($0.expression, !$0.isUnless) })
    }
}

extension LocalizedText {
    /// The text with another behind it.
    fileprivate func adding(_ other: LocalizedText) -> LocalizedText {
        LocalizedText(fr: french + other.french, en: english + other.english)
    }
}

/// Walks through a condition and keeps what is not as it must be.
private struct GapReader {
    let evaluator: Evaluator
    let words: ConditionWords

    typealias Gap = (phrase: ConditionPhrase, size: Int)

    /// How many of the parts that an expression joins with `&&` are true.
    func heldCount(_ expression: Expression) -> Int {
        switch expression.kind {
        case .literal: 0
        case .and(let parts): parts.reduce(0) { $0 + heldCount($1) }
        default: gap(expression, true) == nil ? 1 : 0
        }
    }

    /// Why an expression has its truth value: the conditions that made it so.
    func reasons(_ expression: Expression, _ value: Bool) -> [ConditionPhrase] {
        switch expression.kind {
        case .literal: return []
        case .not(let operand): return reasons(operand, !value)
        case .and(let parts): return reasons(parts, value, all: value)
        case .or(let parts): return reasons(parts, value, all: !value)
        case .conditional(let test, let yes, let no):
            let isTrue = gap(test, true) == nil
            return reasons(test, isTrue) + reasons(isTrue ? yes : no, value)
        default:
            guard case .atom(let text, let cedar) = words.phrase(expression, is: value) else {
                return []
            }
            return [.atom(text.adding(observations(expression)), cedar: cedar)]
        }
    }

    private func reasons(_ parts: [Expression], _ value: Bool, all: Bool) -> [ConditionPhrase] {
        if all { return parts.flatMap { reasons($0, value) } }
        let decisive = parts.first { gap($0, value) == nil }
        return decisive.map { reasons($0, value) } ?? []
    }

    /// What an expression lacks to have a truth value; nil if it has it.
    func gap(_ expression: Expression, _ wanted: Bool) -> Gap? {
        do throws(EvaluationError) {
            if try evaluator.evaluate(expression) == .bool(wanted) { return nil }
        } catch {
            // Its parts may all be as they must, and one that fails before them spoil it.
            return parts(expression, wanted) ?? leaf(failing(expression), wanted)
        }
        return parts(expression, wanted)
    }

    /// The part of an expression that fails.
    private func failing(_ expression: Expression) -> Expression {
        switch expression.kind {
        case .not, .and, .or, .conditional:
            for child in expression.kind.children {
                do throws(EvaluationError) {
                    _ = try evaluator.evaluate(child)
                } catch {
                    return failing(child)
                }
            }
            return expression
        default: return expression
        }
    }

    private func parts(_ expression: Expression, _ wanted: Bool) -> Gap? {
        switch expression.kind {
        case .literal(.bool(let value)):
            return value == wanted ? nil : (.never, GapReader.impossible)
        case .not(let operand): return gap(operand, !wanted)
        case .and(let parts): return wanted ? all(parts, true) : any(parts, false)
        case .or(let parts): return wanted ? any(parts, true) : all(parts, false)
        case .conditional(let test, let yes, let no):
            return any([
                all([gap(test, true), gap(yes, wanted)]), all([gap(test, false), gap(no, wanted)]),
            ])
        default: return leaf(expression, wanted)
        }
    }

    /// More than any policy can lack.
    private static let impossible = 1_000_000

    private func all(_ parts: [Expression], _ wanted: Bool) -> Gap? {
        all(parts.map { gap($0, wanted) })
    }

    private func all(_ gaps: [Gap?]) -> Gap? {
        let found = gaps.compactMap { $0 }
        if found.isEmpty { return nil }
        return (.all(found.map(\.phrase)), found.reduce(0) { $0 + $1.size })
    }

    private func any(_ parts: [Expression], _ wanted: Bool) -> Gap? {
        any(parts.map { gap($0, wanted) })
    }

    private func any(_ gaps: [Gap?]) -> Gap? {
        let found = gaps.compactMap { $0 }
        guard found.count == gaps.count else { return nil }
        return (.any(found.map(\.phrase)), found.map(\.size).min() ?? GapReader.impossible)
    }

    private func leaf(_ expression: Expression, _ wanted: Bool) -> Gap? {
        let seen: LocalizedText
        do throws(EvaluationError) {
            let value = try evaluator.evaluate(expression)
            if value == .bool(wanted) { return nil }
            seen = observations(expression)
        } catch {
            seen = LocalizedText(
                fr: " (\(error.message.french))", en: " (\(error.message.english))")
        }
        guard case .atom(let text, let cedar) = words.phrase(expression, is: wanted) else {
            return (.never, GapReader.impossible)
        }
        return (.atom(text.adding(seen), cedar: cedar), 1)
    }

    /// The values that a condition saw; nothing for one that is itself a truth value.
    private func observations(_ expression: Expression) -> LocalizedText {
        if case .attribute = expression.kind { return LocalizedText(fr: "", en: "") }
        var seen: [(LocalizedText, Value)] = []
        collect(expression, &seen)
        if seen.isEmpty { return LocalizedText(fr: "", en: "") }
        let values = seen.map { words.name($0.1.expression) }
        let french = zip(seen, values).map { "\($0.0.french) = \($1.french)" }
            .joined(separator: ", ")
        let english = zip(seen, values).map { "\($0.0.english) = \($1.english)" }
            .joined(separator: ", ")
        return LocalizedText(
            fr: " (vu\u{202F}: \(french))", en: " (seen: \(english))")
    }

    private func collect(_ expression: Expression, _ seen: inout [(LocalizedText, Value)]) {
        switch expression.kind {
        case .variable(.context): return
        case .variable, .attribute, .binary(.getTag, _, _):
            do throws(EvaluationError) {
                seen.append((words.name(expression), try evaluator.evaluate(expression)))
            } catch {
                // What has no value is not shown; the condition itself says that it is missing.
            }
        default: for child in expression.kind.children { collect(child, &seen) }
        }
    }
}
