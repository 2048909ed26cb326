// SPDX-License-Identifier: Apache-2.0

public import Cryptography
import Merkle

/// Makes proofs from a log's files, reading the tiles that they need and no others.
///
/// It checks each proof against the head before it hands it over, so that evidence which does not
/// hold never leaves. Whether the head is signed by the right key is for the receiver to check, who
/// has to do it anyway.
public struct LogProver {
    private let source: any LogSource
    /// The head under which the files are read.
    public let head: CheckpointNote
    private let tiles: TileTree

    /// Reads the latest checkpoint.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError`` if there is no checkpoint to be read.
    public init(_ source: some LogSource) throws {
        guard let bytes = try source.bytes(of: .checkpoint),
            let head = try? CheckpointNote(parsing: bytes)
        else { throw ProofError(.differsFromHead) }
        self.source = source
        self.head = head
        tiles = TileTree(source: source, treeSize: head.checkpoint.treeSize)
    }

    /// The number of tiles that were read so far.
    public var readCount: Int { tiles.readCount }

    /// A checkpoint of the log: the latest, or one that is kept.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError`` if none of that size is kept.
    public func checkpoint(size: UInt64?) throws -> CheckpointNote {
        guard let size, size != head.checkpoint.treeSize else { return head }
        guard let bytes = try source.bytes(of: .keptCheckpoint(size: size)),
            let note = try? CheckpointNote(parsing: bytes), note.checkpoint.treeSize == size
        else { throw ProofError(.outsideHead) }
        return note
    }

    /// An entry's bytes, checked against the tile that holds its hash.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError``.
    public func entry(at index: UInt64) throws -> [UInt8] {
        let treeSize = head.checkpoint.treeSize
        guard index < treeSize else { throw ProofError(.outsideHead, index: index) }
        let (bundle, slot) = (index / 256, Int(index % 256))
        let width = bundle < treeSize / 256 ? 256 : Int(treeSize % 256)
        for candidate in Set([width, 256]).sorted() {
            let path = LogPath.bundle(index: bundle, width: candidate)
            guard let bytes = try source.bytes(of: path) else { continue }
            let ranges = unsafe EntryBundle.entryRanges(in: bytes.span.bytes)
            guard slot < ranges.count else { throw ProofError(.differsFromHead, index: index) }
            return try checked(Array(bytes[ranges[slot]]), index)
        }
        if let kept = try source.bytes(of: .keptEntry(index: index)) {
            return try checked(kept, index)
        }
        guard let left = try leftInForce(index) else {
            throw ProofError(.missingEntry, index: index)
        }
        return left
    }

    /// An entry of a purged bundle that is in force.
    private func leftInForce(_ index: UInt64) throws -> [UInt8]? {
        guard let purge = try source.standingSets().last(where: { $0 < head.checkpoint.treeSize }),
            let bytes = try source.bytes(of: .standing(purge: purge, bundle: index / 256))
        else { return nil }
        let entries = unsafe EntryBundle.entryRanges(in: bytes.span.bytes).map { bytes[$0] }
        return entries.lazy.map { Array($0) }.first { (try? checked($0, index)) != nil }
    }

    private func checked(_ entry: [UInt8], _ index: UInt64) throws(ProofError) -> [UInt8] {
        guard tiles.leafHash(at: index) == SHA256Hasher().leafHash(entry) else {
            throw ProofError(.differsFromHead, index: index)
        }
        return entry
    }

    /// The proof that an entry is under a checkpoint, the latest by default.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError``.
    public func prove(index: UInt64, size: UInt64? = nil) throws -> LogProof {
        let note = try checkpoint(size: size)
        let treeSize = note.checkpoint.treeSize
        guard index < treeSize, let leafHash = tiles.leafHash(at: index) else {
            throw ProofError(.outsideHead, index: index)
        }
        let inclusion = try attempt(index) { () throws(MerkleError) in
            try InclusionProof.prove(index: index, treeSize: treeSize, reader: tiles)
        }
        guard inclusion.verify(leafHash: leafHash, root: note.checkpoint.rootHash) else {
            throw ProofError(.differsFromHead, index: index)
        }
        return LogProof(inclusion: inclusion, head: note)
    }

    /// The proof that the log of an older size is the beginning of that of a newer one.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError``.
    public func prove(oldSize: UInt64, size: UInt64? = nil) throws -> HeadProof {
        let note = try checkpoint(size: size)
        let newSize = note.checkpoint.treeSize
        guard (1...newSize).contains(oldSize) else { throw ProofError(.outsideHead) }
        let proof = try attempt(nil) { () throws(MerkleError) in
            try ConsistencyProof.prove(oldSize: oldSize, newSize: newSize, reader: tiles)
        }
        guard proof.verify(oldRoot: try root(treeSize: oldSize), newRoot: note.checkpoint.rootHash)
        else {
            throw ProofError(.differsFromHead)
        }
        return HeadProof(consistency: proof, head: note)
    }

    /// The root over the first entries, as the tiles give it: whatever was purged of them.
    ///
    /// It is right if ``prove(oldSize:size:)`` proves the same size.
    ///
    /// - Throws: `LogSourceError`, or ``ProofError``.
    public func root(treeSize: UInt64) throws -> SHA256Digest {
        try attempt(nil) { () throws(MerkleError) in
            try MerkleTree.root(treeSize: treeSize, reader: tiles)
        }
    }

    /// Does what needs hashes; one that is missing is a file that cannot be read, or is not there.
    private func attempt<Value>(
        _ index: UInt64?, _ body: () throws(MerkleError) -> Value
    ) throws -> Value {
        do throws(MerkleError) {
            return try body()
        } catch {
            if let failure = tiles.failure { throw failure }
            throw ProofError(.differsFromHead, index: index)
        }
    }
}
