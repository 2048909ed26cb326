// SPDX-License-Identifier: Apache-2.0

import Disclosure
import Testing

/// Tables of rows and columns, with their totals, for tests.
struct CrossTable {
    var table = LinearTable()
    var cells: [[Int]] = []

    /// Makes a table whose inner cells below a threshold must be hidden.
    init(_ values: [[Int64]], threshold: Int64, width: Int64) {
        let columnCount = values[0].count
        for row in values + [
            (0..<columnCount).map { column in values.reduce(0) { $0 + $1[column] } }
        ] {
            cells.append(
                (row + [row.reduce(0, +)]).map { value in
                    let isSmall = value > 0 && value < threshold
                    return table.add(
                        LinearTable.Cell(
                            value, weight: max(1, value), role: isSmall ? .hidden : .choice,
                            need: LinearTable.Need(width: isSmall ? width : 1)))
                })
        }
        for row in cells {
            table.relate(total: row[columnCount], parts: Array(row[..<columnCount]))
        }
        for column in 0...columnCount {
            table.relate(
                total: cells[values.count][column], parts: cells[..<values.count].map { $0[column] }
            )
        }
    }
}

@Suite struct SuppressionSearchTests {
    /// The example that the open method of Tau-Argus solves at a cost of 36.
    @Test func findsTheKnownOptimum() throws {
        let cross = CrossTable(
            [[40, 12, 3], [25, 14, 12], [30, 11, 15], [28, 13, 11], [50, 20, 18]],
            threshold: 11, width: 10)
        var search = try SuppressionSearch(cross.table)
        let outcome = try search.solve()
        #expect(outcome.isOptimal)
        #expect(outcome.cost == 36)
        var deduction = try Deduction(cross.table, isHidden: outcome.isHidden)
        let interval = try deduction.interval(of: cross.cells[0][2])
        #expect(interval.low == Fraction(0) && interval.high == Fraction(14))
    }

    /// Every small table, solved by trying all patterns.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func isAsCheapAsTheBestOfAllPatterns(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let values = (0..<3).map { _ in (0..<3).map { _ in Int64(random.next() % 12) } }
        let cross = CrossTable(values, threshold: 4, width: 5)
        let table = cross.table
        let choices = table.cells.indices.filter { table.cells[$0].role == .choice }
        var cheapest: Int64?
        for mask in 0..<(1 << choices.count) {
            var (isHidden, cost) = (table.cells.map { $0.role == .hidden }, Int64(0))
            for (bit, cell) in choices.enumerated() where mask >> bit & 1 == 1 {
                isHidden[cell] = true
                cost += table.cells[cell].weight
            }
            guard cost < cheapest ?? .max else { continue }
            var deduction = try Deduction(table, isHidden: isHidden)
            if try deduction.exposedCells().isEmpty { cheapest = cost }
        }
        do throws(DisclosureError) {
            var search = try SuppressionSearch(table)
            let outcome = try search.solve()
            #expect(outcome.isOptimal && outcome.cost == cheapest, "\(values)")
            var deduction = try Deduction(table, isHidden: outcome.isHidden)
            #expect(try deduction.exposedCells().isEmpty)
        } catch {
            #expect(error.code == .cannotProtect && cheapest == nil, "\(values)")
        }
    }

    @Test func refusesWhatNoPatternProtects() throws {
        var table = LinearTable()
        let part = table.add(LinearTable.Cell(3, role: .hidden, need: .init(width: 10)))
        let total = table.add(LinearTable.Cell(3, role: .published))
        table.relate(total: total, parts: [part])
        var search = try SuppressionSearch(table)
        #expect(throws: DisclosureError(.cannotProtect)) { try search.solve() }
    }

    @Test func refusesHostileTables() throws {
        let negative = LinearTable(cells: [LinearTable.Cell(-1)])
        #expect(throws: DisclosureError(.valueOutOfRange)) { try SuppressionSearch(negative) }
        let huge = LinearTable(cells: [LinearTable.Cell(.max)])
        #expect(throws: DisclosureError(.valueOutOfRange)) { try SuppressionSearch(huge) }
        var broken = LinearTable(cells: [LinearTable.Cell(1), LinearTable.Cell(2)])
        broken.relate(total: 0, parts: [1])
        #expect(throws: DisclosureError(.relationBroken)) { try SuppressionSearch(broken) }
        var stray = LinearTable(cells: [LinearTable.Cell(1)])
        stray.relate([LinearTable.Term(7)])
        #expect(throws: DisclosureError(.relationBroken)) { try SuppressionSearch(stray) }
        let many = LinearTable(
            cells: Array(repeating: LinearTable.Cell(1), count: LinearTable.sizeMax + 1))
        #expect(throws: DisclosureError(.tableTooLarge)) { try SuppressionSearch(many) }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
