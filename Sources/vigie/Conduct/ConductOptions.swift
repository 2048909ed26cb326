// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics

/// The form in which a command writes its result.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case table, plain, json, html
}

/// When colour is used; it never carries a meaning alone.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto, always, never
}

/// The language asked for on the command line.
enum LanguageChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case fr, en

    /// The language itself.
    var language: Language { self == .fr ? .french : .english }
}

/// The options that every verb has.
struct ConductOptions: ParsableArguments {
    @Option(help: "Language: fr or en; the locale's by default.")
    var lang: LanguageChoice?

    @Option(name: .shortAndLong, help: "Form of the result: table, plain, json or html.")
    var format: OutputFormat = .table

    @Flag(help: "Same as --format plain: one paragraph a finding, for screen readers.")
    var plain = false

    @Option(help: "Colour: auto, always or never; NO_COLOR is obeyed.")
    var color: ColorChoice = .auto

    @Flag(name: .shortAndLong, help: "Say nothing but the result.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more.")
    var verbose = false

    func validate() throws {
        guard !(plain && format != .table && format != .plain) else {
            throw ValidationError("`--plain` and `--format \(format.rawValue)` exclude each other")
        }
        guard !(quiet && verbose) else {
            throw ValidationError("`--quiet` and `--verbose` exclude each other")
        }
    }
}
