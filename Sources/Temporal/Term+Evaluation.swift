// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension Term {
    /// The value of the term where variables have the values of a tuple.
    ///
    /// Types were checked before; integers that leave 64 bits are an error.
    func value(_ tuple: [Value], _ columns: [String]) throws(TemporalError) -> Value {
        switch self {
        case .constant(let value): return value
        case .variable(let name):
            guard let index = columns.firstIndex(of: name) else { throw failure }
            return tuple[index]
        case .negative(let term):
            switch try term.value(tuple, columns) {
            case .int(let value):
                guard value != .min else { throw failure }
                return .int(-value)
            case .float(let value): return .float(-value)
            default: throw failure
            }
        case .apply(let function, let term):
            return try function.apply(to: try term.value(tuple, columns))
        case .binary(let sign, let left, let right):
            switch (try left.value(tuple, columns), try right.value(tuple, columns)) {
            case (.int(let a), .int(let b)):
                guard let result = sign.apply(a, b) else { throw failure }
                return .int(result)
            case (.float(let a), .float(let b)): return .float(sign.apply(a, b))
            default: throw failure
            }
        }
    }

    private var failure: TemporalError {
        TemporalError(.arithmeticFailure, subject: description)
    }
}

extension Term.Operator {
    fileprivate func apply(_ a: Int, _ b: Int) -> Int? {
        let (result, overflow) =
            switch self {
            case .plus: a.addingReportingOverflow(b)
            case .minus: a.subtractingReportingOverflow(b)
            case .times: a.multipliedReportingOverflow(by: b)
            case .divided: a.dividedReportingOverflow(by: b)
            case .modulo: a.remainderReportingOverflow(dividingBy: b)
            }
        return overflow ? nil : result
    }

    fileprivate func apply(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .plus: a + b
        case .minus: a - b
        case .times: a * b
        case .divided: a / b
        case .modulo: a.truncatingRemainder(dividingBy: b)
        }
    }
}

extension Term.Function {
    /// The latest moment that the calendar functions tell apart: the start of 2100.
    private static let lastSecond = 4_102_444_800.0

    fileprivate func apply(to value: Value) throws(TemporalError) -> Value {
        switch (self, value) {
        case (.floatToInt, .float(let number)):
            return .int(Int(exactly: number.rounded(.towardZero)) ?? 0)
        case (.intToFloat, .int(let number)): return .float(Double(number))
        case (.intToString, .int(let number)): return .string(Array(String(number).utf8))
        case (.stringToInt, .string(let bytes)):
            return .int(Int(String(decoding: bytes, as: UTF8.self)) ?? 0)
        case (.floatToString, .float(let number)): return .string(Self.text(of: number))
        case (.stringToFloat, .string(let bytes)):
            return .float(Double(String(decoding: bytes, as: UTF8.self)) ?? 0)
        case (.regexpToString, .regexp(let bytes)): return .string(bytes)
        case (.stringToRegexp, .string(let bytes)):
            _ = try Pattern(bytes)
            return .regexp(bytes)
        case (.year, .float(let seconds)): return .int(Self.civilDay(of: seconds).year)
        case (.month, .float(let seconds)): return .int(Self.civilDay(of: seconds).month)
        case (.dayOfMonth, .float(let seconds)): return .int(Self.civilDay(of: seconds).day)
        case (.formatDate, .float(let seconds)):
            let date = Self.civilDay(of: seconds)
            func padded(_ number: Int, _ width: Int) -> String {
                let digits = String(number)
                return String(repeating: "0", count: max(0, width - digits.count)) + digits
            }
            let text = [padded(date.year, 4), padded(date.month, 2), padded(date.day, 2)]
            return .string(Array(text.joined(separator: "-").utf8))
        default: throw TemporalError(.arithmeticFailure, subject: "\(rawValue)(\(value))")
        }
    }

    /// A float as text, with a point even when it is whole: `3.`.
    private static func text(of number: Double) -> [UInt8] {
        let text = number.decimalText(significantDigits: 12)
        let isPlain = text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "-") }
        return Array((isPlain ? text + "." : text).utf8)
    }

    /// The day in UTC, by the usual count of days from 1 March of year 0.
    private static func civilDay(of seconds: Double) -> (year: Int, month: Int, day: Int) {
        let clamped = min(max(seconds, -62_135_596_800), lastSecond)
        let days = Int(((clamped.isNaN ? 0 : clamped) / 86_400).rounded(.down)) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
