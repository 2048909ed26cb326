// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A regular expression in the syntax of OCaml's `Str`: `\(z\)*\(a+\)b`.
///
/// Groups are `\(` and `\)`, alternatives `\|`; `* + ?` repeat the item before them.
/// The matcher backtracks and counts its steps, so no pattern can run away.
struct Pattern {
    /// How many steps one search may take.
    static let stepCountMax = 1_000_000
    /// How deep groups and repetitions may go while matching.
    static let depthMax = 4_000

    indirect enum Node {
        case byte(UInt8)
        case any
        case set([Bool])
        case start
        case end
        case boundary
        case group(Int, Node)
        case reference(Int)
        case sequence([Node])
        case choice([Node])
        case many(Node, minimum: Int)
        case optional(Node)
    }

    let root: Node
    private let source: String
    let groupCount: Int

    init(_ bytes: [UInt8], at position: SourcePosition? = nil) throws(TemporalError) {
        var parser = PatternParser(bytes)
        guard bytes.count <= 1_000, let node = parser.parse() else {
            throw TemporalError(
                .invalidPattern, at: position, subject: String(decoding: bytes, as: UTF8.self))
        }
        root = node
        source = String(decoding: bytes, as: UTF8.self)
        groupCount = parser.groupCount
    }

    /// The texts of the groups in the first match, the whole first; none without a match.
    func firstMatch(in text: [UInt8]) throws(TemporalError) -> [[UInt8]?]? {
        var matcher = PatternMatcher(text, groupCount: groupCount)
        for start in 0...text.count {
            if let groups = matcher.match(root, at: start) { return groups }
            if matcher.isExhausted {
                throw TemporalError(.patternTooCostly, subject: source)
            }
        }
        return nil
    }
}

/// Reads patterns; gives nothing for one that is malformed or nests too deep.
struct PatternParser {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private(set) var groupCount = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parse() -> Pattern.Node? {
        guard let node = choice(), index == bytes.count else { return nil }
        return node
    }

    private func isNext(_ text: String) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }

    private mutating func choice() -> Pattern.Node? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 50 else { return nil }
        var branches: [Pattern.Node] = []
        repeat {
            if !branches.isEmpty { index += 2 }
            var items: [Pattern.Node] = []
            while index < bytes.count, !isNext("\\|"), !isNext("\\)") {
                guard let item = repeated(isFirst: items.isEmpty) else { return nil }
                items.append(item)
            }
            branches.append(.sequence(items))
        } while isNext("\\|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func repeated(isFirst: Bool) -> Pattern.Node? {
        guard var node = item() else { return nil }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): node = .many(node, minimum: 0)
            case UInt8(ascii: "+"): node = .many(node, minimum: 1)
            case UInt8(ascii: "?"): node = .optional(node)
            default: return node
            }
            index += 1
        }
        return node
    }

    private mutating func item() -> Pattern.Node? {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "."): return .any
        case UInt8(ascii: "^"): return .start
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "["): return set()
        case UInt8(ascii: "\\"): return escaped()
        default: return .byte(byte)
        }
    }

    private mutating func escaped() -> Pattern.Node? {
        guard index < bytes.count else { return nil }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "("):
            groupCount += 1
            let number = groupCount
            guard let inner = choice(), isNext("\\)") else { return nil }
            index += 2
            return .group(number, inner)
        case UInt8(ascii: "b"): return .boundary
        case UInt8(ascii: "1")...UInt8(ascii: "9"): return .reference(Int(byte) - 48)
        default: return .byte(byte)
        }
    }

    private mutating func set() -> Pattern.Node? {
        var members = [Bool](repeating: false, count: 256)
        let isNegated = index < bytes.count && bytes[index] == UInt8(ascii: "^")
        if isNegated { index += 1 }
        var isFirst = true
        while index < bytes.count, isFirst || bytes[index] != UInt8(ascii: "]") {
            isFirst = false
            let low = bytes[index]
            index += 1
            if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-"),
                bytes[index + 1] != UInt8(ascii: "]")
            {
                let high = bytes[index + 1]
                index += 2
                if low <= high { for byte in low...high { members[Int(byte)] = true } }
            } else {
                members[Int(low)] = true
            }
        }
        guard index < bytes.count else { return nil }
        index += 1
        return .set(isNegated ? members.map { !$0 } : members)
    }
}

/// Matches one pattern against one text, by backtracking.
struct PatternMatcher {
    private let text: [UInt8]
    private var groups: [Range<Int>?]
    private var stepCount = 0
    private var depth = 0
    private(set) var isExhausted = false

    init(_ text: [UInt8], groupCount: Int) {
        self.text = text
        groups = Array(repeating: nil, count: groupCount + 1)
    }

    mutating func match(_ node: Pattern.Node, at start: Int) -> [[UInt8]?]? {
        groups = groups.map { _ in nil }
        var end = start
        let isMatch = run(node, start) { _, position in
            end = position
            return true
        }
        guard isMatch, !isExhausted else { return nil }
        groups[0] = start..<end
        return groups.map { range in range.map { Array(text[$0]) } }
    }

    private typealias Rest = (inout PatternMatcher, Int) -> Bool

    private mutating func run(_ node: Pattern.Node, _ at: Int, _ rest: Rest) -> Bool {
        stepCount += 1
        depth += 1
        defer { depth -= 1 }
        guard stepCount < Pattern.stepCountMax, depth < Pattern.depthMax else {
            isExhausted = true
            return false
        }
        switch node {
        case .byte(let byte): return at < text.count && text[at] == byte && rest(&self, at + 1)
        case .any: return at < text.count && text[at] != 10 && rest(&self, at + 1)
        case .set(let members):
            return at < text.count && members[Int(text[at])] && rest(&self, at + 1)
        case .start: return (at == 0 || text[at - 1] == 10) && rest(&self, at)
        case .end: return (at == text.count || text[at] == 10) && rest(&self, at)
        case .boundary: return isBoundary(at) && rest(&self, at)
        case .group(let number, let inner): return runGroup(number, inner, at, rest)
        case .reference(let number): return runReference(number, at, rest)
        case .sequence(let items): return runSequence(items[...], at, rest)
        case .choice(let branches):
            for branch in branches where run(branch, at, rest) { return true }
            return false
        case .many(let inner, let minimum): return runMany(inner, minimum, at, rest)
        case .optional(let inner): return run(inner, at, rest) || rest(&self, at)
        }
    }

    private func isBoundary(_ at: Int) -> Bool {
        func isWord(_ index: Int) -> Bool {
            index >= 0 && index < text.count
                && (text[index].isDigit || text[index].isLetter || text[index] == 95)
        }
        return isWord(at - 1) != isWord(at)
    }

    private mutating func runGroup(
        _ number: Int, _ inner: Pattern.Node, _ at: Int, _ rest: Rest
    ) -> Bool {
        let before = groups[number]
        let isMatch = run(inner, at) { matcher, end in
            let saved = matcher.groups[number]
            matcher.groups[number] = at..<end
            if rest(&matcher, end) { return true }
            matcher.groups[number] = saved
            return false
        }
        if !isMatch { groups[number] = before }
        return isMatch
    }

    private mutating func runReference(_ number: Int, _ at: Int, _ rest: Rest) -> Bool {
        guard number < groups.count, let range = groups[number] else { return false }
        guard text[at...].starts(with: text[range]) else { return false }
        return rest(&self, at + range.count)
    }

    private mutating func runSequence(
        _ items: ArraySlice<Pattern.Node>, _ at: Int, _ rest: Rest
    ) -> Bool {
        guard let first = items.first else { return rest(&self, at) }
        return run(first, at) { matcher, next in
            matcher.runSequence(items.dropFirst(), next, rest)
        }
    }

    private mutating func runMany(
        _ inner: Pattern.Node, _ minimum: Int, _ at: Int, _ rest: Rest
    ) -> Bool {
        let isMatch = run(inner, at) { matcher, next in
            next > at && matcher.run(.many(inner, minimum: 0), next, rest)
        }
        if isMatch { return true }
        return minimum == 0 && rest(&self, at)
    }
}
