// SPDX-License-Identifier: Apache-2.0

import Disclosure

/// An indicator of the pilot: what was said that it would measure, and what it measured.
///
/// Its definition is registered by a `claim.register` entry that names the `indicator` and its
/// `method`; each value is an `indicator.report`. A definition that comes after a value was fitted to
/// it, or could have been, and the sheet says so.
struct IndicatorSheet {
    /// When the definition was registered.
    enum Registration: Equatable {
        case before(time: Int64, index: UInt64)
        case after(time: Int64, index: UInt64)
        case never
    }

    /// A value with its interval, in ten-thousandths.
    struct Value {
        var time: Int64
        var value: Int64
        var low: Int64
        var high: Int64
        var count: Int64
        /// The pilot, or the group it is compared with.
        var group: String
    }

    var name: String
    var registered: Registration
    var method: String
    var values: [Value]

    /// The sheets of all indicators that were registered or measured before the end of a period.
    static func sheets(_ chronicle: Chronicle, until period: ReportingPeriod) -> [IndicatorSheet] {
        let items = chronicle.items(
            ["claim.register", "indicator.report"],
            in: Int64.min..<period.milliseconds.upperBound)
        let names = Set(items.compactMap { $0.values["indicator"] }).sorted()
        return names.map { name in
            let own = items.filter { $0.values["indicator"] == name }
            let definition = own.first { $0.type == "claim.register" }
            let reports = own.filter { $0.type == "indicator.report" }
            // The log's own order says what came first: clocks can be set, entries cannot be moved.
            let first = reports.map(\.index).min() ?? .max
            let registered: Registration =
                definition.map {
                    $0.index < first
                        ? .before(time: $0.time, index: $0.index)
                        : .after(time: $0.time, index: $0.index)
                } ?? .never
            func number(_ item: Chronicle.Item, _ field: String) -> Int64 {
                item.values[field].flatMap { Int64($0) } ?? 0
            }
            return IndicatorSheet(
                name: name, registered: registered, method: definition?.values["method"] ?? "",
                values: reports.map {
                    Value(
                        time: $0.time, value: number($0, "value"), low: number($0, "interval_low"),
                        high: number($0, "interval_high"), count: number($0, "n"),
                        group: $0.values["reference"] ?? "pilote")
                })
        }
    }
}
