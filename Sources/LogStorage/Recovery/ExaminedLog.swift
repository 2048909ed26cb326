// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A log as it is on the disk, read and judged; nothing of it is open yet.
struct ExaminedLog: ~Copyable {
    let head: RecordedHead
    let segments: OpenSegments
    /// The bytes of the open segment.
    let contents: [UInt8]
    /// Its whole batches.
    let tail: RecoveredTail
    var trunk: RecoveredTrunk
    /// What is to be done about the keys.
    let step: SigningKeys.Step
}

/// The open segment of a log, and what the segments before it hold.
struct OpenSegments {
    /// A full bundle that is in no file of its own.
    struct Bundle {
        var frames: [UInt8]
        var hashes: [SHA256Digest]
    }

    /// The index of the open segment's first entry.
    let first: UInt64
    /// The bundles of closed segments, by their indices: none once they were sealed.
    var unsealed: [UInt64: Bundle] = [:]

    /// An entry of an unsealed bundle; nil if it is in none.
    func entry(_ index: UInt64) -> [UInt8]? {
        let (bundle, place) = index.quotientAndRemainder(
            dividingBy: UInt64(LogPath.fullWidth))
        guard let frames = unsealed[bundle]?.frames else { return nil }
        let ranges = unsafe EntryBundle.entryRanges(in: frames.span.bytes)
        return Int(place) < ranges.count ? Array(frames[ranges[Int(place)]]) : nil
    }
}
