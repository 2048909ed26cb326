// SPDX-License-Identifier: Apache-2.0

/// One operation of compiled code; what the operands mean depends on the operation.
struct CompiledNode: BitwiseCopyable {
    enum Operation: UInt8 {
        case constant, variable, principalAttribute, resourceAttribute, contextAttribute
        case not, negate, and, or, conditional
        case equal, notEqual, less, lessEqual, greater, greaterEqual
        case `in`, add, subtract, multiply, contains, containsAll, containsAny
        case getTag, hasTag, isEmpty, attribute, has, contextHas, like, isType, isTypeIn, call,
            unknown
        /// A value in a list, or among one, that the request fills.
        case inAny, isAmong
        /// Of a test: its left side is itself the truth value.
        case truth
    }

    let operation: Operation
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
}

/// A question with the answer yes or no, and where to go on after each.
///
/// `&&`, `||`, `!`, `if` and `unless` cost nothing when a condition is decided: they are where its
/// tests lead.
struct CompiledTest: BitwiseCopyable {
    let operation: CompiledNode.Operation
    let left: Int32
    var right: Int32 = 0
    /// The next test, or one of the two ends.
    let yes: Int32
    let no: Int32

    /// The whole condition holds.
    static let holds: Int32 = -1
    /// The whole condition does not hold.
    static let fails: Int32 = -2
}

/// A policy as numbers: its scope, and the first test of its conditions.
struct CompiledPolicy: BitwiseCopyable {
    let isForbid: Bool
    let root: Int32
    var principal: CompiledScope
    var resource: CompiledScope
}

/// What a scope asks of the principal or resource; -1 asks nothing.
struct CompiledScope: BitwiseCopyable {
    var equal: Int32 = -1
    var ancestor: Int32 = -1
    var type: Int32 = -1
}

/// A path of attributes from the context.
struct ContextPath {
    let names: [String]
    /// The same names as numbers of attributes.
    let attributes: [Int32]
}
