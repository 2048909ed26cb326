// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A log as recovery found it: whole, and ready to be written.
struct RecoveredLog: ~Copyable {
    var segment: WriteAheadSegment
    var tree: LogTree
    /// Nil until it is needed.
    var identifiers: IdentifierIndex?
    var ownSequence: UInt64
    /// The last entry's leaf hash, or the opening link.
    var link: SHA256Digest
    /// When the last entry was recorded.
    var recordedAt: Int64
    var signed: SignedState?
    var torn: TornTail?
    /// Whether the checkpoint is the last head that was signed.
    var isPublished = true
    /// What is to be done about the keys.
    var step: SigningKeys.Step
}

/// What recovery dropped from the end of a log: bytes that nobody was told were written.
public struct TornTail: Hashable, Sendable {
    /// The index that the first dropped entry would have had.
    public let first: UInt64
    /// The number of bytes dropped.
    public let byteCount: Int
    /// The file that keeps the bytes.
    public let path: String

    /// How the name of such a file ends if bytes of earlier entries may be among them.
    static let mixedSuffix = "-mixed"

    init(_ bytes: TornBytes, at first: UInt64, in directory: LogDirectory) {
        (self.first, byteCount) = (first, bytes.range.count)
        path =
            "\(directory.state)/torn-\(first)-\(byteCount)"
            + (bytes.isMixed ? Self.mixedSuffix : "")
    }
}
