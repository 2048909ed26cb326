// SPDX-License-Identifier: Apache-2.0

/// What is wrong, where, and what to do about it, in one form for every surface.
///
/// A diagnostic is printed like this:
///
///     access.log: entry 1 (byte 4): error LOG101: log ends inside this entry
///       remedy: run `vigie log recover` to drop the torn entry
///
/// It never holds payload bytes or personal data: it points at them.
public struct Diagnostic: Hashable, Sendable {
    /// How much a diagnostic matters.
    public enum Severity: String, CaseIterable, Hashable, Sendable {
        /// The command could not do what was asked.
        case error
        /// The command did it, and somebody should look.
        case warning
        /// A remark.
        case note
    }

    /// How much it matters.
    public var severity: Severity
    /// The stable code: three letters for the area, three digits; never reused.
    public var code: String
    /// Where it is.
    public var place: Place
    /// One clause, lower case, no full stop; the user's own text in backticks.
    public var message: LocalizedText
    /// An instruction: what the reader can do next.
    public var remedy: LocalizedText

    /// Makes a diagnostic from its parts.
    public init(
        _ severity: Severity = .error, code: String, place: Place = .nowhere,
        message: LocalizedText, remedy: LocalizedText
    ) {
        self.severity = severity
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    /// The diagnostic with its file named from outside `folder`, where it was named from inside.
    public func inside(_ folder: String) -> Diagnostic {
        var diagnostic = self
        diagnostic.place = place.inside(folder)
        return diagnostic
    }

    /// The diagnostic as two lines of text.
    public func rendered(in language: Language) -> String {
        let location = place.rendered(in: language)
        let prefix = location.isEmpty ? "" : location + ": "
        let word = severity.word[language]
        let (colon, remedyWord) = language == .french ? ("\u{202F}:", "remède") : (":", "remedy")
        return """
            \(prefix)\(word) \(code)\(colon) \(message[language])
              \(remedyWord)\(colon) \(remedy[language])
            """
    }
}

extension Diagnostic.Severity {
    /// The word that is printed for the severity.
    var word: LocalizedText {
        switch self {
        case .error: LocalizedText(fr: "erreur", en: "error")
        case .warning: LocalizedText(fr: "attention", en: "warning")
        case .note: LocalizedText(fr: "note", en: "note")
        }
    }
}

/// An error that can say itself to a person.
public protocol Diagnosable: Error {
    /// The error in words, with its code, place and remedy.
    var diagnostic: Diagnostic { get }
}

/// An error that stands for several faults found in one reading.
public protocol DiagnosableGroup: Error {
    /// The faults in words, in the order of the input; empty if there is none.
    var diagnostics: [Diagnostic] { get }
}
