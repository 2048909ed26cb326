// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Disclosure
import Testing

/// Nine ways to find out what a summary hides, none of which may work; the one by corrections is in
/// `CorrectionTests`.
@Suite struct AttackTests {
    private let october = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch

    private func id(_ text: String) throws -> FigureID { try FigureID(parsing: text) }

    /// Five regions with two sites each; one site of region 28 has but two advisers.
    private func pilot(small: Int = 2) -> SmallPilot {
        var pilot = SmallPilot()
        for region in ["28", "32", "52", "75", "84"] {
            for number in 1...3 {
                let site = pilot.site("\(region)-\(number)", region: region)
                let count = region == "28" && number == 1 ? small : 9
                let advisers = pilot.advisers(count)
                for topic: UInt8 in [0, 2, 4] {
                    pilot.act(.accesses(topic, at: site, time: october), by: advisers)
                    pilot.act(
                        .accesses(topic, at: site, time: october + 35), by: advisers, times: 3)
                }
            }
        }
        return pilot
    }

    @Test func totalMinusSubtotal() throws {
        let pilot = pilot()
        let release = try pilot.figures("region:28", "2026-10", ["uses"], after: ReleaseLedger())
        let shown = Dictionary(uniqueKeysWithValues: release.figures.map { ($0.id.text, $0.value) })
        #expect(shown["accesses/site:28-1/2026-10/P1"] == .some(nil))
        #expect(shown["accesses/region:28/2026-10/all"] == .some(240))
        let readers = PooledReaders(counts: pilot.counts, releases: [release])
        for category in ["P1", "P2", "P3", "all"] {
            let interval = try readers.interval(id("accesses/site:28-1/2026-10/\(category)"))
            #expect(interval.width >= 5, "\(category): \(interval)")
        }
    }

    @Test(arguments: [
        "2027-01-01..2027-01-30", "2026-10-01", "2026-13", "2026-W54", "2026-Q5", "", "2026-1",
        "2026-10..2026-09", "2026-10..2030-10", "٢٠٢٦-١٠", "2026-10\u{0}",
    ])
    func noPeriodButThoseOfTheMenu(text: String) {
        #expect(throws: DisclosureError(.unknownPeriod, text)) {
            try ReportingPeriod(parsing: text)
        }
    }

    /// A month minus its weeks leaves the days of one adviser.
    @Test func monthMinusWeeks() throws {
        var pilot = SmallPilot()
        let (site, other) = (pilot.site("28-1", region: "28"), pilot.site("28-2", region: "28"))
        let (many, few) = (pilot.advisers(20), pilot.advisers(1))
        for week in 0..<3 {
            pilot.act(.accesses(0, at: site, time: october + 7 * week), by: many)
            pilot.act(.accesses(0, at: other, time: october + 7 * week), by: many)
        }
        pilot.act(.accesses(0, at: site, time: october + 21), by: few)
        var ledger = ReleaseLedger()
        ledger.add(try pilot.figures("region:28", "2026-10", ["uses"], after: ledger))
        var isRefused = false
        for week in ["2026-W41", "2026-W42", "2026-W43"] {
            do {
                ledger.add(try pilot.figures("region:28", week, ["uses"], after: ledger))
            } catch let error as DisclosureError {
                #expect(error.code == .wouldReveal && error.fact == "S1, S2, S3", "\(error)")
                isRefused = true
            }
        }
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        let last = try readers.interval(id("accesses/region:28/2026-W44/all"))
        #expect(last.width >= 5, "\(last)")
        let isMasked = ledger.releases.dropFirst().contains {
            $0.figures.contains { $0.value == nil }
        }
        #expect(isRefused || isMasked)
    }

    @Test func fiveRegionsMinusFour() throws {
        var pilot = SmallPilot()
        for region in ["28", "32", "52", "75", "84"] {
            let site = pilot.site("\(region)-1", region: region)
            let advisers = pilot.advisers(region == "84" ? 3 : 12)
            pilot.act(.accesses(4, at: site, time: october), by: advisers)
        }
        var ledger = ReleaseLedger()
        for region in ["28", "32", "52", "75"] {
            ledger.add(try pilot.figures("region:\(region)", "2026-10", ["uses"], after: ledger))
        }
        do {
            ledger.add(try pilot.figures("all", "2026-10", ["uses"], after: ledger))
        } catch let error as DisclosureError {
            #expect(error == DisclosureError(.wouldReveal, "S1, S2, S3, S4"))
        }
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        let interval = try readers.interval(id("accesses/region:84/2026-10/all"))
        #expect(interval.width >= 6, "\(interval)")
    }

    @Test func beforeAndAfterOneAdviserLeft() throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        let advisers = pilot.advisers(12)
        let month = Int32(2026 * 12 + 9)
        func licences(_ month: Int32) -> BaseKey {
            BaseKey(measure: .licences, topic: 0, place: site, time: month)
        }
        pilot.act(licences(month), by: advisers, times: 1)
        pilot.act(licences(month + 1), by: Array(advisers.dropLast()), times: 1)
        pilot.act(licences(month + 2), by: Array(advisers.dropLast(6)), times: 1)
        var ledger = ReleaseLedger()
        ledger.add(try pilot.figures("region:28", "2026-10", ["licences"], after: ledger))
        #expect(ledger.releases[0].figures.allSatisfy { $0.value == 12 })
        let next = try pilot.figures("region:28", "2026-11", ["licences"], after: ledger)
        #expect(next.figures.allSatisfy { $0.value == nil })
        ledger.add(next)
        let later = try pilot.figures("region:28", "2026-12", ["licences"], after: ledger)
        #expect(later.figures.allSatisfy { $0.value == 6 })
    }

    @Test func sameTableUnderTwoRuleVersions() throws {
        let pilot = pilot(small: 4)
        var ledger = ReleaseLedger()
        ledger.add(try pilot.figures("region:28", "2026-10", ["uses"], after: ledger))
        var looser = DisclosureRules()
        looser.agentsMin = 3
        let again = try pilot.figures(
            "region:28", "2026-10", ["uses"], after: ledger, rules: looser)
        ledger.add(again)
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        let interval = try readers.interval(id("accesses/site:28-1/2026-10/P1"))
        #expect(interval.width >= 5, "\(interval)")
        // Alone, the looser rules show the figure.
        let alone = try pilot.figures(
            "region:28", "2026-10", ["uses"], after: ReleaseLedger(), rules: looser)
        #expect(alone.figures.allSatisfy { $0.value != nil })
    }

    @Test func twoBodiesPoolWhatTheyHold() throws {
        let pilot = pilot()
        var ledger = ReleaseLedger()
        let asked = [
            ("region:28", "2026-10"), ("all", "2026-10"), ("region:28", "2026-10..2026-11"),
            ("all", "2026-10..2026-11"), ("region:28", "2026-Q4"), ("all", "2026-11"),
        ]
        var refusals = 0
        for (perimeter, period) in asked {
            do {
                ledger.add(try pilot.figures(perimeter, period, ["uses", "map"], after: ledger))
            } catch let error as DisclosureError {
                #expect(error.code == .wouldReveal, "\(error)")
                refusals += 1
            }
        }
        #expect(ledger.releases.count >= 3, "\(refusals) refused")
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        for period in ["2026-10", "2026-11", "2026-10..2026-11"] {
            for category in ["P1", "all"] {
                let interval = try readers.interval(id("accesses/site:28-1/\(period)/\(category)"))
                #expect(interval.width >= 5, "\(period) \(category): \(interval)")
            }
        }
    }

    @Test func everybodyInOneCategory() throws {
        var pilot = SmallPilot()
        for number in 1...3 {
            let site = pilot.site("28-\(number)", region: "28")
            let advisers = pilot.advisers(number == 1 ? 6 : 20)
            pilot.act(.accesses(5, at: site, time: october), by: advisers)
            if number > 1 { pilot.act(.accesses(6, at: site, time: october), by: advisers) }
        }
        let release = try pilot.figures(
            "region:28", "2026-10", ["promotions"], after: ReleaseLedger())
        let row = release.figures.filter { $0.id.place == "site:28-1" }
        #expect(row.count == 2 && row.allSatisfy { $0.value == nil })
        let readers = PooledReaders(counts: pilot.counts, releases: [release])
        #expect(try readers.interval(id("accesses/site:28-1/2026-10/p3-agreed")).width >= 12)
    }

    /// Thousands of accesses of which two concern somebody: they are not about these two.
    @Test func aFewWhomAFigureIsNotAbout() throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        let key = BaseKey.accesses(2, at: site, time: october)
        pilot.act(key, by: pilot.advisers(30), times: 20)
        for person: Int32 in 1...2 {
            pilot.counts.tallies[key]?.add(agent: 1, person: person, employer: person)
        }
        let release = try pilot.figures("region:28", "2026-10", ["uses"], after: ReleaseLedger())
        #expect(release.figures.allSatisfy { $0.value != nil })
        // Where most concern somebody, these must be many enough.
        let other = BaseKey.accesses(4, at: site, time: october)
        for agent: Int32 in 0..<30 {
            pilot.counts.tallies[other, default: ContributorTally()].add(
                agent: agent, person: agent % 10)
        }
        let again = try pilot.figures("region:28", "2026-10", ["uses"], after: ReleaseLedger())
        let third = again.figures.first { $0.id.text == "accesses/region:28/2026-10/P3" }
        #expect(third?.value == .some(nil))
    }

    @Test func theHeaviestUser() throws {
        var pilot = SmallPilot()
        for number in 1...3 {
            let site = pilot.site("28-\(number)", region: "28")
            pilot.act(.accesses(0, at: site, time: october), by: pilot.advisers(8), times: 2)
            if number == 1 {
                pilot.act(.accesses(0, at: site, time: october), by: pilot.advisers(1), times: 90)
            }
        }
        let release = try pilot.figures("region:28", "2026-10", ["uses"], after: ReleaseLedger())
        let heavy = release.figures.first { $0.id.text == "accesses/site:28-1/2026-10/all" }
        #expect(heavy?.value == .some(nil))
        let readers = PooledReaders(counts: pilot.counts, releases: [release])
        let interval = try readers.interval(id("accesses/site:28-1/2026-10/all"))
        #expect(interval.width >= 53, "\(interval)")
    }
}
