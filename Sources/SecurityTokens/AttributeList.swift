// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// What objects are described by: attributes whose values live as long as the list.
struct AttributeList {
    private var types: [UInt] = []
    private var values: [UInt8] = []
    private var ranges: [Range<Int>] = []

    mutating func add(_ type: UInt, _ value: [UInt8]) {
        types.append(type)
        // Numbers are read in place: each value starts at a multiple of eight.
        while values.count % 8 != 0 { values.append(0) }
        ranges.append(values.count..<(values.count + value.count))
        values += value
    }

    mutating func add(_ type: UInt, _ value: Bool) { add(type, [value ? 1 : 0]) }

    mutating func add(_ type: UInt, _ number: UInt) {
        add(type, unsafe withUnsafeBytes(of: number) { unsafe Array($0) })
    }

    mutating func withAttributes<Value>(
        _ body: (UnsafeMutableBufferPointer<vigie_ck_attribute>) -> Value
    ) -> Value {
        let (types, ranges) = (types, ranges)
        return unsafe values.withUnsafeMutableBytes { buffer in
            var attributes = unsafe zip(types, ranges).map { type, range in
                unsafe vigie_ck_attribute(
                    type: type, value: buffer.baseAddress.map { unsafe $0 + range.lowerBound },
                    count: UInt(range.count))
            }
            return unsafe attributes.withUnsafeMutableBufferPointer { unsafe body($0) }
        }
    }
}
