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
            let path = directory.path(of: .segment(first: first))
            if let bytes = try converted(first, in: directory) {
                try FileTree.replace(path, with: bytes, isDurable: isDurable)
            }
            try FileTree.remove(leaves(first, directory))
        }
    }

    /// The bytes of a segment as they are, or as they will be once it is converted.
    static func contents(
        of first: UInt64, in directory: LogDirectory
    ) throws(StorageError) -> [UInt8] {
        if let bytes = try converted(first, in: directory) { return bytes }
        return try WriteAheadSegment.contents(of: first, in: directory)
    }

    private static func leaves(_ first: UInt64, _ directory: LogDirectory) -> String {
        directory.wal + "/\(first)" + suffix
    }

    /// A segment of today; nil if it is one already.
    private static func converted(
        _ first: UInt64, in directory: LogDirectory
    ) throws(StorageError) -> [UInt8]? {
        let leaves = leaves(first, directory)
        guard let hashes = try FileTree.bytes(of: leaves, byteCountMax: LogReader.byteCountMax)
        else { return nil }
        let bytes = try WriteAheadSegment.contents(of: first, in: directory)
        // Empty, or converted before a crash.
        guard !bytes.isEmpty, unsafe SegmentHeader(at: 0, in: bytes.span.bytes) == nil else {
            return nil
        }
        return converted(bytes, hashes)
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
