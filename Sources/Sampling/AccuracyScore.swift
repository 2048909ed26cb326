// SPDX-License-Identifier: Apache-2.0

/// How well an audit's findings match an answer key, for one rule.
public struct AccuracyScore: Hashable, Sendable {
    /// A finding, reduced to what is compared.
    public struct Claim: Hashable, Sendable {
        /// The rule.
        public var rule: String
        /// The index of the entry.
        public var index: UInt64

        /// Makes a claim.
        public init(rule: String, index: UInt64) {
            self.rule = rule
            self.index = index
        }
    }

    /// The rule.
    public var rule: String
    /// Findings that the key expects.
    public var found: Int
    /// Violations of the key that no finding names.
    public var missed: [UInt64]
    /// Findings that the key does not expect.
    public var unexpected: [UInt64]
    /// Near misses of the key: entries that must not be found.
    public var nearMisses: Int

    /// Findings that are right, of all findings; 1 when there is none.
    public var precision: Double {
        found + unexpected.count == 0 ? 1 : Double(found) / Double(found + unexpected.count)
    }

    /// Violations found, of all violations; 1 when there is none.
    public var recall: Double {
        found + missed.count == 0 ? 1 : Double(found) / Double(found + missed.count)
    }

    /// Scores each rule that the key or the findings name, in the order of the rules' names.
    public static func scores(claims: [Claim], key: AnswerKey) -> [AccuracyScore] {
        let claimed = Set(claims)
        var expected: Set<Claim> = []
        var nearMisses: [String: Int] = [:]
        for item in key.items {
            switch item.kind {
            case .violation: expected.insert(Claim(rule: item.rule, index: item.index))
            case .nearMiss: nearMisses[item.rule, default: 0] += 1
            }
        }
        let rules = Set(claimed.map(\.rule)).union(expected.map(\.rule)).union(nearMisses.keys)
        return rules.sorted().map { rule in
            AccuracyScore(
                rule: rule,
                found: claimed.intersection(expected).count { $0.rule == rule },
                missed: expected.subtracting(claimed).filter { $0.rule == rule }.map(\.index)
                    .sorted(),
                unexpected: claimed.subtracting(expected).filter { $0.rule == rule }.map(\.index)
                    .sorted(),
                nearMisses: nearMisses[rule] ?? 0)
        }
    }
}
