// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Disclosure
import Testing
import TransparencyLog

/// Occupations and employers, as a summary counts them from a real log.
@Suite struct PracticeCountTests {
    private static let october = Timestamp.parse("2026-10-06T08:00:00.000Z") ?? 0
    private static let november = Timestamp.parse("2026-11-06T08:00:00.000Z") ?? 0
    private let key: LogSigningKey
    private var log: MemoryLog

    init() throws {
        key = try LogSigningKey(
            name: "test.example/log", key: SigningKey(seed: Array(repeating: 7, count: 32)))
        log = try MemoryLog(key: key, openedAt: Self.october)
    }

    private mutating func append(
        _ type: String, _ fields: [EntryField: EventDraft.Value], at time: Int64 = october
    ) throws {
        let bytes = EventDraft(type, fields).rendered(
            id: "e\(log.treeSize)", source: "s", sequence: log.treeSize, occurredAt: time)
        try log.append(bytes, recordedAt: time)
    }

    private mutating func open(_ offer: String, _ rome: String, by employer: String) throws {
        try append(
            "offer.open",
            [.offerRef: .text(offer), .employerRef: .text(employer), .rome: .text(rome)])
    }

    private mutating func act(
        _ type: String, _ purpose: String, _ more: [EntryField: EventDraft.Value],
        outcome: String = "done", at time: Int64 = october
    ) throws {
        let common: [EntryField: EventDraft.Value] = [
            .actorPID: .text("A000000000001"), .actorRegion: .text("28"),
            .actorEstablishment: .text("28-1"), .purpose: .text(purpose), .outcome: .text(outcome),
        ]
        try append(type, common.merging(more) { $1 }, at: time)
    }

    private mutating func promote(
        _ offer: String, _ type: String = "profile.promote", outcome: String = "done",
        at time: Int64 = october
    ) throws {
        try act(
            type, "P3-PROMOTION", [.offerRef: .text(offer), .subjectPID: .text("P000000000001")],
            outcome: outcome, at: time)
    }

    private func tallies(_ measure: Measure) throws -> [[Int]: Int64] {
        var signed = log
        try signed.sign()
        let verified = try #require(
            LogVerifier(keys: [key.verificationKey]).verify(signed, workers: 1).log)
        var count = ContributorCount(regions: ["28"])
        try verified.replay { count.count($0) }
        return count.finish(months: []).tallies.reduce(into: [:]) { sums, tally in
            guard tally.key.measure == measure else { return }
            sums[[Int(tally.key.time), Int(tally.key.topic)], default: 0] += tally.value.value
        }
    }

    @Test mutating func promotionsCountForTheOccupationOfTheirOffer() throws {
        try open("OF-1", "A1203", by: "E-1")
        try open("OF-2", "N4105", by: "E-2")
        try open("OF-3", "?", by: "E-2")
        for type in ["profile.promote", "profile.share", "contact.reveal"] {
            try promote("OF-1", type)
        }
        try promote("OF-2")
        try promote("OF-3")
        try promote("OF-9")
        // Refused, or no promotion: no practice.
        try promote("OF-1", outcome: "denied")
        try act("profile.view", "P3-PROMOTION", [.subjectPID: .text("P000000000001")])
        let piece = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch
        #expect(try tallies(.occupations) == [[piece, 0]: 3, [piece, 13]: 1, [piece, 14]: 2])
        #expect(try tallies(.accesses)[[piece, 6]] == 6)
    }

    @Test mutating func anEmployerCountsOnceAMonthForTheMostThatWasDone() throws {
        try open("OF-1", "A1203", by: "E-1")
        func employer(_ name: String) -> [EntryField: EventDraft.Value] {
            [.employerRef: .text(name)]
        }
        try act("employer.view", "P1-PROSPECTION", employer("E-1"))
        try act("employer.prospect", "P1-PROSPECTION", employer("E-1"))
        try promote("OF-1")
        try act("employer.view", "P1-PROSPECTION", employer("E-1"))
        try act("employer.view", "P1-PROSPECTION", employer("E-2"))
        try act("employer.prospect", "P1-PROSPECTION", employer("E-3"))
        try act("employer.prospect", "P1-PROSPECTION", employer("E-4"), outcome: "denied")
        try act("employer.view", "P1-PROSPECTION", employer("E-1"), at: Self.november)
        let month = 2026 * 12 + 9
        #expect(
            try tallies(.employers) == [
                [month, 0]: 1, [month, 1]: 1, [month, 2]: 1, [month + 1, 0]: 1,
            ])
    }
}

/// What the tables about practice hide.
@Suite struct PracticeProtectionTests {
    private let october = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch

    /// Promotions, which the accesses count as well.
    private func promote(
        _ pilot: inout SmallPilot, _ family: UInt8, at site: Int32, by advisers: [Int32],
        times: Int = 4, month: Int = 0
    ) {
        let time = october + 35 * month
        pilot.act(.accesses(5, at: site, time: time), by: advisers, times: times)
        pilot.act(
            BaseKey(measure: .occupations, topic: family, place: site, time: Int32(time)),
            by: advisers, times: times)
    }

    private func pilot(few: Int) -> SmallPilot {
        var pilot = SmallPilot()
        for region in ["28", "32"] {
            let site = pilot.site("\(region)-1", region: region)
            let advisers = pilot.advisers(20)
            for month in 0..<2 {
                for family: UInt8 in [0, 3, 7] {
                    promote(&pilot, family, at: site, by: advisers, month: month)
                }
            }
        }
        // An occupation that two advisers alone serve, in one region.
        promote(&pilot, 9, at: 1, by: pilot.advisers(few), times: 6)
        return pilot
    }

    private func shown(_ release: Release) -> [String: Int64?] {
        Dictionary(uniqueKeysWithValues: release.figures.map { ($0.id.text, $0.value) })
    }

    @Test func anOccupationOfFewDoesNotFollowFromTheTotal() throws {
        let pilot = pilot(few: 2)
        let release = try pilot.figures(
            "region:28", "2026-10", ["profiles-by-month", "occupations"], after: ReleaseLedger())
        let shown = shown(release)
        #expect(shown["occupations/region:28/2026-10/rome-J"] == .some(nil))
        #expect(shown["accesses/region:28/2026-10/promoted"] == .some(252))
        #expect(shown["occupations/region:28/2026-10/rome-L"] == .some(0))
        // Another one is masked with it, and not all of them.
        let families = ["A", "D", "H"].map { shown["occupations/region:28/2026-10/rome-\($0)"] }
        #expect(families.count { $0 == .some(nil) } == 1)
        #expect(release.isConsistent)
        let readers = PooledReaders(counts: pilot.counts, releases: [release])
        let id = try FigureID(parsing: "occupations/region:28/2026-10/rome-J")
        #expect(try readers.interval(id).width >= 6)
        // The same with the other one shown tells the first.
        var opened = release
        for place in opened.figures.indices where opened.figures[place].value == nil {
            if opened.figures[place].id != id { opened.figures[place].value = 80 }
        }
        #expect(!opened.isConsistent)
    }

    /// Whoever knows the regions and the whole, month by month, cannot subtract.
    @Test func regionsAndMonthsOfOccupationsDoNotCombine() throws {
        let pilot = pilot(few: 2)
        var ledger = ReleaseLedger()
        for (perimeter, period) in [
            ("all", "2026-10..2026-11"), ("region:32", "2026-10..2026-11"), ("all", "2026-11"),
            ("region:28", "2026-10"), ("all", "2026-10"), ("region:32", "2026-10"),
        ] {
            do {
                ledger.add(
                    try pilot.figures(
                        perimeter, period, ["profiles-by-month", "occupations"], after: ledger))
            } catch let error as DisclosureError {
                #expect(error.code == .wouldReveal, "\(error)")
            }
        }
        #expect(ledger.releases.count >= 3)
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        for name in ["region:28/2026-10", "site:28-1/2026-10", "all/2026-10"] {
            let id = try FigureID(parsing: "occupations/\(name)/rome-J")
            let interval = try readers.interval(id)
            #expect(interval.width >= 6, "\(name): \(interval)")
        }
    }

    /// Where the total is masked, its parts are, or they would add up to it.
    @Test func partsOfAMaskedTotalAreMasked() throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        promote(&pilot, 0, at: site, by: pilot.advisers(3))
        let release = try pilot.figures(
            "region:28", "2026-10", ["occupations"], after: ReleaseLedger())
        #expect(release.figures.count == 16 && release.figures.allSatisfy { $0.value == nil })
        #expect(release.isConsistent)
    }

    @Test(arguments: [2, 3])
    func employersOfFewAreMasked(employers: Int32) throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        func add(_ topic: UInt8, _ count: Int32) {
            let key = BaseKey(
                measure: .employers, topic: topic, place: site, time: Int32(2026 * 12 + 9))
            for employer in 0..<count {
                for agent: Int32 in 0..<6 {
                    pilot.counts.tallies[key, default: ContributorTally()].add(
                        agent: agent, employer: employer)
                }
            }
        }
        add(0, 40)
        add(1, 50)
        add(2, employers)
        let release = try pilot.figures(
            "region:28", "2026-10", ["employers-by-month"], after: ReleaseLedger())
        let shown = shown(release)
        let isFew = employers < 3
        #expect(
            shown["employers/region:28/2026-10/served"] == .some(isFew ? nil : Int64(employers) * 6)
        )
        #expect(release.isConsistent)
        #expect(throws: DisclosureError(.unknownTable, "employers-by-month")) {
            try pilot.figures(
                "region:28", "2026-W41", ["employers-by-month"], after: ReleaseLedger())
        }
    }
}
