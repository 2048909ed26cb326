// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension PurgeRequest {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// What the purge would take, as far as the log's signed head tells; nil if there is nothing.
    ///
    /// Nothing is opened for writing, and nothing changes. A purge itself signs what was not yet signed
    /// first, and so may find a later key rotation.
    ///
    /// - Parameters:
    ///   - path: The log's folder.
    ///   - now: The moment, in milliseconds since 1970.
    /// - Returns: The entries, and when they were recorded.
    /// - Throws: ``StorageError`` as the purge would, and what reading entry 0 throws.
    public func plan(of path: String, now: Int64) throws -> PurgePlan? {
        let directory = LogDirectory(path)
        let prover = try LogProver(LogReader(path))
        try requirePermitted(opening: prover.entry(at: 0), now: now, path: path)
        let size = prover.head.checkpoint.treeSize
        let (bundle, rest) = size.quotientAndRemainder(dividingBy: UInt64(LogPath.fullWidth))
        let tail =
            rest == 0
            ? nil
            : try FileTree.bytes(of: directory.path(of: .bundle(index: bundle, width: Int(rest))))
        var scan = PurgeScan(cutoff: cutoff)
        try scan.run(directory, sealedEnd: size - rest, tail: tail ?? [])
        return scan.plan
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
