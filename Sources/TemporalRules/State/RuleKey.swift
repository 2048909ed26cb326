// SPDX-License-Identifier: Apache-2.0

/// The values by which events of a rule are correlated: up to three, the rest zero.
struct RuleKey: Hashable, Comparable, BitwiseCopyable, Sendable {
    static let widthMax = 3

    var first: Int64 = 0
    var second: Int64 = 0
    var third: Int64 = 0

    init(_ first: Int64 = 0, _ second: Int64 = 0, _ third: Int64 = 0) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// The values, of which a rule uses so many.
    func values(_ width: Int) -> [Int64] { Array([first, second, third].prefix(width)) }

    static func < (left: RuleKey, right: RuleKey) -> Bool {
        (left.first, left.second, left.third) < (right.first, right.second, right.third)
    }

    static func == (left: RuleKey, right: RuleKey) -> Bool {
        left.first == right.first && left.second == right.second && left.third == right.third
    }

    /// The hash: words are multiplied in full and folded.
    var mixed: UInt32 {
        var hash = Self.fold(UInt64(bitPattern: first), 0x9E37_79B9_7F4A_7C15)
        if second != 0 || third != 0 {
            hash = Self.fold(UInt64(bitPattern: second) ^ hash, 0xD6E8_FEB8_6659_FD93)
            hash = Self.fold(UInt64(bitPattern: third) ^ hash, 0xA076_1D64_78BD_642F)
        }
        return UInt32(truncatingIfNeeded: hash ^ (hash &>> 32))
    }

    private static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = (word ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }

    /// The shard of so many that owns the key: all keys with the same first value share one.
    func shard(of count: Int) -> Int {
        Int(Self.fold(UInt64(bitPattern: first), 0xE703_7ED1_A0B4_28DB) &>> 33) % count
    }
}
