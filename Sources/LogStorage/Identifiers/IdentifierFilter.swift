// SPDX-License-Identifier: Apache-2.0

/// Says of most names that no run holds them: a Bloom filter whose size has a limit.
///
/// Both bits of a name are in one line of the processor's cache. A filter is made for four times the
/// names that there are, and made anew beyond that, until it has its greatest size: at ten million names
/// one new name in a hundred is then looked up on the disk without need, at a hundred million two in five.
///
/// SAFETY: one thread at a time has it: who makes it, and then the log's one writer, under a lock.
@safe
final class IdentifierFilter: @unchecked Sendable {
    private static let byteCountRange = 1 << 18...24 << 20
    /// The number of bytes for each name, when the filter is made.
    private static let byteCountPerName = 8

    /// The number of names from which on it is to be made anew.
    let nameCountMax: UInt64
    private let lineCount: UInt64
    // SAFETY: allocated by `init`, of `lineCount` lines, and freed by `deinit` alone.
    private let words: UnsafeMutablePointer<UInt64>

    /// A filter for the names that there are, and those to come.
    init(nameCount: UInt64) {
        let range = Self.byteCountRange
        let wanted = Int(clamping: nameCount) &* Self.byteCountPerName
        let isLargest = nameCount > UInt64(range.upperBound / Self.byteCountPerName)
        let byteCount =
            isLargest ? range.upperBound : max(range.lowerBound, (wanted + 63) / 64 * 64)
        nameCountMax = isLargest ? .max : UInt64(4 * byteCount / Self.byteCountPerName)
        lineCount = UInt64(byteCount / 64)
        // A line of the filter is one of the cache only if both start at the same place.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe words = memory.initializeMemory(
            as: UInt64.self, repeating: 0, count: byteCount / 8)
    }

    /// The same, with the names of some runs.
    ///
    /// - Throws: ``StorageError/Code/altered`` if one is not as it was written.
    convenience init(nameCount: UInt64, of runs: [IdentifierRun]) throws(StorageError) {
        self.init(nameCount: nameCount)
        for run in runs { try insert(run) }
    }

    deinit { unsafe words.deallocate() }

    /// The first word of a name's line.
    @inline(__always)
    private func line(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: lineCount).high &* 8)
    }

    /// Two bits of 512, from the hash's lower half, which does not choose the line.
    @inline(__always)
    private static func places(_ hash: UInt64) -> (Int, Int) {
        let bits = Int(truncatingIfNeeded: hash)
        return (bits & 511, bits &>> 9 & 511)
    }

    /// A word of a name's line: to read it early brings the line near.
    @inline(__always)
    func touch(_ hash: UInt64) -> UInt64 { unsafe words[line(hash)] }

    /// Inserts all names of a run.
    ///
    /// - Throws: ``StorageError/Code/altered`` if the run is not as it was written.
    private func insert(_ run: IdentifierRun) throws(StorageError) {
        var page = 0
        while let (records, next) = try run.records(from: page, pageMax: 64) {
            for record in records { insert(record.hash) }
            page = next
        }
    }

    func insert(_ hash: UInt64) {
        let line = line(hash)
        let (one, two) = Self.places(hash)
        set(one, of: line)
        set(two, of: line)
    }

    @inline(__always)
    private func set(_ place: Int, of line: Int) {
        unsafe words[line &+ place &>> 6] |= 1 &<< UInt64(place & 63)
    }

    func mayContain(_ hash: UInt64) -> Bool {
        let line = line(hash)
        let (one, two) = Self.places(hash)
        return unsafe words[line &+ one &>> 6] &>> UInt64(one & 63) & 1 == 1
            && words[line &+ two &>> 6] &>> UInt64(two & 63) & 1 == 1
    }
}
