// SPDX-License-Identifier: Apache-2.0

import Importing
import Testing

/// The readers of foreign formats: what is in the form, and what is not.
@Suite struct FormatTests {
    private func read(_ text: String, _ format: ForeignFormat) -> [Result<
        ForeignRecord, ImportFault
    >] {
        format.read(Array(text.utf8))
    }

    private func fields(_ text: String, _ format: ForeignFormat) throws -> [String: String] {
        let records = read(text, format)
        try #require(records.count == 1, "\(records)")
        let record = try records[0].get()
        return Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, $0.value) })
    }

    private func code(_ text: String, _ format: ForeignFormat) -> String? {
        for case .failure(let fault) in read(text, format) { return fault.code.rawValue }
        return nil
    }

    @Test func csvIsRFC4180() throws {
        let text = "\u{FEFF}a,b,\"c \"\"d\"\"\"\r\n1,\"x,\ny\",\n\n\"2\",,é"
        let records = try read(text, .csv).map { try $0.get() }
        #expect(records.map(\.line) == [2, 5])
        #expect(records[0].fields.map(\.name) == ["a", "b", "c \"d\""])
        #expect(records[0].fields.map(\.value) == ["1", "x,\ny", ""])
        #expect(records[1].fields.map(\.value) == ["2", "", "é"])
        #expect(records[1]["b"] == nil && records[1]["a"]?.column == 1)
        for (wrong, code) in [
            ("a,a\n1,2", "IMP104"), ("a,\n1,2", "IMP103"), ("a,b\n1", "IMP103"),
            ("a,b\n1,2,3", "IMP103"), ("a\n1\"2", "IMP103"), ("a\n\"1\"2", "IMP105"),
            ("a\n\"1", "IMP105"), ("a\n\u{7}", "IMP101"), ("a,b\r1,2\r", "IMP103"),
            ("a,b\n1,2\r", "IMP103"),
        ] { #expect(self.code(wrong, .csv) == code, "\(wrong.debugDescription)") }
        // A fault in a field is where the field begins, not where it is in the field.
        for case .failure(let fault) in read("a,b\n12,\"x\u{7}\"", .csv) {
            #expect(fault.code == .malformedText && fault.line == 2 && fault.column == 4)
        }
        #expect(code("a,b\n12,\"x\u{7}\"", .csv) == "IMP101")
        // One bad line among good ones costs that line alone.
        let mixed = read("a,b\n1,2\nx\"y,3\n4,5\n6\n7,8\n", .csv)
        #expect(mixed.map { (try? $0.get()) != nil } == [true, false, true, false, true])
        #expect(ForeignFormat.csv.read(Array("a;b\n1;2".utf8), separator: 0x3B).count == 1)
    }

    /// No text inside quotes becomes a record, however the record that it stands in is wrong.
    @Test func textInQuotesIsNoRecord() {
        let long = String(repeating: "x", count: 70_000)
        for (text, expected) in [
            ("a,b\n1,\"\(long)\n8,9\n\"\n2,3\n", ["IMP102", "2"]),
            ("a,b\n\(long),\"\n8,9\n\"\n2,3\n", ["IMP102", "2"]),
            ("a,b\n1\"2,\"x\n8,9\n\"\n2,3\n", ["IMP103", "2"]),
            ("a,b\n1,2,\"x\n8,9\n\"\n2,3\n", ["IMP103", "2"]),
            ("a,b\n1,\"x\"y\n8,9\n\"\n2,3\n", ["IMP105"]),
            ("a,b\n1,\"\(long)\n8,9\n", ["IMP105"]),
        ] {
            let found = read(text, .csv).map { result in
                switch result {
                case .success(let record): record["a"]?.value ?? ""
                case .failure(let fault): fault.code.rawValue
                }
            }
            #expect(found == expected, "\(text.suffix(40).debugDescription)")
        }
    }

    @Test func syslogIsRFC5424() throws {
        let line = #"""
            <165>1 2026-10-11T22:14:15.003+02:00 host evnt - ID47 [a@32473 iut="3" s="x \"y\" \\ \] \z"][b] BOMé text
            """#
        let found = try fields(line, .syslog)
        #expect(found["facility"] == "20" && found["severity"] == "5")
        #expect(found["timestamp"] == "2026-10-11T22:14:15.003+02:00" && found["procid"] == nil)
        #expect(found["sd.a@32473.s"] == #"x "y" \ ] \z"# && found["msg"] == "BOMé text")
        #expect(try fields("<0>1 - - - - - -", .syslog).count == 2)
        for wrong in [
            "", "<>1 - - - - - -", "<192>1 - - - - - -", "<01>1 - - - - - -", "<1>2 - - - - - -",
            "<1>1 - - - - -", "<1>1 - - - - - x", "<1>1 - - - - - [a b]", "<1>1 - - - - - [a",
            #"<1>1 - - - - - [a b="]"]"#, #"<1>1 - - - - - [a b="x"#, "<1>1  - - - - - -",
            "<1>1 - - - - - -x", "<1>1 - - - - - [a=b]", "<1111>1 - - - - - -",
        ] where !wrong.isEmpty { #expect(code(wrong, .syslog) == "IMP103", "\(wrong)") }
        #expect(code("<1>1 - - - - - [a][a]", .syslog) == "IMP104")
        #expect(code(#"<1>1 - - - - - [a b="1" b="2"]"#, .syslog) == "IMP104")
    }

    @Test func cefIsRead() throws {
        let line = #"""
            Oct 1 host CEF:0|Acme\|Co|Re\\cruiter|1.0|100|seat assigned|3|rt=1 cs1Label=Seat ID cs1=a b\=c\n x=
            """#
        let found = try fields(line, .cef)
        #expect(found["prefix"] == "Oct 1 host" && found["vendor"] == "Acme|Co")
        #expect(found["product"] == #"Re\cruiter"# && found["signature_id"] == "100")
        #expect(found["ext.cs1Label"] == "Seat ID" && found["ext.cs1"] == "a b=c\n")
        #expect(found["ext.x"] == "")
        #expect(try fields("CEF:1|a|b|c|d|e|5|", .cef).count == 6)
        for wrong in [
            "CEF:2|a|b|c|d|e|5|", "CEF:0|a|b|c|d|e", "xCEF:0|a|b|c|d|e|5|",
            "CEF:0|a|b|c|d|e|5|text",
            "CEF:0|a|b|c|d|e|5| x y=1", #"CEF:0|a\b|b|c|d|e|5|"#, #"CEF:0|a|b|c|d|e|5|x=\q"#,
            #"CEF:0|a|b|c|d|e|5|x=\"#, "CEF:0|a|b|c|d|e|5|=1",
        ] { #expect(code(wrong, .cef) == "IMP103", "\(wrong)") }
        #expect(code("CEF:0|a|b|c|d|e|5|x=1 x=2", .cef) == "IMP104")
    }

    @Test func jsonIsLaidFlat() throws {
        let line = #" {"a":{"b":[1,"x",true],"c":null},"d":-1.5e+3,"e":"\u00e9\ud83d\ude00\n\/"} "#
        let found = try fields(line, .jsonl)
        #expect(
            found == [
                "a.b.0": "1", "a.b.1": "x", "a.b.2": "true", "a.c": "", "d": "-1.5e+3",
                "e": "é😀\n/",
            ])
        for wrong in [
            "[]", "1", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":01}"#, #"{"a":1.}"#,
            #"{"a":tru}"#, #"{"a":"\x"}"#, #"{"a":"\ud83d"}"#, #"{"a":"\udc00"}"#, #"{"a":1} 2"#,
            #"{"a.b":1}"#, #"{"":1}"#, #"{a:1}"#, #"{"a":-}"#, #"{"a":+1}"#, #"{"a":"x}"#,
        ] { #expect(code(wrong, .jsonl) == "IMP103", "\(wrong)") }
        #expect(code(#"{"a":1,"a":2}"#, .jsonl) == "IMP104")
        #expect(code(String(repeating: #"{"a":"#, count: 40), .jsonl) == "IMP102")
        #expect(
            code("{\"a\":\"" + String(repeating: "x", count: 70_000) + "\"}", .jsonl) == "IMP102")
    }

    @Test func ocsfHasItsCore() throws {
        let good =
            #"{"class_uid":3002,"activity_id":1,"type_uid":300201,"time":1,"metadata":{"version":"1.3.0"}}"#
        #expect(code(good, .ocsf) == nil)
        #expect(code(good.replacing("300201", with: "300202"), .ocsf) == "IMP103")
        #expect(code(good.replacing("\"time\":1", with: "\"time\":\"x\""), .ocsf) == "IMP114")
        #expect(code(good.replacing("\"version\"", with: "\"v\""), .ocsf) == "IMP112")
    }

    /// Bytes changed at random: each line ends in a record or a fault, and never in a crash.
    @Test func noiseEndsInRecordsOrFaults() {
        let seeds: [(ForeignFormat, String)] = [
            (.csv, "a,b\n\"1\"\"2\",3\n4,5\n"), (.syslog, #"<1>1 - h a - m [x y="z\]"] text"#),
            (.cef, #"CEF:0|a|b|c|d|e|5|x=1 y=2\=3 z="#),
            (.jsonl, #"{"a":[1,{"b":"\u00e9"}],"c":null}"#),
            (
                .ocsf,
                #"{"class_uid":1,"activity_id":1,"type_uid":101,"time":1,"metadata":{"version":"1"}}"#
            ),
        ]
        var state: UInt64 = 20_261_127
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var (records, faults) = (0, 0)
        for round in 0..<4_000 {
            let (format, text) = seeds[round % seeds.count]
            var bytes = Array(text.utf8)
            for _ in 0...next(4) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1 where bytes.count > 1: bytes.remove(at: next(bytes.count))
                default:
                    bytes.insert(
                        Array("\"\\=|[]{},\n<>:\u{0}é".utf8)[next(14)], at: next(bytes.count))
                }
            }
            for result in format.read(bytes) {
                switch result {
                case .success: records += 1
                case .failure(let fault):
                    faults += 1
                    #expect(fault.line >= 1 && fault.column >= 1)
                }
            }
        }
        #expect(records > 500 && faults > 500, "\(records) records, \(faults) faults")
    }
}
