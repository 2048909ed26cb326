// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Disclosure
import Testing
import TransparencyLog

/// The ninth attack: the same table before and after a correction, whose difference is what came
/// late.
@Suite struct CorrectionTests {
    private let october = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch

    /// Three sites of twenty advisers, and a correction that brings in acts of some of the first.
    private func pilot(lateAdvisers: Int) -> SmallPilot {
        var pilot = SmallPilot()
        for number in 1...3 {
            let site = pilot.site("28-\(number)", region: "28")
            let advisers = pilot.advisers(20)
            for topic: UInt8 in [0, 2, 4] {
                pilot.act(.accesses(topic, at: site, time: october), by: advisers)
            }
            guard number == 1 else { continue }
            let late = Int(BaseKey.time(Int32(october), vintage: 1))
            pilot.act(
                .accesses(0, at: site, time: late), by: Array(advisers.prefix(lateAdvisers)))
        }
        return pilot
    }

    @Test(arguments: 1...4)
    func aCorrectionDoesNotTellWhoWasLate(lateAdvisers: Int) throws {
        let pilot = pilot(lateAdvisers: lateAdvisers)
        var ledger = ReleaseLedger()
        let first = try pilot.figures("region:28", "2026-10", ["uses"], after: ledger)
        #expect(first.figures.allSatisfy { $0.value != nil })
        ledger.add(first)
        do {
            ledger.add(
                try pilot.figures(
                    "region:28", "2026-10", ["uses"], after: ledger, correcting: "S1"))
        } catch let error as DisclosureError {
            #expect(error == DisclosureError(.wouldReveal, "S1"))
        }
        let readers = PooledReaders(counts: pilot.counts, releases: ledger.releases)
        for place in ["site:28-1", "region:28"] {
            for category in ["P1", "all"] {
                let text = "accesses/\(place)/2026-10/\(category)/v1"
                let interval = try readers.interval(FigureID(parsing: text))
                #expect(interval.width >= 5, "\(text): \(interval)")
            }
        }
    }

    @Test func aCorrectionOfManyIsShown() throws {
        let pilot = pilot(lateAdvisers: 20)
        var ledger = ReleaseLedger()
        ledger.add(try pilot.figures("region:28", "2026-10", ["uses"], after: ledger))
        let correction = try pilot.figures(
            "region:28", "2026-10", ["uses"], after: ledger, correcting: "S1")
        let shown = Dictionary(
            uniqueKeysWithValues: correction.figures.map { ($0.id.text, $0.value) })
        #expect(shown["accesses/site:28-1/2026-10/P1/v1"] == 160)
        #expect(shown["accesses/site:28-2/2026-10/P1/v1"] == 80)
        #expect(shown["accesses/region:28/2026-10/all/v1"] == 800)
        ledger.add(correction)
        #expect(ledger.corrections.map(\.vintage) == [1])
        // Whoever asks later for more is given what the correction brought in.
        let quarter = try pilot.figures("region:28", "2026-Q4", ["uses"], after: ledger)
        #expect(
            quarter.figures.first { $0.id.text == "accesses/region:28/2026-Q4/all/v1" }?.value
                == 800)
    }
}

/// Where the events of a real log count.
@Suite struct LateEventTests {
    private let noon = Timestamp.parse("2026-10-06T12:00:00.000Z") ?? 0
    private let november = Timestamp.parse("2026-11-10T12:00:00.000Z") ?? 0
    private let key: LogSigningKey
    private var log: MemoryLog

    init() throws {
        key = try LogSigningKey(
            name: "test.example/log", key: SigningKey(seed: Array(repeating: 7, count: 32)))
        log = try MemoryLog(key: key, openedAt: noon)
    }

    private mutating func view(at time: Int64, recordedAt: Int64) throws {
        let size = log.treeSize
        let text = """
            {"actor":{"establishment":"28-1","pid":"A000000000001","region":"28"},"id":"e\(size)",\
            "occurred_at":"\(Timestamp.format(time))","outcome":"done","purpose":"P2-OFFRES",\
            "source":"s","source_seq":\(size),"type":"offer.view","v":1}
            """
        try log.append(Array(text.utf8), recordedAt: recordedAt)
    }

    /// The counts of the pieces, by vintage.
    private func counts(_ ledger: ReleaseLedger) throws -> (Int64, Int64, Int64, late: Int64) {
        var signed = log
        try signed.sign()
        let verified = try #require(
            LogVerifier(keys: [key.verificationKey]).verify(signed, workers: 1).log)
        var count = ContributorCount(
            frozen: ledger.frozenPieces, corrections: ledger.corrections, regions: ["28"])
        try verified.replay { count.count($0) }
        let counts = count.finish(months: [])
        func sum(_ range: Range<Int32>) -> Int64 {
            counts.tallies.filter { range.contains($0.key.time) }.values.reduce(0) {
                $0 + $1.value
            }
        }
        let split = Int32(CivilDate(year: 2026, month: 11, day: 1).daysSinceEpoch)
        return (
            sum(0..<split), sum(split..<1_000_000), sum(1_000_000..<2_000_000), counts.lateCount
        )
    }

    private func release(_ period: String, corrects: String? = nil) throws -> Release {
        var release = Release(
            name: period, body: "CSE_ELU", perimeter: try Perimeter(parsing: "region:28"),
            period: try ReportingPeriod(parsing: period), tables: ["uses"])
        release.treeSize = log.treeSize
        release.corrects = corrects
        release.figures = [
            Figure(
                FigureID(
                    .accesses, place: "region:28", period: release.period, category: "all"),
                value: 0)
        ]
        return release
    }

    @Test mutating func lateEventsGoOnUntilACorrectionBringsThemBack() throws {
        for _ in 0..<3 { try view(at: noon, recordedAt: noon) }
        var ledger = ReleaseLedger()
        #expect(try counts(ledger) == (3, 0, 0, late: 0))
        ledger.add(try release("2026-10"))
        for _ in 0..<2 { try view(at: noon, recordedAt: november) }
        try view(at: november, recordedAt: november)
        #expect(try counts(ledger) == (3, 3, 0, late: 2))
        // Announced before November was released: they are October's again, apart.
        var corrected = ledger
        corrected.add(try release("2026-10", corrects: "2026-10"))
        try view(at: noon, recordedAt: november)
        corrected.add(try release("2026-11"))
        #expect(try counts(corrected) == (3, 2, 2, late: 3))
        // After November was released with them, they stay there.
        var tooLate = ledger
        tooLate.add(try release("2026-11"))
        tooLate.add(try release("2026-10", corrects: "2026-10"))
        #expect(try counts(tooLate) == (3, 4, 0, late: 3))
    }
}
