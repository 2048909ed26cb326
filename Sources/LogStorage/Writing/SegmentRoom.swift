// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// Room for what is known of each entry of a segment.
struct SegmentRoom: Sendable {
    /// An empty array for the entries' leaf hashes.
    var leafHashes: [SHA256Digest] = []
    /// An empty array for where their frames start.
    var offsets: [UInt32] = []

    /// None as yet.
    init() {}

    /// For so many entries, used once.
    init(entryCount: Int) {
        leafHashes = Self.used(.zero, entryCount)
        offsets = Self.used(0, entryCount)
    }

    private static func used<Element>(_ element: Element, _ count: Int) -> [Element] {
        var room = [Element](repeating: element, count: count)
        room.removeAll(keepingCapacity: true)
        return room
    }
}
