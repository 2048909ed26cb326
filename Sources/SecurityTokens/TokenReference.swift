// SPDX-License-Identifier: Apache-2.0

/// Where a key in a security token is: a PKCS #11 URI (RFC 7512).
///
///     pkcs11:token=journal;object=vigie-1f2e3d4c?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/vigie/pin
public struct TokenReference: Hashable, Sendable {
    /// The scheme that such a text starts with.
    public static let scheme = "pkcs11:"

    /// The label of the token.
    public var token: String
    /// The label of the key; empty where a new one is to be made.
    public var object: String
    /// The library of the token's maker.
    public var modulePath: String
    /// The file whose first line is the PIN.
    public var pinSource: String

    /// Parses a URI: `token`, `object`, `module-path` and `pin-source`, and nothing else.
    ///
    /// - Throws: ``TokenError/malformedReference``.
    public init(parsing text: some StringProtocol) throws(TokenError) {
        guard text.utf8.count <= 2_048, text.hasPrefix(Self.scheme) else {
            throw .malformedReference
        }
        let halves = text.dropFirst(Self.scheme.count)
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var values: [String: String] = [:]
        let parts =
            halves[0].split(separator: ";")
            + (halves.count == 2 ? halves[1].split(separator: "&") : [])
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let value = Self.decoded(pair[1]),
                values.updateValue(value, forKey: String(pair[0])) == nil
            else { throw .malformedReference }
        }
        guard let token = values.removeValue(forKey: "token"), !token.isEmpty,
            let modulePath = values.removeValue(forKey: "module-path"), modulePath.hasPrefix("/"),
            let pinSource = values.removeValue(forKey: "pin-source")
        else { throw .malformedReference }
        object = values.removeValue(forKey: "object") ?? ""
        guard values.isEmpty else { throw .malformedReference }
        self.token = token
        self.modulePath = modulePath
        self.pinSource = pinSource.hasPrefix("file:") ? String(pinSource.dropFirst(5)) : pinSource
    }

    /// The URI.
    public var text: String {
        "\(Self.scheme)token=\(Self.encoded(token));object=\(Self.encoded(object))"
            + "?module-path=\(Self.encoded(modulePath))&pin-source=\(Self.encoded(pinSource))"
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value != 0 else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "-._~/:".utf8.contains(byte)
            if isPlain {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}

/// A security token did not do what it was asked.
public enum TokenError: Error, Hashable, Sendable {
    /// The text is no PKCS #11 URI with `token`, `module-path` and `pin-source`.
    case malformedReference
    /// The library of the token's maker cannot be loaded, or is none.
    case noModule
    /// No token has this label.
    case noToken
    /// The token has no such key, or it is no Ed25519 key.
    case noKey
    /// The file of the PIN cannot be read.
    case noPIN
    /// Others than its owner may read the file of the PIN, which is this one.
    case exposedPIN(String)
    /// The generator of random bytes failed.
    case noRandomness
    /// A function of the library failed, with this return value.
    case refused(UInt)
}
