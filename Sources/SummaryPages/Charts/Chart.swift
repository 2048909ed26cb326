// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Reporting

/// What all drawings share: a frame in user units, text that scales with the page, and shapes that
/// differ in more than colour.
struct Chart {
    let title: String
    let language: Language
    let width: Int
    private(set) var height: Int
    private var shapes: [Markup] = []

    /// The fills of series: told apart in black and white by their brightness and their patterns.
    static let fills = ["#1b3a57", "#5b8db8", "url(#stripes)", "#c9d6df"]

    init(_ title: String, _ language: Language, width: Int = 640, height: Int) {
        self.title = title
        self.language = language
        self.width = width
        self.height = height
    }

    mutating func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int, fill: String) {
        let series = Self.fills.firstIndex(of: fill).map { "s\($0)" } ?? "masked"
        shapes.append(
            Markup(
                "rect",
                [
                    ("x", "\(x)"), ("y", "\(y)"), ("width", "\(max(0, width))"),
                    ("height", "\(max(0, height))"), ("fill", fill), ("stroke", "#1b1b1b"),
                    ("class", series),
                ]))
    }

    mutating func line(_ points: [(Int, Int)], dashed: Bool = false) {
        let path = points.map { "\($0.0),\($0.1)" }.joined(separator: " ")
        shapes.append(
            Markup(
                "polyline",
                [
                    ("points", path), ("fill", "none"), ("stroke", "#1b1b1b"),
                    ("stroke-width", "2"), ("class", "stroke"),
                ] + (dashed ? [("stroke-dasharray", "6 4")] : [])))
    }

    mutating func label(_ x: Int, _ y: Int, _ text: String, anchor: String = "start") {
        shapes.append(
            Markup(
                "text",
                [
                    ("x", "\(x)"), ("y", "\(y)"), ("text-anchor", anchor), ("fill", "#1b1b1b"),
                    ("font-size", "13"),
                ], Markup(text)))
    }

    /// Where the names of rows end, and what they name begins.
    static let margin = 208

    /// The name of a row, left of it; a long one is cut, since the table beside says it in full.
    mutating func rowName(_ y: Int, _ name: String) {
        let cut = name.count > 26 ? name.prefix(25) + "…" : name[...]
        label(Self.margin - 8, y, String(cut), anchor: "end")
    }

    /// A legend under the drawing: a sample and a name for each series, on as many lines as it takes.
    mutating func legend(_ names: [(fill: String, name: String)], y: Int) {
        var (x, y) = (8, y)
        for (fill, name) in names {
            let length = 34 + name.count * 8
            if x > 8, x + length > width { (x, y) = (8, y + 22) }
            rectangle(x, y, 14, 14, fill: fill)
            label(x + 20, y + 12, name)
            x += length
        }
        height = max(height, y + 22)
    }

    /// The drawing, with its name for those who cannot see it; its figures stand in a table beside.
    var markup: Markup {
        Markup(
            "svg",
            [
                ("viewBox", "0 0 \(width) \(height)"), ("role", "img"), ("aria-label", title),
                ("class", "chart"),
            ], Markup.join(shapes))
    }

    /// A drawing with its caption, in a box that scrolls where the page is too narrow to read it.
    static func figure(_ title: String, _ drawing: Markup, _ language: Language) -> Markup {
        let label = LocalizedText(fr: "Dessin\u{202F}: \(title)", en: "Drawing: \(title)")[language]
        return Markup(
            "figure", [], Markup("figcaption", [], Markup(title)),
            Markup(
                "div",
                [
                    ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
                    ("aria-label", label),
                ],
                drawing))
    }

    /// The patterns that all drawings of a page use.
    static var patterns: Markup {
        func pattern(_ id: String, _ path: String) -> Markup {
            Markup(
                "pattern",
                [
                    ("id", id), ("width", "8"), ("height", "8"),
                    ("patternUnits", "userSpaceOnUse"),
                ],
                Markup(
                    "rect",
                    [("width", "8"), ("height", "8"), ("fill", "#ffffff"), ("class", "paper")]),
                Markup(
                    "path",
                    [
                        ("d", path), ("stroke", "#1b1b1b"), ("stroke-width", "1.5"),
                        ("class", "stroke"),
                    ]))
        }
        return Markup(
            "svg", [("width", "0"), ("height", "0"), ("aria-hidden", "true")],
            Markup(
                "defs", [], pattern("stripes", "M0 4H8"),
                pattern("masked", "M-2 2L2 -2M0 8L8 0M6 10L10 6")))
    }

    /// A number as people read it.
    func number(_ value: Int64) -> String {
        (value < 0 ? "−" : "") + Sentence.count(value.magnitude, language)
    }
}
