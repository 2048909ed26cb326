// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What purges left of the bundles that are gone: the log's own entries, and those that are in force.
struct LeftEntries {
    private let directory: LogDirectory
    /// The log's own entries, in order.
    private let kept: [UInt64]
    /// The last purge that left what is in force, and the bundles of which it left something.
    private let standing: (purge: UInt64, bundles: Set<UInt64>)?

    init(_ directory: LogDirectory) throws(StorageError) {
        self.directory = directory
        kept = try FileTree.names(in: directory.keptEntries)
            .compactMap { LogDirectory.number($0) }.sorted()
        standing = try StandingFolder.purges(directory).last.map { purge throws(StorageError) in
            (purge, Set(try directory.standingBundles(of: purge)))
        }
    }

    /// What is left of a bundle, in order.
    func entries(
        of bundle: UInt64
    ) throws(StorageError) -> [(index: UInt64, bytes: [UInt8])] {
        let width = UInt64(LogPath.fullWidth)
        let range = (bundle * width)..<((bundle + 1) * width)
        var found: [UInt64: [UInt8]] = [:]
        if let standing, standing.bundles.contains(bundle) {
            found = try StandingFolder.entries(of: bundle, leftBy: standing.purge, directory)
                .filter { range.contains($0.key) }
        }
        let start = kept.partition { $0 >= range.lowerBound }
        for index in kept[start...].prefix(while: { $0 < range.upperBound })
        where found[index] == nil {
            let path = directory.path(of: .keptEntry(index: index))
            found[index] = try FileTree.bytes(of: path)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension [UInt64] {
    /// The first place, in sorted numbers, where a condition holds that then holds to the end.
    fileprivate func partition(where holds: (UInt64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
