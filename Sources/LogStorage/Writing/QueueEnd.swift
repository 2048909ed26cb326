// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a queue of callers is exchanged by, all at once: whether somebody leads, which of two lanes the
/// jobs that come wait in, and the job that came last.
struct QueueEnd: RawRepresentable, AtomicRepresentable {
    private static let isLedBit: UInt = 1
    private static let isOddBit: UInt = 2
    /// Objects are aligned to 16 bytes.
    private static let jobMask: UInt = ~15

    let rawValue: UInt

    init(rawValue: UInt) { self.rawValue = rawValue }

    /// The end of a queue without jobs.
    init(isOdd: Bool, isLed: Bool) {
        rawValue = (isOdd ? Self.isOddBit : 0) | (isLed ? Self.isLedBit : 0)
    }

    /// The end of a queue that somebody leads, with a last job.
    init(isOdd: Bool, last job: Unmanaged<AppendJob>) {
        let address = unsafe UInt(bitPattern: job.toOpaque())
        rawValue = address | Self(isOdd: isOdd, isLed: true).rawValue
    }

    var isLed: Bool { rawValue & Self.isLedBit != 0 }
    var isOdd: Bool { rawValue & Self.isOddBit != 0 }
    var isEmpty: Bool { rawValue & Self.jobMask == 0 }

    var last: Unmanaged<AppendJob>? {
        guard let address = unsafe UnsafeRawPointer(bitPattern: rawValue & Self.jobMask) else {
            return nil
        }
        return unsafe .fromOpaque(address)
    }
}
