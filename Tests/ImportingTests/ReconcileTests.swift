// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Foundation
import Importing
import Testing
import TransparencyLog

/// A log held against a vendor's export.
@Suite struct ReconcileTests {
    private static let day: Int64 = 1_790_899_200_000  // 2026-10-02

    private func log(_ lines: [String]) throws -> VerifiedLog {
        let key = try LogSigningKey(
            name: "vigie.example/essai", key: SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        var log = try MemoryLog(key: key, openedAt: Self.day)
        for (number, line) in lines.enumerated() {
            let fields = line.replacing("#", with: "\(number + 1)")
            try log.append(fields, recordedAt: Self.day)
        }
        try log.sign()
        return try #require(LogVerifier(keys: [key.verificationKey]).verify(log).log)
    }

    private func view(
        _ seat: String, _ time: String, type: String = "linkedin.profile.view",
        outcome: String = "done"
    ) -> String {
        """
        {"id":"#","licence_id":"\(seat)","occurred_at":"\(time)","outcome":"\(outcome)",\
        "source":"s","source_seq":#,"type":"\(type)","v":1}
        """
    }

    private func licence(_ type: String, _ seat: String, _ time: String) -> String {
        """
        {"id":"#","licence_id":"\(seat)","occurred_at":"\(time)","source":"s","source_seq":#,\
        "type":"licence.\(type)","v":1}
        """
    }

    static func seatMap(_ name: String, zone: String = "utc") throws -> SeatMap {
        let file = ImporterTests.root.appending(path: "packaging/maps/\(name).yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try SeatMap(parsing: text.replacing("zone: utc", with: "zone: \(zone)"), file: name)
    }

    private func spots(
        _ log: VerifiedLog, _ rows: String, zone: String = "utc", isPurged: Bool = false
    ) throws -> (spots: [BlindSpot], isComplete: Bool) {
        let heading = "Date,Seat ID,Profiles viewed,Searches performed,InMails sent\n"
        let export = SeatExport(
            Array((heading + rows).utf8),
            map: try Self.seatMap("linkedin-recruiter-usage", zone: zone))
        #expect(export.faults.isEmpty, "\(export.faults)")
        var ledger = SeatLedger(export)
        try log.replay { entry in ledger.add(entry) }
        return ledger.differences(isPurged: isPurged)
    }

    @Test func onlyDifferencesComeOut() throws {
        let log = try log([
            view("LIC-1", "2026-10-02T08:00:00.000Z"), view("LIC-1", "2026-10-02T09:00:00.000Z"),
            view("LIC-1", "2026-10-02T10:00:00.000Z", outcome: "denied"),
            view("LIC-2", "2026-10-02T10:00:00.000Z", type: "linkedin.search"),
            view("LIC-3", "2026-10-02T23:30:00.000Z"), view("LIC-9", "2026-09-01T08:00:00.000Z"),
        ])
        #expect(
            try spots(log, "10/02/2026,1,2,0,0\n10/02/2026,2,0,1,0\n10/02/2026,3,1,0,0\n")
                .spots.isEmpty)
        let found = try spots(log, "10/02/2026,1,5,0,0\n10/02/2026,3,1,0,0\n10/02/2026,4,1,0,2\n")
        let codes = found.spots.map {
            "\($0.kind.rawValue) \($0.seat) \($0.type ?? "") \($0.difference ?? 0)"
        }
        #expect(
            codes == [
                "REC101 LIC-1 linkedin.profile.view 3", "REC102 LIC-2 linkedin.search 1",
                "REC101 LIC-4 linkedin.message 2", "REC101 LIC-4 linkedin.profile.view 1",
            ])
        #expect(found.isComplete && Set(found.spots.map(\.fingerprint)).count == 4)
        // The same differences have the same names in the next run.
        let again = try spots(log, "10/02/2026,1,5,0,0\n10/02/2026,3,1,0,0\n10/02/2026,4,1,0,2\n")
        #expect(again.spots.map(\.fingerprint) == found.spots.map(\.fingerprint))
        for spot in found.spots { #expect(spot.diagnostic.message.french.contains("angle mort")) }
        // Where a day begins matters: 23:30 UTC is the next day in Paris.
        let paris = try spots(log, "10/03/2026,3,1,0,0\n", zone: "paris")
        #expect(paris.spots.isEmpty)
    }

    @Test func anInstantFallsOnADayOfTheZone() throws {
        let map = """
            seat: {from: Seat, as: code, prefix: LIC-}
            day: {from: At, as: rfc3339}
            zone: paris
            counts: {linkedin.search: Searches}
            """
        let export = SeatExport(
            Array("Seat,At,Searches\n1,2026-10-03T00:00:00+02:00,1\n".utf8),
            map: try SeatMap(parsing: map, file: "m"))
        #expect(export.faults.isEmpty)
        let search = view("LIC-1", "2026-10-03T08:00:00.000Z", type: "linkedin.search")
        var ledger = SeatLedger(export)
        try log([search]).replay { entry in ledger.add(entry) }
        #expect(ledger.differences().spots.isEmpty)
        let last = SeatExport(
            Array("Seat,At,Searches\n1,9999-12-31T23:30:00Z,1\n".utf8),
            map: try SeatMap(parsing: map, file: "m"))
        #expect(last.faults.map(\.code) == [.wrongKind])
    }

    /// An export without rows agrees with nothing, whatever it should have listed.
    @Test func nothingIsNotCompared() throws {
        let heading = "Date,Seat ID,Profiles viewed,Searches performed,InMails sent\n"
        for (name, text) in [
            ("usage", ""), ("usage", heading), ("billing", ""), ("billing", "Seat ID\n"),
        ] {
            let export = SeatExport(
                Array(text.utf8), map: try Self.seatMap("linkedin-recruiter-\(name)"))
            #expect(export.faults.isEmpty && export.isEmpty, "\(name)")
            var ledger = SeatLedger(export)
            try log([licence("grant", "LIC-1", "2026-10-01T08:00:00.000Z")])
                .replay { entry in ledger.add(entry) }
            let found = ledger.differences()
            #expect(found.spots.isEmpty && !found.isComplete, "\(name)")
        }
        let other = SeatExport(
            Array("Date,Seat ID\n".utf8), map: try Self.seatMap("linkedin-recruiter-usage"))
        #expect(other.faults.map(\.code) == [.missingField])
    }

    @Test func purgedDaysAreNotCompared() throws {
        let log = try log([view("LIC-1", "2026-10-03T08:00:00.000Z")])
        let rows = "10/02/2026,1,5,0,0\n10/04/2026,1,1,0,0\n"
        let found = try spots(log, rows, isPurged: true)
        #expect(!found.isComplete && found.spots.map(\.day) == ["2026-10-04"])
        #expect(try spots(log, rows).spots.count == 3)
    }

    @Test func billedSeatsAreGrantedSeats() throws {
        let log = try log([
            licence("grant", "LIC-1", "2026-10-01T08:00:00.000Z"),
            licence("assign", "LIC-2", "2026-10-01T08:00:00.000Z"),
            licence("revoke", "LIC-2", "2026-10-02T08:00:00.000Z"),
            licence("suspend", "LIC-3", "2026-10-01T08:00:00.000Z"),
            licence("expire", "LIC-4", "2026-10-05T08:00:00.000Z"),
            // Recorded last, though it happened before it expired.
            licence("activate", "LIC-4", "2026-10-01T08:00:00.000Z"),
        ])
        func codes(_ seats: String, until: Int64 = .max) throws -> [String] {
            let export = SeatExport(
                Array(("Seat ID\n" + seats).utf8),
                map: try Self.seatMap("linkedin-recruiter-billing"))
            var ledger = SeatLedger(export, until: until)
            try log.replay { entry in ledger.add(entry) }
            return ledger.differences().spots.map { "\($0.kind.rawValue) \($0.seat)" }
        }
        #expect(try codes("1\n3\n").isEmpty)
        #expect(try codes("1\n2\n") == ["REC103 LIC-2", "REC104 LIC-3"])
        // As of the evening of the 1st, LIC-2 and LIC-4 were granted.
        let then = Self.day - 3_600_000
        #expect(try codes("1\n3\n", until: then) == ["REC104 LIC-2", "REC104 LIC-4"])
    }

    @Test func exportsAreReadStrictly() throws {
        let map = try Self.seatMap("linkedin-recruiter-usage")
        func codes(_ text: String) -> [String] {
            SeatExport(Array(text.utf8), map: map).faults.map(\.code.rawValue)
        }
        let heading = "Date,Seat ID,Profiles viewed,Searches performed,InMails sent\n"
        #expect(codes(heading + "10/02/2026,1,1,1,1\n10/02/2026,1,1,1,1\n") == ["IMP118"])
        #expect(codes(heading + "10/02/2026,1,-1,1,1\n") == ["IMP114"])
        #expect(codes(heading + "10/02/2026,1,-9223372036854775808,1,1\n") == ["IMP114"])
        #expect(
            codes(heading + "10/02/2026,1,1.5,1,1\n10/02/2026,,1,1,1\n") == ["IMP114", "IMP112"])
        #expect(codes(heading + "10/02/2026,jeanne@pro.example,1,1,1\n") == ["IMP116"])
        #expect(codes("Date,Seat ID,Mood\n10/02/2026,1,x\n") == ["IMP111"])
        for text in [
            "seat: {from: a}\nday: {from: b, as: date}\n", "day: {from: b}\n",
            "seat: {from: a}\ncounts: {licence.grant: x}\nday: {from: b, as: date}\n", "mood: 1\n",
        ] {
            #expect(throws: ImportMapError.self, "\(text)") {
                try SeatMap(parsing: text, file: "m")
            }
        }
    }
}
