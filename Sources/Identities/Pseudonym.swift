// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// Whom a pseudonym stands for.
public enum PersonKind: String, CaseIterable, Sendable {
    /// An employee: `A…`.
    case adviser
    /// A registered job seeker: `P…`.
    case jobSeeker = "jobseeker"

    var letter: String { self == .adviser ? "A" : "P" }
}

/// A pseudonym: a letter and twelve hexadecimal digits drawn at random, so that nobody can compute
/// it from an identifier (CNIL 2024-088; `docs/events.md`).
public struct Pseudonym: Hashable, Sendable {
    /// The pseudonym as the log writes it.
    public let text: String

    /// Reads a pseudonym; nil if it is not of that form.
    public init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard digits.count == 12, let first = text.utf8.first, "AP".utf8.contains(first),
            digits.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    /// Whom it stands for.
    public var kind: PersonKind { text.utf8.first == UInt8(ascii: "A") ? .adviser : .jobSeeker }

    /// Draws a new one.
    static func draw(_ kind: PersonKind) throws(CryptographyError) -> Pseudonym? {
        let digits = try RandomBytes.make(count: 6).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return Pseudonym(kind.letter + digits.joined())
    }
}

/// Who somebody is: what the vault hides.
public struct PersonIdentity: Hashable, Sendable {
    /// The identifier in the main system.
    public let identifier: String
    /// The name, for the person who opens the pseudonym.
    public let name: String
    static let byteCountMax = 1_024

    /// Makes an identity; white space around it is dropped.
    ///
    /// - Throws: ``VaultError/Code/badIdentifier`` if a part is empty or longer than 1,024 bytes.
    public init(identifier: String, name: String) throws(VaultError) {
        self.identifier = Self.trimmed(identifier)
        self.name = Self.trimmed(name)
        for part in [self.identifier, self.name] {
            guard (1...Self.byteCountMax).contains(part.utf8.count) else {
                throw VaultError(.badIdentifier)
            }
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The bytes that are sealed: the length of the identifier in two bytes, it, and the name.
    var bytes: [UInt8] {
        let count = identifier.utf8.count
        return [UInt8(count >> 8), UInt8(count & 0xFF)] + Array(identifier.utf8) + Array(name.utf8)
    }

    /// Reads those bytes; nil if they are not of that form.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return nil }
        let count = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count > 2 + count else { return nil }
        identifier = String(decoding: bytes[2..<2 + count], as: UTF8.self)
        name = String(decoding: bytes[(2 + count)...], as: UTF8.self)
    }
}
