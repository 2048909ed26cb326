// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A segment as programs wrote it before batches had headers: frames alone, and beside them a file of
/// their leaf hashes.
///
/// It becomes one of today before anything else is read: what the hashes show to be whole as one batch,
/// and after it, as they were, the bytes that recovery will set aside.
enum EarlierSegment {
    private static let suffix = ".leaf"

    static func convertAll(
        in directory: LogDirectory, isDurable: Bool
    ) throws(StorageError) {
        for first in try directory.segmentStarts(suffix: suffix) {
            let leaves = directory.wal + "/\(first)" + suffix
            let path = directory.path(of: .segment(first: first))
            let bytes = try WriteAheadSegment.contents(of: first, in: directory)
            // Empty, or converted before a crash.
            let header = unsafe SegmentHeader(at: 0, in: bytes.span.bytes)
            if !bytes.isEmpty, header == nil {
                let hashes =
                    try FileTree.bytes(of: leaves, byteCountMax: LogReader.byteCountMax) ?? []
                try FileTree.replace(path, with: converted(bytes, hashes), isDurable: isDurable)
            }
            try FileTree.remove(leaves)
        }
    }

    private static func converted(_ bytes: [UInt8], _ leaves: [UInt8]) -> [UInt8] {
        let hasher = SHA256Hasher()
        var (end, count, last) = (0, 0, SHA256Digest?.none)
        while let range = unsafe EntryBundle.entryRange(at: end, in: bytes.span.bytes) {
            let place = count * SHA256Digest.byteCount
            guard place + SHA256Digest.byteCount <= leaves.count else { break }
            let stored = Array(leaves[place..<(place + SHA256Digest.byteCount)])
            let leafHash = hasher.leafHash(Array(bytes[range]))
            guard leafHash.bytes == stored else { break }
            (end, count, last) = (range.upperBound, count + 1, leafHash)
        }
        guard let last, let frameByteCount = UInt32(exactly: end) else { return bytes }
        return SegmentHeader(frameByteCount: frameByteCount, lastLeafHash: last).bytes + bytes
    }
}
