// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Reporting

/// One thing that `vigie doctor` looks at.
struct Checkup {
    /// What was found.
    enum State: String {
        /// As it should be.
        case good
        /// Somebody should look.
        case warning
        /// The nightly audit cannot be relied on.
        case bad

        var text: LocalizedText {
            switch self {
            case .good: LocalizedText(fr: "bon", en: "good")
            case .warning: LocalizedText(fr: "à voir", en: "look")
            case .bad: LocalizedText(fr: "défaut", en: "fault")
            }
        }
    }

    /// The name, for programs.
    var name: String
    /// What was looked at.
    var title: LocalizedText
    /// How it is.
    var state: State
    /// What was seen.
    var seen: LocalizedText

    /// Says what was seen of something.
    init(
        _ name: String, _ state: State, fr title: String, en english: String,
        seen: LocalizedText
    ) {
        (self.name, self.state, self.seen) = (name, state, seen)
        self.title = LocalizedText(fr: title, en: english)
    }

    /// A line for a person.
    func line(in language: Language) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        let text = "\(title[language])\(colon) \(state.text[language]), \(seen[language])"
        return VisibleText(text).text + "\n"
    }

    /// The same for a program.
    var node: JSONNode {
        .object([
            ("check", .string(name)), ("state", .string(state.rawValue)),
            ("seen", .object([("fr", .string(seen.french)), ("en", .string(seen.english))])),
        ])
    }
}

extension LocalizedText {
    /// A text that is the same in both languages: a path, a figure.
    init(both text: String) { self.init(fr: text, en: text) }
}
