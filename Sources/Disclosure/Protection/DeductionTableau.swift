// SPDX-License-Identifier: Apache-2.0

/// All tables that agree with what was published, as a simplex tableau of whole numbers.
///
/// The tableau keeps one common denominator, so that every number in it is whole and every answer
/// exact (Edmonds' integer pivoting). It starts from the true table, which agrees with what was
/// published, and so needs no search for a first solution. Numbers that grow beyond 63 bits stop
/// the work with an error: what cannot be proved safe is not taken to be safe.
struct DeductionTableau {
    /// The cells that are not known, by column.
    let cells: [Int]
    private var columns: [Int: Int] = [:]
    private var rowCount = 0
    private let width: Int
    /// Row by row; in each the coefficients, then the value of the basic cell times `denominator`.
    private var entries: [Int64] = []
    private var denominator: Int64 = 1
    private var magnitude: Int64 = 1
    /// The column whose cell each row defines.
    private var basis: [Int] = []
    /// The row that defines each column's cell, or -1.
    private var rowOf: [Int]
    private(set) var pivotCount = 0

    /// Sets the tableau up for a table whose cells are known or not.
    ///
    /// - Throws: ``DisclosureError`` if numbers grow beyond what is exact.
    init(_ table: LinearTable, isHidden: [Bool]) throws(DisclosureError) {
        cells = table.cells.indices.filter { isHidden[$0] }
        for (column, cell) in cells.enumerated() { columns[cell] = column }
        width = cells.count + 1
        rowOf = Array(repeating: -1, count: cells.count)
        for relation in table.relations {
            var row = [Int64](repeating: 0, count: width)
            var isEmpty = true
            for term in relation {
                guard let column = columns[term.cell] else { continue }
                row[column] += term.factor
                isEmpty = false
            }
            if !isEmpty { try add(row) }
        }
        try leaveTrueTable(table)
    }

    /// The number of a row's column, at a place of `entries`.
    private func place(_ row: Int, _ column: Int) -> Int { row * width + column }

    /// Takes a relation in: expressed in what is not basic yet, then with a basic cell of its own.
    private mutating func add(_ given: [Int64]) throws(DisclosureError) {
        var row = given
        var scaled = try Self.scaled(row, by: denominator)
        for basic in 0..<rowCount where row[basis[basic]] != 0 {
            let factor = row[basis[basic]]
            for column in 0..<width where entries[place(basic, column)] != 0 {
                scaled[column] = try Self.narrow(
                    Int128(scaled[column]) - Int128(factor) * Int128(entries[place(basic, column)]))
            }
        }
        row = scaled
        // A unit coefficient keeps the numbers small.
        guard
            let pivot = row.indices.dropLast().filter({ row[$0] != 0 }).min(by: {
                (row[$0].magnitude, $0) < (row[$1].magnitude, $1)
            })
        else { return }
        entries += row
        basis.append(pivot)
        rowOf[pivot] = rowCount
        rowCount += 1
        try eliminate(row: rowCount - 1, column: pivot)
    }

    private static func scaled(_ row: [Int64], by factor: Int64) throws(DisclosureError) -> [Int64]
    {
        var result = row
        for column in row.indices where row[column] != 0 {
            result[column] = try narrow(Int128(row[column]) * Int128(factor))
        }
        return result
    }

    private static func narrow(_ value: Int128) throws(DisclosureError) -> Int64 {
        guard let narrow = Int64(exactly: value) else {
            throw DisclosureError(.numbersTooLarge)
        }
        return narrow
    }

    /// Clears a column from all rows but one, and makes that entry the new denominator.
    private mutating func eliminate(row: Int, column: Int) throws(DisclosureError) {
        pivotCount += 1
        if entries[place(row, column)] < 0 {
            for index in place(row, 0)..<place(row, width) { entries[index] = -entries[index] }
        }
        let pivot = entries[place(row, column)]
        let old = denominator
        let isSmall = magnitude < 1 << 30 && pivot.magnitude < 1 << 30
        let pivotColumns = (0..<width).filter { entries[place(row, $0)] != 0 }
        for other in 0..<rowCount where other != row {
            let factor = entries[place(other, column)]
            if factor == 0, pivot == old { continue }
            if isSmall, pivot == 1, old == 1 {
                for index in pivotColumns {
                    entries[place(other, index)] -= factor * entries[place(row, index)]
                }
                continue
            }
            for index in 0..<width {
                let product =
                    Int128(entries[place(other, index)]) * Int128(pivot)
                    - Int128(factor) * Int128(entries[place(row, index)])
                entries[place(other, index)] = try Self.narrow(product / Int128(old))
            }
        }
        denominator = pivot
        magnitude = 0
        for entry in entries { magnitude = max(magnitude, Int64(clamping: entry.magnitude)) }
    }
}

extension DeductionTableau {
    /// Moves from the true table to a corner of what is possible, cell by cell.
    private mutating func leaveTrueTable(_ table: LinearTable) throws(DisclosureError) {
        for row in 0..<rowCount {
            entries[place(row, width - 1)] = try Self.narrow(
                Int128(table.cells[cells[basis[row]]].value) * Int128(denominator))
        }
        // What leaves the basis below stands at zero already.
        let standing = cells.indices.filter { rowOf[$0] < 0 }
        for column in standing {
            let value = table.cells[cells[column]].value
            guard value > 0 else { continue }
            // Lowering the cell to zero raises or lowers the basic ones.
            var leaving: (row: Int, room: Int64, step: Int64)?
            for row in 0..<rowCount where entries[place(row, column)] < 0 {
                let (room, step) = (entries[place(row, width - 1)], -entries[place(row, column)])
                if let best = leaving,
                    Int128(room) * Int128(best.step) >= Int128(best.room) * Int128(step)
                {
                    continue
                }
                leaving = (row, room, step)
            }
            for row in 0..<rowCount where entries[place(row, column)] != 0 {
                let moved =
                    Int128(entries[place(row, width - 1)])
                    + Int128(entries[place(row, column)]) * Int128(value)
                entries[place(row, width - 1)] = try Self.narrow(moved)
            }
            guard let leaving, Int128(leaving.room) < Int128(value) * Int128(leaving.step) else {
                continue
            }
            try pivot(row: leaving.row, column: column)
        }
    }

    private mutating func pivot(row: Int, column: Int) throws(DisclosureError) {
        rowOf[basis[row]] = -1
        basis[row] = column
        rowOf[column] = row
        try eliminate(row: row, column: column)
    }

    /// The row that limits how far a column's cell can grow.
    private func limitingRow(_ column: Int) -> Int? {
        var best: Int?
        for row in 0..<rowCount where entries[place(row, column)] > 0 {
            guard let current = best else { best = row; continue }
            let left =
                Int128(entries[place(row, width - 1)])
                * Int128(entries[place(current, column)])
            let right =
                Int128(entries[place(current, width - 1)])
                * Int128(entries[place(row, column)])
            if left < right || (left == right && basis[row] < basis[current]) { best = row }
        }
        return best
    }

    /// The value of a cell at the present corner, times the denominator.
    private func scaledValue(_ column: Int) -> Int64 {
        rowOf[column] < 0 ? 0 : entries[place(rowOf[column], width - 1)]
    }

    /// Whether the cell is at least, or at most, a number at the present corner.
    private func reaches(_ column: Int, _ goal: Int64, upward: Bool) -> Bool {
        let (value, wanted) = (Int128(scaledValue(column)), Int128(goal) * Int128(denominator))
        return upward ? value >= wanted : value <= wanted
    }

    /// The greatest or the least value of a cell, unless a goal is reached before.
    ///
    /// - Returns: Whether the goal is reached, and the extreme value if not; nil if the cell has
    ///   no upper bound, which reaches every goal.
    mutating func extreme(
        _ cell: Int, upward: Bool, goal: Int64
    ) throws(DisclosureError) -> (isReached: Bool, value: Fraction?) {
        guard let column = columns[cell] else { throw DisclosureError(.relationBroken) }
        var steps = 0
        while !reaches(column, goal, upward: upward) {
            guard rowOf[column] >= 0 else {
                // It stands at zero, which is the least.
                guard upward else { break }
                guard let row = limitingRow(column) else { return (true, nil) }
                try pivot(row: row, column: column)
                continue
            }
            steps += 1
            guard steps < 100_000 else { throw DisclosureError(.numbersTooLarge) }
            let row = rowOf[column]
            guard let entering = entering(row, upward: upward, isCautious: steps > 200) else {
                break
            }
            guard let leaving = limitingRow(entering) else { return (true, nil) }
            try pivot(row: leaving, column: entering)
        }
        let value = Fraction(scaledValue(column), denominator)
        return (reaches(column, goal, upward: upward), value)
    }

    /// A column whose growth moves a row's cell the way asked; the first one, to end for certain.
    private func entering(_ row: Int, upward: Bool, isCautious: Bool) -> Int? {
        var best: (column: Int, size: UInt64)?
        for column in 0..<(width - 1) where rowOf[column] < 0 {
            let entry = entries[place(row, column)]
            guard upward ? entry < 0 : entry > 0 else { continue }
            if isCautious { return column }
            if best.map({ entry.magnitude > $0.size }) ?? true { best = (column, entry.magnitude) }
        }
        return best?.column
    }

    /// The cells whose value at the present corner differs from the true one.
    func movedCells(_ table: LinearTable) -> [Int] {
        cells.indices.filter { column in
            Int128(scaledValue(column))
                != Int128(table.cells[cells[column]].value) * Int128(denominator)
        }.map { cells[$0] }
    }
}
