// SPDX-License-Identifier: Apache-2.0

/// Finds sums over cells that every safe pattern satisfies and a given one does not.
///
/// Whatever pattern protects a cell must mask enough cells that can move with it: by the duality of
/// linear programs, each pattern that fails gives such a sum (the capacity inequalities of Fischetti
/// and Salazar-González, 2001).
struct ProtectionCuts {
    private let table: LinearTable
    private var program: DeviationProgram
    /// The cells that need protection while they are masked.
    private let needy: [Int]

    var effort: Int { program.effort }

    init(_ table: LinearTable) {
        self.table = table
        program = DeviationProgram(table)
        needy = table.cells.indices.filter {
            table.cells[$0].role != .published && !table.cells[$0].need.isNothing
        }
    }

    /// The sums that a choice of masked cells, whole or fractional, does not reach.
    ///
    /// The factors count hidden cells as well, since they are cells of the choice.
    mutating func violated(by choice: [Double]) -> [CoverProgram.Cut] {
        var cuts: [CoverProgram.Cut] = []
        for cell in needy where choice[cell] > 0.5 {
            let (need, value) = (table.cells[cell].need, table.cells[cell].value)
            if need.above > 0 {
                cuts += cut(cell, need: need.above, [true], choice)
            }
            if min(need.below, value) > 0 {
                cuts += cut(cell, need: min(need.below, value), [false], choice)
            }
            if need.width > 0 { cuts += cut(cell, need: need.width, [true, false], choice) }
        }
        return cuts
    }

    /// The sum that protects one cell in some directions together, if the choice does not reach it.
    private mutating func cut(
        _ cell: Int, need: Int64, _ directions: [Bool], _ choice: [Double]
    ) -> [CoverProgram.Cut] {
        for scale in [1.0, 1_000] {
            let wanted = Double(need) * choice[cell]
            let room = room(choice, Double(need) * scale)
            var (reached, gradients): (Double, [(isUp: Bool, [Double])]) = (0, [])
            for isUp in directions {
                guard
                    let answer = program.maximum(
                        of: cell, upward: isUp, goal: wanted - reached, room)
                else { return [] }
                reached += answer.value
                gradients.append((isUp, answer.gradient))
            }
            let cut = sum(cell, need: Double(need), gradients.map(\.1))
            if cut.sum(choice) < cut.bound - 1e-4 { return [cut] }
        }
        return []
    }

    private func room(_ choice: [Double], _ limit: Double) -> DeviationProgram.Room {
        var room = DeviationProgram.Room(down: choice, up: choice)
        for cell in choice.indices {
            room.down[cell] = choice[cell] * min(Double(table.cells[cell].value), limit)
            room.up[cell] = choice[cell] * limit
        }
        return room
    }

    private func sum(
        _ cell: Int, need: Double, _ gradients: [[Double]]
    ) -> CoverProgram.Cut {
        var cut = CoverProgram.Cut(terms: [], bound: 0)
        for other in table.cells.indices where table.cells[other].role != .published {
            var factor = other == cell ? -need : 0
            for gradient in gradients {
                let slope = gradient[other]
                if slope > 1e-7 { factor += need }
                if slope < -1e-7 {
                    factor += min(need, -slope * Double(table.cells[other].value))
                }
            }
            if other != cell { factor = min(factor, need) }
            if factor != 0 { cut.terms.append((other, factor / need)) }
        }
        return cut
    }
}
