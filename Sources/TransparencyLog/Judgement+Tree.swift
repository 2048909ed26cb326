// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension Judgement {
    /// Compares the root with the signed one, says who is to blame if it differs, and says what is
    /// wrong with the upper tiles.
    mutating func judgeTree(_ locator: BundleLocator) {
        let size = report.entryCount
        guard let signed = head?.checkpoint.rootHash else { return blameEntries() }
        if root(size) == signed {
            blameTiles()
        } else {
            useTiles()
            let found = root(size)
            blameEntries()
            // A root that is not known contradicts nothing: what it lacks was reported.
            if found != signed, found != nil || report.violationCount == 0 {
                var violation = IntegrityViolation(.rootMismatch, path: .checkpoint)
                (violation.expected, violation.found) = (signed, found)
                report(violation)
            }
        }
        tree.finish(source, isClosed: !locator.isWriters)
        for violation in tree.violations { report(violation) }
        report.violationCount += tree.violationCount - tree.violations.count
    }

    /// The root of the first entries; nil if a bundle's root is not known.
    func root(_ size: UInt64, partial: [SHA256Digest]? = nil) -> SHA256Digest? {
        tree.root(size, partial ?? partialLeaves, hasher: SHA256Hasher())
    }

    /// The entries give the signed root, so tiles that differ from them are wrong.
    private mutating func blameTiles() {
        var seen: Set<LogPath> = []
        for mismatch in mismatches where seen.insert(mismatch.tilePath).inserted {
            report(
                IntegrityViolation(
                    .alteredTile, path: mismatch.tilePath, byteOffset: mismatch.tileOffset))
        }
    }

    private mutating func blameEntries() {
        for mismatch in mismatches { report(mismatch.violation) }
        report.violationCount += mismatchCount - mismatches.count
        if let last = lastMismatch { report.lastBadIndex = max(report.lastBadIndex ?? last, last) }
    }

    private mutating func useTiles() {
        if let treeOfTiles { tree = treeOfTiles }
        partialLeaves = partialTileLeaves ?? partialLeaves
    }
}
