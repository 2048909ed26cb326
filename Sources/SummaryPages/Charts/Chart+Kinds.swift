// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure

extension Chart {
    static func masked(_ language: Language) -> String {
        LocalizedText(fr: "masqué (secret)", en: "masked (secret)")[language]
    }

    /// Bars, one a row, each divided into series; what is masked is hatched at a fixed length.
    static func bars(
        _ title: String, _ language: Language, rows: [(name: String, values: [Int64?])],
        series: [String]
    ) -> Markup {
        var chart = Chart(title, language, height: rows.count * 30 + 40)
        let totals = rows.map { $0.values.reduce(Int64(0)) { $0 + ($1 ?? 0) } }
        let largest = max(1, totals.max() ?? 1)
        for (place, row) in rows.enumerated() {
            let y = place * 30 + 6
            chart.rowName(y + 15, row.name)
            var x = margin
            for (number, value) in row.values.enumerated() {
                let fill = value == nil ? "url(#masked)" : fills[number % fills.count]
                let length = value.map { Int($0 * 210 / largest) } ?? 24
                if value == 0 { continue }
                chart.rectangle(x, y, max(2, length), 20, fill: fill)
                x += max(2, length)
            }
            let isMasked = row.values.contains { $0 == nil }
            let shown = chart.number(totals[place])
            let words = totals[place] == 0 ? masked(language) : "\(shown) + \(masked(language))"
            chart.label(x + 8, y + 15, isMasked ? words : shown)
        }
        var names = series.enumerated().map { (fill: fills[$0 % fills.count], name: $1) }
        if rows.contains(where: { $0.values.contains { $0 == nil } }) {
            names.append(("url(#masked)", masked(language)))
        }
        chart.legend(names, y: rows.count * 30 + 16)
        return chart.markup
    }

    /// A map of rows and columns: a longer bar for more, hatched for what is masked, none for zero.
    static func heat(
        _ title: String, _ language: Language, rows: [String], columns: [String],
        values: [[Int64?]]
    ) -> Markup {
        var chart = Chart(title, language, height: rows.count * 44 + 60)
        let largest = max(1, values.joined().compactMap { $0 }.max() ?? 1)
        let step = min(84, (640 - margin) / max(1, columns.count))
        for (column, name) in columns.enumerated() {
            chart.label(margin + column * step + 2, 16, name)
        }
        for (row, name) in rows.enumerated() {
            let y = 26 + row * 44
            chart.rowName(y + 14, name)
            for (column, value) in values[row].enumerated() {
                let x = margin + column * step
                guard let value else {
                    chart.rectangle(x, y, step - 8, 32, fill: "url(#masked)")
                    continue
                }
                // The figure stands above its bar, so that text never stands on a shade.
                chart.label(x + 2, y + 14, chart.number(value))
                guard value > 0 else { continue }
                let length = max(2, Int(value * Int64(step - 8) / largest))
                chart.rectangle(x, y + 20, length, 12, fill: fills[0])
            }
        }
        chart.legend(
            [
                (fills[0], language == .french ? "part du maximum" : "share of the maximum"),
                ("url(#masked)", masked(language)),
            ],
            y: rows.count * 44 + 32)
        return chart.markup
    }

    /// A value against its limit, drawn as a bar and a dashed line.
    static func cap(
        _ title: String, _ language: Language, value: Int64?, cap: Int
    ) -> Markup {
        var chart = Chart(title, language, height: 84)
        let scale = max(Int64(cap), value ?? 0, 1)
        let fill = value == nil ? "url(#masked)" : fills[0]
        let length = value.map { Int($0 * 440 / scale) } ?? 60
        chart.rectangle(8, 20, length, 28, fill: fill)
        let end = 8 + Int(Int64(cap) * 440 / scale)
        chart.line([(end, 12), (end, 56)], dashed: true)
        chart.label(8, 74, value.map { chart.number($0) } ?? masked(language))
        let word = language == .french ? "plafond" : "cap"
        chart.label(end + 8, 20, "\(word) \(chart.number(Int64(cap)))")
        return chart.markup
    }

    /// Values with their intervals, in ten-thousandths: a point on a line.
    static func intervals(
        _ title: String, _ language: Language,
        rows: [(name: String, low: Int64, value: Int64, high: Int64)]
    ) -> Markup {
        var chart = Chart(title, language, height: rows.count * 40 + 34)
        func x(_ value: Int64) -> Int { 220 + Int(min(max(value, 0), 10_000) * 400 / 10_000) }
        for (place, row) in rows.enumerated() {
            let y = place * 40 + 22
            chart.label(210, y + 5, row.name, anchor: "end")
            chart.line([(x(row.low), y), (x(row.high), y)])
            chart.line([(x(row.low), y - 6), (x(row.low), y + 6)])
            chart.line([(x(row.high), y - 6), (x(row.high), y + 6)])
            chart.rectangle(x(row.value) - 4, y - 4, 8, 8, fill: fills[0])
        }
        let bottom = rows.count * 40 + 10
        chart.line([(220, bottom), (620, bottom)])
        let unit = language == .french ? "\u{202F}%" : "%"
        for percent in [0, 50, 100] {
            chart.label(220 + percent * 4, bottom + 18, "\(percent)\(unit)", anchor: "middle")
        }
        return chart.markup
    }

    /// A strip of days or months: full where all is well, hatched where it is not.
    static func strip(
        _ title: String, _ language: Language, rows: [(name: String, states: [Bool?])],
        ends: (first: String, last: String)
    ) -> Markup {
        var chart = Chart(title, language, height: rows.count * 30 + 66)
        for (row, line) in rows.enumerated() {
            let y = row * 30 + 6
            chart.rowName(y + 15, line.name)
            let count = max(1, line.states.count)
            var first = 0
            // Days of one state that follow one another are one shape.
            while first < line.states.count {
                let state = line.states[first]
                let end = line.states[first...].firstIndex { $0 != state } ?? line.states.count
                let (x, right) = (margin + first * 420 / count, margin + end * 420 / count)
                let fill = state.map { $0 ? fills[1] : "url(#masked)" } ?? fills[3]
                chart.rectangle(x, y, right - x, 20, fill: fill)
                first = end
            }
        }
        let bottom = rows.count * 30 + 18
        chart.label(margin, bottom, ends.first)
        chart.label(628, bottom, ends.last, anchor: "end")
        let words =
            language == .french
            ? ["présent", "absent ou rompu", "sans objet"]
            : ["present", "missing or broken", "n/a"]
        chart.legend(
            [(fills[1], words[0]), ("url(#masked)", words[1]), (fills[3], words[2])], y: bottom + 12
        )
        return chart.markup
    }
}
