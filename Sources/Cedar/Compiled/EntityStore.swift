// SPDX-License-Identifier: Apache-2.0

/// Gathers entities and constants in tables of integers, of which a machine is made.
struct EntityStore {
    /// What is known of an entity; one that is only referred to does not exist.
    struct Row: BitwiseCopyable {
        let type: Int32
        var attributes = FieldRange.empty
        var tags = FieldRange.empty
        var ancestors = SlotRange()
    }

    private(set) var texts: [String] = []
    private(set) var textIndex = TextIndex()
    private(set) var entityIndex = EntityIndex()
    private(set) var addressIndex = AddressIndex()
    private(set) var rows: [Row] = []
    private(set) var fields: [SlotField] = []
    private(set) var ancestors: [Int32] = []
    private var setIndex: [[Slot]: Int] = [:]
    private(set) var sets: [SlotRange] = []
    private(set) var elements: [Slot] = []
    private var recordIndex: [[SlotField]: Int] = [:]
    private(set) var records: [FieldRange] = []
    private var shapeIndex: [[Int32]: Int] = [[]: 0]
    /// The names of the fields of each kind of record; the first has none.
    private(set) var shapes: [[Int32]] = [[]]

    init(_ entities: Entities) {
        for entity in entities.all { add(entity) }
    }

    private mutating func add(_ entity: Entity) {
        let index = intern(entity.uid)
        let attributes = append(fields(of: entity.attributes))
        let tags = append(fields(of: entity.tags))
        let sorted = entity.ancestors.map { intern($0) }.sorted()
        rows[index].attributes = attributes
        rows[index].tags = tags
        rows[index].ancestors = SlotRange(start: ancestors.count, count: sorted.count)
        ancestors += sorted.map { Int32($0) }
    }

    private mutating func append(_ new: [SlotField]) -> FieldRange {
        let names = new.map(\.name)
        let shape = shapeIndex[names] ?? shapes.count
        if shape == shapes.count {
            shapeIndex[names] = shape
            shapes.append(names)
        }
        defer { fields += new }
        return FieldRange(
            range: SlotRange(start: fields.count, count: new.count), shape: Int32(shape))
    }

    private mutating func fields(of record: Record) -> [SlotField] {
        var result: [SlotField] = []
        for (key, value) in zip(record.keys, record.values) {
            result.append(SlotField(name: intern(key), value: intern(value)))
        }
        return result.sorted { $0.name < $1.name }
    }

    mutating func intern(_ text: String) -> Int {
        if let known = textIndex.number(of: text) { return known }
        textIndex.add(text)
        texts.append(text)
        return texts.count - 1
    }

    mutating func intern(_ uid: EntityUID) -> Int {
        let type = Int32(intern(uid.type))
        if let known = entityIndex.number(of: uid.id, type: type) { return known }
        entityIndex.add(uid.id, type: type)
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
            if let known = addressIndex.number(of: address) { return Slot(.ipaddr, known) }
            addressIndex.add(address)
            return Slot(.ipaddr, addressIndex.addresses.count - 1)
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

    /// Whether an entity is another one or in it.
    func isIn(_ uid: Int, _ ancestor: Int) -> Bool {
        let range = rows[uid].ancestors
        return uid == ancestor || ancestors[range.start..<range.end].contains(Int32(ancestor))
    }
}
