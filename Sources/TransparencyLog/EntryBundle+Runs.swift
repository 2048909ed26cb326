// SPDX-License-Identifier: Apache-2.0

extension EntryBundle {
    /// Full bundles, in order, as the ranges of entries that they hold.
    package static func runs(of bundles: some Sequence<UInt64>) -> [Range<UInt64>] {
        var runs: [Range<UInt64>] = []
        extend(&runs, by: bundles)
        return runs
    }

    /// Adds full bundles, in order, to the ranges of those before them.
    static func extend(_ runs: inout [Range<UInt64>], by bundles: some Sequence<UInt64>) {
        let width = UInt64(LogPath.fullWidth)
        for bundle in bundles {
            let entries = (bundle * width)..<((bundle + 1) * width)
            if let last = runs.last, last.upperBound == entries.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<entries.upperBound
            } else {
                runs.append(entries)
            }
        }
    }
}
