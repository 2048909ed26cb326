// SPDX-License-Identifier: Apache-2.0

import Testing

// The table is the writer's own.
@testable import LogStorage

/// The table of the last names finds what a dictionary finds, at every size and with hashes that collide.
@Suite struct RecentIdentifiersTests {
    /// Hashes of which some share the slot, some the slot and the bits beside it, and some are the same.
    private static func hash(_ number: Int, _ random: inout SystemRandomNumberGenerator) -> UInt64 {
        switch number % 64 {
        case 0: UInt64.random(in: 0..<8, using: &random) << 60 | 0x123
        case 1: UInt64.random(in: 0..<200, using: &random) << 20 | 0xF_FFFF
        case 2: UInt64.random(in: 0..<4, using: &random)
        default: UInt64.random(in: 0...(.max), using: &random)
        }
    }

    /// The counts before and after which the table grows, and those at which a run is made.
    @Test(arguments: [1, 1_280, 1_281, 5_120, 5_121, 20_480, 20_481, 81_920, 81_921, 140_000])
    func itFindsWhatADictionaryFinds(_ count: Int) {
        var random = SystemRandomNumberGenerator()
        let first: UInt64 = 77
        var table = RecentIdentifiers(first: first)
        var indices: [UInt64: [UInt64]] = [:]
        for number in 0..<count {
            let hash = Self.hash(number, &random)
            // Long chains of one slot take a time that grows with their square.
            guard number % 64 > 2 || number < 5_200 else {
                table.skip()
                continue
            }
            table.append(hash)
            indices[hash, default: []].append(first + UInt64(number))
        }
        #expect(table.count == count && table.end == first + UInt64(count))
        for (hash, expected) in indices {
            var found: [UInt64] = []
            table.collect(hash, into: &found)
            guard found == expected, table.mayHold(hash) else {
                Issue.record("\(hash): \(found), not \(expected)")
                return
            }
        }
        for _ in 0..<1_000 {
            let hash = UInt64.random(in: 0...(.max), using: &random)
            guard indices[hash] == nil else { continue }
            var found: [UInt64] = []
            table.collect(hash, into: &found)
            // An entry without a name has a number in its stead.
            #expect(found.allSatisfy { $0 &* 0x9E37_79B9_7F4A_7C15 == hash })
        }
        let sorted = table.sorted()
        let inOrder = zip(sorted, sorted.dropFirst()).allSatisfy {
            ($0.hash, $0.index) < ($1.hash, $1.index)
        }
        #expect(sorted.count == count && inOrder)
        #expect(Set(sorted.map(\.index)).count == count)
    }
}
