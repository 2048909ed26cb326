// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// An event as plain values, from which both a log and the reference model are made.
struct PlainEvent {
    enum Field: Hashable {
        case text(String)
        case texts([String])
        case time(Int64)
        case number(Int)
        case truth(Bool)

        var json: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .texts(let items):
                "[" + items.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]"
            case .time(let time): "\"\(Timestamp.format(time))\""
            case .number(let number): "\(number)"
            case .truth(let truth): "\(truth)"
            }
        }
    }

    var type: String
    var time: Int64
    /// By the names of `EntryField`; members as `actor.pid`.
    var fields: [String: Field]
    /// Its place in the log; 0 is `log.open`.
    var index: UInt64 = 0

    init(_ type: String, _ time: Int64, _ fields: [String: Field] = [:]) {
        self.type = type
        self.time = time
        self.fields = fields
    }

    func text(_ name: String) -> String? {
        if case .text(let text)? = fields[name] { text } else { nil }
    }

    func texts(_ name: String) -> [String] {
        if case .texts(let texts)? = fields[name] { texts } else { [] }
    }

    func instant(_ name: String) -> Int64 {
        if case .time(let time)? = fields[name] { time } else { .max }
    }

    /// The canonical submission that says it.
    func submission(number: Int) -> [UInt8] {
        var all = fields
        all["v"] = .number(1)
        all["id"] = .text("id-\(number)")
        all["type"] = .text(type.replacing("incomplete:", with: ""))
        all["source"] = .text("test")
        all["source_seq"] = .number(number)
        all["occurred_at"] = .time(time)
        return Array(Self.object(all).utf8)
    }

    private static func object(_ fields: [String: Field]) -> String {
        var members: [String: String] = [:]
        var nested: [String: [String: Field]] = [:]
        for (name, value) in fields {
            let parts = name.split(separator: ".")
            if parts.count == 2 {
                nested[String(parts[0]), default: [:]][String(parts[1])] = value
            } else {
                members[name] = value.json
            }
        }
        for (name, inner) in nested { members[name] = object(inner) }
        let sorted = members.sorted { $0.key < $1.key }
        return "{" + sorted.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}

/// SplitMix64: small, seeded, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
