// SPDX-License-Identifier: Apache-2.0

/// Entities and constants in tables of integers.
struct EntityStore {
    /// What is known of an entity; one that is only referred to does not exist.
    struct Row {
        var exists = false
        let type: Int32
        var attributes = SlotRange()
        var tags = SlotRange()
        var ancestors = SlotRange()
    }

    private var textTable = NameTable()
    private(set) var texts: [String] = []
    private var uidTable = NameTable()
    private var uids: [EntityUID] = []
    private(set) var rows: [Row] = []
    private(set) var fields: [SlotField] = []
    private(set) var ancestors: [Int] = []
    private var setIndex: [[Slot]: Int] = [:]
    private(set) var sets: [SlotRange] = []
    private(set) var elements: [Slot] = []
    private var recordIndex: [[SlotField]: Int] = [:]
    private(set) var records: [SlotRange] = []
    private var addressIndex: [IPAddress: Int] = [:]
    private(set) var addresses: [IPAddress] = []

    init(_ entities: Entities) {
        for entity in entities.all { add(entity) }
    }

    private mutating func add(_ entity: Entity) {
        let index = intern(entity.uid)
        let attributes = append(fields(of: entity.attributes))
        let tags = append(fields(of: entity.tags))
        let sorted = entity.ancestors.map { intern($0) }.sorted()
        rows[index].exists = true
        rows[index].attributes = attributes
        rows[index].tags = tags
        rows[index].ancestors = SlotRange(start: ancestors.count, count: sorted.count)
        ancestors += sorted
    }

    private mutating func append(_ new: [SlotField]) -> SlotRange {
        defer { fields += new }
        return SlotRange(start: fields.count, count: new.count)
    }

    private mutating func fields(of record: Record) -> [SlotField] {
        var result: [SlotField] = []
        for (key, value) in zip(record.keys, record.values) {
            result.append(SlotField(name: intern(key), value: intern(value)))
        }
        return result.sorted { $0.name < $1.name }
    }

    mutating func intern(_ text: String) -> Int {
        if let known = index(of: text) { return known }
        textTable.insert(textTable.hash(text), texts.count)
        texts.append(text)
        return texts.count - 1
    }

    mutating func intern(_ uid: EntityUID) -> Int {
        if let known = index(of: uid) { return known }
        let type = intern(uid.type)
        uidTable.insert(uidTable.hash(uid), rows.count)
        uids.append(uid)
        rows.append(Row(type: Int32(type)))
        return rows.count - 1
    }

    mutating func intern(_ value: Value) -> Slot {
        switch value {
        case .bool(let bool): return Slot(bool)
        case .int(let int): return Slot(tag: .int, bits: int)
        case .decimal(let bits): return Slot(tag: .decimal, bits: bits)
        case .datetime(let bits): return Slot(tag: .datetime, bits: bits)
        case .duration(let bits): return Slot(tag: .duration, bits: bits)
        case .string(let text): return Slot(.string, intern(text))
        case .entity(let uid): return Slot(.entity, intern(uid))
        case .ipaddr(let address):
            if let known = addressIndex[address] { return Slot(.ipaddr, known) }
            addressIndex[address] = addresses.count
            addresses.append(address)
            return Slot(.ipaddr, addresses.count - 1)
        case .set(let set): return internSet(set)
        case .record(let record):
            let key = fields(of: record)
            if let known = recordIndex[key] { return Slot(.record, known) }
            recordIndex[key] = records.count
            records.append(append(key))
            return Slot(.record, records.count - 1)
        }
    }

    private mutating func internSet(_ set: ValueSet) -> Slot {
        var key: [Slot] = []
        for element in set.elements { key.append(intern(element)) }
        key.sort { $0.precedes($1) }
        if let known = setIndex[key] { return Slot(.set, known) }
        setIndex[key] = sets.count
        sets.append(SlotRange(start: elements.count, count: key.count))
        elements += key
        return Slot(.set, sets.count - 1)
    }
}

extension EntityStore {
    func index(of uid: EntityUID) -> Int? {
        uidTable.find(uidTable.hash(uid)) { uids[$0] == uid }
    }

    func index(of text: String) -> Int? {
        textTable.find(textTable.hash(text)) { texts[$0].hasSameBytes(as: text) }
    }

    func index(of address: IPAddress) -> Int? { addressIndex[address] }

    /// The slot of a value that the store holds; nil for sets, records and what it does not hold.
    func slot(of value: Value) -> Slot? {
        switch value {
        case .bool(let bool): Slot(bool)
        case .int(let bits): Slot(tag: .int, bits: bits)
        case .decimal(let bits): Slot(tag: .decimal, bits: bits)
        case .datetime(let bits): Slot(tag: .datetime, bits: bits)
        case .duration(let bits): Slot(tag: .duration, bits: bits)
        case .string(let text): index(of: text).map { Slot(.string, $0) }
        case .entity(let uid): index(of: uid).map { Slot(.entity, $0) }
        case .ipaddr(let address): index(of: address).map { Slot(.ipaddr, $0) }
        case .set, .record: nil
        }
    }

    /// The value of an attribute or tag in a range of fields.
    func value(_ name: Int, in range: SlotRange) -> Slot? {
        var index = range.start
        let end = range.end
        let wanted = Int32(name)
        while index < end {
            let field = fields[index]
            if field.name == wanted { return field.value }
            index += 1
        }
        return nil
    }

    func contains(_ element: Slot, in set: Int) -> Bool {
        let range = sets[set]
        var low = range.start
        var high = range.end
        while low < high {
            let middle = (low + high) / 2
            let candidate = elements[middle]
            if candidate == element { return true }
            if candidate.precedes(element) { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// Whether an entity is another one or in it.
    func isIn(_ uid: Int, _ ancestor: Int) -> Bool {
        if uid == ancestor { return true }
        let range = rows[uid].ancestors
        var low = range.start
        var high = range.end
        while low < high {
            let middle = (low + high) / 2
            let candidate = ancestors[middle]
            if candidate == ancestor { return true }
            if candidate < ancestor { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
