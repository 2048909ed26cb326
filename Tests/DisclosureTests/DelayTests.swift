// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Disclosure
import Testing
import TransparencyLog

/// How long things took, as a summary counts it from a real log.
@Suite struct DelayTests {
    private static let start = Timestamp.parse("2026-10-06T08:00:00.000Z") ?? 0
    private static let hour: Int64 = 3_600_000
    private let key: LogSigningKey
    private var log: MemoryLog

    init() throws {
        key = try LogSigningKey(
            name: "test.example/log", key: SigningKey(seed: Array(repeating: 7, count: 32)))
        log = try MemoryLog(key: key, openedAt: Self.start)
    }

    private mutating func append(_ draft: EventDraft, at time: Int64) throws {
        let bytes = draft.rendered(
            id: "e\(log.treeSize)", source: "s", sequence: log.treeSize, occurredAt: time)
        try log.append(bytes, recordedAt: max(time, Self.start))
    }

    private mutating func staff(_ type: String, _ number: Int, at time: Int64) throws {
        try append(
            EventDraft(
                type,
                [
                    .actorPID: .text("A0000000000\(number < 10 ? "0" : "")\(number)"),
                    .actorRegion: .text("28"), .actorEstablishment: .text("28-1"),
                ]), at: time)
    }

    private mutating func licence(
        _ type: String, _ number: Int, to: Int? = nil, at time: Int64
    ) throws {
        var draft = EventDraft(type, [.licenceID: .text("L\(number)")])
        draft[.to] = to.map { .text("A0000000000\($0 < 10 ? "0" : "")\($0)") }
        try append(draft, at: time)
    }

    /// The delays by topic.
    private func delays() throws -> [UInt8: Int64] {
        var signed = log
        try signed.sign()
        let verified = try #require(
            LogVerifier(keys: [key.verificationKey]).verify(signed, workers: 1).log)
        var count = ContributorCount(regions: ["28"])
        try verified.replay { count.count($0) }
        return count.finish(months: []).tallies.reduce(into: [:]) { sums, tally in
            if tally.key.measure == .delays {
                sums[tally.key.topic, default: 0] += tally.value.value
            }
        }
    }

    @Test mutating func licencesAreTakenBack() throws {
        // To the millisecond at each bound, and just after it.
        let delays: [(Int64, UInt8)] = [
            (0, 0), (4 * Self.hour, 0), (4 * Self.hour + 1, 1), (24 * Self.hour, 1),
            (24 * Self.hour + 1, 2), (72 * Self.hour, 2), (72 * Self.hour + 1, 3),
        ]
        for (number, delay) in delays.enumerated() {
            try staff("adviser.enrol", number, at: Self.start)
            try licence("licence.assign", number, to: number, at: Self.start)
            try licence("licence.activate", number, at: Self.start)
            let type = ["adviser.withdraw", "adviser.leave", "adviser.move"][number % 3]
            try staff(type, number, at: Self.start + Self.hour)
            let end = ["licence.revoke", "licence.suspend", "licence.return"][number % 3]
            try licence(end, number, at: Self.start + Self.hour + delay.0)
            // What comes after the end is no delay any more.
            try licence("licence.expire", number, at: Self.start + 500 * Self.hour)
        }
        // Nobody left; somebody left without a licence; somebody came back.
        for number in [20, 21, 22] { try staff("adviser.enrol", number, at: Self.start) }
        for number in [20, 22] {
            try licence("licence.assign", number, to: number, at: Self.start)
        }
        try licence("licence.revoke", 20, at: Self.start + Self.hour)
        try staff("adviser.leave", 21, at: Self.start)
        try staff("adviser.withdraw", 22, at: Self.start)
        try staff("adviser.enrol", 22, at: Self.start + Self.hour)
        try licence("licence.revoke", 22, at: Self.start + 9 * Self.hour)
        let expected = Dictionary(delays.map { ($0.1, Int64(1)) }, uniquingKeysWith: +)
        #expect(try self.delays() == expected)
    }

    @Test mutating func answersAndClosingsAreMeasuredFromTheirBeginning() throws {
        let day = 24 * Self.hour
        for (number, delay) in [10 * day, 10 * day + 1, 30 * day, 90 * day, 90 * day + 1]
            .enumerated()
        {
            let reference = EventDraft.Value.text("DSR-\(number)")
            let person = EventDraft.Value.text("P0000000000\(number)0")
            try append(
                EventDraft(
                    "dsr.receive",
                    [
                        .reference: reference, .subjectPID: person,
                        .dueAt: .instant(Self.start + 30 * day),
                    ]), at: Self.start)
            for _ in 0..<2 {
                // A second answer answers nothing.
                try append(
                    EventDraft("dsr.answer", [.reference: reference, .subjectPID: person]),
                    at: Self.start + delay)
            }
            let finding = EventDraft.Value.text("F-\(number)")
            try append(
                EventDraft("finding.raise", [.reference: finding, .rule: .text("R02")]),
                at: Self.start)
            try append(EventDraft("finding.close", [.reference: finding]), at: Self.start + delay)
        }
        // Closed, and never raised; answered before it was asked.
        try append(EventDraft("finding.close", [.reference: .text("F-9")]), at: Self.start)
        let found = try delays()
        #expect(found == [4: 1, 5: 2, 6: 1, 7: 1, 9: 3, 10: 1, 11: 1])
    }
}

/// What the tables of states, severities and unexplained accesses hide.
@Suite struct TableProtectionTests {
    private let october = CivilDate(year: 2026, month: 10, day: 5).daysSinceEpoch

    @Test(arguments: 1...6)
    func monthsDoNotTellWhoLeft(leavers: Int) throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        let advisers = pilot.advisers(20)
        for month in 0..<3 {
            let key = BaseKey(
                measure: .licences, topic: 0, place: site, time: Int32(2026 * 12 + 9 + month))
            pilot.act(key, by: Array(advisers.dropLast(leavers * month)), times: 1)
        }
        let release = try pilot.figures(
            "region:28", "2026-Q4", ["licences", "licences-by-month"], after: ReleaseLedger())
        let shown = Dictionary(uniqueKeysWithValues: release.figures.map { ($0.id.text, $0.value) })
        // The last month stays; October differs from it by all who left since.
        #expect(shown["licences/region:28/2026-12/all"] == .some(Int64(20 - 2 * leavers)))
        #expect((shown["licences/region:28/2026-11/all"] == .some(nil)) == (leavers < 5))
        #expect((shown["licences/region:28/2026-10/all"] == .some(nil)) == (2 * leavers < 5))
        #expect(release.isConsistent)
    }

    /// All of few in one class: the classes that nobody is in are masked as well.
    @Test(arguments: [6, 12])
    func aDelayOfFewDoesNotTellOfEach(leavers: Int) throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        let key = BaseKey(measure: .delays, topic: 1, place: site, time: Int32(october))
        pilot.act(key, by: pilot.advisers(leavers), times: 1)
        let release = try pilot.figures("region:28", "2026-10", ["delays"], after: ReleaseLedger())
        let shown = Dictionary(uniqueKeysWithValues: release.figures.map { ($0.id.text, $0.value) })
        for number in 1...4 {
            let value = shown["delays/region:28/2026-10/deactivate-\(number)"]
            #expect(value == .some(leavers < 10 ? nil : number == 2 ? Int64(leavers) : 0))
        }
        #expect(shown["delays/region:28/2026-10/answer-1"] == .some(0))
    }

    @Test func familiesAndSeveritiesAddUpAndHideWhatIsSmall() throws {
        var pilot = SmallPilot()
        let site = pilot.site("28-1", region: "28")
        let (many, few) = (pilot.advisers(12), pilot.advisers(2))
        func key(_ rule: String, _ severity: String) -> BaseKey {
            BaseKey(
                measure: .findings, topic: Topic.code(ofRule: rule, severity: severity),
                place: site, time: Int32(october))
        }
        pilot.act(key("R15", "medium"), by: many, times: 3)
        pilot.act(key("R02", "high"), by: many, times: 2)
        pilot.act(key("R30", "high"), by: many, times: 1)
        // Two advisers without a licence: a finding of their own.
        pilot.act(key("R11", "critical"), by: few, times: 5)
        let release = try pilot.figures(
            "region:28", "2026-10", ["findings", "findings-by-severity", "unexplained-by-month"],
            after: ReleaseLedger())
        let shown = Dictionary(uniqueKeysWithValues: release.figures.map { ($0.id.text, $0.value) })
        #expect(shown["findings/region:28/2026-10/severity-critical"] == .some(nil))
        #expect(release.figures.contains { $0.value != nil && $0.value != 0 })
        #expect(release.isConsistent)
        let readers = PooledReaders(counts: pilot.counts, releases: [release])
        for text in ["severity-critical", "entitlement-critical"] {
            let interval = try readers.interval(
                FigureID(parsing: "findings/region:28/2026-10/\(text)"))
            #expect(interval.width >= 5, "\(text): \(interval)")
        }
        // The family minus its unexplained accesses is the two advisers' alone.
        let unexplained = shown["findings/region:28/2026-10/unexplained"] ?? nil
        let family = shown["findings/region:28/2026-10/entitlement"] ?? nil
        #expect(unexplained == nil || family == nil)
    }
}
