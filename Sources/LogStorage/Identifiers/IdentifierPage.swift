// SPDX-License-Identifier: Apache-2.0

/// A page of a run: records in the order of their hashes, and a checksum.
///
///     checksum (8 bytes)   count (8 bytes)   255 × (hash, index), numbers with the lowest byte first
///
/// What follows the last record is zero.
enum IdentifierPage {
    static let byteCount = 4_096
    static let recordMax = 255
    private static let headerCount = 16

    /// Writes a page; `records` are at most `recordMax`.
    static func write(_ records: ArraySlice<IdentifierRecord>, to page: UnsafeMutableRawPointer) {
        precondition(records.count <= recordMax, "a page has a bounded number of records")
        unsafe page.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        unsafe store(UInt64(records.count), to: page + 8)
        var place = headerCount
        for record in records {
            unsafe store(record.hash, to: page + place)
            unsafe store(record.index, to: page + place + 8)
            place += 16
        }
        unsafe store(checksum(UnsafeRawPointer(page)), to: page)
    }

    private static func store(_ number: UInt64, to place: UnsafeMutableRawPointer) {
        unsafe place.storeBytes(of: number.littleEndian, as: UInt64.self)
    }

    @inline(__always)
    private static func load(_ place: UnsafeRawPointer) -> UInt64 {
        unsafe UInt64(littleEndian: place.load(as: UInt64.self))
    }

    /// Against rot, not against malice: who can write here can also remove the index.
    private static func checksum(_ page: UnsafeRawPointer) -> UInt64 {
        var lanes = SIMD4<UInt64>(1, 2, 3, 4)
        let prime = SIMD4<UInt64>(repeating: 0x9E37_79B9_7F4A_7C15)
        unsafe lanes[0] ^= load(page + 8)
        for place in stride(from: headerCount, to: byteCount - 16, by: 32) {
            let words = unsafe SIMD4<UInt64>(
                load(page + place), load(page + place + 8), load(page + place + 16),
                load(page + place + 24))
            lanes = (lanes ^ words) &* prime
            lanes ^= lanes &>> SIMD4<UInt64>(repeating: 29)
        }
        unsafe lanes[1] ^= load(page + byteCount - 16) &* prime[0]
        unsafe lanes[2] ^= load(page + byteCount - 8) &* prime[0]
        lanes = lanes &* prime
        return lanes[0] ^ lanes[1] &<< 1 ^ lanes[2] &<< 2 ^ lanes[3] &<< 3 ^ lanes.wrappedSum()
    }

    /// The number of records of a page; nil if it is not as it was written.
    static func recordCount(_ page: UnsafeRawPointer) -> Int? {
        let count = unsafe load(page + 8)
        guard count <= recordMax, unsafe checksum(page) == load(page) else { return nil }
        return Int(count)
    }

    @inline(__always)
    static func record(_ place: Int, of page: UnsafeRawPointer) -> IdentifierRecord {
        let start = unsafe page + headerCount + 16 * place
        return unsafe IdentifierRecord(hash: load(start), index: load(start + 8))
    }
}
