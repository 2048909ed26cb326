// SPDX-License-Identifier: Apache-2.0

/// The French of the phrases that readers hand over to a message in English.
///
/// A phrase is looked up without the user's own words, which stand between backticks; one that is
/// not in the table stays in English.
enum FrenchPhrase {
    private static let table: [String: String] = [
        "an identifier": "un identifiant", "an expression": "une expression",
        "a pattern in quotes": "un motif entre guillemets",
        "a text in quotes": "un texte entre guillemets",
        "parentheses around ``": "des parenthèses autour de ``",
        "`` for a comment": "`` pour un commentaire",
        "an entity, as in ``": "une entité, comme ``",
        "an entity alone, as in ``": "une entité seule, comme ``",
        "``, `` or ``": "``, `` ou ``", "``, ``, `` or ``": "``, ``, `` ou ``",
        "an object is expected": "un objet est attendu",
        "an array is expected": "un tableau est attendu",
        "a text is expected": "un texte est attendu", "a key is expected": "une clé est attendue",
        "a digit is expected": "un chiffre est attendu", "`` is expected": "`` est attendu",
        "`` or `` is expected": "`` ou `` est attendu",
        "``, `` or `` is expected": "``, `` ou `` est attendu",
        "``, ``, `` or `` is expected": "``, ``, `` ou `` est attendu",
        "four hexadecimal digits are expected": "quatre chiffres hexadécimaux sont attendus",
        "an object with `` is expected": "un objet avec `` est attendu",
        "an object with one member is expected": "un objet d’un seul membre est attendu",
        "unknown member ``": "membre inconnu ``", "missing member ``": "le membre `` manque",
        "a member is missing": "un membre manque", "a name is missing": "un nom manque",
        "`` must be an array": "`` doit être un tableau",
        "`` must be an object": "`` doit être un objet",
        "`` must be a Boolean": "`` doit être un booléen",
        "`` is not a name": "`` n’est pas un nom", "`` has a namespace": "`` a un espace de noms",
        "`` is not an identifier": "`` n’est pas un identifiant",
        "`` is not a type name": "`` n’est pas un nom de type",
        "`` is not the name of an entity type": "`` n’est pas un nom de type d’entité",
        "`` is not an action": "`` n’est pas une action",
        "`` is not an extension function": "`` n’est pas une fonction d’extension",
        "`` is not a 64-bit integer": "`` n’est pas un entier de 64 bits",
        "`` is not a slot": "`` n’est pas un emplacement de modèle",
        "`` is not supported": "`` n’est pas admis",
        "`` is no longer supported": "`` n’est plus admis",
        "`` is not a well-formed ipaddr value": "`` n’est pas une adresse",
        "`` is not a well-formed decimal value": "`` n’est pas un nombre décimal",
        "`` is not a well-formed datetime value": "`` n’est pas un instant",
        "`` is not a well-formed duration value": "`` n’est pas une durée",
        "`` cannot be applied to these arguments": "`` ne s’applique pas à ces arguments",
        "`` has slots": "`` a des emplacements à remplir",
        "`` does not fit its template": "`` ne convient pas à son modèle",
        "``, `` and ``": "``, `` et ``", "`` on the empty namespace": "`` hors de tout espace",
        "an entity is written {\"type\": …, \"id\": …}":
            "une entité s’écrit {\"type\": …, \"id\": …}",
        "an extension value needs ``": "une valeur d’extension veut ``",
        "an enumerated type needs identifiers": "un type énuméré veut des identifiants",
        "null is not a Cedar value": "null n’est pas une valeur de Cedar",
        "the expression is nested too deeply": "l’expression est trop imbriquée",
        "nesting is too deep": "imbrication trop profonde", "unknown variable": "variable inconnue",
        "unknown operator": "opérateur inconnu", "unexpected character": "caractère inattendu",
        "unexpected end of text": "fin de texte inattendue",
        "text after the value": "texte après la valeur",
        "a control character in a text": "caractère de contrôle dans un texte",
        "a text without end": "texte sans fin", "an unknown escape": "échappement inconnu",
        "half of a surrogate pair": "moitié d’une paire de substitution",
        "the key `` occurs two or more times in an object":
            "la clé `` figure plusieurs fois dans un objet",
    ]

    /// The phrase in French, with the user's words put back.
    static func of(_ english: String) -> String {
        let parts = english.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return english }
        let words = parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
        let key = parts.indices.filter { $0 % 2 == 0 }.map { String(parts[$0]) }
            .joined(separator: "``")
        guard let phrase = table[key] else { return english }
        var result = ""
        var rest = words[...]
        for (index, piece) in phrase.split(separator: "``", omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0, let word = rest.popFirst() { result += "`\(word)`" }
            result += piece
        }
        return result
    }
}
