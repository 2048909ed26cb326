// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A command line that the tool does not understand, in both languages.
///
/// A verb's `validate()` throws it as it is; what the parser itself finds is put into words by
/// ``init(parserMessage:)``.
public struct UsageError: Diagnosable, Hashable, Sendable {
    /// The stable code.
    public static let code = "CLI102"

    /// What is wrong.
    public var message: LocalizedText
    /// Where it is, if it is a file.
    public var place: Place
    /// The command that says what would be right.
    var help = "vigie help"

    /// Makes the error.
    public init(fr: String, en: String, at place: Place = .nowhere) {
        (message, self.place) = (LocalizedText(fr: fr, en: en), place)
    }

    /// A reader who is no pseudonym.
    public static let readerPseudonym = UsageError(
        fr: "`--as` est le pseudonyme d’un agent\u{202F}: A et 12 chiffres",
        en: "`--as` is a pseudonym of an employee: A and 12 digits")
    /// A shell for which there are no completions.
    public static let unknownShell = UsageError(
        fr: "l’interpréteur est bash, zsh ou fish", en: "the shell is bash, zsh or fish")

    /// A form that the verb does not write.
    static func form(_ form: OutputFormat, of forms: Set<OutputFormat>) -> UsageError {
        let known = OutputFormat.allCases.filter(forms.contains).map(\.rawValue)
            .joined(separator: ", ")
        return UsageError(
            fr: "cette commande n’écrit pas la forme `\(form.rawValue)`, mais\u{202F}: \(known)",
            en: "this command does not write the form `\(form.rawValue)`, but: \(known)")
    }

    /// Two options that exclude each other.
    public static func exclusive(_ first: String, _ second: String) -> UsageError {
        UsageError(
            fr: "`\(first)` et `\(second)` s’excluent",
            en: "`\(first)` and `\(second)` exclude each other")
    }

    /// Two options that are given both or not at all.
    public static func together(_ first: String, _ second: String) -> UsageError {
        UsageError(
            fr: "`\(first)` et `\(second)` vont ensemble",
            en: "`\(first)` and `\(second)` go together")
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            code: Self.code, place: place, message: message,
            remedy: LocalizedText(
                fr: "`\(help)` dit ce qui peut être écrit", en: "`\(help)` says what can be written"
            ))
    }
}

extension UsageError: CustomStringConvertible {
    /// What the parser shows of an error that `validate()` throws.
    public var description: String { message.english }

    /// The error that a verb threw, inside the parser's own.
    ///
    /// The parser wraps what `validate()` throws in types that it does not publish.
    static func thrown(within error: Any, depth: Int = 5) -> UsageError? {
        if let found = error as? UsageError { return found }
        guard depth > 0 else { return nil }
        for child in Mirror(reflecting: error).children {
            if let found = thrown(within: child.value, depth: depth - 1) { return found }
        }
        return nil
    }
}
