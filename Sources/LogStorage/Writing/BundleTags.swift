// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Synchronization
import TransparencyLog

/// The tags of the open segment's full bundles, made of the bytes that were hashed and acknowledged.
///
/// When a bundle is sealed, the bytes read back from the segment must have its tag. One that recovery
/// found in the segment, or a part of it, has none; it is hashed instead, and compared with its tile.
///
/// Batches are taken in by whoever writes them, in their order.
final class BundleTags: Sendable {
    /// Nil where libcrypto cannot make tags.
    let key: SecretBytes?
    private let state: Mutex<State>

    private static let width = LogPath.fullWidth

    private struct State: ~Copyable {
        let tagger: ContentTagger?
        var tags: [ContentTag?]
        /// The number of entries of the bundle that is not full.
        var entryCount: Int
        /// Whether all of these were seen.
        var isWhole = false
    }

    /// For a segment in which recovery found that many entries.
    init(recovered entryCount: Int) {
        let key = ContentTagger.makeKey()
        self.key = key
        state = Mutex(
            State(
                tagger: key.flatMap { ContentTagger($0) },
                tags: [ContentTag?](repeating: nil, count: entryCount / Self.width),
                entryCount: entryCount % Self.width))
    }

    /// Takes in entries that are written.
    ///
    /// - Parameters:
    ///   - space: The memory with their frames.
    ///   - offsets: Where each of these starts.
    ///   - frameByteCount: Where the last one ends.
    func add(_ space: BatchSpace, offsets: [Int], frameByteCount: Int) {
        state.withLock { state in
            var place = 0
            while place < offsets.count {
                let end = min(offsets.count, place + Self.width - state.entryCount)
                if state.entryCount == 0 {
                    state.tagger?.start()
                    state.isWhole = state.tagger != nil
                }
                if state.isWhole {
                    let stop = end < offsets.count ? offsets[end] : frameByteCount
                    unsafe state.tagger?.update(
                        UnsafeRawBufferPointer(
                            start: space.frames + offsets[place], count: stop - offsets[place]))
                }
                state.entryCount += end - place
                place = end
                guard state.entryCount == Self.width else { break }
                state.tags.append(state.isWhole ? state.tagger?.finish() : nil)
                state.entryCount = 0
            }
        }
    }

    /// Hands out the tags of the full bundles, which leave the segment; the entries after them stay.
    func take() -> [ContentTag?] {
        state.withLock { state in
            let taken = state.tags
            state.tags = []
            return taken
        }
    }
}
