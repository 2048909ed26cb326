// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// What a purge left in force, as its entry says: `standing/<index of that entry>/` holds it.
///
/// The entry commits to every byte of it, so that nobody can take an agreement or an objection away
/// unseen. The next purge leaves a set of its own, and this one goes.
public struct StandingSet: Hashable, Sendable {
    /// The `retention.purge` entry.
    public var purge: UInt64
    /// What its files come to.
    public var total: StandingTotal
    /// From when on the state of the world is known, in milliseconds since 1970: what is asked of an
    /// earlier instant, purged entries might have answered.
    public var since: Int64

    /// Names a set.
    public init(purge: UInt64, total: StandingTotal, since: Int64) {
        (self.purge, self.total, self.since) = (purge, total, since)
    }
}

/// What the files of a standing set come to, added in the order of their bundles.
///
/// The digest is chained, so that it takes no memory: it begins as 32 zero bytes, and each file makes it
/// SHA-256(digest ‖ bundle as 8 bytes, the highest first ‖ SHA-256(file)).
public struct StandingTotal: Hashable, Sendable {
    /// The number of entries.
    public private(set) var count: UInt64 = 0
    /// What the files come to.
    public private(set) var digest = SHA256Digest.zero

    /// Nothing yet.
    public init() {}

    /// What an entry says of a set.
    init(count: UInt64, digest: SHA256Digest) { (self.count, self.digest) = (count, digest) }

    /// Adds the file of a bundle.
    public mutating func add(_ file: StandingFile) {
        count += file.count
        let place = (0..<8).reversed().map { UInt8(truncatingIfNeeded: file.bundle >> (8 * $0)) }
        digest = SHA256Hasher().hash(digest.bytes + place + file.digest.bytes)
    }
}

/// One file of a standing set: what stays of one bundle, framed as in the bundle.
public struct StandingFile: Hashable, Sendable {
    /// The bundle.
    public var bundle: UInt64
    /// The number of entries.
    public var count: UInt64
    /// SHA-256 of the file.
    public var digest: SHA256Digest

    /// Describes a file.
    public init(bundle: UInt64, count: UInt64, digest: SHA256Digest) {
        (self.bundle, self.count, self.digest) = (bundle, count, digest)
    }
}

extension ChunkResult.Removal {
    /// The set that a purge's entry announces; nil if it is of before there were any.
    static func standing(
        _ scanned: ScannedEntry, _ index: UInt64, _ text: (EntryField) -> [UInt8],
        count: UInt64?
    ) -> StandingSet? {
        let since = String(decoding: text(.validFrom), as: UTF8.self)
        guard let count, scanned.contains(.documentHash), scanned.contains(.validFrom),
            scanned.contains(.count),
            let digest = SHA256Digest(hex: String(decoding: text(.documentHash), as: UTF8.self)),
            let since = Timestamp.parse(since)
        else { return nil }
        return StandingSet(
            purge: index, total: StandingTotal(count: count, digest: digest), since: since)
    }
}
