// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that an expression has no value.
///
/// A policy whose evaluation fails takes no part in the decision; the response names it.
public struct EvaluationError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// A value of another type than the operator takes.
        case typeMismatch = "CED301"
        /// An attribute that the record or entity does not have.
        case missingAttribute = "CED302"
        /// A tag that the entity does not have.
        case missingTag = "CED303"
        /// An entity that is not in the store.
        case missingEntity = "CED304"
        /// A result beyond 64 bits.
        case overflow = "CED305"
        /// A text that an extension constructor does not read, or a result it cannot hold.
        case extensionFailure = "CED306"
        /// An extension function with too many or too few arguments.
        case argumentCount = "CED307"
        /// A template slot that nothing fills.
        case unfilledSlot = "CED308"
    }

    /// The kind of failure.
    public let code: Code
    /// What the message quotes, in order.
    public let facts: [String]
    /// The sub-expression that failed.
    public let span: SourceSpan

    /// The failure in words; the English ones are those of the Rust implementation.
    public var message: LocalizedText {
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        let third = facts.count > 2 ? facts[2] : ""
        switch code {
        case .typeMismatch: return mismatchMessage
        case .missingAttribute:
            // A record has no name.
            if first.isEmpty {
                return LocalizedText(
                    fr: "l’enregistrement n’a pas l’attribut `\(second)`",
                    en: "record does not have the attribute `\(second)`")
            }
            return LocalizedText(
                fr: "`\(first)` n’a pas l’attribut `\(second)`",
                en: "`\(first)` does not have the attribute `\(second)`")
        case .missingTag:
            return LocalizedText(
                fr: "`\(first)` n’a pas l’étiquette `\(second)`",
                en: "`\(first)` does not have the tag `\(second)`")
        case .missingEntity:
            return LocalizedText(
                fr: "l’entité `\(first)` n’existe pas", en: "entity `\(first)` does not exist")
        case .overflow: return overflowMessage
        case .extensionFailure:
            let fault = ExtensionFault(rawValue: second)?.words(third)
            return LocalizedText(
                fr:
                    "erreur dans la fonction d’extension `\(first)`\u{202F}: \(fault?.french ?? "")",
                en: "error while evaluating `\(first)` extension function: "
                    + (fault?.english ?? ""))
        case .argumentCount:
            return LocalizedText(
                fr: "nombre d’arguments incorrect pour la fonction d’extension `\(first)`\u{202F}: "
                    + "\(second) attendus, \(third) donnés",
                en: "wrong number of arguments provided to extension function `\(first)`: "
                    + "expected \(second), got \(third)")
        case .unfilledSlot:
            return LocalizedText(
                fr: "l’emplacement de modèle `\(first)` n’a pas été rempli",
                en: "template slot `\(first)` was not linked")
        }
    }

    /// The last fact is the type found, those before it are the types expected.
    private var mismatchMessage: LocalizedText {
        let actual = facts.last ?? ""
        let expected = facts.dropLast()
        let list = expected.joined(separator: ", ")
        if expected.count == 1 {
            return LocalizedText(
                fr: "erreur de type\u{202F}: \(list) attendu, \(actual) trouvé",
                en: "type error: expected \(list), got \(actual)")
        }
        return LocalizedText(
            fr: "erreur de type\u{202F}: l’un de [\(list)] attendu, \(actual) trouvé",
            en: "type error: expected one of [\(list)], got \(actual)")
    }

    private var overflowMessage: LocalizedText {
        let operands = facts.dropFirst()
        let verbs: (french: String, english: String) =
            switch facts.first {
            case "+": ("additionner", "add")
            case "*": ("multiplier", "multiply")
            case "neg": ("changer le signe de", "negate")
            default: ("soustraire", "subtract")
            }
        let noun = operands.count == 1 ? "value" : "values"
        let french = operands.map { "`\($0)`" }.joined(separator: " et ")
        let english = operands.map { "`\($0)`" }.joined(separator: " and ")
        return LocalizedText(
            fr: "dépassement d’entier en voulant \(verbs.french) \(french)",
            en: "integer overflow while attempting to \(verbs.english) the \(noun) \(english)")
    }

    /// What the reader can do.
    public var remedy: LocalizedText {
        switch code {
        case .missingAttribute:
            LocalizedText(
                fr: "vérifier d’abord sa présence avec `has`", en: "test for it first with `has`")
        case .missingTag:
            LocalizedText(
                fr: "vérifier d’abord sa présence avec `hasTag`",
                en: "test for it first with `hasTag`")
        case .missingEntity:
            LocalizedText(fr: "ajouter l’entité aux données", en: "add the entity to the data")
        case .overflow:
            LocalizedText(fr: "comparer des nombres plus petits", en: "use smaller numbers")
        case .typeMismatch, .extensionFailure, .argumentCount, .unfilledSlot:
            LocalizedText(
                fr: "corriger la politique, ou la donnée que lit son attribut",
                en: "correct the policy, or the data that its attribute reads")
        }
    }

    /// The failure as a diagnostic of the policy's text.
    public func diagnostic(in source: Source) -> Diagnostic {
        let (line, column) = source.position(of: span.lower)
        return Diagnostic(
            code: code.rawValue, place: .text(file: source.file, line: line, column: column),
            message: message, remedy: remedy)
    }
}
