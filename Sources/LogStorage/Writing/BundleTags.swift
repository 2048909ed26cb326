// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The tags of the open segment's full bundles, made of the bytes that were hashed and acknowledged.
///
/// When a bundle is sealed, the bytes read back from the segment must have its tag. One that recovery
/// found in the segment, or a part of it, has none; it is hashed instead, and compared with its tile.
struct BundleTags: ~Copyable {
    /// Nil where libcrypto cannot make tags.
    let key: SecretBytes?
    private let tagger: ContentTagger?
    private var tags: [ContentTag?]
    /// The number of entries of the bundle that is not full.
    private var entryCount: Int
    /// Whether all of these were seen.
    private var isWhole = false

    private static let width = LogPath.fullWidth

    /// For a segment in which recovery found that many entries.
    init(recovered entryCount: Int) {
        key = ContentTagger.makeKey()
        tagger = key.flatMap { ContentTagger($0) }
        tags = [ContentTag?](repeating: nil, count: entryCount / Self.width)
        self.entryCount = entryCount % Self.width
    }

    /// Takes in entries that were written.
    mutating func add(_ batch: borrowing StagedBatch) {
        var place = 0
        while place < batch.count {
            let end = min(batch.count, place + Self.width - entryCount)
            if entryCount == 0 {
                tagger?.start()
                isWhole = tagger != nil
            }
            if isWhole { unsafe tagger?.update(batch.frames(place..<end)) }
            entryCount += end - place
            place = end
            guard entryCount == Self.width else { break }
            tags.append(isWhole ? tagger?.finish() : nil)
            entryCount = 0
        }
    }

    /// Hands out the tags of the full bundles, which leave the segment; the entries after them stay.
    mutating func take() -> [ContentTag?] {
        defer { tags = [] }
        return tags
    }
}
