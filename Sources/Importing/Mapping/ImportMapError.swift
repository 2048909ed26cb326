// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why a map, a table of pseudonyms or an export of seats cannot be used.
public struct ImportMapError: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// The map is not YAML.
        case notYAML = "IMP201"
        /// A key that maps do not have, or a field that events do not have.
        case unknownKey = "IMP202"
        /// A key is missing.
        case missingKey = "IMP203"
        /// A value that its key does not take.
        case wrongValue = "IMP204"
        /// A line of the table of pseudonyms that is not an identifier, a tabulator and a pseudonym.
        case badPseudonym = "IMP205"
        /// The format needs a map, and none was given.
        case noMap = "IMP206"
    }

    /// The kind of failure.
    public var code: Code
    /// Where it is.
    public var place: Place
    /// The key concerned.
    public var fact: String

    /// Makes an error from its parts.
    public init(_ code: Code, _ place: Place, fact: String = "") {
        (self.code, self.place, self.fact) = (code, place, fact)
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .notYAML:
            LocalizedText(
                fr: "ce n’est pas une table de correspondance en YAML",
                en: "this is not a map in YAML")
        case .unknownKey:
            LocalizedText(fr: "clé inconnue `\(fact)`", en: "unknown key `\(fact)`")
        case .missingKey:
            LocalizedText(fr: "la clé `\(fact)` manque", en: "the key `\(fact)` is missing")
        case .wrongValue:
            LocalizedText(
                fr: "valeur impossible pour `\(fact)`", en: "`\(fact)` does not take this value")
        case .badPseudonym:
            LocalizedText(
                fr: "ni identifiant, tabulation, pseudonyme, ni ligne déjà vue",
                en: "not an identifier, a tabulator and a pseudonym, or given already")
        case .noMap:
            LocalizedText(
                fr: "ce format demande une table de correspondance",
                en: "this format needs a map")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .badPseudonym:
            LocalizedText(
                fr:
                    "écrivez `identifiant`, une tabulation, puis `A` ou `P` et 12 chiffres hexadécimaux",
                en: "write `identifier`, a tabulator, then `A` or `P` and 12 hexadecimal digits")
        case .noMap:
            LocalizedText(
                fr: "donnez `--map`\u{202F}; `packaging/maps` en contient des exemples",
                en: "give `--map`; there are examples in `packaging/maps`")
        default:
            LocalizedText(
                fr: "suivez `docs/import.md`", en: "follow `docs/import.md`")
        }
    }
}
