// SPDX-License-Identifier: Apache-2.0

/// The cheapest fractional choice of cells that satisfies all cuts so far.
///
/// It solves the dual program, whose first solution is given, and to which a new cut is one more
/// column: adding cuts and fixing cells never starts again. It works in floating point, and only
/// guides the search.
struct CoverProgram {
    /// A sum over cells that must reach a bound.
    struct Cut {
        /// The cells and their factors.
        var terms: [(cell: Int, factor: Double)]
        /// What the sum must reach.
        var bound: Double

        /// The sum, for a choice of cells.
        func sum(_ choice: [Double]) -> Double {
            terms.reduce(0) { $0 + $1.factor * choice[$1.cell] }
        }
    }

    private enum Column {
        case slack(Int)
        case cut(Int)
        case lower(Int)
        case upper(Int)
    }

    /// The cuts.
    private(set) var cuts: [Cut] = []
    /// The least and the greatest choice of each cell.
    var lower: [Double]
    var upper: [Double]
    /// The present choice.
    private(set) var choice: [Double]
    private(set) var effort = 0

    private let count: Int
    private var basis: [Column]
    private var inverse: [Double]
    private var amounts: [Double]
    private let weights: [Double]

    init(weights: [Double]) {
        count = weights.count
        self.weights = weights
        lower = Array(repeating: 0, count: count)
        upper = Array(repeating: 1, count: count)
        choice = Array(repeating: 0, count: count)
        basis = (0..<count).map { .slack($0) }
        inverse = Array(repeating: 0, count: count * count)
        for cell in 0..<count { inverse[cell * count + cell] = 1 }
        amounts = weights
    }

    mutating func add(_ cut: Cut) { cuts.append(cut) }

    private func price(_ column: Column) -> Double {
        switch column {
        case .slack: 0
        case .cut(let cut): cuts[cut].bound
        case .lower(let cell): lower[cell]
        case .upper(let cell): -upper[cell]
        }
    }

    /// Finds the cheapest choice.
    ///
    /// - Returns: What every choice costs at least; nil if there is no choice.
    mutating func solve() -> Double? {
        for _ in 0..<2_000 {
            price()
            guard let entering = mostViolated() else { break }
            let direction = direction(entering)
            var leaving: (row: Int, ratio: Double)?
            for row in 0..<count where direction[row] > 1e-9 {
                let ratio = amounts[row] / direction[row]
                if ratio < leaving?.ratio ?? .infinity { leaving = (row, ratio) }
            }
            guard let leaving else { return nil }
            replace(leaving.row, entering, direction, by: leaving.ratio)
        }
        return (0..<count).reduce(0) { $0 + price(basis[$1]) * amounts[$1] }
    }

    private mutating func price() {
        for cell in 0..<count { choice[cell] = 0 }
        for row in 0..<count {
            let price = price(basis[row])
            guard price != 0 else { continue }
            for cell in 0..<count { choice[cell] += price * inverse[row * count + cell] }
        }
        effort += count * count
    }

    private func mostViolated() -> Column? {
        var best: (column: Column, size: Double)?
        func consider(_ column: Column, _ size: Double) {
            if size > best?.size ?? 1e-7 { best = (column, size) }
        }
        for cell in 0..<count {
            consider(.slack(cell), -choice[cell])
            consider(.lower(cell), lower[cell] - choice[cell])
            consider(.upper(cell), choice[cell] - upper[cell])
        }
        for cut in cuts.indices { consider(.cut(cut), cuts[cut].bound - cuts[cut].sum(choice)) }
        return best?.column
    }

    private func direction(_ column: Column) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        func add(_ cell: Int, _ factor: Double) {
            for row in 0..<count { result[row] += factor * inverse[row * count + cell] }
        }
        switch column {
        case .slack(let cell), .lower(let cell): add(cell, 1)
        case .upper(let cell): add(cell, -1)
        case .cut(let cut): for term in cuts[cut].terms { add(term.cell, term.factor) }
        }
        return result
    }

    private mutating func replace(
        _ row: Int, _ column: Column, _ direction: [Double], by ratio: Double
    ) {
        effort += count * count
        basis[row] = column
        let pivot = direction[row]
        for index in (row * count)..<((row + 1) * count) { inverse[index] /= pivot }
        amounts[row] = ratio
        for other in 0..<count where other != row && direction[other] != 0 {
            let factor = direction[other]
            for index in 0..<count {
                inverse[other * count + index] -= factor * inverse[row * count + index]
            }
            amounts[other] = max(0, amounts[other] - factor * ratio)
        }
    }
}
