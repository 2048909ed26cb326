// SPDX-License-Identifier: Apache-2.0

/// Reads what the score compares out of an audit's report and of an answer key, both JSON.
public struct ClaimReader {
    /// The text is not the JSON expected.
    public struct Failure: Error, Hashable, Sendable {
        /// Where reading stopped, in bytes.
        public var byteOffset: Int
    }

    private indirect enum Value {
        case text(String)
        case number(Int64)
        case array([Value])
        case object([String: Value])
        case other

        subscript(_ name: String) -> Value? {
            if case .object(let members) = self { members[name] } else { nil }
        }

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }

        var index: UInt64? {
            if case .number(let number) = self { UInt64(exactly: number) } else { nil }
        }

        var elements: [Value] {
            if case .array(let values) = self { values } else { [] }
        }
    }

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The rule and the entry of each finding of an audit's report that no waiver covers.
    ///
    /// - Throws: ``Failure``.
    public static func claims(_ report: [UInt8]) throws(Failure) -> [AccuracyScore.Claim] {
        guard let findings = try document(report)["findings"] else { throw Failure(byteOffset: 0) }
        return findings.elements.compactMap { finding in
            guard let rule = finding["rule"]?.text,
                let index = (finding["entry_index"] ?? finding["index"])?.index,
                finding["waiver"]?["id"]?.text == nil
            else {
                return nil
            }
            return AccuracyScore.Claim(rule: rule, index: index)
        }
    }

    /// An answer key.
    ///
    /// - Throws: ``Failure``.
    public static func key(_ text: [UInt8]) throws(Failure) -> AnswerKey {
        AnswerKey(
            items: try document(text).elements.compactMap { item in
                guard let rule = item["rule"]?.text, let index = item["index"]?.index,
                    let kind = item["kind"]?.text.flatMap(AnswerKey.Kind.init(rawValue:))
                else { return nil }
                return AnswerKey.Item(
                    rule: rule, id: item["id"]?.text ?? "", index: index, kind: kind,
                    note: item["note"]?.text ?? "")
            })
    }

    private static func document(_ bytes: [UInt8]) throws(Failure) -> Value {
        var reader = ClaimReader(bytes)
        return try reader.value(depth: 0)
    }

    private var failure: Failure { Failure(byteOffset: place) }

    /// The next byte that is not white space; 0 at the end.
    private mutating func peek() -> UInt8 {
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        return place < bytes.count ? bytes[place] : 0
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> Value {
        guard depth < 64 else { throw failure }
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .text(try string())
        default: return try word()
        }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> Value {
        place += 1
        var members: [String: Value] = [:]
        while !skip(UInt8(ascii: "}")) {
            guard peek() == UInt8(ascii: "\"") else { throw failure }
            let name = try string()
            guard skip(UInt8(ascii: ":")) else { throw failure }
            members[name] = try value(depth: depth + 1)
            _ = skip(UInt8(ascii: ","))
        }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Failure) -> Value {
        place += 1
        var values: [Value] = []
        while !skip(UInt8(ascii: "]")) {
            values.append(try value(depth: depth + 1))
            _ = skip(UInt8(ascii: ","))
        }
        return .array(values)
    }

    /// A string; escapes stay as they are, since nothing that is compared has any.
    private mutating func string() throws(Failure) -> String {
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count else { throw failure }
        place += 1
        return String(decoding: bytes[start..<(place - 1)], as: UTF8.self)
    }

    private mutating func word() throws(Failure) -> Value {
        let start = place
        let ends = Set(",]}".utf8)
        while place < bytes.count, bytes[place] > 0x20, !ends.contains(bytes[place]) { place += 1 }
        guard place > start else { throw failure }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        return Int64(text).map { .number($0) } ?? .other
    }
}
