// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// Which entry has a given (`source`, `id`): derived from the entries, and rebuilt at will.
///
/// It keeps eight bytes for each entry, a hash without secret. Two entries may share one, by chance
/// or by malice, so that a hit only counts once the entry was read.
struct IdentifierIndex {
    /// The hash of each entry's (`source`, `id`), by index.
    private(set) var keys: [UInt64] = []
    /// A table with open addressing: an index plus 1, or 0 for a free slot.
    ///
    /// It has at least twice as many slots as there are keys.
    private var slots: [UInt32] = []

    /// The greatest number of entries.
    static let countMax = Int(UInt32.max) - 1
    /// The source that the log itself writes as.
    static let ownSource = Array("vigie".utf8)

    var count: Int { keys.count }

    /// The key of an entry or submission.
    static func key(_ bytes: RawSpan, _ scanned: ScannedEntry) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for field in [EntryField.source, .id] {
            guard let range = scanned.range(of: field), range.upperBound <= bytes.byteCount else {
                return 0
            }
            for offset in range {
                let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        return hash
    }

    /// Adds the next entry's key.
    mutating func append(_ key: UInt64) {
        keys.append(key)
        if 2 * keys.count > slots.count {
            rebuildSlots()
        } else {
            place(keys.count - 1)
        }
    }

    /// Adds the keys of a stored index.
    mutating func append(stored: some Sequence<UInt64>) {
        keys.append(contentsOf: stored)
        rebuildSlots()
    }

    private mutating func rebuildSlots() {
        var size = 1_024
        while size < 4 * keys.count { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        for index in keys.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Self.spread(keys[index]) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }

    private static func spread(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key ^ key >> 32) & 0x7FFF_FFFF)
    }

    /// The entries that have a key, the first of them first or last.
    func candidates(_ key: UInt64) -> [Int] {
        guard !slots.isEmpty else { return [] }
        // Most keys are new, and their slot is free: nothing is then made.
        let mask = slots.count - 1
        var slot = Self.spread(key) & mask
        var found: [Int] = []
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if keys[index] == key { found.append(index) }
            slot = (slot + 1) & mask
        }
        return found
    }
}

extension IdentifierIndex {
    private static let magic = Array("VIGIEID1".utf8)
    private static let headerCount = 8 + 8 + 8 + 32

    /// The index as a file: a magic word, the number of keys, the own counter, the last entry's leaf
    /// hash, the keys, and the SHA-256 of all that; numbers have the lowest byte first.
    func file(lastLeafHash: SHA256Digest, ownSequence: UInt64) -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.headerCount + 8 * keys.count + 32)
        Self.append(UInt64(keys.count), to: &bytes)
        Self.append(ownSequence, to: &bytes)
        bytes += lastLeafHash.bytes
        for key in keys { Self.append(key, to: &bytes) }
        return bytes + SHA256Hasher().hash(bytes).bytes
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// What a stored index says of itself, to be trusted for no more than the log's own counter.
    struct Header {
        var count: Int
        var ownSequence: UInt64
        var lastLeafHash: SHA256Digest

        static let byteCount = IdentifierIndex.headerCount

        init?(_ file: [UInt8]) {
            guard file.count >= Self.byteCount, file.starts(with: IdentifierIndex.magic),
                let count = Int(exactly: number(file, at: 8)),
                let last = SHA256Digest(bytes: Array(file[24..<56]))
            else { return nil }
            self.count = count
            ownSequence = number(file, at: 16)
            lastLeafHash = last
        }
    }

    /// Reads a stored index; nil if it is not whole.
    static func parse(_ file: [UInt8]) -> IdentifierIndex? {
        guard file.count >= headerCount + 32, let header = Header(file) else { return nil }
        let body = file.count - 32
        guard (body - headerCount) % 8 == 0, header.count == (body - headerCount) / 8,
            unsafe SHA256Hasher().hash(file.span.bytes.extracting(first: body)).bytes
                == Array(file[body...])
        else { return nil }
        var index = IdentifierIndex()
        index.append(
            stored: stride(from: headerCount, to: body, by: 8).lazy.map { number(file, at: $0) })
        return index
    }

    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt64 {
        unsafe UInt64(
            littleEndian: bytes.span.bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: UInt64.self))
    }
}
