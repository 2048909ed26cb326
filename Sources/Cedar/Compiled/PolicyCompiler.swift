// SPDX-License-Identifier: Apache-2.0

/// One operation of compiled code; what the operands mean depends on the operation.
struct CompiledNode {
    enum Operation: UInt8 {
        case constant, variable, contextAttribute, not, negate, and, or, conditional
        case equal, notEqual, less, lessEqual, greater, greaterEqual
        case `in`, add, subtract, multiply, contains, containsAll, containsAny
        case getTag, hasTag, isEmpty, attribute, has, contextHas, like, isType, call, unknown
        /// A value in a list, or among one, that the request fills.
        case inAny, isAmong
    }

    let operation: Operation
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
}

/// A policy as numbers: its scope, and its conditions as one expression.
struct CompiledPolicy {
    let isForbid: Bool
    /// The root of the conditions; negative for a policy without any.
    let root: Int32
    var principal: CompiledScope
    var resource: CompiledScope
}

/// What a scope asks of the principal or resource; -1 asks nothing.
struct CompiledScope {
    var equal = -1
    var ancestor = -1
    var type = -1
}

/// Turns expressions into flat code over an entity store.
struct PolicyCompiler {
    var store: EntityStore
    private(set) var nodes: [CompiledNode] = []
    private(set) var operands: [Int32] = []
    private(set) var constants: [Slot] = []
    private(set) var patterns: [BytePattern] = []
    /// The attributes of the context that policies read.
    private(set) var contextNames: [String] = []
    private var contextNumbers: [Text: Int32] = [:]
    private(set) var functions: [ExtensionFunction] = []

    init(_ store: EntityStore) {
        self.store = store
    }

    mutating func compile(_ policy: Policy) -> CompiledPolicy {
        var parts: [Int32] = []
        for condition in policy.conditions {
            let node = compile(condition.expression)
            parts.append(condition.isUnless ? add(.not, node) : node)
        }
        return CompiledPolicy(
            isForbid: policy.effect == .forbid,
            root: parts.isEmpty ? -1 : add(.and, parts),
            principal: scope(policy.scope.principal), resource: scope(policy.scope.resource))
    }

    /// What was compiled.
    var machine: CompiledMachine {
        CompiledMachine(
            store: store, nodes: nodes, operands: operands, constants: constants,
            patterns: patterns, functions: functions, contextNames: contextNames)
    }

    private mutating func contextNumber(_ name: String) -> Int32 {
        if let known = contextNumbers[Text(name)] { return known }
        let number = Int32(contextNames.count)
        contextNumbers[Text(name)] = number
        contextNames.append(name)
        return number
    }

    private mutating func scope(_ constraint: ScopeConstraint) -> CompiledScope {
        switch constraint {
        case .equal(.uid(let uid)): CompiledScope(equal: store.intern(uid))
        case .in(.uid(let uid)): CompiledScope(ancestor: store.intern(uid))
        case .isType(let type): CompiledScope(type: store.intern(type))
        case .isTypeIn(let type, .uid(let uid)):
            CompiledScope(ancestor: store.intern(uid), type: store.intern(type))
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
            if case .variable(.context) = base.kind {
                return add(.contextAttribute, contextNumber(name))
            }
            return add(.attribute, compile(base), Int32(store.intern(name)))
        case .has(let base, let names):
            let list = names.map { Int32(store.intern($0)) }
            if case .variable(.context) = base.kind {
                return add(.contextHas, list, contextNumber(names[0]))
            }
            return add(.has, list, compile(base))
        case .like(let operand, let pattern):
            // The operand first: it may hold patterns and functions of its own.
            let node = compile(operand)
            patterns.append(BytePattern(pattern))
            return add(.like, node, Int32(patterns.count - 1))
        case .isType(let operand, let type, let ancestor):
            let test = add(.isType, compile(operand), Int32(store.intern(type)))
            guard let ancestor else { return test }
            return add(.and, [test, add(.in, compile(operand), compile(ancestor))])
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
    /// The elements of a set literal.
    fileprivate var elements: [Expression]? {
        if case .set(let elements) = kind { elements } else { nil }
    }
}
