// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// Signs the present head and publishes it, with the partial tiles that a reader needs.
    ///
    /// The record of the signature is durable before the checkpoint is, so that a crash between the
    /// two never lets another head of the same size be signed.
    ///
    /// - Parameter isKept: Whether the checkpoint is also kept, even if it was signed before: an
    ///   Ed25519 signature of the same text by the same key is always the same.
    /// - Throws: ``StorageError``.
    mutating func sign(isKept: Bool = false) throws(StorageError) {
        try requireOpen()
        guard hasUnsignedEntries || isKept else { return }
        try seal()
        let tail = try segment.frames(0..<segment.entryCount)
        try requireSame(tail, tree.leaves)
        let state = SignedState(
            treeSize: treeSize, rootHash: tree.root, keyHash: key.verificationKey.hash)
        let recorded = try SignedState.read(directory.signed)
        guard recorded == signed, (signed?.treeSize ?? 0) <= state.treeSize,
            signed?.treeSize != state.treeSize || signed == state
        else { throw StorageError(.altered, directory.signed) }
        try FileTree.replace(
            directory.signed, with: state.bytes, mode: 0o600, isDurable: isDurable)
        signed = state
        isPublished = false
        try publish(state, tail, isKept: isKept)
    }

    private mutating func publish(
        _ state: SignedState, _ tail: [UInt8], isKept: Bool
    ) throws(StorageError) {
        let checkpoint = Checkpoint(
            origin: key.verificationKey.name, treeSize: state.treeSize, rootHash: state.rootHash)
        guard let note = try? checkpoint.signed(with: key) else {
            // libcrypto gives no reason that a caller could act on.
            throw StorageError(.stopped, directory.path(of: .checkpoint))
        }
        try writePartialTiles(tail)
        try FileTree.replace(
            directory.path(of: .checkpoint), with: note.bytes, isDurable: isDurable)
        isPublished = true
        // Kept after it is published: a kept checkpoint beyond the head would look like a cut tail.
        if isKept { try keep(note.bytes, size: state.treeSize) }
        try removeOldPartialTiles()
    }

    /// Records the present head in an entry, signs, and keeps the checkpoint.
    mutating func sealKept() throws(StorageError) {
        _ = try now()
        do throws(StorageError) {
            if treeSize > 0 {
                let draft = EventDraft(
                    "log.seal",
                    [.head: .digest(tree.root), .last: .integer(Int64(clamping: treeSize - 1))])
                try record(.own(draft))
            }
            try sign(isKept: true)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Copies a policy set to `policies/<version>/`.
    func storePolicySet(
        _ version: String, _ files: [(path: String, bytes: [UInt8])]
    ) throws(StorageError) {
        try requireOpen()
        let folder = directory.policies
        guard SHA256Digest(hex: version) != nil else { throw StorageError(.inputOutput, folder) }
        var batch = FileBatch(isDurable: isDurable)
        for file in files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
                throw StorageError(.inputOutput, folder)
            }
            try batch.add(
                "policies/\(version)/\(file.path)", in: directory.path, file.bytes, mode: 0o444)
        }
        try batch.commit()
    }

    private func keep(_ note: [UInt8], size: UInt64) throws(StorageError) {
        var batch = FileBatch(isDurable: isDurable)
        try batch.add(
            LogPath.keptCheckpoint(size: size).text, in: directory.path, note, mode: 0o444)
        try batch.commit()
    }

    private mutating func writePartialTiles(_ tail: [UInt8]) throws(StorageError) {
        var batch = FileBatch(isDurable: isDurable)
        for tile in tree.partialTiles() {
            try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
        }
        if !tail.isEmpty {
            let index = segment.first / UInt64(LogPath.fullWidth)
            let path = LogPath.bundle(index: index, width: segment.entryCount).text
            try batch.add(path, in: directory.path, tail, mode: 0o444)
        }
        try batch.commit()
        let files = Self.partialFiles(treeSize: treeSize)
        if partialFiles.last != files { partialFiles.append(files) }
    }

    /// The partial tiles and the partial bundle that a checkpoint of a size has.
    static func partialFiles(treeSize: UInt64) -> [String] {
        var (files, count, level) = ([String](), treeSize, 0)
        while count > 0 {
            let width = Int(count % UInt64(LogPath.fullWidth))
            count /= UInt64(LogPath.fullWidth)
            if width > 0 {
                files.append(LogPath.tile(level: level, index: count, width: width).text)
            }
            level += 1
        }
        let width = Int(treeSize % UInt64(LogPath.fullWidth))
        let index = treeSize / UInt64(LogPath.fullWidth)
        return width == 0 ? files : files + [LogPath.bundle(index: index, width: width).text]
    }

    /// Removes the partial tiles of all checkpoints but the last two, the newest of which a reader
    /// may just be reading; a log that is not durable has no readers.
    private mutating func removeOldPartialTiles() throws(StorageError) {
        let keptCount = isDurable ? 2 : 1
        let kept = Set(partialFiles.suffix(keptCount).joined())
        let left = try takeLeftPartialFiles()
        for file in left + partialFiles.dropLast(keptCount).joined() where !kept.contains(file) {
            let path = directory.path + "/" + file
            try FileTree.remove(path)
            FileTree.removeEmptyFolder(FileTree.parent(of: path))
        }
        partialFiles.removeFirst(max(0, partialFiles.count - keptCount))
    }

    /// The partial tiles, near the head, of checkpoints that an earlier process signed; once.
    private mutating func takeLeftPartialFiles() throws(StorageError) -> [String] {
        guard let size = leftSize else { return [] }
        leftSize = nil
        var (files, count, level) = ([String](), size / UInt64(LogPath.fullWidth), 0)
        while level == 0 || size >> UInt64(8 * level) > 0 {
            for index in [count, count &- 1] where index <= count {
                var folders = [LogPath.tile(level: level, index: index, width: 1).text]
                if level == 0 { folders.append(LogPath.bundle(index: index, width: 1).text) }
                for folder in folders.map({ FileTree.parent(of: $0) }) {
                    files += try FileTree.names(in: directory.path + "/" + folder)
                        .filter { LogDirectory.number($0) != nil }.map { folder + "/" + $0 }
                }
            }
            count /= UInt64(LogPath.fullWidth)
            level += 1
        }
        return files
    }

    /// Signs; a failure is final, as that of a write is.
    mutating func signOrFail() throws(StorageError) {
        do throws(StorageError) {
            try sign()
        } catch {
            fail(error)
            throw error
        }
    }

    /// Keeps what makes the next opening of a long log fast.
    mutating func storeIdentifiers() throws(StorageError) {
        guard failure == nil, identifiers?.end == treeSize else { return }
        let end = identifierEnd
        try identifiers?.close(end, from: Self.identifierCountMin)
    }
}
