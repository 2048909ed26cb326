// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Snapshots
import TransparencyLog

/// A set of event types.
///
/// It has a bit for each value of a byte, which is what numbers a type: no vocabulary outgrows it.
struct TypeSet: Hashable, Sendable {
    private var words = SIMD4<UInt64>()

    mutating func insert(_ type: EventType) { words[Self.word(type)] |= Self.bit(type) }

    mutating func formUnion(_ other: TypeSet) { words |= other.words }

    func contains(_ type: EventType) -> Bool { words[Self.word(type)] & Self.bit(type) != 0 }

    private static func word(_ type: EventType) -> Int {
        let number: UInt8 = type.rawValue
        return Int(number >> 6)
    }

    private static func bit(_ type: EventType) -> UInt64 { 1 << UInt64(type.rawValue & 63) }
}

extension TypeSet {
    func encode(to writer: inout SnapshotWriter) {
        for place in words.indices { writer.write(words[place]) }
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        for place in words.indices { words[place] = try reader.number() }
    }
}
