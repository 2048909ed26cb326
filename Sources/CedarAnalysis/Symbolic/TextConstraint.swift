// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What has been assumed of a text: patterns that it matches, and patterns that it does not.
///
/// A text that it is not equal to is a pattern without wildcards. A text that meets every assumption
/// is found by walking through all patterns at once, shortest text first, so that none is missed.
struct TextConstraint: Sendable {
    private var equal: String?
    private var like: [Pattern] = []
    private var unlike: [Pattern] = []
    private var excluded: Set<Text> = []

    /// The most steps that one search takes; beyond, the assumption is let pass.
    private static let stepMax = 4_000

    func assuming(_ test: PlaceTest, _ holds: Bool) -> TextConstraint? {
        var next = self
        switch test {
        case .equals(.string(let text)) where holds:
            if let equal, !equal.hasSameBytes(as: text) { return nil }
            next.equal = text
        case .equals(.string(let text)): next.excluded.insert(Text(text))
        case .equals: return holds ? nil : self
        case .like(let pattern) where holds: next.like.append(pattern)
        case .like(let pattern): next.unlike.append(pattern)
        default: return self
        }
        return next.isPossible ? next : nil
    }

    func admits(_ value: Value) -> Bool {
        guard case .string(let text) = value else { return false }
        return equal.map { $0.hasSameBytes(as: text) } ?? true && isLeft(text)
    }

    private func isLeft(_ text: String) -> Bool {
        !excluded.contains(Text(text)) && like.allSatisfy { $0.matches(text) }
            && !unlike.contains { $0.matches(text) }
    }

    private var isPossible: Bool {
        if let equal { return isLeft(equal) }
        if like.isEmpty, unlike.isEmpty { return true }
        if case .none = search() { return false }
        return true
    }

    /// A text that is left.
    var sample: String? {
        if let equal { return equal }
        if like.isEmpty, unlike.isEmpty {
            let taken = Set(excluded.map { Value.string($0.string) })
            guard case .string(let text)? = Type.string.freshValue(besides: taken) else {
                return nil
            }
            return text
        }
        guard case .found(let text) = search() else { return nil }
        return text
    }

    private enum Found {
        case found(String)
        case none
        case tooLong
    }

    /// The shortest text that every assumption leaves.
    private func search() -> Found {
        let wanted = like.map(\.elements)
        let refused = unlike.map(\.elements) + excluded.map { $0.string.unicodeScalars.map { $0 } }
        let all = wanted + refused
        let alphabet = Self.alphabet(all)
        let start = all.map { Self.closure([0], $0) }
        var seen: Set<[Set<Int>]> = [start]
        var queue: [(state: [Set<Int>], text: String)] = [(start, "")]
        var next = 0
        var steps = 0
        while next < queue.count {
            let (state, text) = queue[next]
            next += 1
            let accepted = zip(state, all).map { $0.contains($1.count) }
            if accepted.prefix(wanted.count).allSatisfy({ $0 }),
                !accepted.dropFirst(wanted.count).contains(true)
            {
                return .found(text)
            }
            for scalar in alphabet {
                steps += all.count
                guard steps < Self.stepMax else { return .tooLong }
                let moved = zip(state, all).map { Self.step($0, $1, scalar) }
                // A pattern that must match and cannot any more ends the walk.
                if moved.prefix(wanted.count).contains(where: \.isEmpty) { continue }
                guard seen.insert(moved).inserted else { continue }
                queue.append((moved, text + String(Character(scalar))))
            }
        }
        return .none
    }

    /// The scalars of the patterns, and one that is in none: all such are alike.
    private static func alphabet(_ patterns: [[Unicode.Scalar?]]) -> [Unicode.Scalar] {
        let used = Set(patterns.joined().compactMap { $0 })
        var result = used.sorted()
        let other = (97...UInt32(97 + used.count)).lazy.compactMap(Unicode.Scalar.init)
            .first { !used.contains($0) }
        if let other { result.append(other) }
        return result
    }

    /// The positions reached without reading: a wildcard may stand for nothing.
    private static func closure(
        _ positions: Set<Int>, _ pattern: [Unicode.Scalar?]
    ) -> Set<Int> {
        var result = positions
        for var position in positions {
            while position < pattern.count, pattern[position] == nil {
                position += 1
                result.insert(position)
            }
        }
        return result
    }

    private static func step(
        _ positions: Set<Int>, _ pattern: [Unicode.Scalar?], _ scalar: Unicode.Scalar
    ) -> Set<Int> {
        var result: Set<Int> = []
        for position in positions where position < pattern.count {
            if let wanted = pattern[position] {
                if wanted == scalar { result.insert(position + 1) }
            } else {
                result.insert(position)
            }
        }
        return closure(result, pattern)
    }
}
