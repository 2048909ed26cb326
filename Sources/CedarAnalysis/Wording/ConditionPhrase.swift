// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A condition in words, as a tree of what must all hold, or of what must hold in part.
///
/// It is for people: where an expression fails instead of being true or false, the words say nothing
/// of it. What decides is the policy, which stands beside them.
public indirect enum ConditionPhrase: Sendable {
    /// One thing that must be so.
    case atom(LocalizedText, cedar: String)
    /// Every one of these.
    case all([ConditionPhrase])
    /// One of these at least.
    case any([ConditionPhrase])

    /// What holds always.
    public static let always = ConditionPhrase.all([])
    /// What holds never.
    public static let never = ConditionPhrase.any([])

    /// The same without groups of one, and without groups that hold always or never.
    public func simplified() -> ConditionPhrase {
        switch self {
        case .atom: return self
        case .all(let parts): return Self.joined(parts, isAll: true)
        case .any(let parts): return Self.joined(parts, isAll: false)
        }
    }

    private static func joined(_ parts: [ConditionPhrase], isAll: Bool) -> ConditionPhrase {
        var kept: [ConditionPhrase] = []
        for part in parts.map({ $0.simplified() }) {
            switch (part, isAll) {
            case (.all(let inner), true), (.any(let inner), false): kept += inner
            case (.all(let inner), false) where inner.isEmpty: return .always
            case (.any(let inner), true) where inner.isEmpty: return .never
            default: kept.append(part)
            }
        }
        if kept.count == 1 { return kept[0] }
        return isAll ? .all(kept) : .any(kept)
    }

    /// The phrase as a list, a group's parts under it.
    ///
    /// - Parameters:
    ///   - language: The language.
    ///   - indent: How many spaces come before each line.
    /// - Returns: Lines that each end in a line feed.
    public func list(in language: Language, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .atom(let text, _): return "\(margin)– \(text[language])\n"
        case .all(let parts) where parts.isEmpty:
            return "\(margin)– \(language == .french ? "toujours" : "always")\n"
        case .any(let parts) where parts.isEmpty:
            return "\(margin)– \(language == .french ? "jamais" : "never")\n"
        case .all(let parts): return parts.map { $0.item(in: language, indent) }.joined()
        case .any: return item(in: language, indent)
        }
    }

    private func item(in language: Language, _ indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let isFrench = language == .french
        switch self {
        case .atom: return list(in: language, indent: indent)
        case .all(let parts):
            let head = isFrench ? "tout ceci\u{202F}:" : "all of this:"
            return "\(margin)– \(head)\n"
                + parts.map { $0.item(in: language, indent + 2) }.joined()
        case .any(let parts):
            let head = isFrench ? "l’un au moins\u{202F}:" : "at least one of:"
            return "\(margin)– \(head)\n"
                + parts.map { $0.item(in: language, indent + 2) }.joined()
        }
    }
}

/// What people call an attribute that policies read.
public struct GlossaryTerm: Sendable {
    /// The thing itself, with its article: *la finalité*, *the purpose*.
    public let subject: LocalizedText
    /// What is said if it is true, for a truth value.
    public let whenTrue: LocalizedText?
    /// What is said if it is false.
    public let whenFalse: LocalizedText?

    /// A term for a value.
    public init(subject: LocalizedText) {
        self.subject = subject
        (whenTrue, whenFalse) = (nil, nil)
    }

    /// A term for a truth value.
    public init(true yes: LocalizedText, false no: LocalizedText) {
        (subject, whenTrue, whenFalse) = (yes, yes, no)
    }
}
