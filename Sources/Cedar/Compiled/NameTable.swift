// SPDX-License-Identifier: Apache-2.0

/// Finds the number of a name by a hash of its bytes: open addressing over names that are kept
/// elsewhere.
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
    /// What a hash begins with.
    let key: UInt64
    private var places: [Place]
    private var count = 0

    init() {
        key = UInt64(bitPattern: Int64(Hasher().finalize())) | 1
        places = Array(repeating: Self.free, count: 16)
    }

    /// Where a search for a hash begins.
    @inline(__always)
    func start(_ hash: UInt64) -> Int {
        Int(UInt32(truncatingIfNeeded: hash)) & (places.count - 1)
    }

    /// The number of the next name with this hash from a place on, which moves behind it; negative
    /// if there is none.
    @inline(__always)
    func next(_ hash: UInt64, _ position: inout Int) -> Int {
        let short = UInt32(truncatingIfNeeded: hash)
        while true {
            let place = places[position]
            position = (position + 1) & (places.count - 1)
            if place.index < 0 || place.hash == short { return Int(place.index) }
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
}
