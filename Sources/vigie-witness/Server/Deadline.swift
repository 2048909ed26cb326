// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment by which something must be done, on a clock that nobody sets.
struct Deadline: Hashable, Sendable {
    /// In milliseconds of that clock: only differences have a meaning.
    let moment: Int64

    /// So many milliseconds from now.
    init(after milliseconds: Int64) { moment = Self.now() + milliseconds }

    /// How many milliseconds are left; none once it has passed.
    var left: Int64 { max(0, moment - Self.now()) }

    /// The clock, in milliseconds.
    static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Sleeps until a socket is ready.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - events: For what, as `poll` has it.
    /// - Returns: False if it was not ready in time.
    func wait(for socket: Int32, _ events: Int32) -> Bool {
        while true {
            let left = left
            guard left > 0 else { return false }
            var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
            let count = unsafe poll(&descriptor, 1, Int32(clamping: left))
            if count > 0 { return true }
            guard count < 0, errno == EINTR else { return false }
        }
    }
}
