// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

/// A log long enough for tiles of three levels: what the verifier keeps of its bundles is folded as
/// they are read.
@Suite struct UpperTileTests {
    private static let size = 256 * 256 + 3 * 256 + 5
    private static let made = Result {
        try sampleLog(count: size, keep: [256 * 200 + 7, 256 * 256, size - 1])
    }

    @Test func eachAlteredFileIsNamed() throws {
        let log = try Self.made.get()
        let verifier = try sampleVerifier()
        for workers in [1, 2, 5] {
            #expect(verifier.check(log, workers: workers).isIntact)
        }
        let upper = log.files.keys.filter { path in
            if case .tile(let level, _, _) = path { level > 0 } else { false }
        }
        #expect(upper.count == 3)
        for path in upper {
            var altered = log
            altered.files[path]?[(log.files[path]?.count ?? 0) - 1] ^= 1
            let report = verifier.check(altered, workers: 2)
            #expect(report.violations.map(\.code) == [.alteredTile])
            #expect(report.violations.map(\.path) == [path])
            altered.files[path] = nil
            #expect(verifier.check(altered).violations.map(\.path) == [path])
        }
        for size in try log.keptCheckpointSizes() {
            let path = LogPath.keptCheckpoint(size: size)
            var altered = log
            // Of another size, and signed as that.
            altered.files[path] = log.files[.checkpoint]
            let report = verifier.check(altered, workers: 2)
            #expect(report.violations.map(\.code) == [.inconsistentCheckpoint])
            #expect(report.violations.map(\.path) == [path])
        }
    }

    /// The reports are the same whether the log is kept for a replay or not, and by any number of workers.
    @Test func whatIsKeptChangesNoReport() throws {
        let log = try Self.made.get()
        let verifier = try sampleVerifier()
        let full = LogPath.fullWidth
        let cases: [(LogPath, [UInt8]?)] = [
            (.bundle(index: 3, width: full), nil), (.bundle(index: 200, width: full), [0, 1, 2]),
            (.bundle(index: 258, width: full), changed(log, .bundle(index: 258, width: full))),
            (
                .tile(level: 0, index: 201, width: full),
                changed(log, .tile(level: 0, index: 201, width: full))
            ),
            (.tile(level: 0, index: 259, width: 5), []),
        ]
        for (path, bytes) in cases {
            var altered = log
            altered.files[path] = bytes
            let expected = verifier.verify(altered).report
            #expect(!expected.isIntact)
            #expect(verifier.check(altered, workers: 3) == expected, "\(path.text)")
        }
    }

    private func changed(_ log: MemoryLog, _ path: LogPath) -> [UInt8]? {
        guard var bytes = log.files[path] else { return nil }
        bytes[bytes.count / 2] ^= 0x10
        return bytes
    }
}
