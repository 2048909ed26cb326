// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why a sentence is no rule.
public struct SentenceError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// A character that no sentence has.
        case unknownCharacter = "TRL111"
        /// A word where another was expected.
        case unexpectedWord = "TRL112"
        /// A sentence that begins as none does.
        case unknownSentence = "TRL113"
        /// An event type that the schema does not have.
        case unknownEvent = "TRL114"
        /// A field that the schema does not have.
        case unknownField = "TRL115"
        /// A value that the field cannot have.
        case unknownValue = "TRL116"
        /// A parameter that the policy set does not have.
        case unknownParameter = "TRL117"
        /// A variable that does not bind all events of the sentence.
        case loneVariable = "TRL118"
        /// A number or a length of time that does not fit.
        case valueTooLarge = "TRL119"
    }

    /// The kind of failure.
    public var code: Code
    /// The column of the word, in bytes from 1.
    public var column: Int
    /// The word.
    public var subject: String
    /// What was expected.
    public var expected: LocalizedText

    init(
        _ code: Code, at column: Int, subject: String,
        expected: LocalizedText = LocalizedText(fr: "", en: "")
    ) {
        self.code = code
        self.column = column
        self.subject = subject
        self.expected = expected
    }
}

extension SentenceError: Diagnosable {
    /// The error in words, without a file name.
    public var diagnostic: Diagnostic { diagnostic(file: "", line: 1) }

    /// The error in words, for a sentence that begins at a line of a file.
    public func diagnostic(file: String, line: Int) -> Diagnostic {
        let (french, english, remedy) = code.words
        var message = LocalizedText(fr: "\(french) `\(subject)`", en: "\(english) `\(subject)`")
        if !expected.english.isEmpty {
            message = LocalizedText(
                fr: "\(message.french)\u{202F}: attendu \(expected.french)",
                en: "\(message.english): expected \(expected.english)")
        }
        return Diagnostic(
            code: code.rawValue, place: .text(file: file, line: line, column: column),
            message: message, remedy: remedy)
    }
}

extension SentenceError.Code {
    fileprivate var words: (french: String, english: String, remedy: LocalizedText) {
        let correct = LocalizedText(
            fr: "corriger la phrase à cet endroit", en: "correct the sentence there")
        let schema = LocalizedText(
            fr: "prendre un nom du schéma des événements",
            en: "take a name of the schema of events")
        switch self {
        case .unknownCharacter: return ("caractère inattendu", "unexpected character", correct)
        case .unexpectedWord: return ("mot inattendu", "unexpected word", correct)
        case .unknownSentence:
            return (
                "phrase inconnue", "unknown sentence",
                LocalizedText(
                    fr:
                        "commencer par «\u{A0}après\u{A0}», «\u{A0}chaque\u{A0}», "
                        + "«\u{A0}pas de\u{A0}», «\u{A0}au plus\u{A0}», «\u{A0}jamais\u{A0}» "
                        + "ou par un événement suivi de «\u{A0}seulement si\u{A0}»",
                    en: "begin with “after”, “every”, “no”, “at most”, “never”, or an event and "
                        + "“only if”")
            )
        case .unknownEvent: return ("événement inconnu", "unknown event", schema)
        case .unknownField: return ("champ inconnu", "unknown field", schema)
        case .unknownValue: return ("valeur inconnue", "unknown value", schema)
        case .unknownParameter:
            return (
                "paramètre inconnu", "unknown parameter",
                LocalizedText(
                    fr: "le définir dans `policy-set.yaml`", en: "define it in `policy-set.yaml`")
            )
        case .loneVariable:
            return (
                "variable absente d’un des événements", "variable missing from one of the events",
                LocalizedText(
                    fr: "lier la variable dans chaque événement, trois variables au plus",
                    en: "bind the variable in each event, at most three variables")
            )
        case .valueTooLarge:
            return ("nombre trop grand", "number too large", correct)
        }
    }
}
