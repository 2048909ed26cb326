// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The last heads that were signed, as `.state/signed` and `checkpoint` say: read before anything
/// else, and checked once the log has said whose keys cover their sizes.
struct RecordedHead {
    /// What `.state/signed` says; nil in a copy that was made without the writer's own folder.
    private(set) var recorded: SignedState?
    /// What `checkpoint` says.
    private(set) var published: SignedState?

    private let note: CheckpointNote?
    private let directory: LogDirectory

    /// The head that the log must still have.
    var latest: SignedState? { recorded ?? published }

    var all: [SignedState] { [recorded, published].compactMap { $0 } }

    /// Reads both, and compares them with each other unless a restoration is to judge each by itself.
    init(
        _ directory: LogDirectory, _ origin: String, isRestoring: Bool = false
    ) throws(StorageError) {
        self.directory = directory
        recorded = try SignedState.read(directory.signed)
        let path = directory.path(of: .checkpoint)
        guard
            let bytes = try FileTree.bytes(of: path, byteCountMax: SignedNote.byteCountMax)
        else {
            note = nil
            return
        }
        guard let note = try? CheckpointNote(parsing: bytes) else {
            throw StorageError(.altered, path)
        }
        guard note.checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
            throw StorageError(.wrongKey, path)
        }
        self.note = note
        let hash = note.note.signatures.first { $0.name.utf8.elementsEqual(origin.utf8) }?.keyHash
        let published = SignedState(
            treeSize: note.checkpoint.treeSize, rootHash: note.checkpoint.rootHash,
            keyHash: hash ?? 0)
        self.published = published
        guard let recorded, !isRestoring else { return }
        let agrees =
            published.treeSize < recorded.treeSize
            || (published.treeSize == recorded.treeSize && published.rootHash == recorded.rootHash)
        guard agrees else { throw StorageError(.altered, directory.signed) }
    }

    /// Checks that the keys whose epochs cover the heads signed them.
    func check(
        _ epochs: AnnouncedKeys, orElse key: LogVerificationKey?
    ) throws(StorageError) {
        if let note {
            guard let signer = epochs.key(for: note.checkpoint.treeSize) ?? key,
                (try? note.note.verify(with: [signer])) != nil
            else { throw StorageError(.wrongKey, directory.path(of: .checkpoint)) }
        }
        if let recorded {
            guard let signer = epochs.key(for: recorded.treeSize) ?? key,
                signer.hash == recorded.keyHash
            else { throw StorageError(.altered, directory.signed) }
        }
    }

    /// Writes the record of the last signature, where only the checkpoint has it.
    func record(isDurable: Bool) throws(StorageError) {
        guard recorded == nil, let published else { return }
        try FileTree.replace(
            directory.signed, with: published.bytes, mode: 0o600, isDurable: isDurable)
    }
}
