// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
        _ whole: Expression
    ) throws(EvaluationError) -> Value {
        let a = try evaluate(left)
        let b = try evaluate(right)
        switch operation {
        case .equal: return .bool(a == b)
        case .notEqual: return .bool(a != b)
        case .less, .lessEqual, .greater, .greaterEqual:
            return .bool(try compare(operation, a, b, whole))
        case .in:
            guard case .entity(let uid) = a else { throw mismatch(Self.entityType, a, left) }
            return .bool(try isIn(uid, b, right))
        case .add, .subtract, .multiply: return .int(try arithmetic(operation, a, b, whole))
        case .contains:
            guard case .set(let set) = a else { throw mismatch("set", a, left) }
            return .bool(set.contains(b))
        case .containsAll, .containsAny:
            guard case .set(let set) = a else { throw mismatch("set", a, left) }
            guard case .set(let other) = b else { throw mismatch("set", b, right) }
            return .bool(
                operation == .containsAll
                    ? other.elements.allSatisfy(set.contains)
                    : other.elements.contains(where: set.contains))
        case .getTag, .hasTag:
            guard case .entity(let uid) = a else { throw mismatch(Self.entityType, a, left) }
            guard case .string(let tag) = b else { throw mismatch("string", b, right) }
            return try self.tag(operation, tag, of: uid, whole)
        }
    }

    private func tag(
        _ operation: BinaryOperator, _ tag: String, of uid: EntityUID, _ whole: Expression
    ) throws(EvaluationError) -> Value {
        let entity = entities[uid]
        let value = entity?.tags[tag]
        if operation == .hasTag { return .bool(value != nil) }
        if entity == nil { throw failure(.missingEntity, [uid.description], whole) }
        guard let value else { throw failure(.missingTag, [uid.description, tag], whole) }
        return value
    }

    private func compare(
        _ operation: BinaryOperator, _ a: Value, _ b: Value, _ whole: Expression
    ) throws(EvaluationError) -> Bool {
        let x: Int64
        let y: Int64
        switch (a, b) {
        case (.int(let left), .int(let right)), (.datetime(let left), .datetime(let right)),
            (.duration(let left), .duration(let right)):
            (x, y) = (left, right)
        default: throw incomparable(a, b, whole)
        }
        switch operation {
        case .less: return x < y
        case .lessEqual: return x <= y
        case .greater: return x > y
        default: return x >= y
        }
    }

    /// Why two values cannot be ordered: one must be of the type of the other, which can be.
    private func incomparable(
        _ a: Value, _ b: Value, _ whole: Expression
    ) -> EvaluationError {
        let comparable = ["long", "datetime", "duration"]
        if case .int = a { return mismatch("long", b, whole) }
        if case .int = b { return mismatch("long", a, whole) }
        if comparable.contains(a.typeName) { return mismatch(a.typeName, b, whole) }
        if comparable.contains(b.typeName) { return mismatch(b.typeName, a, whole) }
        return mismatch(comparable, a, whole)
    }

    private func arithmetic(
        _ operation: BinaryOperator, _ a: Value, _ b: Value, _ whole: Expression
    ) throws(EvaluationError) -> Int64 {
        guard case .int(let x) = a else { throw mismatch("long", a, whole) }
        guard case .int(let y) = b else { throw mismatch("long", b, whole) }
        let (result, overflow) =
            switch operation {
            case .add: x.addingReportingOverflow(y)
            case .subtract: x.subtractingReportingOverflow(y)
            default: x.multipliedReportingOverflow(by: y)
            }
        if overflow { throw failure(.overflow, [operation.rawValue, "\(x)", "\(y)"], whole) }
        return result
    }

    func call(
        _ function: ExtensionFunction, _ arguments: [Expression], _ whole: Expression
    ) throws(EvaluationError) -> Value {
        var values: [Value] = []
        for argument in arguments { values.append(try evaluate(argument)) }
        guard values.count == function.arity else {
            throw failure(
                .argumentCount, [function.rawValue, "\(function.arity)", "\(values.count)"], whole)
        }
        if function.isConstructor {
            guard case .string(let text) = values[0] else {
                throw mismatch("string", values[0], whole)
            }
            if let value = function.construct(text) { return value }
            let (fault, argument) = function.fault(in: text)
            throw failure(
                .extensionFailure, [function.typeName, fault.rawValue, argument], whole)
        }
        switch function.apply(values[0], values[values.count - 1]) {
        case .value(let value): return value
        case .mismatch(let value, let expected): throw mismatch(expected, value, whole)
        case .overflow: throw overflow(function, values, whole)
        }
    }

    private func overflow(
        _ function: ExtensionFunction, _ values: [Value], _ whole: Expression
    ) -> EvaluationError {
        let shown = values.map(\.cedarText)
        let (fault, argument): (ExtensionFault, String) =
            switch function {
            case .offset: (.sumRange, "\(shown[0])+(\(values[1].milliseconds)ms)")
            case .durationSince: (.differenceRange, shown.joined(separator: " and "))
            default: (.dateRange, shown[0])
            }
        return failure(
            .extensionFailure, [function.rawValue, fault.rawValue, argument], whole)
    }
}

/// What a method of an extension type yields.
enum MethodResult {
    case value(Value)
    /// A value of another type than this one.
    case mismatch(Value, String)
    case overflow
}

extension ExtensionFunction {
    /// Calls a method; one without argument does not look at the second value.
    func apply(_ first: Value, _ second: Value) -> MethodResult {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual:
            applyDecimal(first, second)
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast, .isInRange: applyAddress(first, second)
        case .offset, .durationSince, .toDate, .toTime: applyDatetime(first, second)
        default: applyDuration(first)
        }
    }

    private func applyDecimal(_ first: Value, _ second: Value) -> MethodResult {
        guard case .decimal(let a) = first else { return .mismatch(first, "decimal") }
        guard case .decimal(let b) = second else { return .mismatch(second, "decimal") }
        switch self {
        case .lessThan: return .value(.bool(a < b))
        case .lessThanOrEqual: return .value(.bool(a <= b))
        case .greaterThan: return .value(.bool(a > b))
        default: return .value(.bool(a >= b))
        }
    }

    private func applyAddress(_ first: Value, _ second: Value) -> MethodResult {
        guard case .ipaddr(let address) = first else { return .mismatch(first, "ipaddr") }
        switch self {
        case .isIpv4: return .value(.bool(!address.isIPv6))
        case .isIpv6: return .value(.bool(address.isIPv6))
        case .isLoopback: return .value(.bool(address.isLoopback))
        case .isMulticast: return .value(.bool(address.isMulticast))
        default:
            guard case .ipaddr(let range) = second else { return .mismatch(second, "ipaddr") }
            return .value(.bool(address.isInRange(range)))
        }
    }

    private func applyDatetime(_ first: Value, _ second: Value) -> MethodResult {
        guard case .datetime(let instant) = first else {
            return .mismatch(first, "datetime")
        }
        switch self {
        case .toDate:
            guard let day = TimeText.startOfDay(instant) else { return .overflow }
            return .value(.datetime(day))
        case .toTime: return .value(.duration(TimeText.timeOfDay(instant)))
        case .offset:
            guard case .duration(let length) = second else {
                return .mismatch(second, "duration")
            }
            let (sum, overflow) = instant.addingReportingOverflow(length)
            return overflow ? .overflow : .value(.datetime(sum))
        default:
            guard case .datetime(let other) = second else {
                return .mismatch(second, "datetime")
            }
            let (difference, overflow) = instant.subtractingReportingOverflow(other)
            return overflow ? .overflow : .value(.duration(difference))
        }
    }

    private func applyDuration(_ first: Value) -> MethodResult {
        guard case .duration(let length) = first else {
            return .mismatch(first, "duration")
        }
        let unit: Int64
        switch self {
        case .toSeconds: unit = 1000
        case .toMinutes: unit = 60_000
        case .toHours: unit = 3_600_000
        case .toDays: unit = TimeText.millisecondsPerDay
        default: unit = 1
        }
        return .value(.int(length / unit))
    }
}
