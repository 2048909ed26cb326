// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

/// What was scanned before changes how fast an entry is scanned, and nothing else.
@Suite struct EntryForecastTests {
    /// Entries of many layouts, most of them altered, in one run and each on its own.
    @Test func noResultDependsOnTheEntriesBefore() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let scanner = EntryScanner(mode: .submission)
        var forecast = EntryForecast()
        var entry = ScannedEntry()
        var accepted = 0
        for round in 0..<20_000 {
            let bytes = Self.submission(&random)
            let fresh = Self.outcome { () throws(EntryError) in try scanner.scan(bytes) }
            let carried = Self.outcome { () throws(EntryError) in
                try unsafe scanner.scan(bytes.span.bytes, into: &entry, &forecast)
                return entry
            }
            if case .success = fresh { accepted += 1 }
            guard fresh == carried else {
                Issue.record(
                    "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
        #expect(accepted > 2_000 && accepted < 18_000, "seed \(seed)")
    }

    /// An entry after one of each other field: no field takes another's place.
    @Test func everyFieldAfterEveryOther() throws {
        let scanner = EntryScanner(mode: .submission)
        let fields = EntryField.allCases.filter { $0.kind == .string }
        for first in fields {
            var forecast = EntryForecast()
            var entry = ScannedEntry()
            for field in [first] + fields {
                let bytes = Array(EntryScannerTests.entry(with: field, "\"x\"").utf8)
                guard [EntryField.id, .source, .type].contains(field) == false else { continue }
                try unsafe scanner.scan(bytes.span.bytes, into: &entry, &forecast)
                let place = try #require(entry.range(of: field))
                #expect(bytes[place] == [UInt8(ascii: "x")])
                let found = fields.filter { entry.contains($0) }
                #expect(Set(found) == [field, .id, .source, .type])
            }
        }
    }

    // MARK: Cases

    private static func submission(_ random: inout SplitMix) -> [UInt8] {
        var fields = ["\"id\":\"e-\(random.below(100))\"", "\"source\":\"s\"", "\"v\":1"]
        fields.append(
            "\"occurred_at\":\"202\(random.below(9))-0\(random.below(9))-28T0\(random.below(9)):00:00.000Z\""
        )
        fields.append("\"source_seq\":\(random.below(2_000))")
        fields.append("\"type\":\"\(["heartbeat", "profile.view", "é"][random.below(3)])\"")
        for optional in [
            "\"actor\":{\"pid\":\"A1\",\"role\":\"CONS_PRO\"}", "\"actor\":{\"unit\":\"U\"}",
            "\"purpose\":\"P3-PROMOTION\"", "\"subject\":{\"pid\":\"P1\"}", "\"mfa\":true",
            "\"categories\":[\"CO\",\"CV\"]", "\"session\":\"a long text of more than a word\"",
            "\"criteria_hash\":\"\(String(repeating: "0f", count: 32))\"", "\"n\":-3",
        ] where random.below(3) == 0 { fields.append(optional) }
        fields.sort { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        var bytes = Array(("{" + fields.joined(separator: ",") + "}").utf8)
        let place = random.below(bytes.count)
        switch random.below(6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[place] ^= 1 << UInt8(random.below(8))
        case 2: bytes.remove(at: place)
        case 3: bytes.removeLast(random.below(bytes.count))
        default: break
        }
        return bytes
    }

    /// What a scan says, in a form that can be compared.
    private static func outcome(
        _ scan: () throws(EntryError) -> ScannedEntry
    ) -> Result<[Int64], EntryError> {
        do throws(EntryError) {
            let entry = try scan()
            var values = [Int64(entry.sourceSeq), entry.occurredAt, entry.recordedAt]
            for field in EntryField.allCases {
                let range = entry.range(of: field)
                values += [Int64(range?.lowerBound ?? -1), Int64(range?.upperBound ?? -1)]
            }
            return .success(values)
        } catch {
            return .failure(error)
        }
    }
}

/// A small generator, so that a printed seed makes the same run again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
