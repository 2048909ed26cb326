// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Disclosure
import Testing

/// Noise instead of masks: off by default, the same whenever it is asked for, and paid for.
@Suite struct NoiseTests {
    private let october = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch
    private let key = SecretBytes(Array(repeating: 7, count: 32))
    private let place = Place(establishment: "28-1", region: "28")

    private func cell(_ number: Int) -> BaseKey {
        BaseKey(measure: .accesses, topic: 0, place: 1, time: Int32(number))
    }

    /// The shares of the values at scale 2, over twenty thousand cells.
    ///
    /// The share of zero is (1 - e^-1/2) / (1 + e^-1/2) = 0.2449, each step loses a factor
    /// of e^-1/2 = 0.6065. The key is fixed, so that the draw is the same in every run.
    @Test func followsTheTwoSidedGeometricDistribution() {
        let noise = KeyedNoise(key: key, bound: 2, epsilonMilli: 1_000)
        let count = 20_000
        var found: [Int64: Int] = [:]
        for number in 0..<count { found[noise.noise(of: cell(number), at: place), default: 0] += 1 }
        for (value, share) in [(0, 0.2449), (1, 0.1485), (-1, 0.1485), (2, 0.0901), (-3, 0.0546)] {
            let seen = Double(found[Int64(value)] ?? 0) / Double(count)
            #expect(abs(seen - share) < 0.01, "\(value): \(seen)")
        }
        let mean = found.reduce(0) { $0 + Double($1.key) * Double($1.value) } / Double(count)
        #expect(abs(mean) < 0.1)
    }

    @Test func askingAgainLearnsNothingMore() {
        let noise = KeyedNoise(key: key, bound: 60, epsilonMilli: 1_000)
        let again = KeyedNoise(key: key, bound: 60, epsilonMilli: 1_000)
        let other = KeyedNoise(
            key: SecretBytes(Array(repeating: 8, count: 32)), bound: 60, epsilonMilli: 1_000)
        let all = (0..<50).map { noise.noise(of: cell($0), at: place) }
        #expect(all == (0..<50).map { again.noise(of: cell($0), at: place) })
        #expect(all != (0..<50).map { other.noise(of: cell($0), at: place) })
        #expect(Set(all).count > 10)
    }

    private func figures(_ pilot: SmallPilot, _ period: String, bound: Int) throws -> [String:
        Int64]
    {
        var rules = DisclosureRules()
        (rules.epsilonMilli, rules.noiseBound) = (1_000, bound)
        let menu = TableMenu(
            try Perimeter(parsing: "region:28"), try ReportingPeriod(parsing: period),
            places: pilot.counts.places)
        let figures = try SummaryComputation(
            pilot.counts, rules: rules, ledger: ReleaseLedger(),
            noise: KeyedNoise(key: key, bound: bound, epsilonMilli: 1_000)
        ).figures([menu.table("uses")])
        return Dictionary(
            uniqueKeysWithValues: figures.map { ($0.key.text, $0.value.value ?? .min) })
    }

    @Test func totalsAddUpAndOneAdviserWeighsNoMoreThanTheBound() throws {
        var pilot = SmallPilot()
        let sites = (1...2).map { pilot.site("28-\($0)", region: "28") }
        for site in sites {
            pilot.act(.accesses(0, at: site, time: october), by: pilot.advisers(9))
        }
        let before = try figures(pilot, "2026-10", bound: 20)
        pilot.act(.accesses(0, at: sites[0], time: october), by: pilot.advisers(1), times: 900)
        let after = try figures(pilot, "2026-10", bound: 20)
        for category in ["P1", "P2", "P3", "all"] {
            let sum = ["site:28-1", "site:28-2"].reduce(Int64(0)) {
                $0 + (after["accesses/\($1)/2026-10/\(category)"] ?? .min)
            }
            #expect(after["accesses/region:28/2026-10/\(category)"] == sum)
        }
        let id = "accesses/region:28/2026-10/all"
        #expect((after[id] ?? 0) - (before[id] ?? 0) == 20)
        #expect(after.values.allSatisfy { $0 != .min }, "nothing is masked")
    }

    @Test func aCouncilsBudgetOfAYearIsSpentOnceForEachWeek() throws {
        var rules = DisclosureRules()
        #expect(rules.epsilonMilli == 0)
        (rules.epsilonMilli, rules.epsilonYearMilli) = (100, 1_100)
        let council = ("CSE_ELU", try Perimeter(parsing: "region:28"))
        var ledger = ReleaseLedger()
        func ids(_ period: String) throws -> [FigureID] {
            [
                FigureID(
                    .accesses, place: "region:28", period: try ReportingPeriod(parsing: period),
                    category: "all")
            ]
        }
        func spend(_ period: String, by body: (String, Perimeter)) throws -> Int {
            try ledger.spend(ids(period), rules, by: body, in: ReportingPeriod(parsing: period))
        }
        func release(_ period: String) throws {
            var release = Release(
                name: period, body: council.0, perimeter: council.1,
                period: try ReportingPeriod(parsing: period), tables: ["uses"])
            release.rules = rules
            release.epsilonMilli = try spend(period, by: council)
            release.figures = try ids(period).map { Figure($0, value: 1) }
            ledger.add(release)
        }
        // October 2026 has five pieces of a week, as November six.
        #expect(try spend("2026-10", by: council) == 500)
        try release("2026-10")
        #expect(try spend("2026-10", by: council) == 0)
        try release("2026-11")
        #expect(ledger.releases.map(\.epsilonMilli).reduce(0, +) == 1_100)
        let refused = #expect(throws: DisclosureError.self) {
            try spend("2026-12", by: council)
        }
        #expect(refused?.code == .budgetSpent)
        #expect(try spend("2026-11", by: ("CSE_ELU", Perimeter(parsing: "region:32"))) > 0)
        rules.epsilonMilli = 0
        #expect(try spend("2026-12", by: council) == 0)
    }
}
