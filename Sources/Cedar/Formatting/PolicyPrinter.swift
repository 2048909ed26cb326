// SPDX-License-Identifier: Apache-2.0

extension PolicySet {
    /// The policies and templates in Cedar's syntax, laid out; comments are not kept.
    ///
    /// Policies that fill a template are not in it: Cedar's syntax has no form for them. Read back
    /// with positional names, the text is the same policies; a name that an `@id` annotation does
    /// not give is lost.
    public var cedarText: String {
        let fixed = policies.filter { $0.link == nil } + templates
        let text = fixed.map(\.cedarText).joined(separator: "\n")
        // Parentheses may nest deeper than the formatter reads: then the text stays as it is.
        return (try? PolicyFormatter.format(text)) ?? text
    }
}

extension Policy {
    /// The policy in Cedar's syntax, on one line for each annotation and one for the rest.
    package var cedarText: String {
        var text = ""
        for annotation in annotations {
            let value = annotation.value.map { "(\(StringEscapes.quoted($0)))" } ?? ""
            text += "@\(annotation.key)\(value)\n"
        }
        let principal = Self.text(scope.principal, "principal")
        let resource = Self.text(scope.resource, "resource")
        text += "\(effect.rawValue)(\(principal), \(actionText), \(resource))"
        for condition in conditions {
            let keyword = condition.isUnless ? "unless" : "when"
            text += " \(keyword) { \(PolicyPrinter.text(condition.expression, .whole)) }"
        }
        return text + ";\n"
    }

    private static func text(_ constraint: ScopeConstraint, _ variable: String) -> String {
        func shown(_ reference: EntityReference) -> String {
            guard case .uid(let uid) = reference else { return "?\(variable)" }
            return uid.description
        }
        return switch constraint {
        case .any: variable
        case .equal(let reference): "\(variable) == \(shown(reference))"
        case .in(let reference): "\(variable) in \(shown(reference))"
        case .isType(let type): "\(variable) is \(type)"
        case .isTypeIn(let type, let reference): "\(variable) is \(type) in \(shown(reference))"
        }
    }

    private var actionText: String {
        switch scope.action {
        case .any: "action"
        case .equal(let uid): "action == \(uid)"
        case .in(let uid): "action in \(uid)"
        case .inAny(let uids): "action in [\(uids.map(\.description).joined(separator: ", "))]"
        }
    }
}

/// Writes expressions with no more parentheses than reading them back needs.
enum PolicyPrinter {
    /// The rules of the grammar, from the one that admits most.
    enum Level: Int {
        case whole, or, and, relation, sum, product, unary, member, primary
    }

    /// The expression, in parentheses if the place admits less than it is.
    static func text(_ expression: Expression, _ admitted: Level) -> String {
        let (text, level) = bare(expression)
        return level.rawValue < admitted.rawValue ? "(\(text))" : text
    }

    private static func bare(_ expression: Expression) -> (String, Level) {
        switch expression.kind {
        case .literal(.int(let value)) where value < 0: return ("\(value)", .unary)
        case .literal(.datetime(let value)): return (Value.datetime(value).cedarText, .member)
        case .literal(let value): return (value.cedarText, .primary)
        case .variable(let variable): return (variable.rawValue, .primary)
        case .not(let operand): return ("!" + inverted(operand, 1), .unary)
        case .negate(let operand): return ("-" + negated(operand, 1), .unary)
        case .and(let operands): return (list(operands, .relation, " && "), .and)
        case .or(let operands): return (list(operands, .and, " || "), .or)
        case .conditional(let test, let yes, let no):
            let (a, b, c) = (text(test, .whole), text(yes, .whole), text(no, .whole))
            return ("if \(a) then \(b) else \(c)", .whole)
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .isEmpty(let operand): return (text(operand, .member) + ".isEmpty()", .member)
        case .attribute(let base, let name):
            return (text(base, .member) + ExpressionPrinter.access(name), .member)
        case .has(let base, let names): return has(base, names)
        case .like(let operand, let pattern):
            return ("\(text(operand, .sum)) like \(pattern.quoted)", .relation)
        case .isType(let operand, let type, let ancestor):
            let inside = ancestor.map { " in \(text($0, .sum))" } ?? ""
            return ("\(text(operand, .sum)) is \(type)\(inside)", .relation)
        case .set(let elements): return ("[\(list(elements, .whole, ", "))]", .primary)
        case .record(let fields):
            let parts = fields.map { "\(ExpressionPrinter.key($0.key)): \(text($0.value, .whole))" }
            return ("{\(parts.joined(separator: ", "))}", .primary)
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    private static func list(
        _ operands: [Expression], _ admitted: Level, _ separator: String
    ) -> String {
        operands.map { text($0, admitted) }.joined(separator: separator)
    }

    /// The operand of a `!` that is the last of a run of at most four.
    private static func inverted(_ operand: Expression, _ run: Int) -> String {
        guard case .not(let next) = operand.kind, run < 4 else { return text(operand, .member) }
        return "!" + inverted(next, run + 1)
    }

    /// The operand of a `-`: `-(1)` is a negation, where `-1` is a literal.
    private static func negated(_ operand: Expression, _ run: Int) -> String {
        if case .literal(.int) = operand.kind { return "(\(text(operand, .whole)))" }
        guard case .negate(let next) = operand.kind, run < 4 else { return text(operand, .member) }
        return "-" + negated(next, run + 1)
    }

    private static func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) -> (String, Level) {
        let symbol = operation.rawValue
        switch operation {
        case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .in:
            return ("\(text(left, .sum)) \(symbol) \(text(right, .sum))", .relation)
        case .add, .subtract:
            return ("\(text(left, .sum)) \(symbol) \(text(right, .product))", .sum)
        case .multiply:
            return ("\(text(left, .product)) \(symbol) \(text(right, .unary))", .product)
        case .contains, .containsAll, .containsAny, .getTag, .hasTag:
            return ("\(text(left, .member)).\(symbol)(\(text(right, .whole)))", .member)
        }
    }

    /// A path of identifiers has a short form; any other is the conjunction it stands for.
    private static func has(_ base: Expression, _ names: [String]) -> (String, Level) {
        let keys = names.map(ExpressionPrinter.key)
        if names.count == 1 || keys.allSatisfy({ $0.utf8.first != UInt8(ascii: "\"") }) {
            return ("\(text(base, .sum)) has \(keys.joined(separator: "."))", .relation)
        }
        var parts: [Expression] = []
        var path = base
        for name in names {
            parts.append(Expression(.has(path, [name]), base.span))
            path = Expression(.attribute(path, name), base.span)
        }
        return bare(Expression(.and(parts), base.span))
    }

    private static func call(
        _ function: ExtensionFunction, _ arguments: [Expression]
    ) -> (String, Level) {
        // Only the JSON format can leave a method without receiver.
        guard !function.isConstructor, let receiver = arguments.first else {
            return ("\(function.rawValue)(\(list(arguments, .whole, ", ")))", .primary)
        }
        let rest = list(Array(arguments.dropFirst()), .whole, ", ")
        return ("\(text(receiver, .member)).\(function.rawValue)(\(rest))", .member)
    }
}
