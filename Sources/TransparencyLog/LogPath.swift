// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// A file of a log, by what it holds.
///
/// The paths are those of C2SP `tlog-tiles`, so that a log directory can be served as it is.
public enum LogPath: Hashable, Sendable {
    /// The latest checkpoint.
    case checkpoint
    /// A checkpoint that is kept.
    case keptCheckpoint(size: UInt64)
    /// The cosignatures of witnesses under the checkpoint of a size.
    case cosignatures(size: UInt64)
    /// The time stamp over the checkpoint of a size, as the authority answered (RFC 3161).
    case anchor(size: UInt64)
    /// A tile of subtree hashes; 256 wide if it is full.
    case tile(level: Int, index: UInt64, width: Int)
    /// A bundle of entries; 256 wide if it is full.
    case bundle(index: UInt64, width: Int)
    /// An entry of the log's own, kept when its bundle was purged.
    case keptEntry(index: UInt64)
    /// What a purge left in force of a bundle.
    case standing(purge: UInt64, bundle: UInt64)
    /// The open segment, which holds the entries from one index on as bundles will, with a header
    /// before each batch.
    case segment(first: UInt64)

    /// The number of entries of a full bundle, and of hashes of a full tile.
    public static let fullWidth = 256

    /// Whether the file is an open segment.
    package var isSegment: Bool {
        if case .segment = self { true } else { false }
    }

    /// The number of bytes that such a file has at most; of a longer one, one byte more shows that it is not
    /// as it was written.
    ///
    /// A segment has no such limit.
    public var byteCountMax: Int {
        let frame = EntryBundle.headerByteCount + Int(UInt16.max)
        switch self {
        case .checkpoint, .keptCheckpoint, .cosignatures: return SignedNote.byteCountMax
        case .anchor: return TimestampToken.byteCountMax
        case .tile(_, _, let width): return width * SHA256Digest.byteCount
        case .bundle(_, let width): return width * frame
        case .standing: return Self.fullWidth * frame
        case .keptEntry: return EntryScanner.byteCountMax
        case .segment: return .max
        }
    }

    /// The path inside the log directory.
    ///
    ///     checkpoint
    ///     checkpoints/70000
    ///     anchors/70000.tsr
    ///     tile/0/x001/234
    ///     tile/entries/000.p/17
    ///     kept/255
    ///     standing/81300/x001/234
    ///     wal/69888.seg
    public var text: String {
        switch self {
        case .checkpoint: "checkpoint"
        case .keptCheckpoint(let size): "checkpoints/\(size)"
        case .cosignatures(let size): "cosignatures/\(size)"
        case .anchor(let size): "anchors/\(size).tsr"
        case .tile(let level, let index, let width):
            "tile/\(level)/" + Self.path(index, width)
        case .bundle(let index, let width): "tile/entries/" + Self.path(index, width)
        case .keptEntry(let index): "kept/\(index)"
        case .standing(let purge, let bundle):
            "standing/\(purge)/" + Self.path(bundle, Self.fullWidth)
        case .segment(let first): "wal/\(first).seg"
        }
    }

    /// An index in groups of three digits, all but the last marked with `x`.
    private static func path(_ index: UInt64, _ width: Int) -> String {
        var (rest, text) = (index / 1_000, padded(index % 1_000))
        while rest > 0 {
            text = "x" + padded(rest % 1_000) + "/" + text
            rest /= 1_000
        }
        return width == fullWidth ? text : text + ".p/\(width)"
    }

    private static func padded(_ group: UInt64) -> String {
        let text = String(group)
        return String(repeating: "0", count: 3 - text.utf8.count) + text
    }
}
