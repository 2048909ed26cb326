// SPDX-License-Identifier: Apache-2.0

public import Cryptography
import Disclosure
import TransparencyLog

/// What the log's key signs of a summary: a few lines, from which everything else follows.
///
///     vigie-summary/v1
///     perimeter region:28
///     period 2026-10
///     log vigie.example/pilote 70000 47dec…
///     data 5a0b…
///     body-fr 91c2…
///     page-fr 0d3e…
///     body-en 77aa…
///     page-en c01f…
public struct SummaryStatement: Hashable, Sendable {
    /// The first line.
    public static let header = "vigie-summary/v1"

    /// The perimeter.
    public var perimeter: String
    /// The period.
    public var period: String
    /// The log's name.
    public var origin: String
    /// The number of entries that the figures rest on.
    public var treeSize: UInt64
    /// The root hash over these.
    public var rootHash: SHA256Digest
    /// The hashes of the parts, by name.
    public var digests: [String: SHA256Digest]

    /// The names of the parts, in order.
    static let parts = ["data", "body-fr", "page-fr", "body-en", "page-en"]

    /// States what a document says.
    init(_ document: SummaryDocument, _ digests: [String: SHA256Digest]) {
        perimeter = document.perimeter.text
        period = document.period.text
        origin = document.origin
        treeSize = document.treeSize
        rootHash = document.rootHash
        self.digests = digests
    }

    /// The text that is signed.
    public var text: String {
        var lines = [
            Self.header, "perimeter \(perimeter)", "period \(period)",
            "log \(origin) \(treeSize) \(rootHash.hex)",
        ]
        for part in Self.parts { lines.append("\(part) \(digests[part]?.hex ?? "")") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the text; nil if it is not such a statement, exactly.
    public init?(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5 + Self.parts.count, lines[0] == Self.header, lines.last == "",
            lines[1].hasPrefix("perimeter "), lines[2].hasPrefix("period ")
        else { return nil }
        let log = lines[3].split(separator: " ").map(String.init)
        guard log.count == 4, log[0] == "log", let size = UInt64(log[2]),
            let root = SHA256Digest(hex: log[3])
        else { return nil }
        perimeter = String(lines[1].dropFirst(10))
        period = String(lines[2].dropFirst(7))
        origin = log[1]
        treeSize = size
        rootHash = root
        digests = [:]
        for (place, part) in Self.parts.enumerated() {
            let words = lines[4 + place].split(separator: " ").map(String.init)
            guard words.count == 2, words[0] == part, let digest = SHA256Digest(hex: words[1])
            else { return nil }
            digests[part] = digest
        }
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }
}

extension SHA256Digest {
    /// The digest of a text.
    init(of text: String) { self = SHA256Hasher().hash(Array(text.utf8)) }
}
