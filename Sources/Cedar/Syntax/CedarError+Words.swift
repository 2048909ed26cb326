// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension CedarError {
    /// The kinds of error, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// A character that begins no token.
        case invalidToken = "CED101"
        /// A token that cannot stand here.
        case unexpectedToken = "CED102"
        /// The text ends inside a policy or a declaration.
        case unexpectedEnd = "CED103"
        /// An escape that does not exist.
        case invalidEscape = "CED104"
        /// A number beyond 64 bits.
        case integerTooLarge = "CED105"
        /// A keyword used as a name.
        case reservedIdentifier = "CED106"
        /// A name that is no variable.
        case invalidVariable = "CED107"
        /// A function that does not exist.
        case unknownFunction = "CED108"
        /// A method that does not exist.
        case unknownMethod = "CED109"
        /// A method written as a function, or the reverse.
        case wrongCallStyle = "CED110"
        /// A method with too many or too few arguments.
        case wrongArgumentCount = "CED111"
        /// The same key twice in a record.
        case duplicateKey = "CED112"
        /// The same annotation twice on a policy.
        case duplicateAnnotation = "CED113"
        /// The scope lacks a variable or has another in its place.
        case invalidScope = "CED114"
        /// A template slot where none may be.
        case misplacedSlot = "CED115"
        /// An operator that Cedar does not have.
        case invalidOperator = "CED116"
        /// Relational operators in a chain.
        case chainedRelation = "CED117"
        /// More than four `!` or `-` in a row.
        case tooManyUnary = "CED118"
        /// A `when` or `unless` without expression.
        case emptyCondition = "CED119"
        /// An effect other than `permit` and `forbid`.
        case invalidEffect = "CED120"
        /// Expressions nested beyond the limit.
        case tooDeep = "CED121"
        /// The same policy identifier twice.
        case duplicatePolicyID = "CED122"
        /// The action scope names something that is not an action.
        case notAnAction = "CED123"
        /// A JSON text that is not well formed.
        case malformedJSON = "CED130"
        /// A JSON document of another shape than the format asks.
        case unexpectedJSON = "CED131"
        /// The same entity twice with different content.
        case duplicateEntity = "CED132"
        /// Entities that are their own ancestors.
        case entityCycle = "CED133"
        /// Entities in entities, beyond the limit.
        case hierarchyTooDeep = "CED134"
        /// A declaration that stands twice in a schema.
        case duplicateDeclaration = "CED201"
        /// A type name that the schema does not declare.
        case unknownType = "CED202"
        /// An entity's shape or an action's context that is not a record.
        case invalidSchema = "CED203"
        /// A declaration in a namespace that hides one outside all namespaces.
        case shadowedDeclaration = "CED206"
        /// An action that applies to something, without saying to which principals or resources.
        case missingDeclaration = "CED207"
        /// An action that applies to an empty list of types.
        case emptyDeclaration = "CED208"
        /// An entity type with the name that actions have.
        case actionEntityType = "CED209"
        /// An action group that the schema does not declare.
        case undeclaredAction = "CED210"
        /// A common type that is defined by itself.
        case typeCycle = "CED241"
        /// An action that is in itself.
        case actionCycle = "CED242"
        /// An entity that does not conform to the schema.
        case invalidEntity = "CED204"
        /// A request that does not conform to the schema.
        case invalidRequest = "CED205"
    }
}

extension CedarError.Code {
    /// The message for the facts.
    func message(_ facts: [String]) -> LocalizedText {
        let first = facts.first ?? ""
        let second = facts.count > 1 ? facts[1] : ""
        switch self {
        case .invalidRequest:
            let reason = ConformanceFault(rawValue: first)?.words(Array(facts.dropFirst()))
            return LocalizedText(
                fr: "la requête n’est pas conforme au schéma\u{202F}: \(reason?.french ?? "")",
                en: "request does not conform to the schema: \(reason?.english ?? "")")
        case .invalidEntity:
            let reason = ConformanceFault(rawValue: second)?.words(Array(facts.dropFirst(2)))
            return LocalizedText(
                fr: "l’entité `\(first)` n’est pas conforme au schéma\u{202F}: "
                    + (reason?.french ?? ""),
                en: "entity `\(first)` does not conform to the schema: \(reason?.english ?? "")")
        case .invalidToken:
            return LocalizedText(
                fr: "caractère inattendu `\(first)`", en: "invalid token `\(first)`")
        case .unexpectedToken:
            return LocalizedText(
                fr: "symbole inattendu `\(first)`", en: "unexpected token `\(first)`")
        case .unexpectedEnd:
            return LocalizedText(fr: "fin de texte inattendue", en: "unexpected end of input")
        case .invalidEscape:
            return LocalizedText(
                fr: "`\(first)` n’est pas une séquence d’échappement valide",
                en: "the input `\(first)` is not a valid escape")
        case .integerTooLarge:
            return LocalizedText(
                fr: "l’entier `\(first)` est trop grand",
                en: "integer literal `\(first)` is too large")
        case .reservedIdentifier:
            return LocalizedText(
                fr: "l’identifiant `\(first)` est réservé",
                en: "this identifier is reserved and cannot be used: `\(first)`")
        case .invalidVariable:
            return LocalizedText(
                fr: "variable inconnue `\(first)`", en: "invalid variable: `\(first)`")
        case .unknownFunction:
            return LocalizedText(
                fr: "`\(first)` n’est pas une fonction",
                en: "`\(first)` is not a valid function")
        case .unknownMethod:
            return LocalizedText(
                fr: "`\(first)` n’est pas une méthode", en: "`\(first)` is not a valid method")
        case .wrongCallStyle:
            let isMethod = second == "method"
            return LocalizedText(
                fr: isMethod
                    ? "`\(first)` est une méthode, pas une fonction"
                    : "`\(first)` est une fonction, pas une méthode",
                en: isMethod
                    ? "`\(first)` is a method, not a function"
                    : "`\(first)` is a function, not a method")
        case .hierarchyTooDeep where facts.count > 2:
            return ancestorMessage(first, second)
        default: return laterMessage(first, second)
        }
    }

    private func ancestorMessage(_ name: String, _ limit: String) -> LocalizedText {
        LocalizedText(
            fr: "avec `\(name)`, les types ou les actions ont ensemble plus de \(limit) ancêtres",
            en: "with `\(name)`, the types or the actions have more than \(limit) ancestors in all")
    }

    private func laterMessage(_ first: String, _ second: String) -> LocalizedText {
        switch self {
        case .wrongArgumentCount:
            argumentMessage(first, second)
        case .duplicateKey:
            LocalizedText(
                fr: "clé `\(first)` en double dans l’enregistrement",
                en: "duplicate key `\(first)` in record literal")
        case .duplicateAnnotation:
            LocalizedText(
                fr: "annotation en double\u{202F}: `@\(first)`",
                en: "duplicate annotation: `@\(first)`")
        case .invalidScope:
            scopeMessage(first, second)
        case .misplacedSlot:
            LocalizedText(
                fr: "emplacement de modèle `\(first)` interdit ici",
                en: "found template slot `\(first)` where none is allowed")
        case .invalidOperator where first == "/":
            LocalizedText(fr: "la division n’existe pas en Cedar", en: "division is not supported")
        case .invalidOperator where first == "%":
            LocalizedText(
                fr: "le reste d’une division n’existe pas en Cedar",
                en: "remainder/modulo is not supported")
        case .invalidOperator:
            LocalizedText(
                fr: "l’opérateur `\(first)` n’existe pas en Cedar",
                en: "`\(first)` is not a valid operator in Cedar")
        case .chainedRelation:
            LocalizedText(
                fr: "les opérateurs de comparaison ne s’enchaînent pas sans parenthèses",
                en: "multiple relational operators (>, ==, in, etc.) must be used with parentheses "
                    + "to make ordering explicit")
        case .tooManyUnary:
            LocalizedText(
                fr: "trop de `\(first)` à la suite", en: "too many occurrences of `\(first)`")
        case .emptyCondition:
            LocalizedText(
                fr: "la condition `\(first)` est vide",
                en: "`\(first)` condition clause cannot be empty")
        case .invalidEffect:
            LocalizedText(fr: "effet inconnu `\(first)`", en: "invalid policy effect: `\(first)`")
        case .tooDeep:
            LocalizedText(
                fr: "imbrication au-delà de \(first) niveaux",
                en: "nesting is deeper than \(first) levels")
        case .duplicatePolicyID:
            LocalizedText(
                fr: "identifiant de politique en double\u{202F}: `\(first)`",
                en: "duplicate policy id: `\(first)`")
        case .notAnAction:
            LocalizedText(
                fr: "entité de type `Action` attendue, `\(first)` trouvé",
                en: "expected an entity uid with type `Action` but got `\(first)`")
        default: documentMessage(first, second)
        }
    }

    private func scopeMessage(_ wanted: String, _ found: String) -> LocalizedText {
        if Variable(rawValue: found) != nil {
            return LocalizedText(
                fr: "la variable `\(found)` est là où la variable `\(wanted)` doit être",
                en: "found the variable `\(found)` where the variable `\(wanted)` must be used")
        }
        if found.utf8.first.map(Lexer.isIdentifierStart) ?? false {
            return LocalizedText(
                fr: "variable inconnue dans l’en-tête\u{202F}: `\(found)`",
                en: "found an invalid variable in the policy scope: `\(found)`")
        }
        return LocalizedText(
            fr: "la variable `\(wanted)` manque dans l’en-tête",
            en: "this policy is missing the `\(wanted)` variable in the scope")
    }

    private func argumentMessage(_ method: String, _ count: String) -> LocalizedText {
        let wanted = method == "isEmpty" ? "0 arguments" : "1 argument"
        let given = count == "1" ? "1 argument" : "\(count) arguments"
        return LocalizedText(
            fr: "`\(method)` demande exactement \(wanted), et en reçoit \(count)",
            en: "call to `\(method)` requires exactly \(wanted), but got \(given)")
    }

    private func documentMessage(_ first: String, _ second: String) -> LocalizedText {
        switch self {
        case .malformedJSON:
            LocalizedText(
                fr: "JSON mal formé\u{202F}: \(FrenchPhrase.of(first))",
                en: "malformed JSON: \(first)")
        case .unexpectedJSON:
            LocalizedText(
                fr: "JSON inattendu pour `\(first)`\u{202F}: \(FrenchPhrase.of(second))",
                en: "unexpected JSON at `\(first)`: \(second)")
        case .duplicateEntity:
            LocalizedText(
                fr: "entité en double\u{202F}: `\(first)`", en: "duplicate entity entry `\(first)`")
        case .hierarchyTooDeep:
            LocalizedText(
                fr: "`\(first)` est dans plus de \(second) niveaux d’entités",
                en: "`\(first)` is in more than \(second) levels of entities")
        case .entityCycle:
            LocalizedText(
                fr: "l’entité `\(first)` est son propre ancêtre",
                en: "the entity `\(first)` is its own ancestor")
        case .duplicateDeclaration:
            LocalizedText(
                fr: "`\(first)` est déclaré deux fois", en: "`\(first)` is declared twice")
        case .unknownType:
            LocalizedText(fr: "type inconnu `\(first)`", en: "failed to resolve type: `\(first)`")
        case .invalidSchema:
            LocalizedText(
                fr: "le type de `\(first)` n’est pas un enregistrement",
                en: "`\(first)` is declared with a type other than `Record`")
        default: schemaMessage(first, second)
        }
    }

    private func schemaMessage(_ first: String, _ second: String) -> LocalizedText {
        switch self {
        case .shadowedDeclaration:
            LocalizedText(
                fr: "la définition de `\(first)` masque celle de `\(second)`",
                en: "definition of `\(first)` illegally shadows the existing definition of "
                    + "`\(second)`")
        case .missingDeclaration:
            LocalizedText(
                fr: "déclaration `\(first)` absente pour `\(second)`",
                en: "missing `\(first)` declaration for `\(second)`")
        case .emptyDeclaration:
            LocalizedText(
                fr: "pour l’action `\(first)`, la liste `\(second)` est vide",
                en: "for action `\(first)`, `\(second)` is `[]`, which is invalid")
        case .actionEntityType:
            LocalizedText(
                fr: "le type d’entité `\(first)` est réservé aux actions",
                en: "the entity type `\(first)` is reserved for actions")
        case .undeclaredAction:
            LocalizedText(
                fr: "action non déclarée\u{202F}: `\(first)`", en: "undeclared action: `\(first)`")
        case .typeCycle:
            LocalizedText(
                fr: "le type commun `\(first)` est défini par lui-même",
                en: "cycle in common type references containing `\(first)`")
        case .actionCycle:
            LocalizedText(
                fr: "l’action `\(first)` est dans elle-même",
                en: "cycle in action hierarchy containing `\(first)`")
        default: LocalizedText(fr: first, en: first)
        }
    }

    /// What the reader can do.
    func remedy(_ facts: [String]) -> LocalizedText {
        syntaxRemedy(facts.first ?? "", facts.count > 1 ? facts[1] : "") ?? laterRemedy(facts)
    }

    private func laterRemedy(_ facts: [String]) -> LocalizedText {
        switch self {
        case .unexpectedToken where facts.count > 1, .invalidToken where facts.count > 1:
            LocalizedText(fr: "écrire \(FrenchPhrase.of(facts[1]))", en: "write \(facts[1])")
        case .unexpectedEnd where facts.first == "`;`":
            LocalizedText(
                fr: "terminer la politique ou la déclaration par `;`",
                en: "end the policy or declaration with `;`")
        case .unexpectedEnd:
            LocalizedText(
                fr: "écrire \(FrenchPhrase.of(facts.first ?? ""))",
                en: "write \(facts.first ?? "")")
        case .reservedIdentifier, .duplicateKey, .duplicateAnnotation, .duplicatePolicyID,
            .duplicateDeclaration, .duplicateEntity, .shadowedDeclaration, .actionEntityType:
            LocalizedText(fr: "choisir un autre nom", en: "choose another name")
        case .integerTooLarge:
            LocalizedText(
                fr: "rester entre -9223372036854775808 et 9223372036854775807",
                en: "stay between -9223372036854775808 and 9223372036854775807")
        case .invalidVariable:
            LocalizedText(
                fr: "utiliser `principal`, `action`, `resource` ou `context`, ou mettre le texte "
                    + "entre guillemets",
                en: "use `principal`, `action`, `resource` or `context`, or quote the text")
        case .invalidScope:
            LocalizedText(
                fr: "écrire `(principal, action, resource)`, dans cet ordre",
                en: "write `(principal, action, resource)`, in this order")
        case .tooDeep:
            LocalizedText(fr: "découper l’expression", en: "split the expression")
        case .hierarchyTooDeep:
            LocalizedText(
                fr: "placer les entités dans moins de niveaux",
                en: "put the entities in fewer levels")
        case .missingDeclaration:
            LocalizedText(
                fr: "déclarer `principal` et `resource`",
                en: "declare both `principal` and `resource`")
        case .emptyDeclaration:
            LocalizedText(fr: "nommer au moins un type", en: "name at least one type")
        case .undeclaredAction:
            LocalizedText(
                fr: "déclarer l’action dans le schéma", en: "declare the action in the schema")
        case .unknownType:
            LocalizedText(
                fr: "déclarer le type dans le schéma", en: "declare the type in the schema")
        default:
            LocalizedText(fr: "corriger ce passage", en: "correct this place")
        }
    }
}
