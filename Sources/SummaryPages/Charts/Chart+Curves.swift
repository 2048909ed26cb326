// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure

/// What a curve is drawn with, besides its values.
struct CurveStyle {
    /// Whether a value holds until the next, as a number of licences does.
    var isStep = false
    /// Whether the values are shares in per cent.
    var isShare = false
    /// A level that is not to be passed, and its name.
    var level: (value: Int64, name: String)?
    /// A deadline after so many of the values, and its name.
    var deadline: (place: Int, name: String)?
}

extension Chart {
    private static let (left, right, top, bottom) = (52, 628, 40, 184)

    /// Values one after another, on a line; hatched where they are masked.
    static func curve(
        _ title: String, _ language: Language, points: [(name: String, value: Int64?)],
        _ style: CurveStyle
    ) -> Markup {
        var chart = Chart(title, language, height: bottom + 60)
        let largest = max(
            1,
            style.isShare
                ? 100 : max(points.compactMap(\.value).max() ?? 1, style.level?.value ?? 1))
        func height(_ value: Int64) -> Int { bottom - Int(value * Int64(bottom - top) / largest) }
        func words(_ value: Int64) -> String {
            style.isShare ? chart.percent(value) : chart.number(value)
        }
        chart.line([(left, top - 8), (left, bottom), (right, bottom)])
        chart.label(left - 6, height(0) + 4, words(0), anchor: "end")
        chart.label(left - 6, height(largest) + 4, words(largest), anchor: "end")
        let step = (right - left) / max(1, points.count)
        chart.curve(points.map(\.value), step, style.isStep, height)
        for (place, point) in points.enumerated() {
            let middle = left + place * step + step / 2
            if points.count <= 12 || place % 3 == 0 {
                chart.label(middle, bottom + 18, point.name, anchor: "middle")
            }
            guard let value = point.value else { continue }
            chart.rectangle(middle - 3, height(value) - 3, 6, 6, fill: fills[0])
            chart.label(middle, height(value) - 9, words(value), anchor: "middle")
        }
        if let level = style.level {
            chart.line([(left, height(level.value)), (right, height(level.value))], dashed: true)
            chart.label(right, height(level.value) - 22, level.name, anchor: "end")
        }
        if let deadline = style.deadline {
            let x = left + deadline.place * step
            chart.line([(x, top - 12), (x, bottom)], dashed: true)
            chart.label(x, top - 18, deadline.name, anchor: "middle")
        }
        if points.contains(where: { $0.value == nil }) {
            chart.legend([("url(#masked)", masked(language))], y: bottom + 30)
        }
        return chart.markup
    }

    /// The line itself, which breaks at what is masked.
    private mutating func curve(
        _ values: [Int64?], _ step: Int, _ isStep: Bool, _ height: (Int64) -> Int
    ) {
        var piece: [(Int, Int)] = []
        for (place, value) in values.enumerated() {
            let x = Self.left + place * step
            guard let value else {
                rectangle(x + 6, Self.top, step - 12, Self.bottom - Self.top, fill: "url(#masked)")
                if piece.count > 1 { line(piece) }
                piece = []
                continue
            }
            if isStep {
                piece += [(x, height(value)), (x + step, height(value))]
            } else {
                piece.append((x + step / 2, height(value)))
            }
        }
        if piece.count > 1 { line(piece) }
    }

    /// A share as people read it.
    func percent(_ value: Int64) -> String {
        language == .french ? "\(value)\u{202F}%" : "\(value)%"
    }
}
