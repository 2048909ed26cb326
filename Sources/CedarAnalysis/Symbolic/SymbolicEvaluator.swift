// SPDX-License-Identifier: Apache-2.0

import Cedar

/// The values and operators that the policies of a question use, which say which values matter.
struct Vocabulary: Sendable {
    /// The constants, with the elements of sets and the members of records.
    private(set) var constants: Set<Value> = []
    /// How many paths lead to numbers that are open.
    private(set) var numberCount = 0
    /// Whether numbers are computed from others, so that the constants alone do not show which
    /// numbers matter.
    private(set) var computesNumbers = false
    /// Whether texts are matched with patterns.
    private(set) var matchesTexts = false
    /// Whether more than equality is asked of addresses.
    private(set) var looksIntoAddresses = false

    init(_ expressions: [Expression], _ evaluator: PartialEvaluator) {
        var paths: Set<Text> = []
        for expression in expressions { collect(expression, evaluator, &paths) }
        numberCount = paths.count
    }

    private mutating func collect(
        _ expression: Expression, _ evaluator: PartialEvaluator, _ paths: inout Set<Text>
    ) {
        if case .value(let value) = evaluator.reduce(expression) { return add(value) }
        switch expression.kind {
        case .attribute, .binary(.getTag, _, _):
            let type = evaluator.types.type(of: expression)
            if type.map({ NumberConstraint.Kind($0) != nil }) ?? true {
                paths.insert(Text(WrittenExpression.text(expression)))
            }
        case .negate, .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _):
            computesNumbers = true
        case .like: matchesTexts = true
        case .call(let function, _):
            if function.typeName == "ipaddr" { looksIntoAddresses = true }
            if function.resultType != .bool { computesNumbers = true }
        default: break
        }
        for child in expression.kind.children { collect(child, evaluator, &paths) }
    }

    private mutating func add(_ value: Value) {
        constants.insert(value)
        switch value {
        case .set(let set): set.elements.forEach { add($0) }
        case .record(let record): record.values.forEach { add($0) }
        default: break
        }
    }
}

/// Evaluates expressions under assumptions, and says what to settle next where they do not suffice.
///
/// It evaluates in Cedar's order, and leaves every computation on known values to Cedar's own
/// evaluator.
struct SymbolicEvaluator {
    let setting: TypeSetting
    let schema: Schema
    let vocabulary: Vocabulary
    let model: Model
    /// Which assumptions were looked at.
    let reads = ReadLog()

    init(_ question: Question, _ model: Model) {
        setting = question.setting
        schema = question.schema
        vocabulary = question.vocabulary
        self.model = model
    }

    /// What is known of the value of an expression.
    enum Outcome {
        case value(Value)
        case failure
        /// The value at a place of this type, which is open but for what is assumed of it.
        case open(Place, Type)
        case needs(Choice)
    }

    func evaluate(_ expression: Expression) -> Outcome {
        switch expression.kind {
        case .literal(let value): return .value(value)
        case .variable(let variable): return evaluate(variable)
        case .not, .negate, .call, .set, .record: return strict(expression)
        case .and(let operands): return chain(operands, neutral: true)
        case .or(let operands): return chain(operands, neutral: false)
        case .conditional(let test, let yes, let no):
            let outcome = closed(evaluate(test))
            guard case .value(.bool(let holds)) = outcome else { return failing(outcome) }
            return evaluate(holds ? yes : no)
        case .binary(let operation, let left, let right):
            return binary(operation, left, right, expression)
        case .isEmpty(let operand):
            guard case .open(let place, .set) = evaluate(operand) else {
                return strict(expression)
            }
            return test(.within(ValueSet([])), at: place)
        case .attribute(let base, let name): return attribute(name, of: base)
        case .has(let base, let names): return has(base, names)
        case .like(let operand, let pattern):
            guard case .open(let place, .string) = evaluate(operand) else {
                return strict(expression)
            }
            return test(.like(pattern), at: place)
        case .isType(let operand, let type, let ancestor):
            let outcome = evaluate(operand)
            guard case .value(.entity(let uid)) = outcome else { return failing(outcome) }
            guard uid.type.hasSameBytes(as: type) else { return .value(.bool(false)) }
            guard let ancestor else { return .value(.bool(true)) }
            let subject = Expression(.literal(.entity(uid)), operand.span)
            return binary(.in, subject, ancestor, expression)
        }
    }

    private func evaluate(_ variable: Variable) -> Outcome {
        switch variable {
        case .principal: resolve(.principal, .entity([setting.principal ?? ""]))
        case .resource: resolve(.resource, .entity([setting.resource ?? ""]))
        case .action: setting.action.map { .value(.entity($0)) } ?? .failure
        case .context:
            .open(.context([]), .record(setting.contextType))
        }
    }

    /// The value at a place, as far as it is settled: entities and truth values are settled before
    /// anything is asked of them.
    func resolve(_ place: Place, _ type: Type) -> Outcome {
        reads.note(.place(place), of: model)
        if let value = model.values[place] { return .value(value) }
        switch type {
        case .entity(let names): return .needs(.entity(place, type: names.first ?? ""))
        case .bool: return .needs(.value(place, .bool, isExact: true))
        default: return .open(place, type)
        }
    }

    func test(_ test: PlaceTest, at place: Place) -> Outcome {
        reads.note(.place(place), of: model)
        if let answer = model.constraints[place]?.answer(to: test) { return .value(.bool(answer)) }
        return .needs(.test(place, test))
    }

    /// An outcome that is no value of the kind that was looked for.
    func failing(_ outcome: Outcome) -> Outcome {
        switch outcome {
        case .value, .open, .failure: .failure
        case .needs: outcome
        }
    }

    /// The outcome with its value chosen, where it was open.
    func closed(_ outcome: Outcome, isOpaque: Bool = false) -> Outcome {
        guard case .open(let place, let type) = outcome else { return outcome }
        if case .record(let record) = type { return closed(record, at: place, isOpaque) }
        return .needs(.value(place, type, isExact: !isOpaque && isExact(type)))
    }

    private func closed(_ record: RecordType, at place: Place, _ isOpaque: Bool) -> Outcome {
        var fields: [(String, Value)] = []
        for field in record.attributes {
            let member = place.member(field.name)
            if !field.attribute.isRequired {
                reads.note(.place(member), of: model)
                guard let isPresent = model.presence[member] else {
                    return .needs(.presence(member))
                }
                if !isPresent { continue }
            }
            let outcome = closed(resolve(member, field.attribute.type), isOpaque: isOpaque)
            guard case .value(let value) = outcome else { return outcome }
            fields.append((field.name.string, value))
        }
        return .value(.record(Record(fields)))
    }

    /// Whether the values at hand stand for all values of the type, as far as the policies can tell.
    private func isExact(_ type: Type) -> Bool {
        switch type {
        case .bool, .entity: true
        case .string: !vocabulary.matchesTexts
        case .long, .extended("datetime"), .extended("duration"), .extended("decimal"):
            !vocabulary.computesNumbers
        case .extended("ipaddr"): !vocabulary.looksIntoAddresses
        default: false
        }
    }

    /// An operator on known values, left to Cedar's evaluator once all are known.
    func strict(_ expression: Expression) -> Outcome {
        var parts: [Expression] = []
        for child in expression.kind.children {
            let outcome = closed(evaluate(child), isOpaque: true)
            guard case .value(let value) = outcome else { return outcome }
            parts.append(value.expression)
        }
        let rebuilt = Expression(expression.kind.with(children: parts))
        let nobody = EntityUID(type: "", id: "")
        let request = Request(principal: nobody, action: nobody, resource: nobody)
        do throws(EvaluationError) {
            return .value(try Evaluator(request: request, entities: .empty).evaluate(rebuilt))
        } catch {
            return .failure
        }
    }

    private func chain(_ operands: [Expression], neutral: Bool) -> Outcome {
        for operand in operands {
            let outcome = evaluate(operand)
            guard case .value(.bool(let bool)) = outcome else { return failing(outcome) }
            if bool != neutral { return outcome }
        }
        return .value(.bool(neutral))
    }
}
