// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Rewrites formulas that bound their variables too late, by repeating the bound inside.
///
/// `p(x) AND EXISTS y. (r(y) AND x < y)` binds `x` outside only; repeating `p(x)` inside
/// the quantifier makes it monitorable. The rules are those of MonPoly.
struct Rewriter {
    private var budget = Normalizer.nodeCountMax

    /// The rewritten formula, which means the same.
    static func rewrite(_ formula: Formula) throws(TemporalError) -> Formula {
        var rewriter = Rewriter()
        let result = try rewriter.rewrite(formula, depth: 0)
        guard result.depth <= Normalizer.depthMax else { throw rewriter.tooLarge(formula) }
        return result
    }

    private func tooLarge(_ formula: Formula) -> TemporalError {
        TemporalError(.formulaTooLarge, subject: String(formula.description.prefix(40)))
    }

    private func propagates(_ outer: Formula, into inner: Formula) -> Bool {
        let open = inner.freeVariables.subtracting(inner.rangeRestriction.variables)
        let bound = outer.rangeRestriction.variables
        return open.contains { bound.contains($0) }
    }

    private mutating func rewrite(_ formula: Formula, depth: Int) throws(TemporalError) -> Formula {
        budget -= 1
        guard budget > 0, depth < 200 else { throw tooLarge(formula) }
        let next = depth + 1
        switch formula {
        case .connect(.and, let outer, let right):
            if let result = try conjunction(outer, right, depth: next) { return result }
            return .connect(
                .and, try rewrite(outer, depth: next), try conjunct(right, depth: next))
        case .aggregate, .binding: return formula
        default:
            return try formula.mapChildren { (child: Formula) throws(TemporalError) in
                try rewrite(child, depth: next)
            }
        }
    }

    /// The right side of `AND` when nothing was repeated in it: only its parts are rewritten.
    private mutating func conjunct(
        _ formula: Formula, depth: Int
    ) throws(TemporalError) -> Formula {
        switch formula {
        case .aggregate, .binding: return formula
        default:
            return try formula.mapChildren { (child: Formula) throws(TemporalError) in
                try rewrite(child, depth: depth)
            }
        }
    }

    private mutating func conjunction(
        _ outer: Formula, _ right: Formula, depth: Int
    ) throws(TemporalError) -> Formula? {
        func both(_ left: Formula, _ right: Formula) -> Formula { .connect(.and, left, right) }
        budget -= outer.nodeCount
        switch right {
        case .connect(.and, let first, let second) where propagates(outer, into: first):
            let left = try rewrite(both(outer, first), depth: depth)
            return try rewrite(both(left, try rewrite(second, depth: depth)), depth: depth)
        case .connect(.or, let first, let second) where propagates(outer, into: first):
            return .connect(
                .or, try rewrite(both(outer, first), depth: depth),
                try rewrite(both(outer, second), depth: depth))
        case .quantify(.exists, let names, let inner) where propagates(outer, into: inner):
            let renamed = freshNames(for: names, avoiding: both(outer, inner).freeVariables)
            let body = inner.substituting(renamed.mapValues { .variable($0) })
            return both(
                outer,
                .quantify(
                    .exists, names.map { renamed[$0] ?? $0 },
                    try rewrite(both(outer, body), depth: depth)))
        case .not(let inner) where propagates(outer, into: inner) && !right.isCondition:
            return both(outer, .not(try rewrite(both(outer, inner), depth: depth)))
        case .modal(let modality, let interval, let inner)
        where propagates(outer, into: inner) && (modality != .once || interval.upper != nil):
            guard let mirror = modality.mirror else { return nil }
            let bound = Formula.modal(mirror, interval, outer)
            let body = try rewrite(both(bound, inner), depth: depth)
            return both(outer, .modal(modality, interval, body))
        case .chain(let chain, let interval, let first, let second)
        where chain == .until || interval.upper != nil:
            return try repeating(outer, chain, interval, (first, second), depth: depth)
        default: return nil
        }
    }

    private mutating func repeating(
        _ outer: Formula, _ chain: Formula.Chain, _ interval: Interval,
        _ parts: (Formula, Formula), depth: Int
    ) throws(TemporalError) -> Formula? {
        let mirror: Formula.Modality = chain == .since ? .eventually : .once
        var (first, second) = parts
        if propagates(outer, into: first) {
            let whole = Interval(
                from: 0, to: interval.upper, includesUpper: interval.includesUpper)
            first = try rewrite(
                .connect(.and, .modal(mirror, whole, outer), first), depth: depth)
        } else if propagates(outer, into: second) {
            second = try rewrite(
                .connect(.and, .modal(mirror, interval, outer), second), depth: depth)
        } else {
            return nil
        }
        return .connect(.and, outer, .chain(chain, interval, first, second))
    }
}

extension Formula.Modality {
    /// The operator that looks the other way.
    fileprivate var mirror: Formula.Modality? {
        switch self {
        case .previous: .next
        case .next: .previous
        case .once: .eventually
        case .eventually: .once
        case .historically, .always: nil
        }
    }
}
