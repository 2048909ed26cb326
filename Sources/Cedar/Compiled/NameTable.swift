// SPDX-License-Identifier: Apache-2.0

/// Finds the number of a name by its bytes: open addressing over names that are kept elsewhere.
///
/// The hash is keyed anew by each process, so that nobody can choose names that collide; nothing
/// that is written or decided depends on it.
struct NameTable {
    private struct Place {
        var hash: UInt32
        /// The number of the name; negative where there is none.
        var index: Int32
    }

    private static let free = Place(hash: 0, index: -1)
    private let key: UInt64
    private var places: [Place]
    private var count = 0

    init() {
        key = UInt64(bitPattern: Int64(Hasher().finalize())) | 1
        places = Array(repeating: Self.free, count: 16)
    }

    /// The number of the name with this hash of which the body says that it is the same.
    @inline(__always)
    func find(_ hash: UInt64, _ isSame: (Int) -> Bool) -> Int? {
        let short = UInt32(truncatingIfNeeded: hash)
        let mask = places.count - 1
        var position = Int(short) & mask
        while true {
            let place = places[position]
            if place.index < 0 { return nil }
            if place.hash == short, isSame(Int(place.index)) { return Int(place.index) }
            position = (position + 1) & mask
        }
    }

    /// Adds a name that is not there yet.
    mutating func insert(_ hash: UInt64, _ index: Int) {
        if count * 2 >= places.count {
            let old = places
            places = Array(repeating: Self.free, count: old.count * 2)
            for place in old where place.index >= 0 { put(place) }
        }
        put(Place(hash: UInt32(truncatingIfNeeded: hash), index: Int32(index)))
        count += 1
    }

    private mutating func put(_ place: Place) {
        let mask = places.count - 1
        var position = Int(place.hash) & mask
        while places[position].index >= 0 { position = (position + 1) & mask }
        places[position] = place
    }

    func hash(_ text: String) -> UInt64 { Self.hash(text, key) }

    func hash(_ uid: EntityUID) -> UInt64 { Self.hash(uid.id, Self.hash(uid.type, key)) }

    /// Mixes eight bytes at a time, with a multiplication of 64 by 64 bits for each.
    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        let quick = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
            unsafe hash(UnsafeRawBufferPointer(buffer), seed)
        }
        if let quick { return quick }
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { buffer in unsafe hash(buffer, seed) }
    }

    private static func hash(_ buffer: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(buffer.count)
        var position = 0
        while position + 8 <= buffer.count {
            let word = unsafe buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            state = mixed(state ^ word)
            position += 8
        }
        var last: UInt64 = 0
        while position < buffer.count {
            last = last << 8 | UInt64(unsafe buffer[position])
            position += 1
        }
        return mixed(state ^ last)
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        let product = state.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
