// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why a temporal condition cannot be used.
public struct TemporalPolicyError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// A character that begins no token.
        case unknownCharacter = "TPL101"
        /// A token where another was expected.
        case unexpectedToken = "TPL102"
        /// A number that does not fit, or a window that is not positive.
        case numberOutOfBounds = "TPL103"
        /// A condition that nests or grows beyond the limits.
        case conditionTooLarge = "TPL104"
        /// A block that is not closed.
        case unclosedBlock = "TPL105"
        /// A macro, which is not read.
        case macro = "TPL106"
        /// A variable that nothing binds.
        case freeVariable = "TPL111"
        /// A variable that no event restricts to finitely many values.
        case unrestrictedVariable = "TPL112"
        /// A variable that is used before what restricts it.
        case usedTooEarly = "TPL113"
        /// An aggregate elsewhere than beside a comparison.
        case misplacedAggregate = "TPL114"
        /// A sum of a variable that is not in its domain.
        case sumOutsideDomain = "TPL115"
        /// A part that is the same at all time points.
        case monitorsNothing = "TPL116"
        /// A window longer than the policy set allows.
        case windowTooLong = "TPL117"
        /// A trace that cannot be read.
        case malformedTrace = "TPL121"
    }

    /// The kind of failure.
    public var code: Code
    /// The file.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in bytes, from 1.
    public var column: Int
    /// The word or the variable.
    public var subject: String

    init(_ code: Code, line: Int, column: Int, subject: String) {
        self.code = code
        file = ""
        self.line = line
        self.column = column
        self.subject = subject
    }
}

extension TemporalPolicyError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        let (french, english, remedy) = code.words
        let suffix = subject.isEmpty ? "" : " `\(subject)`"
        return Diagnostic(
            code: code.rawValue, place: .text(file: file, line: line, column: column),
            message: LocalizedText(fr: french + suffix, en: english + suffix), remedy: remedy)
    }
}

extension TemporalPolicyError.Code {
    fileprivate var words: (french: String, english: String, remedy: LocalizedText) {
        let correct = LocalizedText(
            fr: "corriger le texte à cet endroit", en: "correct the text there")
        let bind = LocalizedText(
            fr: "lier la variable par `exists` ou par `for`, et la lire d’abord d’un événement",
            en: "bind the variable by `exists` or `for`, and read it from an event first")
        switch self {
        case .unknownCharacter: return ("caractère inattendu", "unexpected character", correct)
        case .unexpectedToken: return ("mot inattendu", "unexpected token", correct)
        case .numberOutOfBounds: return ("nombre hors limites", "number out of bounds", correct)
        case .conditionTooLarge:
            return (
                "condition trop grande", "condition too large",
                LocalizedText(fr: "couper la condition", en: "split the condition")
            )
        case .unclosedBlock: return ("bloc non fermé", "unclosed block", correct)
        case .macro:
            return (
                "les macros ne sont pas lues", "macros are not read",
                LocalizedText(fr: "écrire la condition en entier", en: "write the condition out")
            )
        case .freeVariable: return ("variable libre", "free variable", bind)
        case .unrestrictedVariable:
            return (
                "variable que rien ne restreint", "variable that nothing restricts", bind
            )
        case .usedTooEarly:
            return (
                "variable utilisée avant ce qui la restreint",
                "variable used before what restricts it", bind
            )
        case .misplacedAggregate:
            return (
                "agrégat hors d’une comparaison", "aggregate outside a comparison",
                LocalizedText(
                    fr: "comparer l’agrégat à une valeur", en: "compare the aggregate with a value")
            )
        case .sumOutsideDomain:
            return (
                "somme d’une variable absente de `for`", "sum of a variable that `for` lacks",
                LocalizedText(fr: "l’ajouter à `for`", en: "add it to `for`")
            )
        case .monitorsNothing:
            return (
                "partie qui ne dépend pas du temps", "part that does not depend on time",
                LocalizedText(
                    fr: "y mettre un événement, ou la sortir du bloc",
                    en: "put an event into it, or take it out of the block")
            )
        case .windowTooLong:
            return (
                "fenêtre trop longue", "window too long",
                LocalizedText(fr: "raccourcir la fenêtre", en: "shorten the window")
            )
        case .malformedTrace: return ("trace illisible", "unreadable trace", correct)
        }
    }
}
