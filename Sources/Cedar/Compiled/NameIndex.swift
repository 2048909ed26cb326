// SPDX-License-Identifier: Apache-2.0

/// Numbers texts.
struct TextIndex {
    private var table = NameTable()
    private(set) var bytes = ByteColumn()

    func number(of text: String) -> Int? {
        let wanted = unsafe text.utf8Span.span.bytes
        let hash = wanted.hash(table.key)
        var position = table.start(hash)
        while true {
            let found = table.next(hash, &position)
            if found < 0 { return nil }
            if bytes.holds(found, wanted) { return found }
        }
    }

    /// Adds a text that is not there yet.
    mutating func add(_ text: String) {
        table.insert(text.hash(table.key), bytes.count)
        bytes.append(text)
    }
}

/// Numbers entities by the number of their type and their identifier.
struct EntityIndex {
    private var table = NameTable()
    private var ids = ByteColumn()
    private var types: [Int32] = []

    func number(of id: String, type: Int32) -> Int? {
        let wanted = unsafe id.utf8Span.span.bytes
        let hash = wanted.hash(table.key ^ UInt64(type))
        var position = table.start(hash)
        while true {
            let found = table.next(hash, &position)
            if found < 0 { return nil }
            if types[found] == type, ids.holds(found, wanted) { return found }
        }
    }

    /// Adds an entity that is not there yet.
    mutating func add(_ id: String, type: Int32) {
        table.insert(id.hash(table.key ^ UInt64(type)), types.count)
        ids.append(id)
        types.append(type)
    }
}

/// Numbers addresses.
struct AddressIndex {
    private var table = NameTable()
    private(set) var addresses: [IPAddress] = []

    func number(of address: IPAddress) -> Int? {
        let hash = hash(address)
        var position = table.start(hash)
        while true {
            let found = table.next(hash, &position)
            if found < 0 { return nil }
            if addresses[found] == address { return found }
        }
    }

    /// Adds an address that is not there yet.
    mutating func add(_ address: IPAddress) {
        table.insert(hash(address), addresses.count)
        addresses.append(address)
    }

    private func hash(_ address: IPAddress) -> UInt64 {
        let high = (address.high ^ table.key).mixed
        return (address.low ^ high ^ UInt64(address.prefixLength)).mixed
    }
}
