// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Synchronization
import TransparencyLog

/// The tags of the open segment's full bundles, made of the bytes that were hashed and acknowledged.
///
/// When a bundle is sealed, the bytes read back from the segment must have its tag. One that recovery
/// found in the segment, or a part of it, has none; it is hashed instead, and compared with its tile.
///
/// The writer says which batches there are, in order; whoever has the time makes the tags.
final class BundleTags: Sendable {
    /// Nil where libcrypto cannot make tags.
    let key: SecretBytes?
    private let waiting = Mutex(Waiting())
    private let state: Mutex<State>

    private static let width = LogPath.fullWidth

    /// The frames of a batch.
    private struct Frames {
        let space: BatchSpace
        /// Where each of them starts.
        let offsets: [Int]
        /// Where the last one ends.
        let byteCount: Int
    }

    /// The batches without tags, the oldest first.
    private struct Waiting {
        private var batches: [Frames] = []
        private var byteCount = 0

        mutating func add(_ frames: Frames) {
            batches.append(frames)
            byteCount += frames.byteCount
        }

        /// Takes the oldest, unless no more than so many batches and bytes wait.
        mutating func take(leaving count: Int, _ byteCountMax: Int) -> Frames? {
            guard batches.count > count || byteCount > byteCountMax else { return nil }
            let frames = batches.removeFirst()
            byteCount -= frames.byteCount
            return frames
        }
    }

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

    /// Adds a batch, whose memory stays as it is from now on, until its tags are made.
    func add(_ batch: borrowing StagedBatch) {
        let frames = Frames(
            space: batch.space, offsets: batch.offsets, byteCount: batch.frameByteCount)
        waiting.withLock { $0.add(frames) }
    }

    /// Makes the tags of the batches that were added, or of all but the last of them.
    ///
    /// - Parameters:
    ///   - count: The number of batches that may wait.
    ///   - byteCount: The number of bytes of these.
    func make(leaving count: Int = 0, _ byteCount: Int = 0) {
        state.withLock { state in make(&state, leaving: count, byteCount) }
    }

    private func make(_ state: inout State, leaving count: Int, _ byteCount: Int) {
        while let frames = waiting.withLock({ $0.take(leaving: count, byteCount) }) {
            make(frames, &state)
        }
    }

    private func make(_ frames: Frames, _ state: inout State) {
        var place = 0
        while place < frames.offsets.count {
            let end = min(frames.offsets.count, place + Self.width - state.entryCount)
            if state.entryCount == 0 {
                state.tagger?.start()
                state.isWhole = state.tagger != nil
            }
            if state.isWhole {
                let start = frames.offsets[place]
                let stop = end < frames.offsets.count ? frames.offsets[end] : frames.byteCount
                unsafe state.tagger?.update(
                    UnsafeRawBufferPointer(
                        start: frames.space.frames + start, count: stop - start))
            }
            state.entryCount += end - place
            place = end
            guard state.entryCount == Self.width else { break }
            state.tags.append(state.isWhole ? state.tagger?.finish() : nil)
            state.entryCount = 0
        }
    }

    /// Hands out the tags of the full bundles, which leave the segment; the entries after them stay.
    func take() -> [ContentTag?] {
        state.withLock { state in
            make(&state, leaving: 0, 0)
            let taken = state.tags
            state.tags = []
            return taken
        }
    }
}
