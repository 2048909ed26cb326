// SPDX-License-Identifier: Apache-2.0

/// Says of most names that no run holds them: a Bloom filter whose size does not grow with the log.
///
/// Both bits of a name are in one line of the processor's cache. At ten million names one new name in
/// a hundred is looked up on the disk without need, at a hundred million two in five.
///
/// SAFETY: the log's one writer alone has it, under a lock.
@safe
final class IdentifierFilter: @unchecked Sendable {
    private static let byteCount = 24 << 20
    private static let lineCount = UInt64(byteCount / 64)

    // SAFETY: allocated by `init`, of `byteCount` bytes, and freed by `deinit` alone.
    private let words: UnsafeMutablePointer<UInt64>

    init() {
        unsafe words = .allocate(capacity: Self.byteCount / 8)
        unsafe words.initialize(repeating: 0, count: Self.byteCount / 8)
    }

    deinit { unsafe words.deallocate() }

    /// The first word of a name's line.
    @inline(__always)
    private static func line(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: lineCount).high &* 8)
    }

    /// Two bits of 512, from the hash's lower half, which does not choose the line.
    @inline(__always)
    private static func places(_ hash: UInt64) -> (Int, Int) {
        let bits = Int(truncatingIfNeeded: hash)
        return (bits & 511, bits &>> 9 & 511)
    }

    func insert(_ hash: UInt64) {
        let line = Self.line(hash)
        let (one, two) = Self.places(hash)
        set(one, of: line)
        set(two, of: line)
    }

    @inline(__always)
    private func set(_ place: Int, of line: Int) {
        unsafe words[line &+ place &>> 6] |= 1 &<< UInt64(place & 63)
    }

    func mayContain(_ hash: UInt64) -> Bool {
        let line = Self.line(hash)
        let (one, two) = Self.places(hash)
        return unsafe words[line &+ one &>> 6] &>> UInt64(one & 63) & 1 == 1
            && words[line &+ two &>> 6] &>> UInt64(two & 63) & 1 == 1
    }
}
