// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

extension Judgement {
    /// Reads the keys that the log announces, and checks who signed the head.
    mutating func judgeKeys(_ head: CheckpointNote?) {
        guard let head else { return }
        let checkpoint = head.checkpoint
        guard checkpoint.treeSize > 0 else {
            check(head, by: keys.filter { $0.name == checkpoint.origin }, .checkpoint)
            return
        }
        for announcement in announcements { learn(announcement, checkpoint.origin) }
        guard let first = report.keyEpochs.first, first.announcedAt == 0 else {
            report(IntegrityViolation(.wrongOpening, index: 0, path: announcements.first?.path))
            // Where entry 0 is lost, keys announced since are known; the closing checkpoint before the
            // first of them must be signed by a key that the reader gave.
            let later = lost?.contains(0) == true ? epoch(of: checkpoint.treeSize) : nil
            check(head, by: later.map { [$0.key] } ?? keys, .checkpoint, since: later)
            return
        }
        guard let epoch = epoch(of: checkpoint.treeSize) else { return }
        if !keys.contains(first.key) && !keys.contains(epoch.key) {
            report(IntegrityViolation(.untrustedKey, path: .checkpoint))
        }
        check(head, by: [epoch.key], .checkpoint, since: epoch)
    }

    private mutating func learn(_ announcement: ChunkResult.Announcement, _ origin: String) {
        let text = String(decoding: announcement.text, as: UTF8.self)
        do throws(NoteError) {
            let key = try LogVerificationKey(parsing: text)
            guard key.name.utf8.elementsEqual(origin.utf8) else { throw .malformedKey }
            // The entry that announces a key is the last that the key before it signs.
            let firstSize = announcement.index == 0 ? 0 : announcement.index + 2
            learnRecovery(before: announcement)
            report.keyEpochs.append(
                KeyEpoch(key: key, firstSize: firstSize, announcedAt: announcement.index))
        } catch {
            let code: IntegrityViolation.Code =
                announcement.index == 0 ? .wrongOpening : .malformedKey
            report(
                IntegrityViolation(
                    code, index: announcement.index, path: announcement.path,
                    byteOffset: announcement.byteOffset))
        }
    }

    /// After a restore the recovery key closes the epoch, since the key before may be gone.
    private mutating func learnRecovery(before announcement: ChunkResult.Announcement) {
        guard announcement.index > 0,
            removals.contains(where: {
                $0.kind == .restore && $0.index + 1 == announcement.index
            }),
            let text = announcements.first(where: { $0.index == 0 })?.recoveryKey,
            let key = try? LogVerificationKey(parsing: String(decoding: text, as: UTF8.self))
        else { return }
        report.keyEpochs.append(
            KeyEpoch(
                key: key, firstSize: announcement.index, announcedAt: announcement.index - 1,
                isRecovery: true))
    }

    /// The epoch whose key signs checkpoints of a size.
    private func epoch(of size: UInt64) -> KeyEpoch? {
        report.keyEpochs.last { $0.firstSize <= size }
    }

    /// Checks who signed a checkpoint.
    ///
    /// Where the entry is lost that announced the next key, that the signature is not by this one is
    /// no fault of the checkpoint; but then nobody knows whose word the end of the log is.
    ///
    /// - Returns: Whether it is signed as it must be.
    @discardableResult
    private mutating func check(
        _ note: CheckpointNote, by keys: [LogVerificationKey], _ path: LogPath,
        since epoch: KeyEpoch? = nil
    ) -> Bool {
        do throws(NoteError) {
            let signer = try note.note.verify(with: keys)
            if path == .checkpoint { report.signer = signer }
            return true
        } catch {
            let size = note.checkpoint.treeSize
            guard isAnnouncementLost(from: epoch, before: size) else {
                report(IntegrityViolation(.invalidSignature, path: path))
                return false
            }
            if path == .checkpoint { report.lastBadIndex = size - 1 }
            return false
        }
    }

    /// Whether the entry that ends an epoch is lost: the checkpoint that closes the epoch is there, signed
    /// by its key, which nobody else can make.
    private func isAnnouncementLost(from epoch: KeyEpoch?, before size: UInt64) -> Bool {
        guard let lost else { return false }
        let start = epoch.map { $0.announcedAt + 1 } ?? 0
        let sizes = (try? source.keptCheckpointSizes()) ?? []
        return sizes.contains { closing in
            guard closing > start, closing < size, lost.contains(closing - 1),
                let bytes = try? source.bytes(of: .keptCheckpoint(size: closing)),
                let note = try? CheckpointNote(parsing: bytes),
                note.checkpoint.treeSize == closing
            else { return false }
            return (try? note.note.verify(with: epoch.map { [$0.key] } ?? keys)) != nil
        }
    }

    // MARK: Kept checkpoints

    /// Compares each kept checkpoint with the log, and finds the last one that still holds.
    mutating func judgeKeptCheckpoints(_ locator: BundleLocator, _ treeSize: UInt64) {
        do throws(LogSourceError) {
            let sizes = try source.keptCheckpointSizes().filter { $0 < BundleLocator.indexMax }
            // Those within the prefix were compared when it was verified.
            let known = prefix?.treeSize ?? 0
            for size in sizes where size > known && (size <= treeSize || head == nil) {
                // One that came while the log was read is judged the next time.
                if tree.knowsRange(before: size) { judgeKept(size, locator) }
            }
            for size in sizes where size > treeSize && head != nil {
                // Cut off below a checkpoint that was published: the head is not the latest.
                judgeBeyond(size)
            }
            for epoch in report.keyEpochs where epoch.announcedAt > 0 && !epoch.isRecovery {
                let closing = epoch.announcedAt + 1
                guard closing < treeSize, !sizes.contains(closing) else { continue }
                // A backup from before that checkpoint, and two persons who went on with it: the entry after
                // the announcement says so, so that no entry came under the key that it announces.
                if report.keyEpochs.contains(where: {
                    $0.isRecovery && $0.announcedAt == closing
                }) {
                    report(
                        LogFinding(
                            kind: .unclosedEpoch, index: epoch.announcedAt,
                            entries: closing..<closing))
                    continue
                }
                report(
                    IntegrityViolation(
                        .missingClosingCheckpoint, index: epoch.announcedAt,
                        path: .keptCheckpoint(size: closing)))
            }
        } catch {
            report(IntegrityViolation(.unreadableFile, path: error.path))
        }
    }

    private mutating func judgeKept(_ size: UInt64, _ locator: BundleLocator) {
        let path = LogPath.keptCheckpoint(size: size)
        guard let note = readKept(path) else { return }
        guard note.checkpoint.treeSize == size,
            head.map({ $0.checkpoint.origin == note.checkpoint.origin }) ?? true
        else { return report(IntegrityViolation(.inconsistentCheckpoint, path: path)) }
        let epoch = epoch(of: size)
        let isSigned = check(note, by: epoch.map { [$0.key] } ?? keys, path, since: epoch)
        let found = root(size, partial: leaves(upTo: size, locator))
        // One that is not known contradicts nothing: what it lacks was reported.
        if found == nil, report.violationCount > 0 { return }
        guard found == note.checkpoint.rootHash else {
            var violation = IntegrityViolation(.inconsistentCheckpoint, path: path)
            violation.expected = note.checkpoint.rootHash
            return report(violation)
        }
        guard isSigned, size <= report.firstBadIndex ?? .max else { return }
        keptNotes.append(note)
        report.lastGoodHead = note.checkpoint
    }

    private mutating func readKept(_ path: LogPath) -> CheckpointNote? {
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: path) else { return nil }
            do throws(NoteError) {
                return try CheckpointNote(parsing: bytes)
            } catch {
                report(IntegrityViolation(.malformedCheckpoint, path: path))
            }
        } catch {
            report(IntegrityViolation(.unreadableFile, path: path))
        }
        return nil
    }

    /// A kept checkpoint larger than the head: harmless only if the log grew since it was read.
    private mutating func judgeBeyond(_ size: UInt64) {
        // An unreadable second reading leaves the first in force, which is below `size`.
        let bytes = (try? source.bytes(of: .checkpoint)) ?? []
        let latest = try? CheckpointNote(parsing: bytes)
        guard let latest, latest.checkpoint.treeSize >= size else {
            return report(
                IntegrityViolation(.inconsistentCheckpoint, path: .keptCheckpoint(size: size)))
        }
    }

    /// The leaf hashes of the bundle that a size cuts, up to the cut.
    private func leaves(upTo size: UInt64, _ locator: BundleLocator) -> [SHA256Digest] {
        let width = UInt64(LogPath.fullWidth)
        let rest = Int(size % width)
        guard rest > 0 else { return [] }
        if size / width == bundleCount
            || partialLeaves.count >= rest
                && size / width
                    == report.entryCount / width
        {
            return partialLeaves
        }
        guard !absent.contains(where: { $0.contains(size) }) else {
            // Purged: its tile is under the root that was judged.
            let path = LogPath.tile(level: 0, index: size / width, width: LogPath.fullWidth)
            let bytes = (try? source.bytes(of: path)) ?? []
            return (0..<min(rest, bytes.count / SHA256Digest.byteCount)).compactMap { slot in
                let start = slot * SHA256Digest.byteCount
                return SHA256Digest(bytes: Array(bytes[start..<(start + SHA256Digest.byteCount)]))
            }
        }
        var pass = BundlePass()
        let places = locator.places(size / width, width: LogPath.fullWidth)
        // What cannot be read was reported before; the root is then unknown.
        let read: Void?? = try? unsafe locator.withFirst(of: places) { bytes, place in
            unsafe pass.read(bytes, at: place, width: rest)
        }
        guard read != nil else { return [] }
        return Array(pass.leaves.prefix(min(rest, pass.count)))
    }
}
