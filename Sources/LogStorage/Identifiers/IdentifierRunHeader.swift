// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What a run says of itself: which entries it names, and of which log.
struct IdentifierRunHeader: Sendable {
    /// The entries whose names it holds, less those that were purged when it was made.
    var entries: Range<UInt64>
    /// The leaf hash of the last of them, which commits to the log's whole history.
    var lastLeafHash: SHA256Digest
    /// The greatest `source_seq` of the log's own source up to there.
    var ownSequence: UInt64
    /// When the last of them was recorded.
    var recordedAt: Int64
    /// The secret of its hashes.
    var key: IdentifierKey
    /// The number of pages among which the hashes are spread evenly.
    var homeCount: UInt64

    static let byteCount = IdentifierPage.byteCount
    private static let magic: UInt64 = 0x3244_4945_4947_4956  // VIGIEID2

    private var words: [UInt64] {
        [
            Self.magic, entries.lowerBound, entries.upperBound, ownSequence,
            UInt64(bitPattern: recordedAt), key.low, key.high, homeCount,
        ]
    }

    /// A page: eight numbers with the lowest byte first, the leaf hash, the SHA-256 of these, zeros.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in words {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        bytes += lastLeafHash.bytes
        bytes += SHA256Hasher().hash(bytes).bytes
        return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
    }

    init(
        _ entries: Range<UInt64>, _ end: IdentifierEnd, key: IdentifierKey, homeCount: UInt64
    ) {
        (self.entries, self.key, self.homeCount) = (entries, key, homeCount)
        (lastLeafHash, ownSequence, recordedAt) = (end.leafHash, end.ownSequence, end.recordedAt)
    }

    /// Reads a header; nil if it is not whole.
    init?(_ page: [UInt8]) {
        guard page.count == Self.byteCount,
            let leafHash = SHA256Digest(bytes: Array(page[64..<96])),
            SHA256Hasher().hash(Array(page[..<96])).bytes == Array(page[96..<128])
        else { return nil }
        func word(_ place: Int) -> UInt64 {
            page[(8 * place)..<(8 * place + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard word(0) == Self.magic, word(1) < word(2), word(7) > 0 else { return nil }
        let end = IdentifierEnd(
            leafHash: leafHash, ownSequence: word(3), recordedAt: Int64(bitPattern: word(4)))
        self.init(
            word(1)..<word(2), end, key: IdentifierKey(low: word(5), high: word(6)),
            homeCount: word(7))
    }

    /// The page where a hash is, or from which on it is where that page is full.
    @inline(__always)
    func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: homeCount).high)
    }
}

/// What the writer knew when it had written the last entry of a run.
struct IdentifierEnd: Sendable {
    var leafHash: SHA256Digest
    var ownSequence: UInt64
    var recordedAt: Int64
}
