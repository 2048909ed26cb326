// SPDX-License-Identifier: Apache-2.0

/// How far one cell can be from its true value, when each cell may differ by a given amount.
///
/// It serves the search for a pattern and works in floating point: what it says decides which
/// pattern is tried, never whether a pattern is safe, which ``Deduction`` proves exactly.
struct DeviationProgram {
    /// How far each cell may fall and rise.
    struct Room {
        var down: [Double]
        var up: [Double]
    }

    /// The answer, and how it depends on each cell's room.
    struct Answer {
        var value: Double
        /// Positive where more room upward would help, negative where downward.
        var gradient: [Double]
    }

    private let width: Int
    private let rowCount: Int
    private let template: [Double]
    private let templateBasis: [Int]
    /// How much work was done, in entries of tableaux.
    private(set) var effort = 0

    private static let tolerance = 1e-9

    init(_ table: LinearTable) {
        width = table.cells.count
        var rows: [[Double]] = []
        var basis: [Int] = []
        for relation in table.relations {
            var row = [Double](repeating: 0, count: table.cells.count)
            for term in relation { row[term.cell] += Double(term.factor) }
            for (basic, known) in zip(basis, rows) where row[basic] != 0 {
                let factor = row[basic]
                for column in row.indices { row[column] -= factor * known[column] }
            }
            // The largest entry, and the first of the largest.
            var pivot = 0
            for column in row.indices where abs(row[column]) > abs(row[pivot]) { pivot = column }
            guard row.indices.contains(pivot), abs(row[pivot]) > 1e-7 else { continue }
            let scale = row[pivot]
            for column in row.indices { row[column] /= scale }
            for known in rows.indices where rows[known][pivot] != 0 {
                let factor = rows[known][pivot]
                for column in row.indices { rows[known][column] -= factor * row[column] }
            }
            rows.append(row)
            basis.append(pivot)
        }
        rowCount = rows.count
        template = rows.flatMap { $0 }
        templateBasis = basis
    }

    /// The greatest deviation of a cell, or of its opposite, unless it reaches a goal before.
    ///
    /// - Returns: Nil if the goal is reached, or nothing can be said.
    mutating func maximum(
        of cell: Int, upward: Bool, goal: Double, _ room: Room
    ) -> Answer? {
        var run = Run(
            entries: template, basis: templateBasis, width: width, room: room,
            cell: cell, sign: upward ? 1 : -1)
        let answer = run.solve(goal: goal)
        effort += run.pivotCount * width * max(1, rowCount / 4)
        return answer
    }

    /// One solution: a simplex whose variables start at zero, between their bounds.
    private struct Run {
        var entries: [Double]
        var basis: [Int]
        let width: Int
        let room: Room
        let cell: Int
        let sign: Double
        var reduced: [Double]
        var value: [Double]
        var isBasic: [Bool]
        var pivotCount = 0

        init(
            entries: [Double], basis: [Int], width: Int, room: Room, cell: Int, sign: Double
        ) {
            self.entries = entries
            self.basis = basis
            self.width = width
            self.room = room
            self.cell = cell
            self.sign = sign
            value = Array(repeating: 0, count: width)
            reduced = Array(repeating: 0, count: width)
            isBasic = Array(repeating: false, count: width)
            for basic in basis { isBasic[basic] = true }
            if let row = basis.firstIndex(of: cell) {
                for column in 0..<width where !isBasic[column] {
                    reduced[column] = -sign * entries[row * width + column]
                }
            } else {
                reduced[cell] = sign
            }
        }

        mutating func solve(goal: Double) -> Answer? {
            for step in 0..<4_000 {
                if sign * value[cell] >= goal - 1e-7 { return nil }
                guard let entering = entering(isCautious: step > 1_500) else {
                    return Answer(value: sign * value[cell], gradient: reduced)
                }
                move(entering)
            }
            return nil
        }

        private func entering(isCautious: Bool) -> Int? {
            var best: (column: Int, size: Double)?
            for column in 0..<width where !isBasic[column] {
                let slope = reduced[column]
                let size = abs(slope)
                guard size > tolerance,
                    slope > 0
                        ? value[column] < room.up[column] - tolerance
                        : value[column] > tolerance - room.down[column]
                else { continue }
                if isCautious { return column }
                if size > best?.size ?? 0 { best = (column, size) }
            }
            return best?.column
        }

        private mutating func move(_ column: Int) {
            let direction: Double = reduced[column] > 0 ? 1 : -1
            var step =
                direction > 0 ? room.up[column] - value[column] : value[column] + room.down[column]
            var leaving: Int?
            for row in basis.indices {
                let rate = -entries[row * width + column] * direction
                guard abs(rate) > tolerance else { continue }
                let basic = basis[row]
                let limit =
                    rate > 0
                    ? (room.up[basic] - value[basic]) / rate
                    : (value[basic] + room.down[basic]) / -rate
                if limit < step - tolerance
                    || (limit < step + tolerance && (leaving.map { basis[$0] > basic } ?? true))
                {
                    step = min(step, max(0, limit))
                    leaving = row
                }
            }
            value[column] += direction * step
            for row in basis.indices {
                value[basis[row]] -= entries[row * width + column] * direction * step
            }
            pivotCount += 1
            if let leaving { pivot(leaving, column) }
        }

        private mutating func pivot(_ row: Int, _ column: Int) {
            let start = row * width
            let scale = entries[start + column]
            for index in start..<(start + width) { entries[index] /= scale }
            for other in basis.indices where other != row {
                let factor = entries[other * width + column]
                guard factor != 0 else { continue }
                for index in 0..<width {
                    entries[other * width + index] -= factor * entries[start + index]
                }
            }
            let factor = reduced[column]
            for index in 0..<width { reduced[index] -= factor * entries[start + index] }
            reduced[column] = 0
            isBasic[basis[row]] = false
            isBasic[column] = true
            basis[row] = column
        }
    }
}
