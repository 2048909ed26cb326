// SPDX-License-Identifier: Apache-2.0

/// Checks how many entities deep a valid policy looks from the request (Cedar RFC 76).
///
/// `principal.manager.name` is of level 2. What a level admits can be fetched before a decision
/// by that many rounds of look-ups. The walk follows the typechecker: what that leaves out as
/// never evaluated is left out here.
struct LevelChecker {
    private let typechecker: Typechecker
    private let limit: Int
    private(set) var errors: [ValidationError] = []
    /// Whether what an expression holds was looked at before, under the same facts.
    private var isRepeated = false

    init(_ typechecker: Typechecker, limit: Int) {
        self.typechecker = typechecker
        self.limit = limit
    }

    private mutating func note(
        _ code: ValidationError.Code, _ facts: [String], _ expression: Expression
    ) {
        errors.append(
            ValidationError(
                code: code, policyID: typechecker.policyID, span: expression.span, facts: facts))
    }

    private func answer(_ expression: Expression, _ prior: Set<Capability>) -> Answer {
        var copy = typechecker
        return copy.check(expression, prior)
    }

    mutating func check(_ expression: Expression, _ prior: Set<Capability>) {
        if isRepeated { return }
        switch expression.kind {
        case .literal, .variable: return
        case .and(let operands): checkChain(operands, stop: .alwaysFalse, prior)
        case .or(let operands): checkChain(operands, stop: .alwaysTrue, prior)
        case .conditional(let test, let yes, let no):
            check(test, prior)
            for (branch, known) in branches(test, yes, no, prior) { check(branch, known) }
        case .binary(.in, let left, let right), .binary(.hasTag, let left, let right),
            .binary(.getTag, let left, let right):
            checkDereference(of: left, in: expression, prior)
            check(right, prior)
        case .isType(let operand, _, let ancestor):
            check(operand, prior)
            guard let ancestor else { return }
            var test = typechecker
            let type = Expression(expression.kind.withoutAncestor, expression.span)
            if test.check(type, prior).type == .alwaysFalse { return }
            isRepeated = true
            checkDereference(of: operand, in: expression, prior)
            isRepeated = false
            check(ancestor, prior)
        case .attribute(let base, _): checkAccess(base, in: expression, prior)
        case .has(let base, let names): checkHas(base, names, in: expression, prior)
        default: for child in expression.kind.children { check(child, prior) }
        }
    }

    private mutating func checkChain(
        _ operands: [Expression], stop: Type, _ prior: Set<Capability>
    ) {
        var known = prior
        var result: Answer?
        for operand in operands {
            check(operand, known)
            let right = answer(operand, known)
            if result == nil {
                result = right
            } else if stop == .alwaysFalse {
                result?.conjoin(right)
            } else {
                result?.disjoin(right)
            }
            if result?.type == stop { return }
            // What a conjunct established helps those after it; what a disjunct did does not.
            if stop == .alwaysFalse { known.formUnion(right.capabilities) }
        }
    }

    private func branches(
        _ test: Expression, _ yes: Expression, _ no: Expression, _ prior: Set<Capability>
    ) -> [(Expression, Set<Capability>)] {
        let result = answer(test, prior)
        let known = prior.union(result.capabilities)
        switch result.type {
        case .alwaysTrue: return [(yes, known)]
        case .alwaysFalse: return [(no, prior)]
        default: return [(yes, known), (no, prior)]
        }
    }

    private func isEntity(_ expression: Expression, _ prior: Set<Capability>) -> Bool {
        if case .entity? = answer(expression, prior).type { return true }
        return false
    }

    private mutating func checkAccess(
        _ base: Expression, in whole: Expression, _ prior: Set<Capability>
    ) {
        if isEntity(base, prior) {
            checkDereference(of: base, in: whole, prior)
        } else {
            check(base, prior)
        }
    }

    /// `e has a.b` looks into `e`, and into `e.a` if `e` has `a`.
    private mutating func checkHas(
        _ base: Expression, _ names: [String], in whole: Expression, _ prior: Set<Capability>
    ) {
        var path = base
        var known = prior
        defer { isRepeated = false }
        for name in names {
            checkAccess(path, in: whole, known)
            // The rest of the path holds the same base again.
            isRepeated = true
            let result = answer(Expression(.has(path, [name]), whole.span), known)
            if result.type == .alwaysFalse { return }
            known.formUnion(result.capabilities)
            path = Expression(.attribute(path, name), whole.span)
        }
    }

    private mutating func checkDereference(
        of target: Expression, in whole: Expression, _ prior: Set<Capability>
    ) {
        let level = targetLevel(target, [], prior)
        if level >= limit { note(.levelExceeded, ["\(level + 1)", "\(limit)"], whole) }
    }

    /// How deep an entity is that is about to be looked into.
    ///
    /// The path holds the attributes of records that follow, so that of a record literal only the
    /// field that is read counts as looked into.
    private mutating func targetLevel(
        _ expression: Expression, _ path: [String], _ prior: Set<Capability>
    ) -> Int {
        switch expression.kind {
        case .literal(.entity(let uid)):
            if uid != typechecker.environment.action { note(.literalDereference, [], expression) }
            return 0
        case .conditional(let test, let yes, let no):
            check(test, prior)
            return branches(test, yes, no, prior).map { targetLevel($0.0, path, $0.1) }.max() ?? 0
        case .attribute(let base, let name):
            if isEntity(base, prior) { return targetLevel(base, path, prior) + 1 }
            return targetLevel(base, path + [name], prior)
        case .binary(.getTag, let base, let tag):
            let level = targetLevel(base, path, prior)
            check(tag, prior)
            return level + 1
        case .record(let fields):
            var level = 0
            for field in fields {
                if let name = path.last, field.key.hasSameBytes(as: name) {
                    level = targetLevel(field.value, Array(path.dropLast()), prior)
                } else {
                    check(field.value, prior)
                }
            }
            return level
        default: return 0
        }
    }
}

extension Expression.Kind {
    /// `e is T` of `e is T in x`.
    fileprivate var withoutAncestor: Expression.Kind {
        guard case .isType(let operand, let type, _) = self else { return self }
        return .isType(operand, type, in: nil)
    }
}
