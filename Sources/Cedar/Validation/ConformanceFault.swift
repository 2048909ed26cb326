// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Why a request or an entity does not conform to the schema.
enum ConformanceFault: String, CaseIterable, Sendable {
    case undeclaredAction, undeclaredType, inapplicableType, notEnumerated
    case missingAttribute, undeclaredAttribute, wrongType
    case undeclaredEntityType, wrongGroups, forbiddenParent, noTags

    /// The fault in words.
    func words(_ facts: [String]) -> LocalizedText {
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        let third = facts.count > 2 ? facts[2] : ""
        switch self {
        case .undeclaredAction:
            return LocalizedText(
                fr: "l’action `\(first)` n’est pas dans le schéma",
                en: "action `\(first)` does not exist in the supplied schema")
        case .undeclaredType:
            return LocalizedText(
                fr: "le type `\(second)` de `\(first)` n’est pas dans le schéma",
                en: "\(first) type `\(second)` is not declared in the schema")
        case .inapplicableType:
            return LocalizedText(
                fr: "le type `\(second)` de `\(first)` ne convient pas à `\(third)`",
                en: "\(first) type `\(second)` is not valid for `\(third)`")
        case .notEnumerated:
            return LocalizedText(
                fr: "l’entité `\(first)` est d’un type énuméré qui ne contient pas `\(second)`",
                en: "entity `\(first)` is of an enumerated entity type, but `\(second)` is not "
                    + "declared as a valid eid")
        case .missingAttribute:
            return LocalizedText(
                fr: "l’attribut `\(first)` manque",
                en: "expected the record to have an attribute `\(first)`, but it does not")
        case .undeclaredAttribute:
            return LocalizedText(
                fr: "l’attribut `\(first)` n’est pas dans le schéma",
                en: "record attribute `\(first)` should not exist according to the schema")
        case .wrongType:
            return LocalizedText(
                fr: "`\(first)` doit être de type \(second), et est de type \(third)",
                en: "`\(first)` should be of type \(second), but is of type \(third)")
        default: return entityWords(first)
        }
    }

    private func entityWords(_ first: String) -> LocalizedText {
        switch self {
        case .undeclaredEntityType:
            LocalizedText(
                fr: "son type n’est pas dans le schéma",
                en: "its type is not declared in the schema")
        case .wrongGroups:
            LocalizedText(
                fr: "cette action n’est pas telle que le schéma la déclare",
                en: "the action is not as the schema declares it")
        case .forbiddenParent:
            LocalizedText(
                fr: "elle ne peut pas être dans `\(first)`",
                en: "it is not allowed to have an ancestor of type `\(first)`")
        default:
            LocalizedText(fr: "son type n’a pas d’étiquettes", en: "its type has no tags")
        }
    }
}
