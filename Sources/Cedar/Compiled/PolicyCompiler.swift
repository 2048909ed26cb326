// SPDX-License-Identifier: Apache-2.0

/// Turns expressions into flat code over an entity store.
struct PolicyCompiler {
    var store: EntityStore
    private(set) var nodes: [CompiledNode] = []
    private(set) var tests: [CompiledTest] = []
    private(set) var operands: [Int32] = []
    private(set) var constants: [Slot] = []
    private(set) var patterns: [BytePattern] = []
    /// What policies read of the context.
    private(set) var contextPaths: [ContextPath] = []
    private var contextNumbers: [[Int32]: Int32] = [:]
    /// The attributes that policies read, as numbers of texts.
    private(set) var attributeNames: [Int32] = []
    private var attributeNumbers: [Int32: Int32] = [:]
    private(set) var functions: [ExtensionFunction] = []

    init(_ store: EntityStore) {
        self.store = store
    }

    mutating func compile(_ policy: Policy) -> CompiledPolicy {
        var root = CompiledTest.holds
        for condition in policy.conditions.reversed() {
            let (yes, no) = (root, CompiledTest.fails)
            root =
                condition.isUnless
                ? test(condition.expression, yes: no, no: yes)
                : test(condition.expression, yes: yes, no: no)
        }
        return CompiledPolicy(
            isForbid: policy.effect == .forbid, root: root,
            principal: scope(policy.scope.principal), resource: scope(policy.scope.resource))
    }

    private mutating func attributeNumber(_ name: String) -> Int32 {
        let text = Int32(store.intern(name))
        if let known = attributeNumbers[text] { return known }
        let number = Int32(attributeNames.count)
        attributeNumbers[text] = number
        attributeNames.append(text)
        return number
    }

    private mutating func contextNumber(_ names: [String]) -> Int32 {
        let attributes = names.map { attributeNumber($0) }
        if let known = contextNumbers[attributes] { return known }
        let number = Int32(contextPaths.count)
        contextNumbers[attributes] = number
        contextPaths.append(ContextPath(names: names, attributes: attributes))
        return number
    }

    private mutating func scope(_ constraint: ScopeConstraint) -> CompiledScope {
        switch constraint {
        case .equal(.uid(let uid)): CompiledScope(equal: Int32(store.intern(uid)))
        case .in(.uid(let uid)): CompiledScope(ancestor: Int32(store.intern(uid)))
        case .isType(let type): CompiledScope(type: Int32(store.intern(type)))
        case .isTypeIn(let type, .uid(let uid)):
            CompiledScope(
                ancestor: Int32(store.intern(uid)), type: Int32(store.intern(type)))
        case .any, .equal(.slot), .in(.slot), .isTypeIn(_, .slot): CompiledScope()
        }
    }

    private mutating func add(
        _ operation: CompiledNode.Operation, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0
    ) -> Int32 {
        nodes.append(CompiledNode(operation: operation, a: a, b: b, c: c))
        return Int32(nodes.count - 1)
    }

    private mutating func add(
        _ operation: CompiledNode.Operation, _ list: [Int32], _ c: Int32 = 0
    ) -> Int32 {
        let start = Int32(operands.count)
        operands += list
        return add(operation, start, Int32(list.count), c)
    }

    private mutating func constant(_ value: Value) -> Int32 {
        constants.append(store.intern(value))
        return add(.constant, Int32(constants.count - 1))
    }

    /// The value of an expression without variables and entities; nil if it has some or fails.
    private func folded(_ expression: Expression) -> Value? {
        var isConstant = true
        expression.visit { part in
            switch part.kind {
            case .variable, .attribute, .has, .binary(.in, _, _), .binary(.getTag, _, _),
                .binary(.hasTag, _, _), .isType:
                isConstant = false
            default: break
            }
        }
        guard isConstant else { return nil }
        let nobody = EntityUID(type: "", id: "")
        let request = Request(principal: nobody, action: nobody, resource: nobody)
        // A constant that fails is left to fail when it is evaluated.
        return try? Evaluator(request: request, entities: .empty).evaluate(expression)
    }

    private mutating func compile(_ expression: Expression) -> Int32 {
        if let value = folded(expression) { return constant(value) }
        switch expression.kind {
        case .literal(let value): return constant(value)
        case .variable(let variable):
            let index = Variable.allCases.firstIndex(of: variable) ?? 0
            return add(.variable, Int32(index))
        case .not(let operand): return add(.not, compile(operand))
        case .negate(let operand): return add(.negate, compile(operand))
        case .and(let operands): return add(.and, compile(operands))
        case .or(let operands): return add(.or, compile(operands))
        case .conditional(let test, let yes, let no):
            return add(.conditional, compile(test), compile(yes), compile(no))
        case .binary(.in, let left, let right) where right.elements != nil:
            return add(.inAny, compile(right.elements ?? []), compile(left))
        case .binary(.contains, let left, let right) where left.elements != nil:
            return add(.isAmong, compile(left.elements ?? []), compile(right))
        case .binary(let operation, let left, let right):
            return add(Self.operation(operation), compile(left), compile(right))
        case .isEmpty(let operand): return add(.isEmpty, compile(operand))
        case .attribute(let base, let name):
            if let names = expression.contextPath {
                return add(.contextAttribute, contextNumber(names))
            }
            let number = attributeNumber(name)
            switch base.kind {
            case .variable(.principal): return add(.principalAttribute, number)
            case .variable(.resource): return add(.resourceAttribute, number)
            default: return add(.attribute, compile(base), number)
            }
        case .has(let base, let names):
            let list = names.map { attributeNumber($0) }
            if case .variable(.context) = base.kind {
                return add(.contextHas, list, contextNumber([names[0]]))
            }
            return add(.has, list, compile(base))
        case .like(let operand, let pattern):
            // The operand first: it may hold patterns and functions of its own.
            let node = compile(operand)
            patterns.append(BytePattern(pattern))
            return add(.like, node, Int32(patterns.count - 1))
        case .isType(let operand, let type, let ancestor):
            let (subject, number) = (compile(operand), Int32(store.intern(type)))
            guard let ancestor else { return add(.isType, subject, number) }
            return add(.isTypeIn, subject, number, compile(ancestor))
        case .call(let function, let arguments):
            guard arguments.count == function.arity, !function.isConstructor else {
                return add(.unknown)
            }
            let list = compile(arguments)
            functions.append(function)
            return add(.call, list, Int32(functions.count - 1))
        case .set, .record: return add(.unknown)
        }
    }

    /// Tests that lead to one place if an expression is true, and to another if it is false.
    private mutating func test(_ expression: Expression, yes: Int32, no: Int32) -> Int32 {
        if case .bool(let value)? = folded(expression) { return value ? yes : no }
        switch expression.kind {
        case .not(let operand): return test(operand, yes: no, no: yes)
        case .and(let operands):
            return operands.reversed().reduce(yes) { test($1, yes: $0, no: no) }
        case .or(let operands):
            return operands.reversed().reduce(no) { test($1, yes: yes, no: $0) }
        case .conditional(let condition, let first, let second):
            let (first, second) = (
                test(first, yes: yes, no: no), test(second, yes: yes, no: no)
            )
            return test(condition, yes: first, no: second)
        case .binary(.in, _, let right) where right.elements != nil: break
        case .binary(.contains, let left, _) where left.elements != nil: break
        case .binary(let operation, let left, let right):
            return add(Self.operation(operation), compile(left), compile(right), yes, no)
        case .has(let base, let names) where names.count == 1 && base.kind != .variable(.context):
            return add(.has, compile(base), attributeNumber(names[0]), yes, no)
        case .isType(let operand, let type, nil):
            return add(.isType, compile(operand), Int32(store.intern(type)), yes, no)
        case .like(let operand, let pattern):
            let node = compile(operand)
            patterns.append(BytePattern(pattern))
            return add(.like, node, Int32(patterns.count - 1), yes, no)
        default: break
        }
        return add(.truth, compile(expression), 0, yes, no)
    }

    private mutating func add(
        _ operation: CompiledNode.Operation, _ left: Int32, _ right: Int32, _ yes: Int32,
        _ no: Int32
    ) -> Int32 {
        tests.append(
            CompiledTest(operation: operation, left: left, right: right, yes: yes, no: no))
        return Int32(tests.count - 1)
    }

    private mutating func compile(_ expressions: [Expression]) -> [Int32] {
        var list: [Int32] = []
        for expression in expressions { list.append(compile(expression)) }
        return list
    }

    private static func operation(_ operation: BinaryOperator) -> CompiledNode.Operation {
        switch operation {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessEqual: .lessEqual
        case .greater: .greater
        case .greaterEqual: .greaterEqual
        case .in: .in
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .contains: .contains
        case .containsAll: .containsAll
        case .containsAny: .containsAny
        case .getTag: .getTag
        case .hasTag: .hasTag
        }
    }
}

extension Expression {
    /// The names of `context.a.b`; nil for anything else.
    fileprivate var contextPath: [String]? {
        guard case .attribute(let base, let name) = kind else { return nil }
        if case .variable(.context) = base.kind { return [name] }
        return base.contextPath.map { $0 + [name] }
    }

    /// The elements of a set literal.
    fileprivate var elements: [Expression]? {
        if case .set(let elements) = kind { elements } else { nil }
    }
}
