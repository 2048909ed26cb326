// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// The last two keys that a log announces, found without reading the log.
///
/// A key is announced by `log.open` or by the last entry under a kept checkpoint, and while a
/// rotation is under way by the log's last entry: so only those entries are looked at.
struct AnnouncedKeys {
    /// One announcement.
    struct Announcement: Equatable {
        var index: UInt64
        var key: LogVerificationKey
        /// Whether the checkpoint that ends the epoch before it is kept.
        var isClosed: Bool
        /// Whether it is the recovery key, which a restoration's entry gives one epoch.
        var isRecovery = false
    }

    /// The last announcements, the newest first.
    ///
    /// Three say who signed any head that recovery may find: where a rotation is announced before
    /// anything was signed in the epoch that it ends, the last checkpoint is that which closed the epoch
    /// before.
    private var announcements: [Announcement] = []

    private static let countMax = 3

    /// The key of the present epoch, or of the one that a rotation prepares.
    var latest: Announcement? { announcements.first }
    /// The key before that.
    var previous: Announcement? { announcements.dropFirst().first }

    /// Whether a log of `treeSize` entries ends in those of a restoration that was not led to its closing
    /// checkpoint: only who has the recovery key can go on.
    func endsInRestoration(treeSize: UInt64) -> Bool {
        guard let latest, latest.index + 1 == treeSize else { return false }
        return !latest.isClosed && previous?.isRecovery == true
    }

    /// The key whose epoch covers a size.
    func key(for size: UInt64) -> LogVerificationKey? {
        let announcement = announcements.first { $0.index == 0 || size >= $0.index + 2 }
        return (announcement ?? announcements.last)?.key
    }

    init() {}

    /// Looks for them in a log of `treeSize` entries, `entry` giving each entry's bytes.
    init(
        _ directory: LogDirectory, treeSize: UInt64,
        entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) {
        guard treeSize > 0 else { return }
        let kept = try FileTree.names(in: directory.keptCheckpoints)
            .compactMap { LogDirectory.number($0) }.filter { $0 > 0 && $0 <= treeSize }
        let closings = Set(kept)
        for size in (closings.union([treeSize, 1])).sorted(by: >)
        where announcements.count < Self.countMax {
            guard let bytes = try entry(size - 1), let key = LogAnnouncement(entry: bytes)?.key
            else {
                continue
            }
            announcements.append(
                Announcement(
                    index: size - 1, key: key, isClosed: size == 1 || closings.contains(size)))
            if let recovery = try Self.recovery(before: size - 1, entry) {
                announcements.append(recovery)
            }
        }
    }

    /// The recovery key, where it closed the epoch after a restore.
    private static func recovery(
        before index: UInt64, _ entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) -> Announcement? {
        guard index > 0, let bytes = try entry(index - 1),
            let scanned = try? EntryScanner().scan(bytes), scanned.contains(.approver),
            let type = scanned.range(of: .type), bytes[type].elementsEqual("log.recover".utf8),
            let opening = try entry(0), let key = LogAnnouncement(entry: opening)?.recoveryKey
        else { return nil }
        return Announcement(index: index - 1, key: key, isClosed: true, isRecovery: true)
    }
}
