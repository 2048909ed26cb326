// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure

/// What a curve is drawn with, besides its values.
struct CurveStyle {
    /// Whether a value holds until the next, as a number of licences does.
    var isStep = false
    /// How many make one per cent, where the values are shares: 1, or 100 for two decimals.
    var shareUnit: Int64?
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
            style.shareUnit.map { $0 * 100 }
                ?? max(points.compactMap(\.value).max() ?? 1, style.level?.value ?? 1))
        func height(_ value: Int64) -> Int { bottom - Int(value * Int64(bottom - top) / largest) }
        func words(_ value: Int64) -> String {
            style.shareUnit.map { chart.percent(value, unit: $0) } ?? chart.number(value)
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

    /// A share as people read it; whole where it is, so that 99,99 % never reads as 100 %.
    private func percent(_ value: Int64, unit: Int64) -> String {
        Percent.text(hundredths: value * 100 / unit, language, isWhole: value % unit == 0)
    }
}
