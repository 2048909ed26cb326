// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A value that a sentence takes from the policy set by `$name`.
public enum SentenceParameter: Hashable, Sendable {
    /// A number.
    case number(Int64)
    /// Words, or texts of identifiers.
    case words([String])
}

/// A rule over time as a person writes it, in French or in English.
///
///     after adviser.withdraw(actor: a), licence.revoke(holder: a) within 24 h
///     every heartbeat(source: s) is followed by heartbeat(source: s) within 15 min
///     no profile.view(subject: p) after agreement.withdraw(subject: p) until agreement.give(subject: p)
///     profile.view(actor: a) only if licence.activate(holder: a) before and no licence.revoke(holder: a) since
///     at most 60 distinct p of profile.view(actor: a, subject: p) per a in 1 h
///     at most 500 open from licence.assign(licence: l) to licence.revoke(licence: l)
///     at most median + 6 MAD of distinct p of profile.view(actor: a, subject: p) per a over 30 days
///     never both licence.request(reference: r, actor: a) and licence.grant(reference: r, actor: a)
///     never profile.view(outcome = done, decision = deny)
///
/// Inside the parentheses, `field: variable` correlates events, and a comparison restricts them:
/// `field = value`, `field != {A, B}`, `field >= 20`, `field has {SA}`, `field lacks {SA}`,
/// `field missing`, `field present`, `field = other` and `field > other + 24 h` between two
/// fields. `$name` stands for a parameter.
public struct RuleSentence: Hashable, Sendable {
    /// What the sentence says.
    public let pattern: RulePattern
    /// The variables of the key, in the order in which verdicts give their values.
    public let variables: [String]

    /// What a sentence needs besides its own words.
    public struct Setting: Sendable {
        /// The names of types and fields.
        public var schema: EventSchema
        /// The parameters of the policy set.
        public var parameters: [String: SentenceParameter]
        /// The number of an identifier's text; nothing where texts cannot be named.
        public var identify: @Sendable (String) -> Int64?

        /// Makes a setting.
        public init(
            schema: EventSchema, parameters: [String: SentenceParameter] = [:],
            identify: @escaping @Sendable (String) -> Int64? = { _ in nil }
        ) {
            self.schema = schema
            self.parameters = parameters
            self.identify = identify
        }
    }

    /// Reads a sentence.
    ///
    /// - Throws: ``SentenceError`` with the word where the sentence stops making sense.
    public init(
        _ text: String, language: Language, setting: Setting
    ) throws(SentenceError) {
        var parser = try SentenceParser(text, language, setting)
        (pattern, variables) = try parser.sentence()
    }
}
