// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Synchronization

/// Room for the leaf hashes of a coming segment, used once before it is needed: the system clears memory
/// page by page when it is first written, while somebody waits.
final class LeafRoom: Sendable {
    private let room = Mutex<[SHA256Digest]>([])

    /// Makes room for so many, unless there is some.
    func make(_ count: Int) {
        guard room.withLock({ $0.capacity == 0 }) else { return }
        var leaves = [SHA256Digest](repeating: .zero, count: count)
        leaves.removeAll(keepingCapacity: true)
        room.withLock { $0 = leaves }
    }

    /// An empty array with that room, if there is some.
    func take() -> [SHA256Digest] {
        room.withLock { room in
            defer { room = [] }
            return room
        }
    }
}
