// SPDX-License-Identifier: Apache-2.0

extension PolicyParser {
    /// Makes a node, or refuses it if the tree becomes too deep to walk.
    private mutating func node(
        _ kind: Expression.Kind, from lower: Int
    ) throws(Abandoned) -> Expression {
        let expression = Expression(kind, reader.span(from: lower))
        if expression.height > Expression.maximumHeight {
            let limit = String(Expression.maximumHeight)
            throw reader.failure(.tooDeep, [limit], at: expression.span)
        }
        return expression
    }

    /// Makes the node of a chain that is not too long.
    private mutating func chain(
        _ kind: Expression.Kind, _ count: Int, _ lower: Int
    ) throws(Abandoned) -> Expression {
        if count > Expression.maximumOperands {
            let limit = String(Expression.maximumOperands)
            throw reader.failure(.tooDeep, [limit], at: reader.span(from: lower))
        }
        return try node(kind, from: lower)
    }

    // Expr ::= Or | 'if' Expr 'then' Expr 'else' Expr
    mutating func parseExpression() throws(Abandoned) -> Expression {
        reader.enter()
        defer { reader.leave() }
        if reader.isTooDeep {
            throw reader.failure(
                .tooDeep, [String(TokenReader.maximumDepth)], at: reader.current.span)
        }
        let lower = reader.current.span.lower
        if reader.isAt(word: "if"), reader.peek().kind != .symbol(.doubleColon) {
            reader.advance()
            let guardExpression = try parseExpression()
            try reader.expect(word: "then")
            let yes = try parseExpression()
            try reader.expect(word: "else")
            let no = try parseExpression()
            return try node(.conditional(guardExpression, then: yes, else: no), from: lower)
        }
        return try parseOr()
    }

    private mutating func parseOr() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        var operands: [Expression] = []
        repeat {
            let operand = try parseAnd()
            if operands.isEmpty, reader.isAt(.or), case .or(let inner) = operand.kind {
                operands = inner
            } else {
                operands.append(operand)
            }
        } while reader.accept(.or)
        return operands.count == 1 ? operands[0] : try chain(.or(operands), operands.count, lower)
    }

    private mutating func parseAnd() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        var operands: [Expression] = []
        repeat {
            let operand = try parseRelation()
            if operands.isEmpty, reader.isAt(.and), case .and(let inner) = operand.kind {
                operands = inner
            } else {
                operands.append(operand)
            }
        } while reader.accept(.and)
        return operands.count == 1 ? operands[0] : try chain(.and(operands), operands.count, lower)
    }

    private func relationalOperator() -> BinaryOperator? {
        switch reader.current.kind {
        case .symbol(.equalEqual): .equal
        case .symbol(.notEqual): .notEqual
        case .symbol(.less): .less
        case .symbol(.lessEqual): .lessEqual
        case .symbol(.greater): .greater
        case .symbol(.greaterEqual): .greaterEqual
        default: reader.isAt(word: "in") ? .in : nil
        }
    }

    // Relation ::= Add [RELOP Add] | Add 'has' … | Add 'like' PATTERN | Add 'is' Path ['in' Add]
    private mutating func parseRelation() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        let left = try parseAdd()
        if let operation = relationalOperator() {
            reader.advance()
            let right = try parseAdd()
            if relationalOperator() != nil {
                throw reader.failure(.chainedRelation, [], at: reader.current.span)
            }
            return try node(.binary(operation, left, right), from: lower)
        }
        if reader.isAt(.assign) {
            throw reader.failure(.invalidOperator, ["="], at: reader.current.span)
        }
        if reader.accept(word: "has") {
            let names = try parseHasNames()
            return try node(.has(left, names), from: lower)
        }
        if reader.accept(word: "like") {
            return try node(.like(left, try reader.pattern()), from: lower)
        }
        if reader.accept(word: "is") {
            let type = try parsePath()
            let ancestor = reader.accept(word: "in") ? try parseAdd() : nil
            return try node(.isType(left, type, in: ancestor), from: lower)
        }
        return left
    }

    private mutating func parseHasNames() throws(Abandoned) -> [String] {
        if reader.current.kind == .string { return [try reader.string()] }
        var names = [try reader.identifier()]
        while reader.accept(.dot) { names.append(try reader.identifier()) }
        if names.count > Expression.maximumHeight / 2 {
            let limit = String(Expression.maximumHeight / 2)
            throw reader.failure(.tooDeep, [limit], at: reader.current.span)
        }
        return names
    }

    private mutating func parseAdd() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        var left = try parseMultiply()
        while true {
            if reader.accept(.plus) {
                left = try node(.binary(.add, left, try parseMultiply()), from: lower)
            } else if reader.accept(.minus) {
                left = try node(.binary(.subtract, left, try parseMultiply()), from: lower)
            } else {
                return left
            }
        }
    }

    private mutating func parseMultiply() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        var left = try parseUnary()
        while true {
            if reader.isAt(.divide) || reader.isAt(.modulo) {
                let text = reader.text(reader.current)
                throw reader.failure(.invalidOperator, [text], at: reader.current.span)
            }
            guard reader.accept(.times) else { return left }
            left = try node(.binary(.multiply, left, try parseUnary()), from: lower)
        }
    }

    // Unary ::= ['!' … | '-' …] Member, at most four of one kind.
    private mutating func parseUnary() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        let symbol: Symbol = reader.isAt(.minus) ? .minus : .not
        var starts: [Int] = []
        while reader.isAt(symbol) {
            starts.append(reader.current.span.lower)
            reader.advance()
        }
        if starts.count > 4 {
            throw reader.failure(
                .tooManyUnary, [symbol.rawValue], at: reader.span(from: lower))
        }
        var expression: Expression
        if symbol == .minus, let start = starts.last, isLiteralInteger() {
            expression = try parseInteger(isNegative: true, from: start)
            starts.removeLast()
        } else {
            expression = try parseMember()
        }
        for start in starts.reversed() {
            let kind: Expression.Kind = symbol == .minus ? .negate(expression) : .not(expression)
            expression = try node(kind, from: start)
        }
        return expression
    }

    /// Whether an integer stands here that no method follows.
    private func isLiteralInteger() -> Bool {
        guard reader.current.kind == .integer else { return false }
        let next = reader.peek().kind
        return next != .symbol(.dot) && next != .symbol(.leftBracket)
    }

    private mutating func parseInteger(
        isNegative: Bool, from lower: Int
    ) throws(Abandoned) -> Expression {
        let token = reader.current
        let text = reader.text(token)
        reader.advance()
        let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard let magnitude = UInt64(text), magnitude <= limit else {
            reader.note(.integerTooLarge, [text], at: token.span)
            return try node(.literal(.int(0)), from: lower)
        }
        let bits = Int64(bitPattern: magnitude)
        return try node(.literal(.int(isNegative ? 0 &- bits : bits)), from: lower)
    }

    // Member ::= Primary {Access}
    private mutating func parseMember() throws(Abandoned) -> Expression {
        let lower = reader.current.span.lower
        var expression = try parsePrimary()
        while true {
            if reader.accept(.dot) {
                let token = reader.current
                let name = try reader.identifier()
                if reader.accept(.leftParen) {
                    let arguments = try parseList(until: .rightParen)
                    let kind = try methodCall(expression, name, arguments, at: token.span)
                    expression = try node(kind, from: lower)
                } else {
                    expression = try node(.attribute(expression, name), from: lower)
                }
            } else if reader.accept(.leftBracket) {
                let name = try reader.string()
                try reader.expect(.rightBracket)
                expression = try node(.attribute(expression, name), from: lower)
            } else {
                return expression
            }
        }
    }

    private mutating func methodCall(
        _ receiver: Expression, _ name: String, _ arguments: [Expression], at span: SourceSpan
    ) throws(Abandoned) -> Expression.Kind {
        switch name {
        case "contains", "containsAll", "containsAny", "getTag", "hasTag":
            guard arguments.count == 1, let operation = BinaryOperator(rawValue: name) else {
                throw reader.failure(
                    .wrongArgumentCount, [name, "\(arguments.count)"], at: span)
            }
            return .binary(operation, receiver, arguments[0])
        case "isEmpty":
            guard arguments.isEmpty else {
                throw reader.failure(
                    .wrongArgumentCount, [name, "\(arguments.count)"], at: span)
            }
            return .isEmpty(receiver)
        default:
            guard let function = ExtensionFunction(rawValue: name) else {
                throw reader.failure(.unknownMethod, [name], at: span)
            }
            if function.isConstructor {
                throw reader.failure(.wrongCallStyle, [name, "function"], at: span)
            }
            return .call(function, [receiver] + arguments)
        }
    }

    /// Expressions with commas between; one may end the list.
    private mutating func parseList(until end: Symbol) throws(Abandoned) -> [Expression] {
        var items: [Expression] = []
        while !reader.isAt(end) {
            items.append(try parseExpression())
            if !reader.accept(.comma) { break }
        }
        try reader.expect(end)
        return items
    }

    private mutating func parsePrimary() throws(Abandoned) -> Expression {
        let token = reader.current
        let lower = token.span.lower
        switch token.kind {
        case .integer: return try parseInteger(isNegative: false, from: lower)
        case .string: return try node(.literal(.string(try reader.string())), from: lower)
        case .slot:
            throw reader.failure(.misplacedSlot, [reader.text(token)], at: token.span)
        case .identifier: return try parseName()
        case .symbol(.leftParen):
            reader.advance()
            let inner = try parseExpression()
            try reader.expect(.rightParen)
            return inner
        case .symbol(.leftBracket):
            reader.advance()
            return try node(.set(try parseList(until: .rightBracket)), from: lower)
        case .symbol(.leftBrace):
            reader.advance()
            return try node(.record(try parseRecordFields()), from: lower)
        default: throw reader.unexpected("an expression")
        }
    }

    private mutating func parseRecordFields() throws(Abandoned) -> [RecordField] {
        var fields: [RecordField] = []
        var seen: Set<Text> = []
        while !reader.isAt(.rightBrace) {
            let token = reader.current
            let key = token.kind == .string ? try reader.string() : try reader.identifier()
            if !seen.insert(Text(key)).inserted {
                reader.note(.duplicateKey, [key], at: token.span)
            }
            try reader.expect(.colon)
            fields.append(RecordField(key: key, value: try parseExpression()))
            if !reader.accept(.comma) { break }
        }
        try reader.expect(.rightBrace)
        return fields
    }

    /// A literal word, a variable, an entity, or a call of a function.
    private mutating func parseName() throws(Abandoned) -> Expression {
        let token = reader.current
        let lower = token.span.lower
        let next = reader.peek().kind
        if next != .symbol(.doubleColon), reader.isAt(word: "true") || reader.isAt(word: "false") {
            reader.advance()
            return try node(.literal(.bool(reader.source.text(token.span) == "true")), from: lower)
        }
        if next != .symbol(.doubleColon), reader.isAt(word: "if") {
            throw reader.unexpected("parentheses around `if`")
        }
        let path = try parsePath()
        if reader.accept(.doubleColon) {
            let uid = EntityUID(type: path, id: try reader.string())
            return try node(.literal(.entity(uid)), from: lower)
        }
        let span = reader.span(from: lower)
        if reader.accept(.leftParen) {
            let arguments = try parseList(until: .rightParen)
            return try node(functionCall(path, arguments, at: span), from: lower)
        }
        guard let variable = Variable(rawValue: path) else {
            if !TokenReader.reserved.contains(path) {
                reader.note(.invalidVariable, [path], at: span)
            }
            return try node(.literal(.bool(false)), from: lower)
        }
        return try node(.variable(variable), from: lower)
    }

    private mutating func functionCall(
        _ name: String, _ arguments: [Expression], at span: SourceSpan
    ) -> Expression.Kind {
        if let function = ExtensionFunction(rawValue: name), function.isConstructor {
            return .call(function, arguments)
        }
        let methods = ["contains", "containsAll", "containsAny", "getTag", "hasTag", "isEmpty"]
        if methods.contains(name) || ExtensionFunction(rawValue: name) != nil {
            reader.note(.wrongCallStyle, [name, "method"], at: span)
        } else if !TokenReader.reserved.contains(name) {
            reader.note(.unknownFunction, [name], at: span)
        }
        return .literal(.bool(false))
    }
}
