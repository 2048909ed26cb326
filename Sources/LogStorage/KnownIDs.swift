// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Which (`source`, `id`) pairs the log holds, and where.
///
/// It is derived from the log, kept in memory, and only a hint: a hit is confirmed by reading the
/// entry. Its hash is seeded for each process, so that nobody can prepare collisions.
struct KnownIDs {
    private var indices: [Int: UInt64] = [:]

    /// The key of an entry.
    static func key(_ bytes: [UInt8], _ scanned: ScannedEntry) -> Int {
        var hasher = Hasher()
        for field in [EntryField.source, .id] {
            guard let range = scanned.range(of: field) else { continue }
            hasher.combine(range.count)
            unsafe bytes.withUnsafeBytes {
                unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[range]))
            }
        }
        return hasher.finalize()
    }

    subscript(key: Int) -> UInt64? {
        get { indices[key] }
        set { indices[key] = newValue }
    }

    /// Whether two entries have the same (`source`, `id`).
    static func isSame(
        _ left: [UInt8], _ leftFields: ScannedEntry, _ right: [UInt8], _ rightFields: ScannedEntry
    ) -> Bool {
        [EntryField.source, .id].allSatisfy { field in
            guard let leftRange = leftFields.range(of: field),
                let rightRange = rightFields.range(of: field)
            else { return false }
            return left[leftRange] == right[rightRange]
        }
    }
}
