// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// All that is wrong with the sheet of a rule.
public struct RuleSheetErrors: Error, Sendable {
    /// The faults, in the order in which they were met.
    public let diagnostics: [Diagnostic]
}

/// Why a sheet is wrong, besides its sentences.
public enum RuleSheetFault: String, CaseIterable, Sendable {
    /// The text is not YAML, or not UTF-8.
    case notYAML = "TRL121"
    /// A key is missing.
    case missingKey = "TRL122"
    /// A key that sheets do not have.
    case unknownKey = "TRL123"
    /// A value of another shape than the key asks for.
    case wrongValue = "TRL124"
    /// The two languages do not say the same.
    case sentencesDiffer = "TRL125"
    /// A line of an example that is no event.
    case malformedEvent = "TRL126"

    var words: (french: String, english: String, remedy: LocalizedText) {
        let correct = LocalizedText(
            fr: "corriger le fichier à cet endroit", en: "correct the file there")
        switch self {
        case .notYAML: return ("fichier YAML illisible", "unreadable YAML file", correct)
        case .missingKey: return ("clé absente", "missing key", correct)
        case .unknownKey: return ("clé inconnue", "unknown key", correct)
        case .wrongValue: return ("valeur inattendue", "unexpected value", correct)
        case .sentencesDiffer:
            return (
                "phrases différentes dans les deux langues de", "sentences that differ in",
                LocalizedText(
                    fr: "écrire la même règle en français et en anglais",
                    en: "write the same rule in French and in English")
            )
        case .malformedEvent:
            return (
                "événement illisible", "unreadable event",
                LocalizedText(
                    fr: "écrire `AAAA-MM-JJ hh:mm:ss type champ=valeur …`",
                    en: "write `YYYY-MM-DD hh:mm:ss type field=value …`")
            )
        }
    }
}
