// SPDX-License-Identifier: Apache-2.0

import Reporting

/// A piece of HTML, written exactly as a browser writes it back.
///
/// A page checks itself by comparing what the browser shows with what was signed, so that every
/// element is closed, every attribute quoted, and a character escaped only where a browser escapes it.
struct Markup: Sendable {
    /// The text of the piece.
    private(set) var text: String

    private init(raw text: String) { self.text = text }

    /// A piece of nothing.
    static let empty = Markup(raw: "")

    /// Text that stands for itself.
    init(_ text: String) {
        var escaped = ""
        for scalar in VisibleText(text).text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\u{A0}": escaped += "&nbsp;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        self.text = escaped
    }

    /// An element with what is in it.
    init(_ tag: StaticString, _ attributes: [(String, String)] = [], _ content: Markup...) {
        self.init(tag, attributes, content)
    }

    /// An element with what is in it.
    init(_ tag: StaticString, _ attributes: [(String, String)] = [], _ content: [Markup]) {
        let words = attributes.map { " \($0.0)=\"\(Self.quoted($0.1))\"" }.joined()
        text = "<\(tag)\(words)>" + content.map(\.text).joined() + "</\(tag)>"
    }

    /// Pieces one after another.
    static func + (left: Markup, right: Markup) -> Markup { Markup(raw: left.text + right.text) }

    /// Pieces one after another.
    static func join(_ pieces: [Markup]) -> Markup { Markup(raw: pieces.map(\.text).joined()) }

    /// A line feed between pieces.
    static let line = Markup(raw: "\n")

    private static func quoted(_ value: String) -> String {
        var escaped = ""
        for scalar in VisibleText(value).text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "\u{A0}": escaped += "&nbsp;"
            // Browsers do not agree on these two in attributes.
            case "<": escaped += "‹"
            case ">": escaped += "›"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
