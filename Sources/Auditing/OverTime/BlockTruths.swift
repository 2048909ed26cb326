// SPDX-License-Identifier: Apache-2.0

/// Which `temporal { … }` blocks of a policy set hold at each entry of a log.
///
/// Blocks look at what came before, so they are evaluated in one pass of their own, in the order in
/// which things happened, and entries are judged by the result like by any other fact.
struct BlockTruths: Sendable {
    /// The bit of an entry at which a block could not be evaluated: it is denied.
    static let failed: UInt64 = 1 << 63

    private var bits: [UInt64: UInt64] = [:]

    /// The blocks that hold at an entry, one bit each.
    subscript(index: UInt64) -> UInt64 {
        get { bits[index] ?? 0 }
        set { bits[index] = newValue == 0 ? nil : newValue }
    }
}

/// What made the blocks of a policy hold at an entry.
struct BlockEvidence: Sendable {
    /// The entries that it names.
    var entries: [UInt64] = []
    /// How many seconds back it looked.
    var reach: Int64 = 0
}
