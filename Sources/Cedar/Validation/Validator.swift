// SPDX-License-Identifier: Apache-2.0

/// What a schema says about a set of policies.
public struct ValidationResult: Sendable {
    /// The errors, sorted by policy and place.
    public let errors: [ValidationError]
    /// The warnings: policies that can never apply, and texts that may mislead a reader.
    public let warnings: [ValidationError]

    /// Whether there is no error.
    public var isValid: Bool { errors.isEmpty }
}

extension Schema {
    /// Checks every policy and template of a set.
    ///
    /// With a level, valid policies that look more entities deep than that are errors too
    /// (Cedar RFC 76).
    public func validate(
        _ policySet: PolicySet, mode: ValidationMode = .strict, level: Int? = nil
    ) -> ValidationResult {
        var errors: [ValidationError] = []
        var warnings: [ValidationError] = []
        var safety = TextSafety()
        // A linked policy was checked as its template.
        for policy in policySet.policies.filter({ $0.link == nil }) + policySet.templates {
            let (found, isImpossible) = validate(policy, mode)
            errors += found
            if isImpossible {
                warnings.append(
                    ValidationError(
                        code: .impossiblePolicy, policyID: policy.id, span: policy.span,
                        facts: []))
            }
            warnings += safety.warnings(policy)
            if found.isEmpty, let level { errors += levelErrors(policy, mode, level) }
        }
        return ValidationResult(errors: errors, warnings: warnings)
    }

    private func validate(
        _ policy: Policy, _ mode: ValidationMode
    ) -> (errors: [ValidationError], isImpossible: Bool) {
        var errors = nameErrors(policy)
        if !hasApplicableAction(policy) {
            errors.append(
                ValidationError(
                    code: .noApplicableAction, policyID: policy.id, span: policy.span, facts: []))
        }
        let condition = policy.conditionExpression
        let chains = condition.memberChains
        var seen: Set<ValidationError> = []
        var isImpossible = true
        forEachEnvironment { environment in
            var checker = Typechecker(self, mode, environment, policy.id)
            let answer = checker.expect(condition, [.bool], [])
            if answer.type != .alwaysFalse { isImpossible = false }
            for error in checker.errors {
                // In the JSON format, as in Cedar, no place tells equal errors apart.
                let place =
                    policy.source.isJSON ? .none : chains[error.span] ?? error.span
                if seen.insert(error.moved(to: place)).inserted { errors.append(error) }
            }
        }
        errors.sort { ($0.span.lower, $0.message) < ($1.span.lower, $1.message) }
        return (errors, isImpossible)
    }

    private func levelErrors(
        _ policy: Policy, _ mode: ValidationMode, _ level: Int
    ) -> [ValidationError] {
        let condition = policy.conditionExpression
        var errors: Set<ValidationError> = []
        forEachEnvironment { environment in
            let typechecker = Typechecker(self, mode, environment, policy.id)
            var checker = LevelChecker(typechecker, limit: level)
            checker.check(condition, [])
            errors.formUnion(checker.errors)
        }
        return errors.sorted { ($0.span.lower, $0.message) < ($1.span.lower, $1.message) }
    }

    /// Every combination of types that an action admits, one at a time: there can be many.
    private func forEachEnvironment(_ body: (RequestEnvironment) -> Void) {
        for action in actions.values {
            for principal in Set(action.principals) {
                for resource in Set(action.resources) {
                    body(
                        RequestEnvironment(
                            principal: principal, action: action.uid, resource: resource,
                            context: action.context))
                }
            }
        }
    }

    private func nameErrors(_ policy: Policy) -> [ValidationError] {
        var errors: [ValidationError] = []
        policy.conditionExpression.visitExpanded { expression, count in
            func note(_ code: ValidationError.Code, _ facts: [String]) {
                let error = ValidationError(
                    code: code, policyID: policy.id, span: expression.span, facts: facts)
                errors += Array(repeating: error, count: count)
            }
            switch expression.kind {
            case .isType(_, let type, _):
                if !EntityUID.isActionType(type), entityTypes[type] == nil {
                    note(.unknownEntityType, [type])
                }
            case .literal(.entity(let uid)):
                let shown = ExpressionPrinter.literal(.entity(uid))
                if uid.isAction {
                    if actions[uid] == nil { note(.unknownAction, [shown]) }
                } else if let type = entityTypes[uid.type] {
                    if let ids = type.enumeration, !ids.map(Text.init).contains(Text(uid.id)) {
                        note(.invalidEnumEntity, [shown, StringEscapes.shown(uid.id)])
                    }
                } else {
                    note(.unknownEntityType, [uid.type])
                }
            default: break
            }
        }
        return errors
    }

    /// Whether some action that the scope admits applies to types that the scope admits.
    private func hasApplicableAction(_ policy: Policy) -> Bool {
        let principals = types(admittedBy: policy.scope.principal)
        let resources = types(admittedBy: policy.scope.resource)
        let groups = policy.scope.action
        // One undeclared action leaves the whole list without meaning.
        guard groups.actions.allSatisfy({ actions[$0] != nil }) else { return false }
        return actions.values.contains { action in
            let isAdmitted =
                switch groups {
                case .any: true
                case .equal(let uid): action.uid == uid
                case .in, .inAny:
                    groups.actions.contains { action.uid == $0 || action.ancestors.contains($0) }
                }
            return isAdmitted && action.principals.contains(where: principals.contains)
                && action.resources.contains(where: resources.contains)
        }
    }

    private func types(admittedBy constraint: ScopeConstraint) -> Set<String> {
        let all = Set(entityTypes.keys)
        switch constraint {
        case .any, .equal(.slot), .in(.slot): return all
        case .equal(.uid(let uid)): return [uid.type]
        case .in(.uid(let uid)): return all.filter { mayBeIn($0, uid.type) }
        case .isType(let type), .isTypeIn(let type, .slot): return [type]
        case .isTypeIn(let type, .uid(let uid)): return mayBeIn(type, uid.type) ? [type] : []
        }
    }
}

extension Expression {
    /// The whole chain of attributes and methods for each part of one: `a.b.c.d()` for `a.b`.
    ///
    /// Of two equal errors in one chain Cedar reports the first.
    fileprivate var memberChains: [SourceSpan: SourceSpan] {
        var chains: [SourceSpan: SourceSpan] = [:]
        visit { expression in
            // In parentheses, a base begins after the chain does.
            guard let base = expression.receiver, base.receiver != nil,
                base.span.lower == expression.span.lower
            else { return }
            chains[base.span] = chains[expression.span] ?? expression.span
        }
        return chains
    }

    /// What an access or a method is applied to.
    private var receiver: Expression? {
        switch kind {
        case .attribute(let base, _), .isEmpty(let base): base
        case .binary(.contains, let base, _), .binary(.containsAll, let base, _),
            .binary(.containsAny, let base, _), .binary(.getTag, let base, _),
            .binary(.hasTag, let base, _):
            base
        case .call(let function, let arguments): function.isConstructor ? nil : arguments.first
        default: nil
        }
    }

    func visit(_ body: (Expression) -> Void) {
        body(self)
        for child in kind.children { child.visit(body) }
    }

    /// Visits each part once, with how often it stands in what the expression is short for:
    /// `e has a.b` names `e` twice, as does `e is T in x`.
    func visitExpanded(_ count: Int = 1, _ body: (Expression, Int) -> Void) {
        body(self, count)
        func times(_ factor: Int) -> Int { min(count * factor, Expression.repetitionLimit) }
        switch kind {
        case .has(let base, let names): base.visitExpanded(times(names.count), body)
        case .isType(let operand, _, let ancestor?):
            operand.visitExpanded(times(2), body)
            ancestor.visitExpanded(count, body)
        default: for child in kind.children { child.visitExpanded(count, body) }
        }
    }

    /// An error is reported no more often than this, however deep its place is nested.
    private static var repetitionLimit: Int { 64 }
}

extension Policy {
    private static var nestedClauses: Int { 100 }

    /// Scope and conditions as one expression.
    package var conditionExpression: Expression {
        var parts = scopeTests
        let clauses = conditions.map { condition in
            let expression = condition.expression
            return condition.isUnless ? Expression(.not(expression), expression.span) : expression
        }
        // The clauses are one operand, from the right: what one establishes helps the next,
        // whatever the scope and the clauses before. Beyond a depth they are a flat chain.
        var nested = clauses.prefix(Self.nestedClauses)[...]
        let rest = clauses.dropFirst(Self.nestedClauses)
        if let last = nested.popLast() {
            let tail = [last] + rest
            var body = rest.isEmpty ? last : Expression(.and(tail), last.span)
            while let clause = nested.popLast() {
                body = Expression(.and([clause, body]), clause.span.joined(body.span))
            }
            parts.append(body)
        }
        return Expression(.and(parts), span)
    }

    /// What the scope asks of principal, action and resource, as expressions.
    var scopeTests: [Expression] {
        [
            Self.test(scope.principal, .principal, scope.spans.first ?? .none),
            actionTest,
            Self.test(scope.resource, .resource, scope.spans.last ?? .none),
        ]
    }

    private static func test(
        _ constraint: ScopeConstraint, _ variable: Variable, _ span: SourceSpan
    ) -> Expression {
        let subject = Expression(.variable(variable), span)
        func entity(_ reference: EntityReference) -> Expression {
            // An unfilled slot can be any entity of the variable's own type.
            guard case .uid(let uid) = reference else { return subject }
            return Expression(.literal(.entity(uid)), span)
        }
        switch constraint {
        case .any: return Expression(.literal(.bool(true)), span)
        case .equal(let reference):
            return Expression(.binary(.equal, subject, entity(reference)), span)
        case .in(let reference):
            return Expression(.binary(.in, subject, entity(reference)), span)
        case .isType(let type): return Expression(.isType(subject, type, in: nil), span)
        case .isTypeIn(let type, let reference):
            return Expression(.isType(subject, type, in: entity(reference)), span)
        }
    }

    private var actionTest: Expression {
        let span = scope.spans.count > 1 ? scope.spans[1] : .none
        let subject = Expression(.variable(.action), span)
        func literal(_ uid: EntityUID) -> Expression {
            Expression(.literal(.entity(uid)), span)
        }
        switch scope.action {
        case .any: return Expression(.literal(.bool(true)), span)
        case .equal(let uid): return Expression(.binary(.equal, subject, literal(uid)), span)
        case .in(let uid): return Expression(.binary(.in, subject, literal(uid)), span)
        case .inAny(let uids):
            let set = Expression(.set(uids.map(literal)), span)
            return Expression(.binary(.in, subject, set), span)
        }
    }
}
