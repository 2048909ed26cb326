// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// The time-stamping authorities that a reader trusts, and the reader's present.
public struct AnchorDemands: Sendable {
    /// The certificates that lead to the authorities.
    public var roots: TimestampRoots
    /// The present moment, in milliseconds since 1970: a time stamp whose certificates have ended
    /// by then must have been renewed before.
    public var now: Int64

    /// Makes demands.
    public init(roots: TimestampRoots, now: Int64) {
        (self.roots, self.now) = (roots, now)
    }
}

/// A checkpoint of a log, and the time stamp over it: what it covers existed then.
public struct Anchor: Hashable, Sendable {
    /// The number of entries that the checkpoint covers.
    public var treeSize: UInt64
    /// When the authority stamped it, in milliseconds since 1970.
    public var time: Int64
    /// How far the authority's clock may have been off, in milliseconds; nil if it does not say.
    public var accuracy: Int64?
    /// Who stamped it, and until when the certificates hold.
    public var authority: TimestampAuthority
    /// The entry that records the time stamp; nil if none does yet.
    public var recordedAt: UInt64?
    /// Whether the time stamp counts now: its certificates hold, or a later one that counts was made
    /// over its record before they ended.
    public internal(set) var isInForce = false
}

/// When authorities that a reader trusts stamped a log.
public struct AnchorReport: Hashable, Sendable {
    /// The valid time stamps, by the size of what they cover.
    public internal(set) var anchors: [Anchor] = []

    /// The valid time stamp over most of the log.
    public var latest: Anchor? { anchors.last }
}

/// An entry by which the log says that a checkpoint of it was stamped.
struct AnchorRecord: Sendable {
    var index: UInt64
    var treeSize: UInt64
    /// SHA-256 of the authority's answer.
    var hash: SHA256Digest
}

extension CheckpointNote {
    /// What is stamped: SHA-256 of the note's text, without its signatures.
    ///
    /// The name, the size and the root are in it; an outsider computes it from the file's first
    /// three lines.
    public var imprint: SHA256Digest { SHA256Hasher().hash(Array(note.text.utf8)) }
}
