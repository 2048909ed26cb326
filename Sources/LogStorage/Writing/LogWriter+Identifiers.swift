// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A retry, known by its `source` and `id`, appends nothing.
extension LogWriter {
    /// What is known of the last entry, for the index.
    var identifierEnd: IdentifierEnd {
        IdentifierEnd(leafHash: link, ownSequence: ownSequence, recordedAt: recordedAt)
    }

    /// Reads the index of identifiers when the first caller submits an event.
    mutating func loadIdentifiers(for jobs: [AppendJob]) throws(StorageError) {
        guard identifiers == nil, jobs.contains(where: \.hasSubmissions) else { return }
        try loadIdentifiers(isNew: isIndexAltered)
        isIndexAltered = false
    }

    /// Has the names of the last entries written if they are many.
    mutating func flushIdentifiers() throws(StorageError) {
        let end = identifierEnd
        do throws(StorageError) {
            try identifiers?.flush(end)
        } catch {
            // An earlier run, which the names were joined to: the next caller has all made anew.
            guard error.code == .altered else { throw error }
            identifiers = nil
            isIndexAltered = true
        }
    }

    private mutating func loadIdentifiers(isNew: Bool) throws(StorageError) {
        // The names of bundles that are still being sealed are read from their files.
        try finishSealing()
        let content = SegmentContent(
            first: segment.first, frames: try segment.frames(0..<segment.entryCount),
            leaves: tree.leaves)
        let state = try DerivedState.loadAll(
            directory, content, isDurable: isDurable, isNew: isNew)
        identifiers = state.identifiers
        ownSequence = max(ownSequence, state.ownSequence)
    }

    /// Makes the index anew, which is not as it was written; the entries at hand are added to it.
    private mutating func rebuildIdentifiers() throws(StorageError) {
        // Whoever lets go of an index waits for the run that it writes, which the new one would meet.
        identifiers = nil
        try loadIdentifiers(isNew: true)
        let scanner = EntryScanner()
        for place in 0..<staged.count {
            let entry = staged.entry(place)
            let scanned = try? scanner.scan(entry)
            let hash = scanned.flatMap { unsafe identifiers?.hash(entry.span.bytes, $0) }
            identifiers?.append(hash)
        }
    }

    /// The first acknowledgement of an event that the log holds already; nil if it does not.
    @inline(never)
    mutating func acknowledged(
        _ submission: borrowing Submission, _ name: UInt64
    ) throws(StorageError) -> Acknowledgement? {
        var candidates: [UInt64]
        do throws(StorageError) {
            candidates = try identifiers?.candidates(name) ?? []
        } catch {
            try rebuildIdentifiers()
            guard let key = identifiers?.key else { return nil }
            candidates = try identifiers?.candidates(submission.nameHash(key)) ?? []
        }
        for index in candidates {
            guard let entry = try entry(at: index),
                let scanned = try? EntryScanner().scan(entry),
                Self.sameName(entry, scanned, submission)
            else { continue }
            let leafHash = hasher.leafHash(entry)
            return Acknowledgement(index: index, leafHash: leafHash, isRepetition: true)
        }
        return nil
    }

    private static func sameName(
        _ entry: [UInt8], _ scanned: ScannedEntry, _ submission: borrowing Submission
    ) -> Bool {
        guard let source = scanned.range(of: .source), let identifier = scanned.range(of: .id)
        else { return false }
        return entry[source].elementsEqual(submission.bytes[submission.source])
            && entry[identifier].elementsEqual(submission.bytes[submission.identifier])
    }

    /// The bytes of an entry, staged or written; nil if they were purged.
    func entry(at index: UInt64) throws(StorageError) -> [UInt8]? {
        let header = EntryBundle.headerByteCount
        if index >= treeSize { return staged.entry(Int(index - treeSize)) }
        if index >= segment.first {
            let place = Int(index - segment.first)
            return Array(try segment.frames(place..<(place + 1)).dropFirst(header))
        }
        if let old = closed.last(where: { $0.first <= index }) {
            let place = Int(index - old.first)
            if let frame = try old.frames(place..<(place + 1)) {
                return Array(frame.dropFirst(header))
            }
        }
        return try SealedEntry.read(index, in: directory)
    }
}
