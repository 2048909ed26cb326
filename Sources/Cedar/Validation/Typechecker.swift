// SPDX-License-Identifier: Apache-2.0

/// A fact that an expression established: an attribute or a tag is there.
struct Capability: Hashable {
    enum Key: Hashable {
        case attribute(Text)
        case tag(String)
    }

    /// The base expression, as text: two expressions with the same text are the same tree.
    let base: String
    let key: Key
}

/// What checking an expression gave.
///
/// A failed check still says what type the rest may assume.
struct Answer {
    var type: Type?
    var capabilities: Set<Capability> = []
    var isSound = true

    static func sound(_ type: Type, _ capabilities: Set<Capability> = []) -> Answer {
        Answer(type: type, capabilities: capabilities)
    }

    static func failed(_ type: Type?) -> Answer {
        Answer(type: type, capabilities: [], isSound: false)
    }

    /// This answer, failed if one of the operands failed.
    func after(_ operands: Answer...) -> Answer {
        operands.allSatisfy(\.isSound) ? self : .failed(type)
    }
}

extension Answer {
    /// Makes this the answer for `this && right`.
    mutating func conjoin(_ right: Answer) {
        isSound = isSound && right.isSound
        if type == nil || right.type == nil {
            type = .bool
        } else if right.type == .alwaysFalse {
            type = .alwaysFalse
        } else if type != .alwaysTrue || right.type != .alwaysTrue {
            type = .bool
        }
        // In place: a chain of a thousand facts copies none of them.
        if isSound { capabilities.formUnion(right.capabilities) } else { capabilities = [] }
    }

    /// Makes this the answer for `this || right`.
    mutating func disjoin(_ right: Answer) {
        let joined: Answer
        switch (type, right.type) {
        case (nil, _), (_, nil): joined = .failed(.bool)
        case (_, .alwaysTrue): joined = .sound(.alwaysTrue, right.capabilities)
        case (.alwaysFalse, _): joined = .sound(right.type ?? .bool, right.capabilities)
        case (_, .alwaysFalse): joined = .sound(type ?? .bool, capabilities)
        default: joined = .sound(.bool, capabilities.intersection(right.capabilities))
        }
        self = joined.after(self, right)
    }
}

/// The types of a request that an action admits.
struct RequestEnvironment {
    let principal: String
    let action: EntityUID
    let resource: String
    let context: RecordType
}

/// Checks one policy in one request environment, in the order of Cedar's validator.
struct Typechecker {
    let schema: Schema
    let mode: ValidationMode
    let environment: RequestEnvironment
    let policyID: PolicyID
    var errors: [ValidationError] = []
    var printer = ExpressionPrinter()
    /// The variables that are not of the type that their place takes.
    var mistyped: Set<SourceSpan> = []

    init(
        _ schema: Schema, _ mode: ValidationMode, _ environment: RequestEnvironment,
        _ policyID: PolicyID
    ) {
        self.schema = schema
        self.mode = mode
        self.environment = environment
        self.policyID = policyID
    }

    mutating func note(
        _ code: ValidationError.Code, _ facts: [String], _ expression: Expression
    ) {
        errors.append(
            ValidationError(code: code, policyID: policyID, span: expression.span, facts: facts))
    }

    mutating func check(_ expression: Expression, _ prior: Set<Capability>) -> Answer {
        switch expression.kind {
        case .literal(let value): return literal(value)
        case .variable(let variable): return .sound(type(of: variable))
        case .not(let operand):
            let answer = expect(operand, [.bool], prior)
            return Answer.sound(Self.negated(answer.type)).after(answer)
        case .negate(let operand):
            let answer = expect(operand, [.long], prior)
            return Answer.sound(.long).after(answer)
        case .and(let operands): return checkAnd(expression, operands, prior)
        case .or(let operands): return checkOr(expression, operands, prior)
        case .conditional(let test, let yes, let no):
            return checkConditional(expression, test, yes, no, prior)
        case .binary(let operation, let left, let right):
            return checkBinary(operation, left, right, expression, prior)
        case .isEmpty(let operand):
            let answer = expect(operand, [.set(nil)], prior)
            return Answer.sound(.bool).after(answer)
        case .attribute(let base, let name): return checkAttribute(expression, base, name, prior)
        case .has(let base, let names): return checkHas(expression, base, names, prior)
        case .like(let operand, _):
            let answer = expect(operand, [.string], prior)
            return Answer.sound(.bool).after(answer)
        case .isType(let operand, let type, let ancestor):
            return checkIs(expression, operand, type, ancestor, prior)
        case .set(let elements): return checkSet(expression, elements, prior)
        case .record(let fields): return checkRecord(fields, prior)
        case .call(let function, let arguments):
            return checkCall(expression, function, arguments, prior)
        }
    }

    private func literal(_ value: Value) -> Answer {
        switch value {
        case .bool(let bool): return .sound(bool ? .alwaysTrue : .alwaysFalse)
        case .int: return .sound(.long)
        case .string: return .sound(.string)
        case .entity(let uid):
            let isKnown =
                uid.isAction ? schema.actions[uid] != nil : schema.entityTypes[uid.type] != nil
            return isKnown ? .sound(.oneEntity(uid.type)) : .failed(nil)
        default: return .failed(nil)
        }
    }

    func type(of variable: Variable) -> Type {
        switch variable {
        case .principal: .oneEntity(environment.principal)
        case .action: .oneEntity(environment.action.type)
        case .resource: .oneEntity(environment.resource)
        case .context: .record(environment.context)
        }
    }

    private static func negated(_ type: Type?) -> Type {
        switch type {
        case .alwaysTrue: .alwaysFalse
        case .alwaysFalse: .alwaysTrue
        default: .bool
        }
    }

    /// Checks an expression that must be of one of some types.
    ///
    /// Errors of one place and kind are reported once, unless their `advice` differs.
    mutating func expect(
        _ expression: Expression, _ expected: [Type], _ prior: Set<Capability>,
        advice: String = ""
    ) -> Answer {
        admit(check(expression, prior), expression, expected, advice: advice)
    }

    /// Judges what an expression was found to be, without checking it again.
    mutating func admit(
        _ answer: Answer, _ expression: Expression, _ expected: [Type], advice: String = ""
    ) -> Answer {
        guard let type = answer.type else { return .failed(nil) }
        if expected.contains(where: { type.isSubtype(of: $0, mode) || $0.admitsAny(type) }) {
            return answer
        }
        let names = expected.map(\.description).joined(separator: ", or ")
        if case .variable = expression.kind { mistyped.insert(expression.span) }
        note(.unexpectedType, [names, type.description, type.advice(for: advice)], expression)
        return .failed(nil)
    }

    private mutating func checkAnd(
        _ whole: Expression, _ operands: [Expression], _ prior: Set<Capability>
    ) -> Answer {
        var result = expect(operands[0], [.bool], prior)
        var known = prior.union(result.capabilities)
        for (index, operand) in operands.enumerated().dropFirst() {
            guard result.type != .alwaysFalse else {
                printer.reached[whole.span] = index
                break
            }
            let right = expect(operand, [.bool], known)
            result.conjoin(right)
            if result.isSound { known.formUnion(right.capabilities) } else { known = prior }
        }
        return result
    }

    private mutating func checkOr(
        _ whole: Expression, _ operands: [Expression], _ prior: Set<Capability>
    ) -> Answer {
        var result = expect(operands[0], [.bool], prior)
        for (index, operand) in operands.enumerated().dropFirst() {
            guard result.type != .alwaysTrue else {
                printer.reached[whole.span] = index
                break
            }
            result.disjoin(expect(operand, [.bool], prior))
        }
        return result
    }

    private mutating func checkConditional(
        _ whole: Expression, _ test: Expression, _ yes: Expression, _ no: Expression,
        _ prior: Set<Capability>
    ) -> Answer {
        let guardAnswer = expect(test, [.bool], prior)
        let known = prior.union(guardAnswer.capabilities)
        if guardAnswer.type == .alwaysTrue {
            printer.outcomes[whole.span] = true
            let answer = check(yes, known)
            guard let type = answer.type else { return .failed(nil) }
            let capabilities = answer.capabilities.union(guardAnswer.capabilities)
            return Answer.sound(type, capabilities).after(guardAnswer, answer)
        }
        if guardAnswer.type == .alwaysFalse {
            printer.outcomes[whole.span] = false
            let answer = check(no, prior)
            guard answer.type != nil else { return .failed(nil) }
            return answer.after(guardAnswer, answer)
        }
        let yesAnswer = check(yes, known)
        let noAnswer = check(no, prior)
        guard let a = yesAnswer.type, let b = noAnswer.type else { return .failed(nil) }
        guard let type = join([a, b], whole) else { return .failed(nil) }
        let capabilities = yesAnswer.capabilities.union(guardAnswer.capabilities)
            .intersection(noAnswer.capabilities)
        return Answer.sound(type, capabilities).after(guardAnswer, yesAnswer, noAnswer)
    }

    /// The type above all of these, or an error that they are not compatible.
    mutating func join(_ types: [Type], _ expression: Expression) -> Type? {
        if let type = Type.joined(types, mode) { return type }
        var unique: [Type] = []
        for type in types.sorted(by: { $0.ordered(with: $1) == .before })
        where unique.last != type {
            unique.append(type)
        }
        let names = unique.map(\.description)
        let list =
            names.count == 2
            ? names.joined(separator: " and ")
            : names.dropLast().joined(separator: ", ") + ", and " + (names.last ?? "")
        note(.incompatibleTypes, [list], expression)
        return nil
    }
}

extension Type {
    /// The advice that an error carries: for `has`, only texts and sets have another operator.
    func advice(for place: String) -> String {
        guard place == "has" else { return place }
        switch self {
        case .string, .set: return place
        default: return ""
        }
    }

    /// Whether this is the open record that attribute access accepts, and the type a record.
    func admitsAny(_ type: Type) -> Bool {
        guard case .record(let mine) = self, mine.isOpen, mine.attributes.isEmpty,
            case .record = type
        else { return false }
        return true
    }
}
