// SPDX-License-Identifier: Apache-2.0

/// How the value of one field of an event is made from a foreign record.
public struct FieldRule: Hashable, Sendable {
    /// What a foreign value is read as.
    public enum Reading: String, CaseIterable, Sendable {
        /// A code: letters, digits and `._:/-`, with a digit among them. A name has none.
        case code
        /// A person, replaced by the pseudonym that the table gives.
        case pseudonym
        /// A whole number.
        case integer
        /// `true`/`false`, `yes`/`no`, `oui`/`non`, `1`/`0`.
        case boolean
        /// An instant of RFC 3339.
        case rfc3339
        /// A day, `YYYY-MM-DD`: its first moment in UTC.
        case date
        /// A day, `MM/DD/YYYY`.
        case americanDate = "us-date"
        /// A day, `DD/MM/YYYY`.
        case frenchDate = "fr-date"
        /// Seconds since 1970.
        case epochSeconds = "epoch-seconds"
        /// Milliseconds since 1970.
        case epochMilliseconds = "epoch-milliseconds"
        /// A word of the map's own table; nothing else may stand there.
        case word

        /// Whether it reads a day of the calendar, which has no zone.
        var isDay: Bool { [.date, .americanDate, .frenchDate].contains(self) }
    }

    /// The foreign field; nil where the value is the same for every record.
    public var from: String?
    /// What its value is read as.
    public var reading: Reading
    /// The words that foreign values stand for, for ``Reading/word``; `""` for the constant.
    public var words: [String: String] = [:]
    /// What is put before a code.
    public var prefix = ""

    /// A value that is the same for every record.
    static func constant(_ text: String) -> FieldRule {
        FieldRule(from: nil, reading: .word, words: ["": text])
    }
}
