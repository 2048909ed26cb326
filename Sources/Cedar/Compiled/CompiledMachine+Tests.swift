// SPDX-License-Identifier: Apache-2.0

/// Conditions: tests one after the other, until one of them ends the condition.
extension CompiledMachine {
    /// Whether a condition holds; an error, or unknown, where that cannot be told.
    func decide(_ root: Int32, _ request: Request, _ frame: inout Frame) -> Slot {
        var position = root
        while position >= 0 {
            let test = tests[Int(position)]
            let answer = answer(test, request, &frame)
            guard answer.tag == .bool else { return stop(answer) }
            position = answer.bits == 1 ? test.yes : test.no
        }
        return Slot(position == CompiledTest.holds)
    }

    @inline(__always)
    private func answer(
        _ test: CompiledTest, _ request: Request, _ frame: inout Frame
    ) -> Slot {
        let left = operand(test.left, request, &frame)
        switch test.operation {
        case .truth: return left
        case .has: return has(left, Int(test.right), &frame)
        case .isType: return isType(left, Int(test.right), &frame)
        case .like: return like(left, Int(test.right), &frame)
        default:
            // An unknown left side may yet fail, before what the right side does.
            if left.isStopped { return left }
            let right = operand(test.right, request, &frame)
            if right.isStopped { return right }
            return compare(test.operation, left, right, &frame)
        }
    }

    /// The operators of most tests, without a call where both sides are in the tables.
    @inline(__always)
    private func compare(
        _ operation: CompiledNode.Operation, _ left: Slot, _ right: Slot, _ frame: inout Frame
    ) -> Slot {
        let isKnown = left.tag != .foreign && right.tag != .foreign
        switch operation {
        case .equal where isKnown: return Slot(left == right)
        case .notEqual where isKnown: return Slot(left != right)
        case .in where left.tag == .entity && right.tag == .entity:
            return Slot(isIn(left.index, right.index))
        default: return binary(operation, left, right, &frame)
        }
    }
}
