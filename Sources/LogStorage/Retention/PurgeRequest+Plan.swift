// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension PurgeRequest {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// What the purge would take, as far as the log's signed head tells.
    ///
    /// Nothing is opened for writing, and nothing changes. A purge itself signs what was not yet signed
    /// first, and so may find a later key rotation.
    ///
    /// - Parameters:
    ///   - path: The log's folder.
    ///   - now: The moment, in milliseconds since 1970.
    /// - Returns: The entries, nil if there are none; and those of earlier purges that are there again, and
    ///   would be removed again.
    /// - Throws: ``StorageError`` as the purge would, with ``StorageError/Code/altered`` if the log cannot
    ///   be read under its head.
    public func plan(
        of path: String, now: Int64
    ) throws(StorageError) -> (plan: PurgePlan?, returned: [Range<UInt64>]) {
        let directory = LogDirectory(path)
        guard try FileTree.exists(directory.path(of: .checkpoint)) else {
            throw StorageError(.notFound, path: path)
        }
        guard let prover = try? LogProver(LogReader(path)) else {
            throw StorageError(.altered, path: path)
        }
        func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
            try? prover.entry(at: index)
        }
        try requirePermitted(opening: entry(0), now: now, path: path)
        var bundles: [UInt64] = []
        if try LogWriter.mayHavePurged(directory) {
            let verified = try LogWriter.purgesVerified(
                directory, LogReader(path), opening: entry(0))
            bundles = try LogWriter.returned(directory, verified, entry: entry)
                .flatMap(\.bundles)
        }
        let size = prover.head.checkpoint.treeSize
        let (bundle, rest) = size.quotientAndRemainder(dividingBy: UInt64(LogPath.fullWidth))
        let partial = LogPath.bundle(index: bundle, width: Int(rest))
        let tail = rest == 0 ? nil : try FileTree.bytes(of: directory.path(of: partial))
        var scan = PurgeScan(cutoff: cutoff, returned: Set(bundles))
        try scan.run(directory, sealedEnd: size - rest, tail: tail ?? [])
        return (scan.plan, EntryBundle.runs(of: bundles.sorted()))
    }

    /// Two persons must ask for a purge, and the retention of the policy, and that of the log's opening,
    /// must have passed at the cutoff.
    func requirePermitted(
        opening: [UInt8]?, now: Int64, path: String
    ) throws(StorageError) {
        try TwoPersons.require(requester, approver, path)
        var days = policy.daysMin
        if let opening, let scanned = try? EntryScanner().scan(opening),
            let least = scanned.range(of: .retentionDaysMin),
            let own = LogDirectory.number(String(decoding: opening[least], as: UTF8.self))
        {
            days = max(days, own)
        }
        let limit = now - Int64(clamping: days) * Self.dayMilliseconds
        guard cutoff <= limit else {
            throw StorageError(.tooEarly, path: path, latest: limit)
        }
    }
}
