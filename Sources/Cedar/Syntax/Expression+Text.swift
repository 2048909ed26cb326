// SPDX-License-Identifier: Apache-2.0

/// Writes expressions as Cedar's own messages show them: everything but leaves and the
/// receivers of leaves in parentheses.
struct ExpressionPrinter {
    /// The conditionals whose outcome is known: both branches are shown as the one taken.
    var outcomes: [SourceSpan: Bool] = [:]

    /// How many operands of an `&&` or `||` can be reached: those after them are not shown.
    ///
    /// `e has a.b` and `e is T in x` are such chains too.
    var reached: [SourceSpan: Int] = [:]

    /// Whether an operator is shown as it was written, and not as what it is short for.
    var keepsOperators = false

    /// The longest text that is written twice where Cedar writes a part of an expression twice; a
    /// longer one would double at each step of a nest.
    private static let repeatedSize = 4_096

    func text(_ expression: Expression) -> String {
        switch expression.kind {
        case .literal(let value): return Self.literal(value)
        case .variable(let variable): return variable.rawValue
        case .not(let operand): return "!" + inner(operand)
        case .negate(let operand):
            let shown = inner(operand)
            switch operand.kind {
            case .literal, .variable, .set, .record: return "-(\(shown))"
            default: return Self.isTruth(shown) ? "-(\(shown))" : "-" + shown
            }
        case .and(let operands): return chain(shown(operands, expression), "&&")
        case .or(let operands): return chain(shown(operands, expression), "||")
        case .conditional(let test, let yes, let no):
            return conditional(test, yes, no, outcomes[expression.span])
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .isEmpty(let operand): return inner(operand) + ".isEmpty()"
        case .attribute(let base, let name): return inner(base) + Self.access(name)
        case .has(let base, let names): return has(base, shown(names, expression))
        case .like(let operand, let pattern): return "\(inner(operand)) like \(pattern.quoted)"
        case .isType(let operand, let type, let ancestor):
            let subject = inner(operand)
            guard let ancestor, reached[expression.span] != 1 else {
                return "\(subject) is \(type)"
            }
            if keepsOperators || subject.utf8.count > Self.repeatedSize {
                return "\(subject) is \(type) in \(inner(ancestor))"
            }
            return "(\(subject) is \(type)) && (\(subject) in \(inner(ancestor)))"
        case .set(let elements): return "[" + elements.map(text).joined(separator: ", ") + "]"
        case .record(let fields):
            let sorted = fields.sorted { $0.key.precedesByBytes($1.key) }
            let members = sorted.map { "\(Self.key($0.key)): \(text($0.value))" }
            return "{" + members.joined(separator: ", ") + "}"
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    private func shown<Part>(_ parts: [Part], _ whole: Expression) -> ArraySlice<Part> {
        parts.prefix(reached[whole.span] ?? parts.count)
    }

    private func conditional(
        _ test: Expression, _ yes: Expression, _ no: Expression, _ outcome: Bool?
    ) -> String {
        var branches = (inner(outcome == false ? no : yes), "")
        let isRepeated = outcome != nil && branches.0.utf8.count <= Self.repeatedSize
        branches.1 = isRepeated ? branches.0 : inner(outcome == false ? yes : no)
        return "if \(inner(test)) then \(branches.0) else \(branches.1)"
    }

    private func inner(_ expression: Expression) -> String {
        let text = text(expression)
        switch expression.kind {
        case .literal, .variable, .set, .record: return text
        // What a chain of literals comes to is a literal.
        case .and, .or: return Self.isTruth(text) ? text : "(\(text))"
        default: return "(\(text))"
        }
    }

    private static func isTruth(_ text: String) -> Bool { text == "true" || text == "false" }

    /// A chain, with literals beside each other replaced by what they come to.
    private func chain(_ operands: ArraySlice<Expression>, _ symbol: String) -> String {
        guard operands.count > 1 else { return operands.first.map(text) ?? "" }
        var result = ""
        for (index, operand) in operands.enumerated() {
            let next = inner(operand)
            if index == 0 {
                result = next
            } else if Self.isTruth(result), Self.isTruth(next) {
                let decisive = symbol == "&&" ? "false" : "true"
                result = result == decisive ? result : next
            } else {
                let isLeaf = index == 1 || Self.isTruth(result)
                result = (isLeaf ? result : "(\(result))") + " \(symbol) " + next
            }
        }
        return result
    }

    private func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) -> String {
        switch operation {
        case .notEqual where !keepsOperators: "!(\(inner(left)) == \(inner(right)))"
        case .greater where !keepsOperators: "!(\(inner(left)) <= \(inner(right)))"
        case .greaterEqual where !keepsOperators: "!(\(inner(left)) < \(inner(right)))"
        case .contains, .containsAll, .containsAny, .getTag, .hasTag:
            "\(inner(left)).\(operation.rawValue)(\(text(right)))"
        default: "\(inner(left)) \(operation.rawValue) \(inner(right))"
        }
    }

    private func has(_ base: Expression, _ names: ArraySlice<String>) -> String {
        var path = inner(base)
        if keepsOperators || path.utf8.count > Self.repeatedSize {
            return "\(path) has \(names.map(Self.key).joined(separator: "."))"
        }
        var result = ""
        for (index, name) in names.enumerated() {
            let test = "\(path) has \(Self.key(name))"
            result =
                index == 0
                ? test
                : index == 1
                    ? "(\(result)) && (\(test))"
                    : "((\(result)) && (\(test)))"
            path = "(\(path)\(Self.access(name)))"
        }
        return result
    }

    private func call(_ function: ExtensionFunction, _ arguments: [Expression]) -> String {
        // Only the JSON format can leave a method without receiver.
        guard !function.isConstructor, let receiver = arguments.first else {
            return "\(function.rawValue)(" + arguments.map(text).joined(separator: ", ") + ")"
        }
        let rest = arguments.dropFirst().map(text).joined(separator: ", ")
        return "\(inner(receiver)).\(function.rawValue)(\(rest))"
    }

    static func literal(_ value: Value) -> String {
        switch value {
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): int < 0 ? "(\(int))" : String(int)
        case .string(let text): StringEscapes.shown(text)
        case .entity(let uid): "\(uid.type)::\(StringEscapes.shown(uid.id))"
        default: value.typeName
        }
    }

    /// An attribute name as a key of a record: bare if it is an identifier.
    static func key(_ name: String) -> String {
        ValueReader.isTypeName(name) && !name.contains("::") ? name : StringEscapes.shown(name)
    }

    /// An attribute name as a step of a path: `.name`, or `["…"]` if it is no identifier.
    static func access(_ name: String) -> String {
        let key = key(name)
        // Not `hasPrefix`: a mark after the quote would be one character with it.
        return key.utf8.first == UInt8(ascii: "\"") ? "[\(key)]" : "." + key
    }
}

extension Expression {
    /// The literal that this is, or that a chain of Boolean literals comes to.
    var foldedLiteral: Value? {
        switch kind {
        case .literal(let value): value
        case .and(let operands): Expression.folded(operands[...], isAnd: true).map(Value.bool)
        case .or(let operands): Expression.folded(operands[...], isAnd: false).map(Value.bool)
        default: nil
        }
    }

    static func folded(_ operands: ArraySlice<Expression>, isAnd: Bool) -> Bool? {
        var result = isAnd
        for operand in operands {
            guard case .bool(let value)? = operand.foldedLiteral else { return nil }
            result = isAnd ? result && value : result || value
        }
        return result
    }
}

extension Value {
    /// The value as an expression of Cedar.
    public var cedarText: String {
        switch self {
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .string(let text): StringEscapes.shown(text)
        case .entity(let uid): uid.description
        case .set(let set): "[" + set.elements.map(\.cedarText).joined(separator: ", ") + "]"
        case .record(let record):
            "{"
                + zip(record.keys, record.values)
                .map { "\(ExpressionPrinter.key($0)): \($1.cedarText)" }
                .joined(separator: ", ") + "}"
        case .decimal(let value): "decimal(\"\(DecimalText.format(value))\")"
        case .ipaddr(let address): "ip(\"\(address)\")"
        case .duration(let value): "duration(\"\(value)ms\")"
        case .datetime(let value):
            "(datetime(\"1970-01-01\")).offset(duration(\"\(value)ms\"))"
        }
    }

    /// The bits of an instant or a length of time; zero for anything else.
    var milliseconds: Int64 {
        switch self {
        case .datetime(let value), .duration(let value): value
        default: 0
        }
    }
}
