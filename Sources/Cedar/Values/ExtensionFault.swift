// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What is wrong with the argument of an extension function.
enum ExtensionFault: String, CaseIterable, Sendable {
    case datePattern, date, timePattern, time, zonePattern, zone
    case durationPattern, durationRange
    case decimal, decimalDigits, decimalRange
    case address
    case sumRange, differenceRange, dateRange

    /// The fault in words; the argument is the text at fault, or the values.
    func words(_ argument: String) -> LocalizedText {
        switch self {
        case .datePattern:
            LocalizedText(fr: "date mal formée", en: "invalid date pattern")
        case .date:
            LocalizedText(
                fr: "cette date n’existe pas\u{202F}: \(argument)", en: "invalid date: \(argument)")
        case .timePattern:
            LocalizedText(fr: "heure mal formée", en: "invalid hour/minute/second pattern")
        case .time:
            LocalizedText(
                fr: "cette heure n’existe pas\u{202F}: \(argument)",
                en: "invalid hour/minute/second: \(argument)")
        case .zonePattern:
            LocalizedText(
                fr: "millisecondes ou décalage mal formés",
                en: "invalid millisecond and/or offset pattern")
        case .zone:
            LocalizedText(
                fr: "ce décalage n’existe pas\u{202F}: \(argument)",
                en: "invalid offset range: \(argument)")
        case .durationPattern:
            LocalizedText(fr: "durée mal formée", en: "invalid duration pattern")
        case .durationRange:
            LocalizedText(
                fr: "durée trop longue", en: "Duration overflows internal representation")
        default: otherWords(argument)
        }
    }

    private func otherWords(_ argument: String) -> LocalizedText {
        switch self {
        case .decimal:
            LocalizedText(
                fr: "`\(argument)` n’est pas un nombre décimal",
                en: "`\(argument)` is not a well-formed decimal value")
        case .decimalDigits:
            LocalizedText(
                fr: "plus de quatre chiffres après la virgule dans `\(argument)`",
                en: "too many digits after the decimal in `\(argument)`")
        case .decimalRange:
            LocalizedText(
                fr: "nombre décimal trop grand", en: "overflow when converting to decimal")
        case .address:
            LocalizedText(
                fr: "cette adresse n’existe pas\u{202F}: \(argument)",
                en: "invalid IP address: \(argument)")
        case .sumRange:
            LocalizedText(
                fr: "dépassement en ajoutant la durée\u{202F}: \(argument)",
                en: "overflows when adding an offset: \(argument)")
        case .differenceRange:
            LocalizedText(
                fr: "dépassement en calculant la durée entre \(argument)",
                en: "overflows when computing the duration between \(argument)")
        default:
            LocalizedText(
                fr: "dépassement en calculant la date de \(argument)",
                en: "overflows when computing the date of \(argument)")
        }
    }
}

extension ExtensionFunction {
    /// Why the constructor does not read a text.
    func fault(in text: String) -> (fault: ExtensionFault, argument: String) {
        switch self {
        case .decimal: DecimalText.fault(in: text)
        case .datetime: TimeText.datetimeFault(in: text)
        case .duration: (TimeText.isDuration(text) ? .durationRange : .durationPattern, "")
        default: (.address, text)
        }
    }
}

extension DecimalText {
    fileprivate static func fault(in text: String) -> (ExtensionFault, String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.unicodeScalars.dropFirst(isNegative ? 1 : 0)
            .split(separator: ".", omittingEmptySubsequences: false)
        let isNumber =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { $0.properties.generalCategory == .decimalNumber }
            }
        if !isNumber { return (.decimal, text) }
        // The whole part is scaled before the digits after the point are counted.
        let whole = String(String.UnicodeScalarView(parts[0]))
        let isLarge = DecimalText.parse("\(isNegative ? "-" : "")\(whole).0") == nil
        // Digits of other scripts are of several bytes, and it is those that are counted.
        let count = parts[1].reduce(0) { $0 + UTF8.width($1) }
        return count > 4 && !isLarge ? (.decimalDigits, text) : (.decimalRange, text)
    }
}

extension TimeText {
    /// Whether each byte of a text matches a form, where `0` stands for any digit.
    private static func matches(_ bytes: ArraySlice<UInt8>, _ form: String) -> Bool {
        bytes.count == form.utf8.count
            && zip(bytes, form.utf8).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "0") ? Lexer.isDigit(byte) : byte == wanted
            }
    }

    /// The first part of the text that is not as it must be.
    fileprivate static func datetimeFault(in text: String) -> (ExtensionFault, String) {
        let bytes = Array(text.utf8)
        guard matches(bytes.prefix(10), "0000-00-00") else { return (.datePattern, "") }
        let date = String(decoding: bytes.prefix(10), as: UTF8.self)
        if bytes.count == 10 { return (.date, date) }
        guard matches(bytes.dropFirst(10).prefix(9), "T00:00:00") else { return (.timePattern, "") }
        var rest = bytes.dropFirst(19)
        if matches(rest.prefix(4), ".000") { rest = rest.dropFirst(4) }
        let isUniversal = rest.elementsEqual([UInt8(ascii: "Z")])
        guard isUniversal || matches(rest, "+0000") || matches(rest, "-0000") else {
            return (.zonePattern, "")
        }
        // The form is checked as a whole before any of the numbers is.
        guard parseDatetime(date) != nil else { return (.date, date) }
        let time = String(decoding: bytes[11..<19], as: UTF8.self)
        if isUniversal || parseDatetime("\(date)T\(time)Z") == nil { return (.time, time) }
        let digits = rest.dropFirst().map { Int($0) - 48 }
        return (.zone, "\(digits[0] * 10 + digits[1])\(digits[2] * 10 + digits[3])")
    }

    /// Whether the text has the form of a duration, whatever its length.
    fileprivate static func isDuration(_ text: String) -> Bool {
        var units = ["d", "h", "m", "s", "ms"][...]
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        if rest.isEmpty { return false }
        while !rest.isEmpty {
            let number = rest.prefix(while: Lexer.isDigit)
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !Lexer.isDigit($0) }
            rest = rest.dropFirst(unit.count)
            guard !number.isEmpty,
                let position = units.firstIndex(where: { Array($0.utf8) == Array(unit) })
            else { return false }
            units = units[(position + 1)...]
        }
        return true
    }
}
