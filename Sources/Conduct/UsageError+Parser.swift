// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension UsageError {
    /// Says in both languages what the argument parser says in English.
    ///
    /// The parser publishes no type of its errors, so its sentences are read; a test holds each of
    /// them. One that is not known is quoted, never dropped.
    init(parserMessage text: String) {
        let lines = text.split(separator: "\n")
        var english = lines.first.map(String.init) ?? "usage"
        // A long list of values has a line each.
        let values = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
        if !values.isEmpty { english += " " + values.joined(separator: ", ") }
        let french = Self.french(english) ?? "commande non comprise (\(english))"
        self.init(fr: french, en: english)
    }

    private static func french(_ text: String) -> String? {
        unknown(text) ?? missing(text) ?? unexpected(text) ?? repeated(text) ?? invalid(text)
    }

    private static func unknown(_ text: String) -> String? {
        if let parts = parts(of: text, "Unknown option '", "'. Did you mean '", "'?") {
            return "option inconnue `\(parts[0])`\u{202F}; vouliez-vous dire `\(parts[1])`\u{202F}?"
        }
        return parts(of: text, "Unknown option '", "'").map { "option inconnue `\($0[0])`" }
    }

    private static func missing(_ text: String) -> String? {
        if let parts = parts(of: text, "Missing value for '", "'") {
            return "il manque la valeur de `\(parts[0])`"
        }
        if let parts = parts(of: text, "Missing expected argument '", "'") {
            return "il manque `\(parts[0])`"
        }
        if let parts = parts(of: text, "Missing one of: '", "'") {
            return "il manque l’un de ceux-ci\u{202F}: \(list(parts[0]))"
        }
        return text == "Missing required subcommand." ? "il manque la commande" : nil
    }

    private static func unexpected(_ text: String) -> String? {
        if let parts = parts(of: text, "Unexpected argument '", "'") {
            return "argument de trop `\(parts[0])`"
        }
        if let parts = parts(of: text, "", " unexpected arguments: '", "'") {
            return "\(parts[0]) arguments de trop\u{202F}: \(list(parts[1]))"
        }
        let value = parts(
            of: text, "The option '", "' does not take any value, but '", "' was specified.")
        return value.map { "l’option `\($0[0])` ne prend pas de valeur, et `\($0[1])` est donnée" }
    }

    private static func repeated(_ text: String) -> String? {
        let flags = parts(
            of: text, "Value to be set with flag '", "' had already been set with flag '", "'")
        return flags.map { "`\($0[0])` et `\($0[1])` s’excluent" }
    }

    private static func invalid(_ text: String) -> String? {
        let start = "The value '"
        let reason = parts(of: text, start, "' is invalid for '", "'. Please provide one of ", "")
        guard var parts = reason else {
            return self.parts(of: text, start, "' is invalid for '", "'").map {
                "la valeur `\($0[0])` ne convient pas à `\($0[1])`"
            }
        }
        // `'a', 'b' or 'c'.`, or `the following: a, b, c`.
        for opening in ["the following: ", "the following:"] where parts[2].hasPrefix(opening) {
            parts[2].removeFirst(opening.count)
        }
        if parts[2].hasSuffix(".") { parts[2].removeLast() }
        let choice = ["' or '", "' and '"].reduce(parts[2]) { words, joint in
            words.split(separator: joint, omittingEmptySubsequences: false)
                .joined(separator: "' ou '")
        }
        let shown = String(choice.map { $0 == "'" ? "`" : $0 })
        return "la valeur `\(parts[0])` ne convient pas à `\(parts[1])`\u{202F}; donnez \(shown)"
    }

    /// The texts between some fixed ones, which begin and end the whole.
    private static func parts(of text: String, _ fixed: String...) -> [String]? {
        guard let start = fixed.first, text.hasPrefix(start) else { return nil }
        var rest = text.dropFirst(start.count)
        var parts: [String] = []
        for (place, next) in fixed.dropFirst().enumerated() {
            if place + 2 == fixed.count {
                guard rest.hasSuffix(next) else { return nil }
                parts.append(String(rest.dropLast(next.count)))
            } else {
                guard let range = rest.firstRange(of: next) else { return nil }
                parts.append(String(rest[..<range.lowerBound]))
                rest = rest[range.upperBound...]
            }
        }
        return parts
    }

    private static func list(_ quoted: String) -> String {
        quoted.split(separator: "', '").map { "`\($0)`" }.joined(separator: ", ")
    }
}
