// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The connections that a server has: so many at once, and no more.
///
/// Where all places are taken, a newcomer takes that of a connection that has no whole request yet: of
/// the peer that has most of them the one that waits longest. Sockets that say nothing shut nobody out.
final class ConnectionTable: Sendable {
    /// The greatest number of connections at once.
    static let countMax = 48

    private struct Entry {
        var peer: [UInt8]
        /// Since when the server waits for its request; nil while one is answered.
        var waitsSince: Int64?
        /// Whether it had to give its place up, and is about to close.
        var isDisplaced = false
    }

    private let entries = Mutex<[Int32: Entry]>([:])

    /// Takes a connection in, if there is a place for it.
    ///
    /// - Parameters:
    ///   - socket: The connection.
    ///   - peer: Who is at its other end.
    /// - Returns: False if every other one is being answered.
    func enter(_ socket: Int32, _ peer: [UInt8]) -> Bool {
        entries.withLock { entries in
            // Those that were displaced end at once; until then they take no place, within reason.
            guard entries.count < 2 * Self.countMax else { return false }
            if entries.values.count(where: { !$0.isDisplaced }) >= Self.countMax {
                guard let last = Self.leastEntitled(entries) else { return false }
                entries[last]?.isDisplaced = true
                shutdown(last, Int32(SHUT_RDWR))
            }
            entries[socket] = Entry(peer: peer, waitsSince: Deadline.now())
            return true
        }
    }

    private static func leastEntitled(_ entries: [Int32: Entry]) -> Int32? {
        let waiting = entries.filter { !$0.value.isDisplaced && $0.value.waitsSince != nil }
        let counts = waiting.values.reduce(into: [:]) { $0[$1.peer, default: 0] += 1 }
        return waiting.max { left, right in
            let (leftCount, rightCount) = (
                counts[left.value.peer] ?? 0, counts[right.value.peer] ?? 0
            )
            guard leftCount == rightCount else { return leftCount < rightCount }
            return left.value.waitsSince ?? 0 > right.value.waitsSince ?? 0
        }?.key
    }

    /// Notes that a connection is waited for, or that it is being answered.
    func note(_ socket: Int32, waits: Bool) {
        entries.withLock { $0[socket]?.waitsSince = waits ? Deadline.now() : nil }
    }

    /// Closes a connection.
    ///
    /// Its number may be another's as soon as it is closed, so both happen in one step.
    func leave(_ socket: Int32) {
        entries.withLock { entries in
            entries[socket] = nil
            _ = close(socket)
        }
    }
}
