// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that a policy is not valid under a schema.
public struct ValidationError: Error, Hashable, Sendable {
    /// The kinds, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// An entity type that the schema does not declare.
        case unknownEntityType = "CED211"
        /// An action that the schema does not declare.
        case unknownAction = "CED212"
        /// An identifier that an enumerated type does not list.
        case invalidEnumEntity = "CED213"
        /// A scope that no action of the schema can meet.
        case noApplicableAction = "CED214"
        /// A value of another type than its place takes.
        case unexpectedType = "CED215"
        /// Types that cannot be compared or be in one set.
        case incompatibleTypes = "CED216"
        /// An attribute that is not declared.
        case unknownAttribute = "CED217"
        /// An optional attribute without a `has` before.
        case unsafeAttribute = "CED218"
        /// A tag without a `hasTag` before.
        case unsafeTag = "CED219"
        /// Tags of an entity type that has none.
        case noTags = "CED220"
        /// An extension function with too many or too few arguments.
        case argumentCount = "CED221"
        /// A text that an extension constructor does not read.
        case extensionArgument = "CED222"
        /// An extension constructor whose argument is not a literal.
        case nonLiteralArgument = "CED223"
        /// An empty set literal, whose type is unknown.
        case emptySet = "CED224"
        /// A policy that can never apply.
        case impossiblePolicy = "CED230"
        /// A text with characters that change the direction of writing.
        case directedText = "CED231"
        /// A name with characters that change the direction of writing.
        case directedName = "CED232"
        /// A text with letters of several scripts.
        case mixedText = "CED233"
        /// A name with letters of several scripts.
        case mixedName = "CED234"
        /// A name with a character that no identifier should have.
        case confusableName = "CED235"
        /// A policy that looks more entities deep than the level admits.
        case levelExceeded = "CED236"
        /// A policy that looks into an entity that it names itself.
        case literalDereference = "CED237"
    }

    /// The kind.
    public let code: Code
    /// The policy.
    public let policyID: PolicyID
    /// The bytes at fault.
    public let span: SourceSpan
    /// What the message quotes.
    public let facts: [String]

    /// The message in English, word for word as Cedar's own validator says it.
    public var message: String {
        let prefix = "for policy `\(policyID)`, "
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        switch code {
        case .unknownEntityType: return prefix + "unrecognized entity type `\(first)`"
        case .unknownAction: return prefix + "unrecognized action `\(first)`"
        case .invalidEnumEntity:
            return "for policy `\(policyID)`: entity `\(first)` is of an enumerated entity type, "
                + "but `\(second)` is not declared as a valid eid"
        case .noApplicableAction:
            return prefix
                + "unable to find an applicable action given the policy scope constraints"
        case .unexpectedType:
            return prefix + "unexpected type: expected \(first) but saw \(second)"
        case .incompatibleTypes: return "the types \(first) are not compatible"
        case .unknownAttribute: return prefix + "attribute \(place.english) not found"
        case .unsafeAttribute:
            return prefix
                + "unable to guarantee safety of access to optional attribute \(place.english)"
        case .unsafeTag:
            return prefix + "unable to guarantee safety of access to tag \(place.english)"
        case .noTags:
            return prefix + "`.getTag()` is not allowed on entities of "
                + (first.isEmpty ? "this type" : "type `\(first)`")
                + " because no `tags` were declared on the entity type in the schema"
        case .argumentCount:
            return prefix + "wrong number of arguments in extension function application. "
                + "Expected \(first), got \(second)"
        case .extensionArgument:
            return prefix + "error during extension function argument validation: "
                + "Failed to parse as \(first): `\(second)`"
        case .nonLiteralArgument:
            return prefix
                + "extension constructors may not be called with non-literal expressions"
        case .emptySet: return prefix + "empty set literals are forbidden in policies"
        case .impossiblePolicy:
            return prefix + "policy is impossible: the policy expression evaluates to false for "
                + "all valid requests"
        default: return prefix + remark(first, second).english
        }
    }

    /// An attribute or a tag, and what it belongs to.
    private var place: LocalizedText {
        let path = "`\(facts.first ?? "")`"
        let kind = facts.count > 1 ? facts[1] : ""
        let rest = facts.dropFirst(2)
        let owners = (code == .unsafeTag ? rest.dropLast() : rest)
        let list = owners.map { "`\($0)`" }.joined(separator: ", ")
        switch kind {
        case "entity":
            return LocalizedText(
                fr: "\(path) du type d’entité \(list)", en: "\(path) on entity type \(list)")
        case "entities":
            return LocalizedText(
                fr: "\(path) des types d’entité \(list)", en: "\(path) on entity types \(list)")
        case "context":
            let action = owners.first ?? ""
            return LocalizedText(
                fr: "\(path) du contexte de \(action)", en: "\(path) in context for \(action)")
        default: return LocalizedText(fr: path, en: path)
        }
    }

    /// The message of a warning, or of what a level forbids.
    private func remark(_ first: String, _ second: String) -> LocalizedText {
        switch code {
        case .directedText:
            LocalizedText(
                fr: "le texte `\"\(first)\"` change le sens de l’écriture",
                en: "string `\"\(first)\"` contains BIDI control characters")
        case .directedName:
            LocalizedText(
                fr: "l’identifiant `\(first)` change le sens de l’écriture",
                en: "identifier `\(first)` contains BIDI control characters")
        case .mixedText:
            LocalizedText(
                fr: "le texte `\"\(first)\"` mêle plusieurs écritures",
                en: "string `\"\(first)\"` contains mixed scripts")
        case .mixedName:
            LocalizedText(
                fr: "l’identifiant `\(first)` mêle plusieurs écritures",
                en: "identifier `\(first)` contains mixed scripts")
        case .confusableName:
            LocalizedText(
                fr: "l’identifiant `\(first)` contient le caractère `\(second)`, que le profil de "
                    + "sécurité des identifiants exclut",
                en: "identifier `\(first)` contains the character `\(second)` which is not a "
                    + "printable ASCII character and falls outside of the General Security Profile "
                    + "for Identifiers")
        case .levelExceeded:
            LocalizedText(
                fr: "la politique demande le niveau \(first), au-delà du niveau permis (\(second))",
                en: "this policy requires level \(first), which exceeds the maximum allowed level "
                    + "(\(second))")
        default:
            LocalizedText(
                fr: "on ne peut lire à aucun niveau dans une entité nommée par la politique",
                en: "entity literals cannot be dereferenced at any level")
        }
    }

    /// The message in French.
    var frenchMessage: String {
        let prefix = "politique `\(policyID)`\u{202F}: "
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        switch code {
        case .unknownEntityType: return prefix + "type d’entité inconnu `\(first)`"
        case .unknownAction: return prefix + "action inconnue `\(first)`"
        case .invalidEnumEntity:
            return prefix + "l’entité `\(first)` est d’un type énuméré qui ne contient pas "
                + "`\(second)`"
        case .noApplicableAction: return prefix + "aucune action ne correspond à l’en-tête"
        case .unexpectedType:
            let expected = first.replacing(", or ", with: " ou ")
            return prefix + "type \(expected) attendu, \(second) trouvé"
        case .incompatibleTypes:
            let list = first.replacing(", and ", with: " et ").replacing(" and ", with: " et ")
            return prefix + "types incompatibles\u{202F}: \(list)"
        case .unknownAttribute: return prefix + "attribut \(place.french) introuvable"
        case .unsafeAttribute:
            return prefix + "l’attribut facultatif \(place.french) peut être absent"
        case .unsafeTag: return prefix + "l’étiquette \(place.french) peut être absente"
        case .noTags:
            return prefix + (first.isEmpty ? "ces types n’ont" : "le type `\(first)` n’a")
                + " pas d’étiquettes"
        case .argumentCount:
            return prefix + "nombre d’arguments incorrect\u{202F}: \(first) attendus, \(second) "
                + "trouvés"
        case .extensionArgument: return prefix + "valeur mal formée\u{202F}: `\(second)`"
        case .nonLiteralArgument:
            return prefix + "un constructeur d’extension veut un texte littéral"
        case .emptySet: return prefix + "ensemble vide interdit dans une politique"
        case .impossiblePolicy:
            return prefix + "la politique est fausse pour toute requête valide"
        default: return prefix + remark(first, second).french
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .unsafeAttribute:
            LocalizedText(
                fr: "vérifier d’abord sa présence avec `has`", en: "test for it first with `has`")
        case .unsafeTag:
            LocalizedText(
                fr: "vérifier d’abord sa présence avec `hasTag`",
                en: "test for it first with `hasTag`")
        case .unknownEntityType, .unknownAction, .unknownAttribute, .noTags, .invalidEnumEntity:
            LocalizedText(
                fr: "corriger le nom, ou le déclarer dans le schéma",
                en: "correct the name, or declare it in the schema")
        case .directedText:
            LocalizedText(
                fr: "retirer le caractère, ou l’écrire par son code",
                en: "remove the character, or write it as an escape")
        case .mixedText:
            LocalizedText(
                fr: "écrire le texte dans une seule écriture", en: "write the text in one script")
        case .mixedName:
            LocalizedText(
                fr: "écrire le nom dans une seule écriture", en: "write the name in one script")
        case .directedName, .confusableName:
            LocalizedText(fr: "choisir un autre nom", en: "choose another name")
        case .levelExceeded:
            LocalizedText(
                fr: "passer dans le contexte ce qu’elle cherche, ou relever le niveau",
                en: "pass what it looks up in the context, or raise the level")
        case .literalDereference:
            LocalizedText(
                fr: "passer dans le contexte ce qu’elle cherche",
                en: "pass what it looks up in the context")
        default: LocalizedText(fr: "corriger la politique", en: "correct the policy")
        }
    }

    /// The same error at another place.
    func moved(to span: SourceSpan) -> ValidationError {
        ValidationError(code: code, policyID: policyID, span: span, facts: facts)
    }

    /// Whether the policy is valid all the same.
    public var isWarning: Bool {
        switch code {
        case .impossiblePolicy, .directedText, .directedName, .mixedText, .mixedName,
            .confusableName:
            true
        default: false
        }
    }

    /// The error as a diagnostic of the policy's text.
    public func diagnostic(in source: Source) -> Diagnostic {
        let (line, column) = source.position(of: span.lower)
        return Diagnostic(
            isWarning ? .warning : .error, code: code.rawValue,
            place: .text(file: source.file, line: line, column: column),
            message: LocalizedText(fr: frenchMessage, en: message), remedy: remedy)
    }
}
