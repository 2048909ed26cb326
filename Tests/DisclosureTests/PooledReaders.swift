// SPDX-License-Identifier: Apache-2.0

import Disclosure

/// A small pilot, with as many advisers and accesses in each place as a test asks for.
struct SmallPilot {
    var counts = BaseCounts()
    private var nextAgent: Int32 = 0

    /// Adds an establishment.
    ///
    /// - Returns: Its position.
    mutating func site(_ name: String, region: String) -> Int32 {
        counts.places.append(Place(establishment: name, region: region))
        return Int32(counts.places.count - 1)
    }

    /// Advisers that no other call names.
    mutating func advisers(_ count: Int) -> [Int32] {
        defer { nextAgent += Int32(count) }
        return (0..<Int32(count)).map { nextAgent + $0 }
    }

    /// Adds events by each of some advisers, to persons who are all different.
    mutating func act(_ key: BaseKey, by advisers: [Int32], times: Int = 4) {
        for adviser in advisers {
            for _ in 0..<times {
                counts.tallies[key, default: ContributorTally()].add(agent: adviser)
            }
        }
    }

    /// What a summary of some tables shows, after others.
    func figures(
        _ perimeter: String, _ period: String, _ tables: [String], after ledger: ReleaseLedger,
        rules: DisclosureRules = DisclosureRules(), correcting: String? = nil
    ) throws -> Release {
        let perimeter = try Perimeter(parsing: perimeter)
        let period = try ReportingPeriod(parsing: period)
        let vintage = ledger.corrections.count + (correcting == nil ? 0 : 1)
        let menu = TableMenu(perimeter, period, places: counts.places, vintage: vintage)
        let computation = SummaryComputation(counts, rules: rules, ledger: ledger)
        let figures = try computation.figures(tables.map { try menu.table($0) })
        var release = Release(
            name: "S\(ledger.releases.count + 1)", body: perimeter.text, perimeter: perimeter,
            period: period, tables: tables)
        release.figures = figures.values.sorted { $0.id.text < $1.id.text }
        release.rules = rules
        release.corrects = correcting
        return release
    }
}

/// What those who hold some releases can deduce together.
///
/// It shares no code with the ledger: it lists every base figure, and adds up itself.
struct PooledReaders {
    let counts: BaseCounts
    let releases: [Release]

    /// What they can deduce of a sum of base figures.
    func interval(_ id: FigureID) throws -> DeducedInterval {
        let keys = keys(id.measure)
        var table = LinearTable(
            cells: keys.map {
                LinearTable.Cell(counts.tallies[$0]?.value ?? 0, role: .hidden)
            })
        for figure in releases.flatMap(\.figures) {
            // Promotions by occupation add up to those among the accesses.
            let isWhole =
                id.measure == .occupations
                && figure.id.measure == .accesses && figure.id.category == "promoted"
            guard figure.id.measure == id.measure || isWhole, let value = figure.value else {
                continue
            }
            let total = table.add(LinearTable.Cell(value, role: .published))
            var known = figure.id
            if isWhole { (known.measure, known.category) = (.occupations, "all") }
            table.relate(total: total, parts: keys.indices.filter { covers(known, keys[$0]) })
        }
        let parts = keys.indices.filter { covers(id, keys[$0]) }
        let value = parts.reduce(0) { $0 + table.cells[$1].value }
        let target = table.add(LinearTable.Cell(value, role: .hidden))
        table.relate(total: target, parts: parts)
        var deduction = try Deduction(table, isHidden: table.cells.map { $0.role == .hidden })
        return try deduction.interval(of: target)
    }

    private func keys(_ measure: Measure) -> [BaseKey] {
        let times = Set(counts.tallies.keys.filter { $0.measure == measure }.map(\.time)).sorted()
        let topics = Topic.all[measure] ?? []
        return counts.places.indices.dropFirst().flatMap { place in
            times.flatMap { time in
                topics.map {
                    BaseKey(measure: measure, topic: $0.code, place: Int32(place), time: time)
                }
            }
        }
    }

    private func covers(_ id: FigureID, _ key: BaseKey) -> Bool {
        let place = counts.places[Int(key.place)]
        let names = ["all", "region:" + place.region, "site:" + place.establishment]
        let topic = (Topic.all[key.measure] ?? [])[Int(key.topic)]
        return names.contains(id.place)
            && (id.period.firstDay..<id.period.endDay).contains(Int(key.time) % 1_000_000)
            && Int(key.time) / 1_000_000 <= id.vintage
            && (["all", topic.name] + topic.groups).contains(id.category)
    }
}

extension DeducedInterval {
    /// How wide it is; wide beyond measure where it has no end.
    var width: Int64 { high.map { $0.floor - low.ceiling } ?? .max }
}

extension BaseKey {
    /// Accesses of a topic.
    static func accesses(_ topic: UInt8, at site: Int32, time: Int) -> BaseKey {
        BaseKey(measure: .accesses, topic: topic, place: site, time: Int32(time))
    }
}
