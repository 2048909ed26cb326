// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// Writes sample events as canonical submissions: an entry without `seq`, `prev` and `recorded_at`.
struct SubmissionWriter: Sendable {
    private var nextNumber = [Int64](repeating: 1, count: SampleSource.allCases.count)
    private var nextIdentifier = [Int64](repeating: 1, count: SampleSource.allCases.count)
    private var missing = [ClosedRange<Int64>](repeating: 0...0, count: SampleSource.allCases.count)
    /// What `latestRoot` and `findingCount` stand for.
    var root = String(repeating: "0", count: 64)
    var findingCount = 0
    private var cachedDay: Int64 = .min
    private var cachedDate: [UInt8] = []

    /// The bytes of an event, and the identifier it was given.
    mutating func write(_ event: SampleEvent) -> (bytes: [UInt8], identifier: String) {
        let source = event.source.rawValue
        let identifier = event.source.prefix + String(nextIdentifier[source])
        nextIdentifier[source] += 1
        var members = event.members
        members.append((.id, .text(identifier)))
        members.append((.occurredAt, .instant(event.occurredAt)))
        members.append((.source, .text(event.source.name)))
        members.append((.sourceSeq, .integer(number(event))))
        members.append((.type, .text(event.type)))
        members.append((.v, .integer(1)))
        Self.sort(&members)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(640)
        write(members, to: &bytes)
        return (bytes, identifier)
    }

    private mutating func number(_ event: SampleEvent) -> Int64 {
        let source = event.source.rawValue
        var number = nextNumber[source]
        switch event.numbering {
        case .next: break
        case .skipping(let count):
            missing[source] = number...(number + count - 1)
            number += count
        case .repeating: number -= 1
        }
        nextNumber[source] = number + 1
        return number
    }

    /// Insertion sort: members are few and nearly in order.
    private static func sort(_ members: inout [SampleEvent.Member]) {
        for end in 1..<max(1, members.count) {
            var place = end
            while place > 0, members[place].field.rawValue < members[place - 1].field.rawValue {
                members.swapAt(place, place - 1)
                place -= 1
            }
        }
    }

    private mutating func write(_ members: [SampleEvent.Member], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (place, member) in members.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: member.field.name.utf8)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
            write(member.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: SampleValue, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text): Self.write(text, to: &bytes)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .instant(let instant): write(instant: instant, to: &bytes)
        case .object(let object): bytes.append(contentsOf: object)
        case .person(let pid):
            bytes.append(contentsOf: "{\"pid\":".utf8)
            Self.write(pid, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        case .missingFirst(let source):
            bytes.append(contentsOf: String(missing[source.rawValue].lowerBound).utf8)
        case .missingLast(let source):
            bytes.append(contentsOf: String(missing[source.rawValue].upperBound).utf8)
        case .latestRoot: Self.write(root, to: &bytes)
        case .findingCount: bytes.append(contentsOf: String(findingCount).utf8)
        case .texts(let texts):
            bytes.append(UInt8(ascii: "["))
            for (place, text) in texts.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(text, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    // INVARIANT: sample texts hold no quote, backslash or control character.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(instant: Int64, to bytes: inout [UInt8]) {
        let day = instant.flooredQuotient(SampleTime.day)
        if day != cachedDay {
            cachedDay = day
            let date = CivilDate(daysSinceEpoch: Int(day))
            cachedDate = []
            Self.append(date.year, digits: 4, to: &cachedDate)
            cachedDate.append(UInt8(ascii: "-"))
            Self.append(date.month, digits: 2, to: &cachedDate)
            cachedDate.append(UInt8(ascii: "-"))
            Self.append(date.day, digits: 2, to: &cachedDate)
        }
        let rest = Int(instant - day * SampleTime.day)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: cachedDate)
        bytes.append(UInt8(ascii: "T"))
        Self.append(rest / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 1000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(rest % 1000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

/// Spans of time, in milliseconds, and the days of a sample log.
enum SampleTime {
    static let second: Int64 = 1000
    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000

    /// The number of a day, counted from 1970-01-01.
    static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }

    /// The instant at which the clock of Paris shows a time on a day.
    static func paris(_ dayNumber: Int, _ hour: Int, _ minute: Int = 0) -> Int64 {
        ParisTime.milliseconds(
            CivilDate(daysSinceEpoch: dayNumber),
            millisecondOfDay: hour * 3_600_000 + minute * 60_000)
    }

    /// Whether people work on a day.
    static func isWorkingDay(_ dayNumber: Int) -> Bool {
        FrenchHolidays.isWorkingDay(CivilDate(daysSinceEpoch: dayNumber))
    }

    /// The first working day from a day on.
    static func workingDay(from dayNumber: Int) -> Int {
        var day = dayNumber
        while !isWorkingDay(day) { day += 1 }
        return day
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
