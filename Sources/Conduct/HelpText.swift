// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Diagnostics

extension Language {
    /// The language in which commands describe themselves while a command line is read; the parser asks
    /// for descriptions without saying for whom.
    @TaskLocal static var ofHelp = Language.english
}

extension ArgumentHelp {
    /// What an option is for, in the language of whoever reads the help.
    public init(fr french: String, en english: String) {
        self.init(stringLiteral: LocalizedText(fr: french, en: english)[.ofHelp])
    }
}

extension CommandConfiguration {
    /// What a command is for, in the language of whoever reads the help.
    ///
    /// A command computes its configuration each time: one that is kept would stay in the language of
    /// who asked first.
    public init(
        commandName: String? = nil, abstract: LocalizedText, usage: LocalizedText? = nil,
        discussion: LocalizedText? = nil, version: String = "",
        shouldDisplay: Bool = true, subcommands: [any ParsableCommand.Type] = [],
        defaultSubcommand: (any ParsableCommand.Type)? = nil
    ) {
        self.init(
            commandName: commandName, abstract: abstract[.ofHelp], usage: usage?[.ofHelp],
            discussion: discussion?[.ofHelp] ?? "", version: version,
            shouldDisplay: shouldDisplay, subcommands: subcommands,
            defaultSubcommand: defaultSubcommand)
    }
}

/// A page of help as the argument parser lays it out, whose own words are English.
struct HelpPage {
    /// The page as the parser gives it.
    let text: String

    /// The page with the parser's words in a language; a test holds each of them.
    func text(in language: Language) -> String {
        // A completion script comes from the parser too, and stays as it is.
        let isHelp = text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ")
        guard language == .french, isHelp else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Self.french(String($0)) }.joined(separator: "\n")
    }

    /// The beginnings of lines.
    private static let headings = [
        ("OVERVIEW: ", "OBJET\u{202F}: "), ("USAGE: ", "USAGE\u{202F}: "),
        ("ARGUMENTS:", "ARGUMENTS\u{202F}:"), ("OPTIONS:", "OPTIONS\u{202F}:"),
        ("SUBCOMMANDS:", "COMMANDES\u{202F}:"),
    ]

    private static func french(_ line: String) -> String {
        var line = line
        for (english, french) in headings where line.hasPrefix(english) {
            line = french + line.dropFirst(english.count)
        }
        if line.hasPrefix("  See '"), line.hasSuffix("' for detailed help.") {
            let command = line.dropFirst("  See '".count).dropLast("' for detailed help.".count)
            line = "  Détail\u{202F}: `\(command)`."
        }
        return line.replacing("<subcommand>", with: "<commande>")
            .replacing("Show help information.", with: "Montrer cette aide.")
            .replacing("Show the version.", with: "Montrer la version.")
            .replacing("(values:", with: "(valeurs\u{202F}:")
            .replacing("(default:", with: "(par défaut\u{202F}:")
            .replacing("; default:", with: "\u{202F}; par défaut\u{202F}:")
    }
}
