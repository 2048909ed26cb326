// SPDX-License-Identifier: Apache-2.0

/// A value as two words: its kind, and its bits or its number in a table.
///
/// Texts, entities, sets, records and addresses are interned, so that two values are equal
/// exactly if their words are.
struct Slot: Hashable {
    enum Tag: UInt8 {
        case bool, int, string, entity, set, record, decimal, ipaddr, datetime, duration
        /// A value of the request's context that is not interned: a record or an unknown text.
        case context
        /// Evaluation failed.
        case error
        /// The compiled form cannot tell; the reference evaluator must.
        case unknown
    }

    let tag: Tag
    let bits: Int64

    static let error = Slot(tag: .error, bits: 0)
    static let unknown = Slot(tag: .unknown, bits: 0)
    static let yes = Slot(tag: .bool, bits: 1)
    static let no = Slot(tag: .bool, bits: 0)

    init(tag: Tag, bits: Int64) {
        self.tag = tag
        self.bits = bits
    }

    init(_ value: Bool) {
        self = value ? .yes : .no
    }

    init(_ tag: Tag, _ index: Int) {
        self.tag = tag
        bits = Int64(index)
    }

    var index: Int { Int(bits) }
    /// Whether the value cannot be worked with any more.
    var isStopped: Bool { tag == .error || tag == .unknown }

    func precedes(_ other: Slot) -> Bool {
        (tag.rawValue, bits) < (other.tag.rawValue, other.bits)
    }
}

/// A name and a value: one attribute or one tag.
struct SlotField: Hashable {
    let name: Int
    let value: Slot
}

/// A part of a table.
struct SlotRange {
    var start = 0
    var count = 0
}

/// Entities and constants in tables of integers.
struct EntityStore {
    /// What is known of an entity; one that is only referred to does not exist.
    struct Row {
        var exists = false
        let type: Int
        var attributes = SlotRange()
        var tags = SlotRange()
        var ancestors = SlotRange()
    }

    private var textIndex: [Text: Int] = [:]
    private(set) var texts: [String] = []
    private var uidIndex: [EntityUID: Int] = [:]
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
        if let known = textIndex[Text(text)] { return known }
        textIndex[Text(text)] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    mutating func intern(_ uid: EntityUID) -> Int {
        if let known = uidIndex[uid] { return known }
        let type = intern(uid.type)
        uidIndex[uid] = rows.count
        rows.append(Row(type: type))
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

    func index(of uid: EntityUID) -> Int? { uidIndex[uid] }
    func index(of text: String) -> Int? { textIndex[Text(text)] }
    func index(of address: IPAddress) -> Int? { addressIndex[address] }

    /// The value of an attribute or tag in a range of fields.
    func value(_ name: Int, in range: SlotRange) -> Slot? {
        var index = range.start
        let end = range.start + range.count
        while index < end {
            let field = fields[index]
            if field.name == name { return field.value }
            index += 1
        }
        return nil
    }

    func contains(_ element: Slot, in set: Int) -> Bool {
        let range = sets[set]
        var low = range.start
        var high = range.start + range.count
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
        var high = range.start + range.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = ancestors[middle]
            if candidate == ancestor { return true }
            if candidate < ancestor { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
