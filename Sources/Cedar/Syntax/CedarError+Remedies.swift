// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension CedarError.Code {
    /// What the reader can do about a text that is not in Cedar's syntax, where the code and the words
    /// that the message quotes tell it; nil where they do not.
    func syntaxRemedy(_ first: String, _ second: String) -> LocalizedText? {
        switch self {
        case .invalidToken where second.isEmpty: Self.tokenRemedy(first)
        case .invalidEscape:
            LocalizedText(
                fr: "écrire `\\\\` pour une barre oblique inverse, ou l’une des séquences "
                    + Self.escapes + " et, dans un motif, `\\*`",
                en: "write `\\\\` for a backslash, or one of " + Self.escapes
                    + " and, in a pattern, `\\*`")
        case .unknownFunction:
            LocalizedText(
                fr: "les fonctions sont `ip`, `decimal`, `datetime` et `duration`",
                en: "the functions are `ip`, `decimal`, `datetime` and `duration`")
        case .wrongCallStyle where second == "method":
            LocalizedText(
                fr: "écrire la valeur d’abord\u{202F}: `valeur.\(first)(…)`",
                en: "write the value first: `value.\(first)(…)`")
        case .wrongCallStyle:
            LocalizedText(
                fr: "écrire la fonction d’abord\u{202F}: `\(first)(…)`",
                en: "write the function first: `\(first)(…)`")
        case .misplacedSlot where second == "action":
            LocalizedText(
                fr: "nommer l’action\u{202F}: seuls `principal` et `resource` ont un emplacement",
                en: "name the action: only `principal` and `resource` have slots")
        case .misplacedSlot where !second.isEmpty:
            LocalizedText(fr: "écrire `\(second)`", en: "write `\(second)`")
        case .misplacedSlot:
            LocalizedText(
                fr: "placer l’emplacement dans l’en-tête, comme `principal == ?principal`",
                en: "put the slot in the scope, as in `principal == ?principal`")
        default: clauseRemedy(first)
        }
    }

    private static let escapes = "`\\n`, `\\r`, `\\t`, `\\0`, `\\'`, `\\\"`, `\\u{…}`"

    private func clauseRemedy(_ first: String) -> LocalizedText? {
        switch self {
        case .invalidOperator where first == "=":
            LocalizedText(fr: "écrire `==`", en: "write `==`")
        case .chainedRelation:
            LocalizedText(
                fr: "mettre l’une des comparaisons entre parenthèses",
                en: "put one of the comparisons in parentheses")
        case .tooManyUnary:
            LocalizedText(fr: "en écrire quatre au plus", en: "write four at most")
        case .emptyCondition:
            LocalizedText(
                fr: "écrire une condition entre les accolades, ou retirer la clause",
                en: "write a condition between the braces, or remove the clause")
        case .invalidEffect:
            LocalizedText(fr: "écrire `permit` ou `forbid`", en: "write `permit` or `forbid`")
        case .notAnAction:
            LocalizedText(
                fr: "nommer une action, comme `Action::\"view\"`",
                en: "name an action, as in `Action::\"view\"`")
        default: nil
        }
    }

    private static func tokenRemedy(_ token: String) -> LocalizedText? {
        switch token {
        case "\"": LocalizedText(fr: "fermer le texte par `\"`", en: "close the text with `\"`")
        case "&", "|":
            LocalizedText(fr: "écrire `\(token)\(token)`", en: "write `\(token)\(token)`")
        case "'", "“", "”", "«", "»", "‘", "’":
            LocalizedText(
                fr: "mettre le texte entre guillemets droits `\"`",
                en: "put the text between straight double quotes `\"`")
        case "#":
            LocalizedText(
                fr: "commencer un commentaire par `//`", en: "begin a comment with `//`")
        default: nil
        }
    }
}
