// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A log as a restoration finds it.
struct LogBehind: ~Copyable {
    var found: ExaminedLog
    let finding: Finding

    /// What a restoration goes by.
    struct Finding {
        /// What `.state/signed` says.
        var recorded: SignedState?
        /// The greatest head that was signed, and that the log has not.
        var lost: SignedState?
        /// The last head that the log has.
        var held: SignedState?
        /// The restoration that the log ends in.
        var begun: BegunRestoration?
        /// Whether the checkpoint is kept that closes its epoch.
        var isClosed = false
        /// Whether the last entry announces a key, and the checkpoint that ends the epoch is not kept: a copy
        /// made within a rotation.
        var endsUnclosed = false

        /// Whether a restoration that announced its next key names all that was lost: a head that its entries do
        /// not name was lost since.
        var isNamed: Bool {
            guard let begun, begun.next != nil else { return false }
            return lost.map { begun.names($0) } ?? true
        }

        /// The entries that a restoration of a log of `treeSize` entries records as lost, or has recorded: an
        /// empty range, where it is not known how many are.
        func entriesLost(
            at treeSize: UInt64, _ file: SigningKeyFile
        ) throws(StorageError) -> Range<UInt64> {
            if isNamed, let begun, let next = begun.next {
                let keys = [try file.current(), try file.next()]
                if keys.contains(where: { $0?.verificationKey == next }) { return begun.entries }
            }
            guard !isNamed, let lost else { return treeSize..<treeSize }
            return min(treeSize, lost.treeSize)..<lost.treeSize
        }
    }
}

extension LogRecovery {
    /// Reads a log that can only go on through a restoration: it lacks what was signed, it announces none of the
    /// keys that are here, or a restoration was cut short.
    ///
    /// - Throws: ``StorageError/Code/notRestorable`` if it can go on without, and
    ///   ``StorageError/Code/notRecoveryKey`` if entry 0 announces another recovery key.
    func examineBehind(_ file: SigningKeyFile) throws(StorageError) -> LogBehind {
        guard let recoveryKey = keys.current else { throw StorageError(.wrongKey, directory.path) }
        let head = try RecordedHead(directory, keys.origin, isRestoring: true)
        let first = try openSegment()
        var trunk = RecoveredTrunk(signed: head.all)
        try readTiles(before: first, head, &trunk)
        let contents = try EarlierSegment.contents(of: first, in: directory)
        let tail = scan(contents, from: first, link: trunk.link(keys.origin), &trunk)
        var finding = LogBehind.Finding(recorded: head.recorded)
        for signed in head.all.sorted(by: { $0.treeSize < $1.treeSize }) {
            if trunk.holds(signed) { finding.held = signed } else { finding.lost = signed }
        }
        let read = { (index: UInt64) throws(StorageError) in
            try entry(index, tail, contents)
        }
        finding.begun = try BegunRestoration(treeSize: tail.end, entry: read)
        if finding.begun?.next != nil {
            finding.isClosed = try isClosed(tail.end, trunk.tree.root, recoveryKey.verificationKey)
        }
        if finding.begun == nil {
            let epochs = try AnnouncedKeys(directory, treeSize: tail.end, entry: read)
            finding.endsUnclosed = epochs.latest?.isClosed == false
        }
        try requireGround(finding, head, file, treeSize: tail.end, read)
        try requireAnnounced(recoveryKey.verificationKey, by: read(0))
        return LogBehind(
            found: ExaminedLog(
                head: head, contents: contents, tail: tail, trunk: trunk, step: .sign(recoveryKey)),
            finding: finding)
    }

    /// Entry 0 must announce the recovery key.
    private func requireAnnounced(
        _ key: LogVerificationKey, by opening: [UInt8]?
    ) throws(StorageError) {
        guard let opening, LogAnnouncement(entry: opening)?.recoveryKey == key else {
            throw StorageError(.notRecoveryKey, directory.path)
        }
    }

    /// Whether the recovery key's checkpoint over the whole log is kept.
    private func isClosed(
        _ treeSize: UInt64, _ root: SHA256Digest, _ key: LogVerificationKey
    ) throws(StorageError) -> Bool {
        let path = directory.path(of: .keptCheckpoint(size: treeSize))
        guard let bytes = try FileTree.bytes(of: path, byteCountMax: SignedNote.byteCountMax),
            let note = try? CheckpointNote(parsing: bytes)
        else { return false }
        return note.checkpoint.treeSize == treeSize && note.checkpoint.rootHash == root
            && (try? note.note.verify(with: [key])) != nil
    }

    private func requireGround(
        _ finding: LogBehind.Finding, _ head: RecordedHead, _ file: SigningKeyFile,
        treeSize: UInt64, _ entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) {
        if let lost = finding.lost {
            // As long as it was signed, and something else: not lost, but altered.
            guard treeSize < lost.treeSize || finding.begun != nil else {
                throw StorageError(.altered, directory.path)
            }
            return
        }
        if let next = finding.begun?.next {
            let isKeyLeft = try file.next()?.verificationKey == next
            if !finding.isClosed || isKeyLeft { return }
        }
        let epochs = try AnnouncedKeys(directory, treeSize: treeSize, entry: entry)
        try head.check(epochs, orElse: nil)
        guard try ownKeys(file)?.step(epochs, treeSize: treeSize) == nil else {
            throw StorageError(.notRestorable, directory.path)
        }
    }

    /// The keys that are here; nil if there are none.
    private func ownKeys(_ file: SigningKeyFile) throws(StorageError) -> SigningKeys? {
        do throws(StorageError) {
            return try SigningKeys(file)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
