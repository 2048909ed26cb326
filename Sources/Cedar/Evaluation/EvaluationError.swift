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

    /// The failure in words.
    public var message: LocalizedText {
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        switch code {
        case .typeMismatch:
            return LocalizedText(
                fr: "erreur de type\u{202F}: \(first) attendu, \(second) trouvé",
                en: "type error: expected \(first), got \(second)")
        case .missingAttribute:
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
        case .overflow:
            return LocalizedText(
                fr: "dépassement d’entier dans `\(first)`",
                en: "integer overflow while evaluating `\(first)`")
        case .extensionFailure:
            return LocalizedText(
                fr: "la fonction `\(first)` n’accepte pas `\(second)`",
                en: "error while evaluating `\(first)` extension function: invalid `\(second)`")
        case .argumentCount:
            return LocalizedText(
                fr: "nombre d’arguments incorrect pour la fonction `\(first)`\u{202F}: \(second)",
                en: "wrong number of arguments provided to extension function `\(first)`: "
                    + second)
        case .unfilledSlot:
            return LocalizedText(
                fr: "emplacement de modèle non rempli", en: "template slot is not filled")
        }
    }

    /// The failure as a diagnostic of the policy it happened in.
    public func diagnostic(in policy: Policy) -> Diagnostic {
        let (line, column) = policy.source.position(of: span.lower)
        return Diagnostic(
            code: code.rawValue,
            place: .text(file: policy.source.file, line: line, column: column),
            message: message,
            remedy: LocalizedText(
                fr: "valider la politique contre le schéma",
                en: "validate the policy against the schema"))
    }
}
