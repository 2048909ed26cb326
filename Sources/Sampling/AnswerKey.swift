// SPDX-License-Identifier: Apache-2.0

/// What the generator planted in a sample log, and what an audit must say about it.
public struct AnswerKey: Hashable, Sendable {
    /// Whether a planted entry breaks its rule.
    public enum Kind: String, Hashable, Sendable {
        /// The entry breaks the rule: exactly one finding is expected.
        case violation
        /// The entry comes close and keeps the rule: no finding is expected.
        case nearMiss = "near-miss"
    }

    /// One planted entry and one rule.
    public struct Item: Hashable, Sendable {
        /// The rule concerned.
        public var rule: String
        /// The source and the identifier of the entry, with a slash between.
        public var id: String
        /// The index of the entry in the log.
        public var index: UInt64
        /// Whether the rule is broken.
        public var kind: Kind
        /// What was planted, in a few words.
        public var note: String

        /// Makes an item.
        public init(rule: String, id: String, index: UInt64, kind: Kind, note: String) {
            self.rule = rule
            self.id = id
            self.index = index
            self.kind = kind
            self.note = note
        }
    }

    /// The planted entries, in the order of the log.
    public var items: [Item]

    /// Makes a key.
    public init(items: [Item]) {
        self.items = items
    }

    /// The key as JSON, one item a line.
    public var json: String {
        let lines = items.map { item in
            """
            {"rule":"\(item.rule)","id":"\(item.id)","index":\(item.index),\
            "kind":"\(item.kind.rawValue)","note":"\(item.note)"}
            """
        }
        return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
    }
}

/// A case before the log gave its entry an index.
struct PlantedCase: Sendable {
    var rules: [String]
    var kind: AnswerKey.Kind
    var note: String
}
