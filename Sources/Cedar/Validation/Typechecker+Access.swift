// SPDX-License-Identifier: Apache-2.0

extension Typechecker {
    private static let accessible: [Type] = [
        .anyEntity, .record(RecordType([], isOpen: true)),
    ]

    /// The attribute of a type; for several entity types, what they have in common.
    private func attribute(_ name: String, of type: Type) -> AttributeType? {
        switch type {
        case .record(let record): return record[name]
        case .entity(let names):
            var result: AttributeType?
            for entityType in names {
                guard let found = schema.entityTypes[entityType]?.attributes[name] else {
                    return nil
                }
                guard let known = result else {
                    result = found
                    continue
                }
                guard let joined = known.type.joined(found.type, mode) else { return nil }
                result = AttributeType(
                    type: joined, isRequired: known.isRequired && found.isRequired)
            }
            return result
        default: return nil
        }
    }

    /// Whether a value of the type can have the attribute at all.
    private func mayHave(_ name: String, _ type: Type) -> Bool {
        switch type {
        case .record(let record): record.isOpen || record[name] != nil
        case .entity(let names):
            names.contains { schema.entityTypes[$0]?.attributes[name] != nil }
        default: true
        }
    }

    private func capability(_ base: Expression, _ name: String) -> Capability {
        Capability(base: ExpressionPrinter().text(base), key: .attribute(Text(name)))
    }

    mutating func checkAttribute(
        _ whole: Expression, _ base: Expression, _ name: String, _ prior: Set<Capability>
    ) -> Answer {
        attributeAnswer(whole, base, check(base, prior), name, prior)
    }

    /// The answer for an access to an expression that was checked before.
    private mutating func attributeAnswer(
        _ whole: Expression, _ base: Expression, _ found: Answer, _ name: String,
        _ prior: Set<Capability>
    ) -> Answer {
        let answer = admit(found, base, Self.accessible)
        guard let type = answer.type else { return .failed(nil) }
        if !answer.isSound, !Self.isAccessible(type) { return .failed(nil) }
        guard let attribute = attribute(name, of: type) else {
            note(.unknownAttribute, describe(base, type, name), whole)
            return .failed(nil)
        }
        if attribute.isRequired || prior.contains(capability(base, name)) {
            return Answer.sound(attribute.type).after(answer)
        }
        note(.unsafeAttribute, describe(base, type, name), whole)
        return .failed(attribute.type)
    }

    private static func isAccessible(_ type: Type) -> Bool {
        switch type {
        case .record, .entity, .anyEntity: true
        default: false
        }
    }

    /// The path of attributes from the nearest entity or the context, and which that is.
    private func describe(_ base: Expression, _ type: Type, _ name: String) -> [String] {
        var path = [name]
        var expression = base
        while true {
            if case .entity(let names)? = entityType(of: expression) {
                return [Self.dotted(path), names.count == 1 ? "entity" : "entities"] + names
            }
            switch expression.kind {
            case .variable(.context):
                let action = ExpressionPrinter.literal(.entity(environment.action))
                return [Self.dotted(path), "context", action]
            case .attribute(let next, let key):
                path.append(key)
                expression = next
            default: return [Self.dotted(path), ""]
            }
        }
    }

    /// The type of an expression if it is an entity, without noting errors again.
    private func entityType(of expression: Expression) -> Type? {
        var copy = self
        copy.errors = []
        let type = copy.check(expression, []).type
        guard case .entity = type else { return nil }
        return type
    }

    private static func dotted(_ path: [String]) -> String {
        path.reversed().reduce(into: "") { text, name in
            let step = ExpressionPrinter.access(name)
            text += text.isEmpty && step.hasPrefix(".") ? String(step.dropFirst()) : step
        }
    }

    /// `e has a.b` is checked as `e has a && e.a has b`, and `e` once.
    mutating func checkHas(
        _ whole: Expression, _ base: Expression, _ names: [String], _ prior: Set<Capability>
    ) -> Answer {
        var path = base
        var found = check(base, prior)
        var result = hasAnswer(whole, path, found, names[0], prior)
        for (index, (previous, name)) in zip(names, names.dropFirst()).enumerated() {
            guard result.type != .alwaysFalse else {
                printer.reached[whole.span] = index + 1
                break
            }
            let known = prior.union(result.capabilities)
            let access = Expression(.attribute(path, previous), whole.span)
            found = attributeAnswer(access, path, found, previous, known)
            path = access
            let right = hasAnswer(whole, path, found, name, known)
            let type: Type =
                right.type == .alwaysFalse
                ? .alwaysFalse
                : result.type == .alwaysTrue && right.type == .alwaysTrue ? .alwaysTrue : .bool
            result = Answer.sound(type, result.capabilities.union(right.capabilities))
                .after(result, right)
        }
        return result
    }

    /// The answer for one `has` of an expression that was checked before.
    private mutating func hasAnswer(
        _ whole: Expression, _ base: Expression, _ found: Answer, _ name: String,
        _ prior: Set<Capability>
    ) -> Answer {
        let answer = admit(found, base, Self.accessible, advice: "has")
        guard let type = answer.type else { return .failed(.bool) }
        guard Self.isAccessible(type) else { return .failed(.bool) }
        let fact = capability(base, name)
        guard let attribute = attribute(name, of: type) else {
            return Answer.sound(mayHave(name, type) ? .bool : .alwaysFalse).after(answer)
        }
        var isCertain = prior.contains(fact)
        if case .record = type, attribute.isRequired { isCertain = true }
        return Answer.sound(isCertain ? .alwaysTrue : .bool, [fact]).after(answer)
    }

    mutating func checkTag(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
        _ whole: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let a = expect(left, [.anyEntity], prior)
        let b = expect(right, [.string], prior)
        guard a.isSound || a.type != .anyEntity, case .entity(let names) = a.type else {
            return .failed(nil)
        }
        let fact = Capability(
            base: ExpressionPrinter().text(left), key: .tag(ExpressionPrinter().text(right)))
        let tagTypes = names.compactMap { schema.entityTypes[$0]?.tags }
        if operation == .hasTag {
            if tagTypes.isEmpty { return Answer.sound(.alwaysFalse).after(a, b) }
            return Answer.sound(prior.contains(fact) ? .alwaysTrue : .bool, [fact]).after(a, b)
        }
        guard prior.contains(fact) else {
            // One error for each typing of the tag, as Cedar reports them.
            let place = names.count == 1 ? "entity" : "entities"
            let typing = "\(typing(of: right))"
            note(.unsafeTag, [printer.text(right), place] + names + [typing], whole)
            return .failed(nil)
        }
        // A type of the union without tags is taken not to be the one at hand.
        guard !tagTypes.isEmpty else {
            note(.noTags, [names.count == 1 ? names[0] : ""], whole)
            return .failed(nil)
        }
        guard let type = join(tagTypes, whole) else { return .failed(nil) }
        return Answer.sound(type).after(a, b)
    }

    /// The types of the variables in an expression, which tell its typings apart.
    private func typing(of expression: Expression) -> String {
        var types: [String] = []
        expression.visit { part in
            // A variable of a wrong type was reported, and counts as one of the right type.
            if case .variable(let variable) = part.kind, !mistyped.contains(part.span) {
                types.append(type(of: variable).description)
            }
        }
        return types.joined(separator: ", ")
    }

    mutating func checkCall(
        _ whole: Expression, _ function: ExtensionFunction, _ arguments: [Expression],
        _ prior: Set<Capability>
    ) -> Answer {
        var isSound = true
        let types = function.parameterTypes
        let literals = function.isConstructor ? arguments.map(\.foldedLiteral) : []
        let mustBeLiteral = mode == .strict && literals.contains { $0 == nil }
        if mustBeLiteral { note(.nonLiteralArgument, [], whole) }
        if arguments.count == types.count, !mustBeLiteral {
            for (argument, type) in zip(arguments, types) {
                isSound = expect(argument, [type], prior).isSound && isSound
            }
        } else {
            isSound = false
            for argument in arguments { _ = check(argument, prior) }
        }
        if arguments.count != types.count {
            note(.argumentCount, ["\(types.count)", "\(arguments.count)"], whole)
        }
        if literals.count == 1, case .string(let text)? = literals[0],
            function.construct(text) == nil
        {
            note(.extensionArgument, [function.valueName, StringEscapes.shown(text)], whole)
            isSound = false
        }
        return isSound ? .sound(function.resultType) : .failed(function.resultType)
    }
}

extension ExtensionFunction {
    /// What the constructor reads, in the words of Cedar's messages.
    var valueName: String {
        self == .ip ? "IP address" : "a \(typeName) value"
    }

    var parameterTypes: [Type] {
        if isConstructor { return [.string] }
        let own = Type.extended(typeName)
        switch self {
        case .offset: return [own, .extended("duration")]
        default: return Array(repeating: own, count: arity)
        }
    }

    package var resultType: Type {
        switch self {
        case .decimal, .ip, .datetime, .duration, .toDate, .offset: .extended(typeName)
        case .durationSince, .toTime: .extended("duration")
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .long
        default: .bool
        }
    }
}
