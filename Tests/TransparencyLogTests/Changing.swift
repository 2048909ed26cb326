// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TransparencyLog

/// A log whose files change while it is being read.
final class Changing: LogSource {
    private let log: Mutex<MemoryLog>

    init(log: MemoryLog) {
        self.log = Mutex(log)
    }

    func change(_ path: LogPath, byte: Int) {
        log.withLock { $0.files[path]?[byte] ^= 1 }
    }

    func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        let copy = log.withLock { $0 }
        return try copy.withFile(path, body)
    }

    func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
        let copy = log.withLock { $0 }
        return try copy.keptCheckpointSizes()
    }

    func segments() throws(LogSourceError) -> [UInt64] {
        let copy = log.withLock { $0 }
        return try copy.segments()
    }
}
