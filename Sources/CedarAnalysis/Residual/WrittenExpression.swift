// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Writes expressions in Cedar's syntax, with no more parentheses than the reading needs.
///
/// What it writes parses to an expression with the same meaning.
enum WrittenExpression {
    /// How strongly an expression binds, weakest first.
    private enum Strength: Int, Comparable {
        case conditional, or, and, relation, sum, product, unary, member

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    /// The expression as text.
    static func text(_ expression: Expression) -> String { text(expression, atLeast: .conditional) }

    private static func text(_ expression: Expression, atLeast least: Strength) -> String {
        let (text, strength) = written(expression)
        return strength < least ? "(\(text))" : text
    }

    private static func written(_ expression: Expression) -> (String, Strength) {
        switch expression.kind {
        case .literal(let value): return literal(value)
        case .variable(let variable): return (variable.rawValue, .member)
        case .not(let operand): return ("!" + text(operand, atLeast: .member), .unary)
        case .negate(let operand): return ("-(\(text(operand)))", .unary)
        case .and(let operands): return (chain(operands, " && ", .relation), .and)
        case .or(let operands): return (chain(operands, " || ", .and), .or)
        case .conditional(let test, let yes, let no):
            return ("if \(text(test)) then \(text(yes)) else \(text(no))", .conditional)
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .isEmpty(let operand): return (text(operand, atLeast: .member) + ".isEmpty()", .member)
        case .attribute(let base, let name):
            return (text(base, atLeast: .member) + access(name), .member)
        case .has(let base, let names): return has(base, names)
        case .like(let operand, let pattern):
            return ("\(text(operand, atLeast: .sum)) like \(pattern.quoted)", .relation)
        case .isType(let operand, let type, let ancestor):
            let place = ancestor.map { " in " + text($0, atLeast: .sum) } ?? ""
            return ("\(text(operand, atLeast: .sum)) is \(type)\(place)", .relation)
        case .set(let elements):
            return ("[" + elements.map { text($0) }.joined(separator: ", ") + "]", .member)
        case .record(let fields):
            let members = fields.map { "\(quoted($0.key)): \(text($0.value))" }
            return ("{" + members.joined(separator: ", ") + "}", .member)
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    private static func literal(_ value: Value) -> (String, Strength) {
        switch value {
        case .bool(let bool): return (bool ? "true" : "false", .member)
        case .int(let int): return (String(int), int < 0 ? .unary : .member)
        case .string(let string): return (quoted(string), .member)
        case .entity(let uid): return (uid.description, .member)
        default: return written(value.expression)
        }
    }

    private static func chain(
        _ operands: [Expression], _ symbol: String, _ least: Strength
    ) -> String {
        operands.map { text($0, atLeast: least) }.joined(separator: symbol)
    }

    private static func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) -> (String, Strength) {
        switch operation {
        case .contains, .containsAll, .containsAny, .getTag, .hasTag:
            return (
                "\(text(left, atLeast: .member)).\(operation.rawValue)(\(text(right)))", .member
            )
        case .add, .subtract:
            let operands = (text(left, atLeast: .sum), text(right, atLeast: .product))
            return ("\(operands.0) \(operation.rawValue) \(operands.1)", .sum)
        case .multiply:
            let operands = (text(left, atLeast: .product), text(right, atLeast: .unary))
            return ("\(operands.0) * \(operands.1)", .product)
        default:
            let operands = (text(left, atLeast: .sum), text(right, atLeast: .sum))
            return ("\(operands.0) \(operation.rawValue) \(operands.1)", .relation)
        }
    }

    private static func has(_ base: Expression, _ names: [String]) -> (String, Strength) {
        let subject = text(base, atLeast: .sum)
        if names.allSatisfy(isIdentifier) {
            return ("\(subject) has \(names.joined(separator: "."))", .relation)
        }
        var path = text(base, atLeast: .member)
        var tests: [String] = []
        for name in names {
            tests.append("\(path) has \(isIdentifier(name) ? name : quoted(name))")
            path += access(name)
        }
        return (tests.joined(separator: " && "), names.count > 1 ? .and : .relation)
    }

    private static func call(
        _ function: ExtensionFunction, _ arguments: [Expression]
    ) -> (String, Strength) {
        if function.isConstructor || arguments.isEmpty {
            let list = arguments.map { text($0) }.joined(separator: ", ")
            return ("\(function.rawValue)(\(list))", .member)
        }
        let rest = arguments.dropFirst().map { text($0) }.joined(separator: ", ")
        return (
            "\(text(arguments[0], atLeast: .member)).\(function.rawValue)(\(rest))", .member
        )
    }

    private static func access(_ name: String) -> String {
        isIdentifier(name) ? "." + name : "[\(quoted(name))]"
    }

    /// A text as a literal: an entity's description ends in one.
    private static func quoted(_ text: String) -> String {
        String(EntityUID(type: "", id: text).description.dropFirst(2))
    }

    private static func isIdentifier(_ name: String) -> Bool {
        let reserved: Set<String> = [
            "true", "false", "if", "then", "else", "in", "is", "like", "has",
        ]
        guard let first = name.utf8.first, !reserved.contains(name), !name.hasPrefix("__") else {
            return false
        }
        func isLetter(_ byte: UInt8) -> Bool {
            byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
        }
        return isLetter(first)
            && name.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }
}

extension Value {
    /// The value as an expression that evaluates to it.
    var expression: Expression { expression(at: .none) }

    /// The value as an expression in the place of another.
    func expression(at span: SourceSpan) -> Expression {
        switch self {
        case .bool, .int, .string, .entity: Expression(.literal(self), span)
        case .set(let set): Expression(.set(set.elements.map { $0.expression(at: span) }), span)
        case .record(let record):
            Expression(
                .record(
                    zip(record.keys, record.values).map {
                        RecordField(key: $0, value: $1.expression(at: span))
                    }), span)
        case .decimal(let number): Self.call(.decimal, Self.decimalText(number), span)
        case .ipaddr(let address): Self.call(.ip, address.description, span)
        case .duration(let length): Self.call(.duration, "\(length)ms", span)
        case .datetime(let instant):
            Expression(
                .call(
                    .offset,
                    [
                        Self.call(.datetime, "1970-01-01", span),
                        Self.call(.duration, "\(instant)ms", span),
                    ]), span)
        }
    }

    private static func call(
        _ function: ExtensionFunction, _ text: String, _ span: SourceSpan
    ) -> Expression {
        Expression(.call(function, [Expression(.literal(.string(text)), span)]), span)
    }

    private static func decimalText(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return (number < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
    }
}
