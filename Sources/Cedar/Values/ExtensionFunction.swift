// SPDX-License-Identifier: Apache-2.0

/// The functions of Cedar's extension types.
package enum ExtensionFunction: String, CaseIterable, Sendable {
    case decimal, ip, datetime, duration
    case lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual
    case isIpv4, isIpv6, isLoopback, isMulticast, isInRange
    case offset, durationSince, toDate, toTime
    case toMilliseconds, toSeconds, toMinutes, toHours, toDays

    /// Whether it makes a value from a text: called as `ip("…")`, the others as methods.
    package var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration: true
        default: false
        }
    }

    /// The number of arguments, the receiver of a method among them.
    package var arity: Int {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isInRange, .offset,
            .durationSince:
            2
        default: 1
        }
    }

    /// The type that the function belongs to, which names it in errors.
    package var typeName: String {
        switch self {
        case .decimal, .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: "decimal"
        case .ip, .isIpv4, .isIpv6, .isLoopback, .isMulticast, .isInRange: "ipaddr"
        case .datetime, .offset, .durationSince, .toDate, .toTime: "datetime"
        case .duration, .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: "duration"
        }
    }

    /// Makes a value from a text; nil if the text is not well formed or the value is too large.
    package func construct(_ text: String) -> Value? {
        switch self {
        case .decimal: DecimalText.parse(text).map(Value.decimal)
        case .ip: IPAddress(text).map(Value.ipaddr)
        case .datetime: TimeText.parseDatetime(text).map(Value.datetime)
        case .duration: TimeText.parseDuration(text).map(Value.duration)
        default: nil
        }
    }
}
