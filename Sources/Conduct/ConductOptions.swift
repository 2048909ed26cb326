// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Diagnostics

/// The form in which a command writes its result.
public enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case table, plain, json, html
}

/// When colour is used; it never carries a meaning alone.
public enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto, always, never
}

/// The language asked for on the command line.
public enum LanguageChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case fr, en

    /// The language itself.
    public var language: Language { self == .fr ? .french : .english }

    /// The language that a command line asks for, though it could not be read as a whole.
    static func asked(by arguments: [String]) -> Language? {
        let apart = zip(arguments, arguments.dropFirst()).first { $0.0 == "--lang" }?.1
        let joined = arguments.first { $0.hasPrefix("--lang=") }?.dropFirst("--lang=".count)
        return (apart ?? joined.map(String.init)).flatMap(LanguageChoice.init)?.language
    }
}

/// The options that every verb has.
public struct ConductOptions: ParsableArguments {
    /// The language asked for, if one was.
    @Option(
        help: ArgumentHelp(
            fr: "Langue\u{202F}: fr ou en\u{202F}; celle de la session par défaut.",
            en: "Language: fr or en; the locale's by default."))
    public var lang: LanguageChoice?

    /// The form of the result.
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            fr: "Forme du résultat\u{202F}: table, plain, json ou html.",
            en: "Form of the result: table, plain, json or html."))
    public var format: OutputFormat = .table

    /// Whether plain text was asked for by its own flag.
    @Flag(
        help: ArgumentHelp(
            fr: "Comme --format plain\u{202F}: un paragraphe par constat, pour lecteurs d’écran.",
            en: "Same as --format plain: one paragraph a finding, for screen readers."))
    public var plain = false

    /// When colour is used.
    @Option(
        help: ArgumentHelp(
            fr: "Couleur\u{202F}: auto, always ou never\u{202F}; NO_COLOR est respectée.",
            en: "Colour: auto, always or never; NO_COLOR is obeyed."))
    public var color: ColorChoice = .auto

    /// Whether only the result is wanted.
    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            fr: "Ne dire que le résultat.",
            en: "Say nothing but the result."))
    public var quiet = false

    /// Whether more is wanted.
    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            fr: "En dire plus.",
            en: "Say more."))
    public var verbose = false

    /// Makes the options; the parser fills them.
    public init() {}

    /// Refuses options that exclude each other.
    public func validate() throws {
        guard !(plain && format != .table && format != .plain) else {
            throw UsageError.exclusive("--plain", "--format \(format.rawValue)")
        }
        guard !(quiet && verbose) else {
            throw UsageError.exclusive("--quiet", "--verbose")
        }
    }
}
