// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why rules or their saved state cannot be used.
public struct RuleError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// The selectors of a rule have keys of different lengths, or too long.
        case malformedKey = "TRL101"
        /// A length of time, a count or a window outside its bounds.
        case valueOutOfBounds = "TRL102"
        /// A selector without event types.
        case emptySelector = "TRL103"
        /// An event before the one that was taken last.
        case timeWentBack = "TRL201"
        /// An event with a time that no calendar knows.
        case timeOutOfRange = "TRL202"
        /// Columns that are not those of the schema.
        case columnMismatch = "TRL203"
        /// Saved state that is not what was written.
        case malformedState = "TRL301"
        /// Saved state of other rules.
        case stateOfOtherRules = "TRL302"
        /// Saved state that belongs to another log, or to another point of it.
        case stateOfOtherLog = "TRL303"
    }

    /// The kind of failure.
    public var code: Code
    /// The rule, or what of it is wrong; empty if there is nothing to name.
    public var subject: String

    /// Makes an error from its facts.
    public init(_ code: Code, subject: String = "") {
        self.code = code
        self.subject = subject
    }
}

extension RuleError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        let (french, english, remedy) = code.words
        let suffix = subject.isEmpty ? "" : " `\(subject)`"
        return Diagnostic(
            code: code.rawValue,
            message: LocalizedText(fr: french + suffix, en: english + suffix), remedy: remedy)
    }
}

extension RuleError.Code {
    private static let recompute = LocalizedText(
        fr: "relancer l’audit avec `--full`", en: "run the audit again with `--full`")

    fileprivate var words: (french: String, english: String, remedy: LocalizedText) {
        switch self {
        case .malformedKey:
            (
                "clés incompatibles dans la règle", "keys that do not fit in rule",
                LocalizedText(
                    fr: "donner à chaque événement autant de champs, trois au plus",
                    en: "give each event as many fields, at most three")
            )
        case .valueOutOfBounds:
            (
                "valeur hors limites dans la règle", "value out of bounds in rule",
                LocalizedText(fr: "rester sous un siècle", en: "stay under a century")
            )
        case .emptySelector:
            (
                "aucun type d’événement dans la règle", "no event type in rule",
                LocalizedText(fr: "nommer un type d’événement", en: "name an event type")
            )
        case .timeWentBack:
            (
                "événement antérieur au précédent", "event before the one before it",
                LocalizedText(fr: "trier les événements", en: "sort the events")
            )
        case .timeOutOfRange:
            (
                "date hors du calendrier", "time outside the calendar",
                LocalizedText(fr: "corriger la source", en: "correct the source")
            )
        case .columnMismatch:
            (
                "colonnes étrangères au schéma", "columns unlike the schema",
                LocalizedText(
                    fr: "donner une colonne par champ", en: "give one column for each field")
            )
        case .malformedState:
            ("état sauvegardé illisible", "saved state cannot be read", Self.recompute)
        case .stateOfOtherRules:
            (
                "état sauvegardé sous d’autres règles", "saved state of other rules",
                Self.recompute
            )
        case .stateOfOtherLog:
            (
                "état sauvegardé pour un autre journal", "saved state of another log",
                Self.recompute
            )
        }
    }
}
