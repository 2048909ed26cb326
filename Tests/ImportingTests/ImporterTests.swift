// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Importing
import Testing

/// Maps, and what becomes of records: events without persons, or faults that name no value.
@Suite struct ImporterTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func map(_ name: String) throws -> ImportMap {
        let file = root.appending(path: "packaging/maps/\(name).yaml")
        return try ImportMap(parsing: String(contentsOf: file, encoding: .utf8), file: name)
    }

    static let people = try? PseudonymTable(
        parsing: Array("jeanne@pro.example\tA0123456789ab\npaul@pro.example\tAba9876543210\n".utf8),
        file: "people")

    static let heading =
        "Event ID,Action,Action date,Seat ID,Seat holder email,Seat holder name,"
        + "Previous holder email,Previous holder name,Administrator email,Projects transferred,"
        + "Contract name\n"

    private func seats(_ rows: String) throws -> Importer.Outcome {
        let people = try #require(Self.people)
        let importer = try Importer(
            .csv, map: Self.map("linkedin-recruiter-seats"), pseudonyms: people)
        return importer.read(Array((Self.heading + rows).utf8))
    }

    private func line(_ event: ImportedEvent) -> String {
        String(decoding: event.rendered(sequence: 7), as: UTF8.self)
    }

    @Test func licencesLiveOnWithoutNames() throws {
        let outcome = try seats(
            """
            1,Assigned,10/02/2026,0042,jeanne@pro.example,Jeanne Exemple,,,paul@pro.example,,FT
            2,Invitation resent,10/02/2026,0042,x,Jeanne,,,,,FT
            3,Reassigned,10/05/2026,0042,paul@pro.example,P,jeanne@pro.example,J,paul@pro.example,no,FT

            """)
        #expect(outcome.faults.isEmpty && outcome.skippedCount == 1)
        let lines = outcome.events.map(line)
        #expect(
            lines.first == """
                {"approver":"Aba9876543210","evidence":"imported","id":"LI-1","licence_id":"LIC-0042",\
                "occurred_at":"2026-10-02T00:00:00.000Z","source":"linkedin-recruiter-seats",\
                "source_seq":7,"to":"A0123456789ab","type":"licence.assign","v":1}
                """)
        #expect(lines.count == 2 && lines[1].contains(#""data_transferred":false"#))
        for word in ["jeanne", "Jeanne", "paul", "@", "Exemple"] {
            #expect(!lines.joined().contains(word))
        }
    }

    @Test func faultsSayWhereAndNeverWho() throws {
        let cases: [(String, String, String)] = [
            ("1,Lent,10/02/2026,0042,jeanne@pro.example,,,,paul@pro.example,,", "IMP113", "Action"),
            (
                "1,Assigned,10/02/2026,0042,marie@x.example,,,,paul@pro.example,,", "IMP115",
                "Seat holder email"
            ),
            (
                "1,Assigned,13/02/2026,0042,jeanne@pro.example,,,,paul@pro.example,,", "IMP114",
                "Action date"
            ),
            ("1,Assigned,,0042,jeanne@pro.example,,,,paul@pro.example,,", "IMP112", "Action date"),
            (
                "1,Assigned,10/02/2026,Jeanne,jeanne@pro.example,,,,paul@pro.example,,", "IMP117",
                "Seat ID"
            ),
            (
                "1,Assigned,10/02/2026,a b1,jeanne@pro.example,,,,paul@pro.example,,", "IMP117",
                "Seat ID"
            ),
            (
                "1,Assigned,10/02/2026,m.exemple1@pro.example,jeanne@pro.example,,,,paul@pro.example,,",
                "IMP116", "Seat ID"
            ),
            (
                "1,Assigned,10/02/2026,2 94 03 75 120 005 22,jeanne@pro.example,,,,paul@pro.example,,",
                "IMP116", "Seat ID"
            ),
            (
                "1,Assigned,10/02/2026,06 12 34 56 78,jeanne@pro.example,,,,paul@pro.example,,",
                "IMP116", "Seat ID"
            ),
            ("1,Assigned,10/02/2026,0042,,,,,paul@pro.example,,", "IMP112", "to"),
            (
                ",Assigned,10/02/2026,0042,jeanne@pro.example,,,,paul@pro.example,,", "IMP112",
                "Event ID"
            ),
            (
                "1,Reassigned,10/02/2026,1,paul@pro.example,,jeanne@pro.example,,paul@pro.example,maybe,",
                "IMP114", "Projects transferred"
            ),
        ]
        for (row, code, field) in cases where code != "IMP112" || field != "to" {
            let outcome = try seats(row + "\n")
            #expect(outcome.events.isEmpty, "\(row)")
            #expect(outcome.faults.map(\.code.rawValue) == [code], "\(row): \(outcome.faults)")
            #expect(outcome.faults.first?.field == field && outcome.faults.first?.line == 2)
            let words = outcome.faults.first?.diagnostic(in: "f.csv")
            for value in row.split(separator: ",") where value.count > 4 && !field.contains(value) {
                #expect(words?.message.french.contains(value) == false)
                #expect(words?.message.english.contains(value) == false)
            }
        }
        let missing = try seats("1,Assigned,10/02/2026,0042,,,,,paul@pro.example,,\n")
        #expect(missing.faults.map(\.code.rawValue) == ["IMP112"])
        let row = "1,Activated,10/02/2026,0042,,,,,,,\n"
        #expect(try seats(row + row).faults.map(\.code.rawValue) == ["IMP118"])
        let people = try #require(Self.people)
        #expect(!"\(people)".contains("jeanne"))
        let importer = try Importer(.csv, map: Self.map("linkedin-recruiter-seats"))
        let unknown = importer.read(Array("Seat ID,Mood\n1,good\n".utf8))
        #expect(unknown.faults.map(\.code.rawValue) == ["IMP111"])
        #expect(throws: ImportMapError.self) { try Importer(.csv, map: nil) }
    }

    /// What is read as a heading may be a row, and a member's name a person's.
    @Test func namesThatTheMapDoesNotDeclareAreNotSaid() throws {
        func said(_ outcome: Importer.Outcome) -> [String] {
            outcome.faults.map { fault in
                let words = fault.diagnostic(in: "f").message
                return fault.code.rawValue + words.french + words.english
            }
        }
        let address = "jeanne.dupont@pole.example"
        let importer = try Importer(.csv, map: Self.map("linkedin-recruiter-seats"))
        let csv = [
            "Action,\(address)\nx,y\n", "\(address),\(address)\n", "Event ID,Event ID\n",
        ].map { said(importer.read(Array($0.utf8))) }
        #expect(csv.joined().allSatisfy { !$0.contains("jeanne") })
        #expect(csv[0].count == 1 && csv[0][0].hasSuffix("(column 2)"), "\(csv[0])")
        #expect(csv[1].count == 1 && csv[1][0].contains("(colonne 2)"), "\(csv[1])")
        #expect(csv[2][0].hasSuffix("(`Event ID`)"), "\(csv[2])")
        let export = SeatExport(
            Array("Seat ID,\(address)\n1,2\n".utf8),
            map: try ReconcileTests.seatMap("linkedin-recruiter-usage"))
        #expect(export.faults.map(\.field) == [""] && export.faults.first?.number == 2)
        let own = try Importer(.jsonl, map: nil)
        let start =
            #"{"type":"ingest.batch","source":"s","#
            + #""occurred_at":"2026-01-05T09:00:00.000Z","#
        for (member, name) in [
            (#""Jeanne":1"#, ""), (#""x":{"Jeanne":1,"Jeanne":2}"#, ""), (#""seq":1"#, "seq"),
            (#""regions":{"0 Jeanne":1}"#, ""), (#""regions":["a b"]"#, "regions.0"),
        ] {
            let outcome = own.read(Array((start + member + "}").utf8))
            #expect(outcome.faults.map(\.field) == [name], "\(member): \(outcome.faults)")
        }
    }

    /// Rows spoilt at random: each becomes an event, or a fault; no event ever names anybody.
    @Test func noiseNeverNamesAnybody() throws {
        let rows = [
            "1,Assigned,10/02/2026,0042,jeanne@pro.example,Jeanne,,,paul@pro.example,,FT",
            "2,Reassigned,10/05/2026,0042,paul@pro.example,P,jeanne@pro.example,J,paul@pro.example,no,F",
            "3,Parked,10/05/2026,0042,,,,,,,", "4,Invitation resent,10/05/2026,,,,,,,,",
        ]
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let people = try #require(Self.people)
        let importer = try Importer(
            .csv, map: Self.map("linkedin-recruiter-seats"), pseudonyms: people)
        var (events, faults) = (0, 0)
        for round in 0..<2_000 {
            var bytes = Array(rows[round % rows.count].utf8)
            for _ in 0..<next(4) {
                switch next(4) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.swapAt(next(bytes.count), next(bytes.count))
                case 2: bytes.remove(at: next(bytes.count))
                default: bytes.insert(Array("\",\n; 0é".utf8)[next(7)], at: next(bytes.count))
                }
            }
            let outcome = importer.read(Array(Self.heading.utf8) + bytes)
            events += outcome.events.count
            faults += outcome.faults.count
            let text = outcome.events.map(line).joined()
            #expect(!text.contains("@") && !text.contains("eanne"), "\(text)")
            let isBare = bytes.allSatisfy { $0 != 0x0A }
            #expect(
                !isBare || outcome.events.count + outcome.faults.count + outcome.skippedCount == 1)
        }
        #expect(events > 200 && faults > 200, "\(events) events, \(faults) faults")
    }

    /// Spreadsheets leave leading zeros out; nothing else is guessed.
    @Test(arguments: [
        ("1/5/2026", "2026-01-05"), ("01/05/2026", "2026-01-05"), ("12/31/2026", "2026-12-31"),
        ("31/12/2026", nil), ("1/5/26", nil), ("2026/1/5", nil), ("1/5", nil), ("1/5/2026/", nil),
        ("001/5/2026", nil), ("/5/2026", nil), ("1-5-2026", nil), ("2/30/2026", nil),
    ]) func datesAreReadWithOrWithoutLeadingZeros(_ date: String, _ day: String?) throws {
        let importer = try Importer(.csv, map: Self.map("linkedin-recruiter-totals"))
        let text = """
            Date,Seat ID,Seat holder name,Profiles viewed,Searches performed,InMails sent
            \(date),1,Jeanne,12,3,0

            """
        let outcome = importer.read(Array(text.utf8))
        #expect(outcome.faults.isEmpty == (day != nil), "\(outcome.faults)")
        let found = outcome.events.first?.id
        #expect(found == day.map { "imp-linkedin-recruiter/profiles-viewed-\($0)" })
    }

    /// The smallest number of 64 bits has no absolute value.
    @Test func extremeNumbersAreFaults() throws {
        let extreme = "-9223372036854775808"
        let own = #"{"type":"ingest.batch","source":"s1","occurred_at":"2026-11-01T10:00:00.000Z","#
        let record = own + #""count":\#(extreme)}"#
        #expect(
            try Importer(.jsonl, map: nil).read(Array(record.utf8)).faults.map(\.code)
                == [.wrongKind])
        for reading in ["epoch-seconds", "epoch-milliseconds", "integer"] {
            let isInteger = reading == "integer"
            let map = """
                source: s
                type: ingest.batch
                occurred_at: {from: t, as: \(isInteger ? "rfc3339" : reading)}
                fields: {count: {from: n, as: integer}}
                """
            let row = isInteger ? "2026-11-01T10:00:00Z,\(extreme)" : "\(extreme),1"
            let outcome = try Importer(.csv, map: ImportMap(parsing: map, file: "m"))
                .read(Array("t,n\n\(row)\n".utf8))
            #expect(outcome.faults.map(\.code) == [.wrongKind], "\(reading)")
        }
    }

    /// A heading is held against the map even where no row follows it.
    @Test func headingsAreCheckedWithoutRows() throws {
        func read(_ text: String) throws -> Importer.Outcome {
            try Importer(.csv, map: Self.map("linkedin-recruiter-totals")).read(Array(text.utf8))
        }
        let heading = "Date,Profiles viewed,Searches performed,InMails sent"
        for text in ["", "\n", heading, heading + "\n"] { #expect(try read(text).isEmpty) }
        #expect(try read("Event ID,Action\n").faults.map(\.code) == [.unmappedField])
        #expect(try read("Date,Profiles viewed\n").faults.map(\.code) == [.missingField])
        let bare = try read(heading + "\r10/03/2026,1,0,0\r")
        #expect(bare.faults.map(\.code) == [.malformedRecord] && bare.events.isEmpty)
    }

    @Test func totalsHaveNobodyInThem() throws {
        let importer = try Importer(.csv, map: Self.map("linkedin-recruiter-totals"))
        let text = """
            Date,Seat ID,Seat holder name,Profiles viewed,Searches performed,InMails sent
            10/02/2026,1,Jeanne,12,3,0
            10/02/2026,2,Paul,30,1,2
            10/03/2026,1,Jeanne,5,0,0

            """
        let outcome = importer.read(Array(text.utf8))
        #expect(outcome.faults.isEmpty && outcome.events.count == 6)
        #expect(line(outcome.events[0]).contains(#""value":420000"#))
        #expect(outcome.events[0].id == "imp-linkedin-recruiter/profiles-viewed-2026-10-02")
        #expect(!outcome.events.map(line).joined().contains("Seat"))
    }

    /// A total is of a whole day, or there is none.
    @Test func aRefusedRowSpoilsItsDay() throws {
        let importer = try Importer(.csv, map: Self.map("linkedin-recruiter-totals"))
        func read(_ rows: String) -> (days: Set<String>, codes: [String], lines: [Int]) {
            let heading = "Date,Profiles viewed,Searches performed,InMails sent\n"
            let outcome = importer.read(Array((heading + rows).utf8))
            return (
                Set(outcome.events.map { String($0.id.suffix(10)) }),
                outcome.faults.map(\.code.rawValue), outcome.faults.map(\.line)
            )
        }
        let good = "10/02/2026,1,0,0\n10/03/2026,1,0,0\n"
        let spoilt = read(good + "10/03/2026,x,0,0\n10/03/2026,2,0,0\n")
        #expect(spoilt.days == ["2026-10-02"] && spoilt.codes == ["IMP114", "IMP120"])
        #expect(spoilt.lines == [4, 3])
        for row in ["13/13/2026,1,0,0\n", "10/03/2026,1\n", "10/03/2026,\"1\n"] {
            let all = read(good + row)
            #expect(all.days.isEmpty && all.codes.dropFirst() == ["IMP120", "IMP120"], "\(row)")
        }
        // The value of a claim stays below 2^53: 209 of the greatest counts do, 210 do not.
        func rows(_ count: Int) -> String {
            String(repeating: "10/02/2026,4294967295,0,0\n", count: count)
        }
        #expect(read(rows(209)).codes.isEmpty)
        #expect(read(rows(211)).codes.last == "IMP120" && read(rows(211)).days.isEmpty)
    }

    /// An object or an array with nothing in it is a field like any other.
    @Test func hollowFieldsAreNotDropped() throws {
        func own(_ member: String) throws -> [String] {
            let start =
                #"{"type":"ingest.batch","source":"s","#
                + #""occurred_at":"2026-01-05T09:00:00.000Z","#
            return try Importer(.jsonl, map: nil)
                .read(Array((start + #""count":1\#(member)}"#).utf8)).faults.map(\.code.rawValue)
        }
        #expect(try own("").isEmpty)
        for (member, code) in [
            (#","unknown":{}"#, "IMP111"), (#","unknown":[]"#, "IMP111"),
            (#","unmapped":{"a":{}}"#, "IMP111"), (#","categories":[]"#, "IMP114"),
            (#","actor":{}"#, "IMP114"), (#","id":{}"#, "IMP114"), (#","id":"""#, "IMP112"),
            (#","seq":[]"#, "IMP119"), (#","categories":"CV""#, "IMP114"),
        ] { #expect(try own(member) == [code], "\(member)") }
        func ocsf(_ end: String, device: String = #"{"type_id":3}"#) throws -> [String] {
            let start =
                #"{"class_uid":3002,"activity_id":1,"type_uid":300201,"time":1790000000123,"is_mfa":true,"#
                + #""user":{"email_addr":"jeanne@pro.example"},"device":\#(device),"#
                + #""metadata":{"version":"1.3.0","uid":"u-1""#
            return try Importer(
                .ocsf, map: Self.map("ocsf-authentication"), pseudonyms: #require(Self.people)
            ).read(Array((start + end).utf8)).faults.map(\.code.rawValue)
        }
        #expect(try ocsf("}}").isEmpty)
        #expect(try ocsf(#","labels":[]}}"#).isEmpty)
        #expect(try ocsf(#"},"unmapped":{}}"#) == ["IMP111"])
        #expect(try ocsf("}}", device: "{}") == ["IMP114"])
    }

    @Test func everyMapOfTheFolderReadsItsFormat() throws {
        let people = try #require(Self.people)
        func events(_ name: String, _ format: ForeignFormat, _ text: String) throws -> [String] {
            let outcome = try Importer(format, map: Self.map(name), pseudonyms: people)
                .read(Array(text.utf8))
            #expect(outcome.faults.isEmpty, "\(name): \(outcome.faults)")
            return outcome.events.map(line)
        }
        let syslog = try events(
            "syslog-portal", .syslog,
            #"<134>1 2026-10-02T10:00:00+02:00 h app - LIC-ACT [licence@32473 id="LIC-1" event="E1"] x"#
        )
        #expect(syslog.first?.contains(#""occurred_at":"2026-10-02T08:00:00.000Z""#) == true)
        let cef = try events(
            "cef-portal", .cef,
            "CEF:0|FT|Portail|1|110|parked|3|rt=1790000000123 externalId=E2 cs1=LIC-1 suser=jeanne")
        #expect(cef.first?.contains("licence.suspend") == true && !cef.joined().contains("jeanne"))
        let ocsf = try events(
            "ocsf-authentication", .ocsf,
            #"{"class_uid":3002,"activity_id":1,"type_uid":300201,"time":1790000000123,"is_mfa":true,"#
                + #""user":{"email_addr":"jeanne@pro.example","name":"Jeanne"},"device":{"type_id":3},"#
                + #""metadata":{"version":"1.3.0","uid":"u-1"}}"#)
        #expect(ocsf.first?.contains(#""pid":"A0123456789ab""#) == true)
        #expect(ocsf.first?.contains(#""device_kind":"laptop""#) == true)
    }

    @Test func recordsOfThisFormatNeedNoMap() throws {
        let importer = try Importer(.jsonl, map: nil)
        func read(_ text: String) -> (String?, String?) {
            let outcome = importer.read(Array(text.utf8))
            return (outcome.events.first.map(line), outcome.faults.first?.code.rawValue)
        }
        let good = #"""
            {"type":"charter.sign","source":"rh","id":"7","occurred_at":"2026-01-05T09:00:00.000Z","actor":{"pid":"A0123456789ab"},"charter_version":"v2","valid_until":"2027-01-05T09:00:00.000Z"}
            """#
        #expect(
            read(good).0 == """
                {"actor":{"pid":"A0123456789ab"},"charter_version":"v2","evidence":"imported","id":"7",\
                "occurred_at":"2026-01-05T09:00:00.000Z","source":"rh","source_seq":7,\
                "type":"charter.sign","v":1,"valid_until":"2027-01-05T09:00:00.000Z"}
                """)
        for (old, new, code) in [
            ("A0123456789ab", "Jeanne", "IMP115"), ("\"v2\"", "\"Jeanne Exemple\"", "IMP117"),
            ("\"v2\"", "\"jeanne@pro.example\"", "IMP116"),
            ("charter.sign", "charter.eat", "IMP113"),
            ("\"v2\"", "2", nil), ("\"rh\"", "\"\"", "IMP112"),
            ("charter_version", "seq", "IMP119"),
            ("charter_version", "mood", "IMP111"), ("2026-01-05T", "2026-13-05T", "IMP114"),
            ("\"id\":\"7\"", "\"v\":2", "IMP114"), ("\"id\":\"7\"", "\"source_seq\":2", "IMP119"),
            (",\"charter_version\":\"v2\"", "", "IMP112"),
        ] { #expect(read(good.replacing(old, with: new)).1 == code, "\(old) \(new)") }
        // Without `id`, an event is known by its content: the same line twice is said.
        let bare = good.replacing(#""id":"7","#, with: "")
        #expect(
            importer.read(Array((bare + "\n" + bare).utf8)).faults.first?.code == .repeatedEvent)
        let lists = #"""
            {"type":"policy.activate","source":"p","id":"1","occurred_at":"2026-01-05T09:00:00.000Z","version":"1","author":"A0123456789ab","approver":"A0123456789ac","hash":"\#(String(repeating: "a", count: 64))","regions":["32","28"],"roles":["DPO"],"categories":["CV"],"purposes":["P1-PROSPECTION"]}
            """#
        #expect(read(lists).0?.contains(#""regions":["28","32"]"#) == true, "\(read(lists))")
    }

    @Test func mapsAreReadStrictly() {
        let start = "source: s\ntype: licence.activate\noccurred_at: {from: d, as: date}\n"
        for (text, code) in [
            ("", "IMP201"), ("- a", "IMP204"), (": [", "IMP201"), ("source: s\n", "IMP203"),
            (start + "mood: 1", "IMP202"), (start + "fields: {mood: {from: a}}", "IMP202"),
            (start + "fields: {seq: {from: a, as: integer}}", "IMP202"),
            (start + "fields: {to: {from: a, as: code}}", "IMP204"),
            (start + "fields: {licence_id: {from: a, as: mood}}", "IMP204"),
            (start + "fields: {licence_id: {as: code}}", "IMP203"),
            (start + "fields: {licence_id: {from: a, as: code, values: {x: y}}}", "IMP204"),
            (start + "fields: {reason_code: Jeanne Exemple}", "IMP204"),
            (start + "fields: {count: {from: a, as: code}}", "IMP204"),
            (start + "separator: x", "IMP204"), (start + "skip: {from: a}", "IMP203"),
            (start + "sum: {a: b}", "IMP204"), (start + "drop: a", "IMP204"),
        ] {
            let found = #expect(throws: ImportMapError.self, "\(text)") {
                try ImportMap(parsing: text, file: "map.yaml")
            }
            #expect(found?.code.rawValue == code, "\(text): \(String(describing: found))")
        }
        for wrong in [
            "a\tJeanne", "a A0123456789ab", "a\tA0123456789ab\nA\tA0123456789ab\na\tA1",
            "\tA0123456789ab", "a\tA0123456789ab\na\tA0123456789ac",
        ] {
            #expect(throws: ImportMapError.self, "\(wrong)") {
                try PseudonymTable(parsing: Array(wrong.utf8), file: "t")
            }
        }
    }
}
