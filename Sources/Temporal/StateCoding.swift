// SPDX-License-Identifier: Apache-2.0

import Snapshots

// How tuples are saved: sets and dictionaries in the order of their tuples, so that equal states
// give equal bytes, and every tuple with as many values as its columns.

extension SnapshotWriter {
    mutating func write(_ value: Value) {
        switch value {
        case .int(let number):
            write(raw: [0])
            write(Int64(number))
        case .float(let number):
            write(raw: [1])
            write(number.isNaN ? Double.nan.bitPattern : number.bitPattern)
        case .string(let bytes):
            write(raw: [2])
            write(bytes: bytes)
        case .regexp(let bytes):
            write(raw: [3])
            write(bytes: bytes)
        }
    }

    mutating func write(_ tuple: [Value]) {
        for value in tuple { write(value) }
    }

    mutating func write(_ relation: Relation) {
        write(each: relation.sorted(by: precedes)) { $0.write($1) }
    }

    mutating func write<Item>(
        _ table: [[Value]: Item], _ body: (inout SnapshotWriter, Item) -> Void
    ) {
        write(each: table.sorted { precedes($0.key, $1.key) }) { writer, row in
            writer.write(row.key)
            body(&writer, row.value)
        }
    }

    mutating func write<Item>(
        _ queue: Queue<Item>, _ body: (inout SnapshotWriter, Item) -> Void
    ) {
        write(each: queue.elements, body)
    }

    mutating func write(_ queue: Queue<Int>) { write(queue) { $0.write(Int64($1)) } }
}

extension SnapshotReader {
    mutating func int() throws(MalformedSnapshot) -> Int { Int(try integer()) }

    /// A number that counts something.
    mutating func natural() throws(MalformedSnapshot) -> Int {
        guard let value = Int(exactly: try integer()), value >= 0 else { throw MalformedSnapshot() }
        return value
    }

    mutating func value() throws(MalformedSnapshot) -> Value {
        switch try raw(1).first {
        case 0: return .int(try int())
        case 1: return .float(Double(bitPattern: try number()))
        case 2: return .string(Array(try content()))
        case 3: return .regexp(Array(try content()))
        default: throw MalformedSnapshot()
        }
    }

    mutating func tuple(_ width: Int) throws(MalformedSnapshot) -> [Value] {
        var tuple: [Value] = []
        for _ in 0..<width { tuple.append(try value()) }
        return tuple
    }

    /// How many tuples follow; those over no columns take no bytes, and there is one of them.
    private mutating func tupleCount(_ width: Int) throws(MalformedSnapshot) -> Int {
        width > 0 ? try count() : try index(below: 2)
    }

    mutating func relation(_ width: Int) throws(MalformedSnapshot) -> Relation {
        var relation = Relation()
        for _ in 0..<(try tupleCount(width)) { relation.insert(try tuple(width)) }
        return relation
    }

    mutating func table<Item>(
        _ width: Int, _ body: (inout SnapshotReader) throws(MalformedSnapshot) -> Item
    ) throws(MalformedSnapshot) -> [[Value]: Item] {
        var table: [[Value]: Item] = [:]
        for _ in 0..<(try tupleCount(width)) {
            let key = try tuple(width)
            table[key] = try body(&self)
        }
        return table
    }

    mutating func queue<Item>(
        _ body: (inout SnapshotReader) throws(MalformedSnapshot) -> Item
    ) throws(MalformedSnapshot) -> Queue<Item> {
        var queue = Queue<Item>()
        for item in try list(body) { queue.append(item) }
        return queue
    }

    mutating func ints() throws(MalformedSnapshot) -> Queue<Int> {
        try queue { reader throws(MalformedSnapshot) in try reader.int() }
    }
}
