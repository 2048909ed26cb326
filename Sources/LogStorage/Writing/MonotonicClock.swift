// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A clock that nobody sets: only differences of it have a meaning.
enum MonotonicClock {
    static var nanoseconds: Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
