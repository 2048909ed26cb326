// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address with the length of its network prefix.
public struct IPAddress: Hashable, BitwiseCopyable, Sendable {
    /// Whether this is an IPv6 address.
    public let isIPv6: Bool
    /// The upper 64 bits; zero for IPv4.
    let high: UInt64
    /// The lower 64 bits; an IPv4 address is in the lowest 32.
    let low: UInt64
    /// The length of the prefix: at most 32 or 128.
    public let prefixLength: Int

    func ordered(with other: IPAddress) -> Ordering {
        Ordering(isIPv6 ? 1 : 0, other.isIPv6 ? 1 : 0)
            .then(Ordering(high, other.high))
            .then(Ordering(low, other.low))
            .then(Ordering(prefixLength, other.prefixLength))
    }

    /// The first and the last address of the range.
    private var bounds: (first: (UInt64, UInt64), last: (UInt64, UInt64)) {
        let hostBits = (isIPv6 ? 128 : 32) - prefixLength
        let lowMask: UInt64 = hostBits >= 64 ? .max : (1 << UInt64(hostBits)) - 1
        let highMask: UInt64 =
            hostBits <= 64 ? 0 : hostBits >= 128 ? .max : (1 << UInt64(hostBits - 64)) - 1
        return ((high & ~highMask, low & ~lowMask), (high | highMask, low | lowMask))
    }

    /// Whether every address of this range is in the other one.
    func isInRange(_ other: IPAddress) -> Bool {
        guard isIPv6 == other.isIPv6 else { return false }
        let (mine, its) = (bounds, other.bounds)
        return mine.first >= its.first && mine.last <= its.last
    }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        isIPv6
            ? high == 0 && low == 1 && prefixLength == 128
            : low >> 24 == 127 && prefixLength >= 8
    }

    /// 224.0.0.0/4 or ff00::/8.
    var isMulticast: Bool {
        isIPv6
            ? high >> 56 == 0xFF && prefixLength >= 8
            : low >> 28 == 0xE && prefixLength >= 4
    }
}

extension IPAddress {
    /// Reads `1.2.3.4`, `1.2.3.0/24`, `::1` or `ff00::/8`; nil for anything else.
    ///
    /// An IPv6 address with an IPv4 tail (`::ffff:1.2.3.4`) is refused, as Cedar does.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 43 else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        let isIPv6 = parts[0].contains(UInt8(ascii: ":"))
        guard let (high, low) = isIPv6 ? Self.parseIPv6(parts[0]) : Self.parseIPv4(parts[0]) else {
            return nil
        }
        let limit = isIPv6 ? 128 : 32
        var prefix = limit
        if parts.count == 2 {
            guard let given = Self.parseDecimal(parts[1], digits: 3), given <= limit else {
                return nil
            }
            prefix = given
        }
        self.init(isIPv6: isIPv6, high: high, low: low, prefixLength: prefix)
    }

    /// Digits without leading zero.
    private static func parseDecimal(_ bytes: ArraySlice<UInt8>, digits: Int) -> Int? {
        guard !bytes.isEmpty, bytes.count <= digits,
            bytes.count == 1 || bytes.first != UInt8(ascii: "0")
        else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }

    private static func parseIPv4(_ bytes: ArraySlice<UInt8>) -> (UInt64, UInt64)? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt64 = 0
        for part in parts {
            guard let octet = parseDecimal(part, digits: 3), octet <= 255 else { return nil }
            address = address << 8 | UInt64(octet)
        }
        return (0, address)
    }

    private static func parseIPv6(_ bytes: ArraySlice<UInt8>) -> (UInt64, UInt64)? {
        let text = Array(bytes)
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        var groups: [UInt64]
        if let gap {
            guard let head = parseGroups(text[..<gap]), let tail = parseGroups(text[(gap + 2)...]),
                head.count + tail.count <= 7
            else { return nil }
            groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = parseGroups(text[...]), all.count == 8 else { return nil }
            groups = all
        }
        let high = groups[0..<4].reduce(0) { $0 << 16 | $1 }
        let low = groups[4..<8].reduce(0) { $0 << 16 | $1 }
        return (high, low)
    }

    private static func parseGroups(_ bytes: ArraySlice<UInt8>) -> [UInt64]? {
        if bytes.isEmpty { return [] }
        var groups: [UInt64] = []
        for part in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard let group = parseGroup(part) else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func parseGroup(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 4 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard let digit = StringEscapes.hexDigit(byte) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in Cedar's text form, with its prefix.
    public var description: String {
        if !isIPv6 {
            let octets = stride(from: 24, through: 0, by: -8).map {
                String(low >> UInt64($0) & 255)
            }
            return octets.joined(separator: ".") + "/\(prefixLength)"
        }
        let groups = [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map {
                String(half >> UInt64($0) & 0xFFFF, radix: 16)
            }
        }
        return groups.joined(separator: ":") + "/\(prefixLength)"
    }
}
