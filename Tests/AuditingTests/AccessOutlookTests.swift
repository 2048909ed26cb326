// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Cedar
import Testing

/// What could be seen of an access before it was made, held against what the audit saw of it.
@Suite struct AccessOutlookTests {
    /// What the outlook takes for granted of the record.
    static let supposed: Set<String> = [
        "versionInForce", "directIdentifier", "recordedEffect", "outcome",
    ]

    @Test(arguments: [21, 22] as [UInt64])
    func whatIsToldIsWhatTheAuditSees(seed: UInt64) throws {
        var busy = try BusyStory(seed: seed)
        try busy.grow(by: 260)
        let log = try busy.story.verified()
        var items: [LoggedRequests.Item] = []
        try LoggedRequests.each(of: log, under: busy.story.folder) { items.append($0) }
        var told: [String: Int] = [:]
        for item in items where item.request.resource.type == "Person" {
            let view = AsOf(Moment(time: item.occurredAt, index: item.index))
            let outlook = try AccessOutlook(log, view, under: busy.story.folder)
            let pid = item.request.principal.id
            let actor = try #require(outlook.actors.first { $0.pid == pid })
            let known = try #require(
                outlook.known(actor, item.request.resource.id, item.request.action.id))
            for (name, value) in zip(known.keys, known.values)
            where !Self.supposed.contains(name) {
                told[name, default: 0] += 1
                let seen = item.request.context[name]
                try #require(seen == value, "seed \(seed), entry \(item.index): \(name)")
            }
        }
        #expect(told.count >= 16 && (told["explained"] ?? 0) > 0, "seed \(seed): \(told)")
        #expect((told["agreementInForce"] ?? 0) > 0 && (told["pilotRegions"] ?? 0) > 20)
    }

    @Test func nothingIsKnownBeforeItHappened() throws {
        let story = try LogStory(folder: try PilotPolicies.folder())
        let log = try story.verified()
        let early = AsOf(Moment(time: LogStory.start - LogStory.day, index: .max))
        let before = try AccessOutlook(log, early, under: story.folder)
        #expect(before.actors.isEmpty && before.persons.isEmpty && !before.namesActors)
        let late = AsOf(Moment(time: LogStory.noon, index: .max))
        let after = try AccessOutlook(log, late, under: story.folder)
        #expect(after.persons == [LogStory.person] && after.namesActors)
        let actor = try #require(after.actors.first { $0.pid == LogStory.adviser })
        #expect(actor.role == "CONS_PRO" && actor.region == "32")
        let known = try #require(after.known(actor, LogStory.person, "profile.promote"))
        #expect(known["explained"] == .bool(true) && known["licenceActive"] == .bool(true))
        #expect(known["offerOpen"] == nil && known["agreementInForce"] == nil)
        #expect(after.known(actor, LogStory.person, "no.such.event") == nil)
    }
}
