// SPDX-License-Identifier: Apache-2.0

/// Where the attributes that policies read stand among the fields of each shape.
///
/// A shape is the names of the fields of a record or entity. There are few, so that to read an
/// attribute is to look up one number, and not to search for a name.
struct ShapeTable {
    /// The names of the attributes, by their numbers.
    private let names: [Int32]
    /// For each shape the position of each attribute; negative where it has none.
    private let positions: FixedTable<Int32>
    /// The shapes beyond these are searched: the table of hostile data stays bounded.
    private let covered: Int
    private let width: Int
    private static let sizeLimit = 1 << 22

    init(shapes: [[Int32]], names: [Int32]) {
        self.names = names
        width = names.count
        covered = names.isEmpty ? 0 : min(shapes.count, Self.sizeLimit / names.count)
        var numbers: [Int32: Int] = [:]
        for (number, name) in names.enumerated() { numbers[name] = number }
        var positions = Array(repeating: Int32(-1), count: covered * names.count)
        for (index, shape) in shapes.prefix(covered).enumerated() {
            for (position, name) in shape.enumerated() {
                if let number = numbers[name] {
                    positions[index * names.count + number] = Int32(position)
                }
            }
        }
        self.positions = FixedTable(positions)
    }

    /// The number of an attribute's name among the texts.
    func name(_ attribute: Int) -> Int { Int(names[attribute]) }

    /// The position of an attribute among the fields, negative if it is not there; nil if that must
    /// be searched for.
    @inline(__always)
    func position(of attribute: Int, in fields: FieldRange) -> Int? {
        let shape = Int(fields.shape)
        return shape < covered ? Int(positions[shape * width + attribute]) : nil
    }

    func deallocate() {
        positions.deallocate()
    }
}
