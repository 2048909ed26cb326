// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Diagnostics

/// A log whose every entry was found as it was signed, ready to be replayed.
///
/// Only ``LogVerifier`` makes one. It keeps the last leaf hash of each bundle, and each replay
/// computes the bundle's hashes again before it lends one of its entries: since each entry holds
/// the hash of the one before it, that last hash commits to every byte. Files that change between
/// verification and replay are therefore noticed, and never replayed.
public struct VerifiedLog: Sendable {
    /// The checkpoint that covers the entries.
    public let checkpoint: Checkpoint
    /// The keys that the log announces.
    public let keyEpochs: [KeyEpoch]
    private let locator: BundleLocator
    private let lastLeaves: [SHA256Digest]
    /// The entries whose bytes were deleted under the retention policy: no replay lends them.
    public let purged: [PurgedRange]
    /// Up to when purges hide what happened; nil if nothing was purged.
    public let hidden: HiddenTime?
    /// What is in force of purged bundles, by bundle.
    private let standing: [UInt64: SHA256Digest]

    // INVARIANT: called by the verifier alone, when it found no violation.
    init(
        checkpoint: Checkpoint, keyEpochs: [KeyEpoch], locator: BundleLocator,
        lastLeaves: [SHA256Digest], _ report: VerificationReport, standing: [StandingFile]
    ) {
        (purged, hidden) = (report.purged, report.hidden)
        self.standing = Dictionary(
            standing.map { ($0.bundle, $0.digest) }, uniquingKeysWith: { first, _ in first })
        self.checkpoint = checkpoint
        self.keyEpochs = keyEpochs
        self.locator = locator
        self.lastLeaves = lastLeaves
    }

    /// The number of entries.
    public var treeSize: UInt64 { checkpoint.treeSize }

    /// The root hash over the entries.
    public var rootHash: SHA256Digest { checkpoint.rootHash }

    /// Lends the entries of a range to `body`, in log order; of purged bundles, those that are in force.
    ///
    /// - Throws: ``ReplayError`` if the log is not as it was verified, and what `body` throws.
    public func replay(
        _ range: Range<UInt64>? = nil, body: (borrowing VerifiedEntry) throws -> Void
    ) throws {
        let range = (range ?? 0..<treeSize).clamped(to: 0..<treeSize)
        guard !range.isEmpty else { return }
        var pass = BundlePass()
        let width = UInt64(LogPath.fullWidth)
        for bundle in (range.lowerBound / width)...((range.upperBound - 1) / width) {
            try replay(bundle, range, &pass, body)
        }
    }

    private func replay(
        _ bundle: UInt64, _ range: Range<UInt64>, _ pass: inout BundlePass,
        _ body: (borrowing VerifiedEntry) throws -> Void
    ) throws {
        let start = bundle * UInt64(LogPath.fullWidth)
        guard !purged.contains(where: { $0.entries.contains(start) }) else {
            return try replayStanding(bundle, range, &pass, body)
        }
        let width = Int(min(treeSize - start, UInt64(LogPath.fullWidth)))
        let places = locator.places(bundle, width: width)
        let wanted = range.clamped(to: start..<(start + UInt64(width)))
        let outcome: Result<Void, any Error>? = try unsafe locator.withFirst(of: places) {
            bytes, place in
            unsafe pass.read(bytes, at: place, width: width)
            guard isUnchanged(pass, bundle, width) else {
                return .failure(ReplayError(index: start, path: place.path))
            }
            return Result {
                for index in wanted {
                    try unsafe pass.withVerified(Int(index - start), bytes, place.path, body)
                }
            }
        }
        guard let outcome else {
            throw ReplayError(
                index: start, path: .bundle(index: bundle, width: LogPath.fullWidth))
        }
        try outcome.get()
    }

    private func replayStanding(
        _ bundle: UInt64, _ range: Range<UInt64>, _ pass: inout BundlePass,
        _ body: (borrowing VerifiedEntry) throws -> Void
    ) throws {
        guard let digest = standing[bundle], let path = locator.standingPath(of: bundle) else {
            return
        }
        let changed = ReplayError(index: bundle * UInt64(LogPath.fullWidth), path: path)
        let outcome: Result<Void, any Error>? = try locator.source.withFile(path) { span in
            unsafe span.withUnsafeBytes { bytes in
                guard pass.hasher.hash(span) == digest else { return .failure(changed) }
                unsafe pass.read(bytes, width: LogPath.fullWidth)
                return Result {
                    for place in 0..<pass.count where range.contains(pass.entries[place].seq) {
                        try unsafe pass.withVerified(place, bytes, path, body)
                    }
                }
            }
        }
        guard let outcome else { throw changed }
        try outcome.get()
    }

    /// Whether a bundle's entries are those that were verified.
    private func isUnchanged(
        _ pass: borrowing BundlePass, _ bundle: UInt64, _ width: Int
    ) -> Bool {
        guard pass.count == width, pass.faults.isEmpty else { return false }
        var link = pass.entries[0].prev
        if bundle > 0, link != lastLeaves[Int(bundle) - 1] { return false }
        for slot in 0..<width {
            guard pass.entries[slot].prev == link else { return false }
            link = pass.leaves[slot]
        }
        return link == lastLeaves[Int(bundle)]
    }
}

/// A log is no longer as it was verified.
public struct ReplayError: Error, Hashable, Sendable {
    /// The first entry of the bundle that changed.
    public var index: UInt64
    /// The file that changed.
    public var path: LogPath

    /// The stable code.
    public static let code = "LOG230"
}

extension ReplayError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            code: Self.code, place: .entry(file: path.text, index: index, byteOffset: 0),
            message: LocalizedText(
                fr: "le journal a changé depuis sa vérification",
                en: "the log changed after it was verified"),
            remedy: LocalizedText(
                fr: "recommencez\u{202F}; si cela se répète, cherchez qui écrit dans ces fichiers",
                en: "try again; if it happens again, find out who writes to these files"))
    }
}
