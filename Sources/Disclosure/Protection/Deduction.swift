// SPDX-License-Identifier: Apache-2.0

/// What somebody can deduce who knows the published cells and the relations.
///
/// It is exact: intervals come from linear programs solved in whole numbers. It proves that each
/// cell is as uncertain as asked, by showing other tables that agree with everything published.
public struct Deduction {
    private let table: LinearTable
    private let isHidden: [Bool]
    private var tableau: DeductionTableau

    /// Reads a table with some cells hidden.
    ///
    /// - Throws: ``DisclosureError`` if the table cannot be worked on.
    public init(_ table: LinearTable, isHidden: [Bool]) throws(DisclosureError) {
        if let fault = table.fault { throw fault }
        precondition(isHidden.count == table.cells.count, "one mark a cell")
        self.table = table
        self.isHidden = isHidden
        tableau = try DeductionTableau(table, isHidden: isHidden)
    }

    /// What can be deduced of a cell.
    ///
    /// - Throws: ``DisclosureError`` if numbers grow beyond what is exact.
    public mutating func interval(of cell: Int) throws(DisclosureError) -> DeducedInterval {
        guard isHidden[cell] else {
            let value = Fraction(table.cells[cell].value)
            return DeducedInterval(low: value, high: value)
        }
        let high = try tableau.extreme(cell, upward: true, goal: Self.unreachable).value
        let low = try tableau.extreme(cell, upward: false, goal: -1).value
        return DeducedInterval(low: low ?? Fraction(0), high: high)
    }

    // More than any bounded cell can be, since values are below 2^40 and cells below 2^15.
    private static let unreachable: Int64 = 1 << 60

    /// Whether what can be deduced of a hidden cell keeps the distance that it needs.
    ///
    /// - Returns: Nil if it does not; else the cells on which that rests.
    /// - Throws: ``DisclosureError`` if numbers grow beyond what is exact.
    mutating func support(of cell: Int) throws(DisclosureError) -> Set<Int>? {
        let (need, value) = (table.cells[cell].need, table.cells[cell].value)
        if need.isNothing { return [] }
        var support: Set<Int> = []
        let upper = try tableau.extreme(
            cell, upward: true, goal: value + max(need.above, need.width))
        if let high = upper.value {
            support.formUnion(tableau.movedCells(table))
            guard high >= Fraction(value + need.above) else { return nil }
        } else {
            // A ray: everything may be part of it.
            support.formUnion(tableau.cells)
        }
        let below = min(need.below, value)
        let reached = upper.value ?? Fraction(value + need.width)
        let wanted = min(value - below, upper.isReached ? value : reached.floor - need.width)
        guard wanted < value else { return support }
        guard let low = try tableau.extreme(cell, upward: false, goal: wanted).value else {
            return nil
        }
        support.formUnion(tableau.movedCells(table))
        let interval = DeducedInterval(low: low, high: upper.value)
        return interval.satisfies(need, value: value) ? support : nil
    }

    /// The hidden cells that are less uncertain than they need to be.
    ///
    /// - Throws: ``DisclosureError`` if numbers grow beyond what is exact.
    public mutating func exposedCells() throws(DisclosureError) -> [Int] {
        var exposed: [Int] = []
        for cell in table.cells.indices where isHidden[cell] {
            if try support(of: cell) == nil { exposed.append(cell) }
        }
        return exposed
    }
}
