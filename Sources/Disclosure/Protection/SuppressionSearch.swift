// SPDX-License-Identifier: Apache-2.0

/// Chooses which cells to mask besides those that must be: as cheaply as it can, and safely.
///
/// Sums that every safe pattern satisfies bound the cost from below; branching and bounding over
/// them finds the cheapest pattern (Fischetti and Salazar-González, 2001). Small tables are solved
/// to the end; where the work would exceed its limit the best pattern found is taken. Either way
/// the pattern is proved safe by exact arithmetic before anybody sees it.
public struct SuppressionSearch {
    /// A pattern.
    public struct Outcome: Sendable {
        /// Which cells are masked, those that must be included.
        public var isHidden: [Bool]
        /// What masking the cells costs that did not have to be.
        public var cost: Int64
        /// Whether no cheaper pattern exists.
        public var isOptimal: Bool
    }

    private let table: LinearTable
    private let choices: [Int]
    private let effortMax: Int
    private var cuts: ProtectionCuts
    private var pool: [CoverProgram.Cut] = []
    private var best: (isHidden: [Bool], cost: Int64)?

    /// Beyond so many cells that may be masked, the cheapest pattern is not sought.
    private static let choiceMax = 400

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - table: The table; what must be masked has the role `hidden`.
    ///   - effortMax: About how many steps of arithmetic the search may take.
    /// - Throws: ``DisclosureError`` if the table cannot be worked on.
    public init(
        _ table: LinearTable, effortMax: Int = 600_000_000
    ) throws(DisclosureError) {
        if let fault = table.fault { throw fault }
        self.table = table
        self.effortMax = effortMax
        choices = table.cells.indices.filter { table.cells[$0].role == .choice }
        cuts = ProtectionCuts(table)
    }

    /// Finds a pattern.
    ///
    /// - Throws: ``DisclosureError/Code/cannotProtect`` if no pattern protects what must be masked.
    public mutating func solve() throws(DisclosureError) -> Outcome {
        let bare = table.cells.map { $0.role == .hidden }
        if try isSafe(bare) { return Outcome(isHidden: bare, cost: 0, isOptimal: true) }
        try improve(bare.map { $0 ? 1 : 0 })
        if best == nil { try improve(table.cells.map { $0.role == .published ? 0 : 1 }) }
        guard best != nil else { throw DisclosureError(.cannotProtect) }
        let isOptimal = choices.count <= Self.choiceMax ? try branch() : false
        guard let best else { throw DisclosureError(.cannotProtect) }
        return Outcome(isHidden: best.isHidden, cost: best.cost, isOptimal: isOptimal)
    }

    private func isSafe(_ isHidden: [Bool]) throws(DisclosureError) -> Bool {
        var deduction = try Deduction(table, isHidden: isHidden)
        return try deduction.exposedCells().isEmpty
    }

    private func cost(_ isHidden: [Bool]) -> Int64 {
        choices.reduce(0) { isHidden[$1] ? $0 + table.cells[$1].weight : $0 }
    }
}

// MARK: - Patterns from the sums found so far

extension SuppressionSearch {
    /// Completes a choice to a safe pattern, takes away what it does not need, and keeps it if it
    /// is the cheapest so far.
    private mutating func improve(_ start: [Double]) throws(DisclosureError) {
        guard let complete = completed(start) else { return }
        guard let pattern = try pruned(complete.map { $0 > 0.5 }) else { return }
        let cost = cost(pattern)
        if cost < best?.cost ?? .max { best = (pattern, cost) }
    }

    /// Masks cells, those first that do most for their cost, until no sum is missed.
    private mutating func completed(_ start: [Double]) -> [Double]? {
        var choice = start
        for _ in 0..<400 {
            let missed = cuts.violated(by: choice)
            guard !missed.isEmpty else { return choice }
            pool += missed
            var open = missed
            while !open.isEmpty {
                guard let cell = mostUseful(open, choice) else { return nil }
                choice[cell] = 1
                open.removeAll { $0.sum(choice) >= $0.bound - 1e-6 }
            }
        }
        return nil
    }

    private func mostUseful(_ open: [CoverProgram.Cut], _ choice: [Double]) -> Int? {
        var gains = [Double](repeating: 0, count: choice.count)
        for cut in open {
            let missing = cut.bound - cut.sum(choice)
            for term in cut.terms where term.factor > 0 && choice[term.cell] < 0.5 {
                gains[term.cell] += min(term.factor, missing)
            }
        }
        var best: (cell: Int, worth: Double)?
        for cell in choices where gains[cell] > 1e-9 && choice[cell] < 0.5 {
            let worth = gains[cell] / Double(max(1, table.cells[cell].weight))
            if worth > best?.worth ?? 0 { best = (cell, worth) }
        }
        return best?.cell
    }

    /// A safe pattern without the cells that it does not need, the dearest first.
    ///
    /// - Returns: Nil if the pattern is not safe.
    private func pruned(_ pattern: [Bool]) throws(DisclosureError) -> [Bool]? {
        var isHidden = pattern
        guard var supports = try supports(isHidden, of: isHidden.indices.filter { isHidden[$0] })
        else { return nil }
        let secondary = choices.filter { isHidden[$0] }.sorted {
            (table.cells[$1].weight, $0) < (table.cells[$0].weight, $1)
        }
        for cell in secondary {
            isHidden[cell] = false
            let affected = supports.filter { $0.key != cell && $0.value.contains(cell) }.map(\.key)
            if let renewed = try self.supports(isHidden, of: affected.sorted()) {
                supports.removeValue(forKey: cell)
                supports.merge(renewed) { _, new in new }
            } else {
                isHidden[cell] = true
            }
        }
        return isHidden
    }

    /// On which masked cells the protection of some cells rests; nil if one is not protected.
    private func supports(
        _ isHidden: [Bool], of cells: [Int]
    ) throws(DisclosureError) -> [Int: Set<Int>]? {
        var supports: [Int: Set<Int>] = [:]
        var deduction = try Deduction(table, isHidden: isHidden)
        for cell in cells {
            guard let support = try deduction.support(of: cell) else { return nil }
            supports[cell] = support
        }
        return supports
    }
}

// MARK: - The cheapest pattern

extension SuppressionSearch {
    /// Searches the patterns that could be cheaper than the best one.
    ///
    /// - Returns: Whether all of them were searched.
    private mutating func branch() throws(DisclosureError) -> Bool {
        var columns = [Int](repeating: -1, count: table.cells.count)
        for (column, cell) in choices.enumerated() { columns[cell] = column }
        var cover = CoverProgram(
            weights: choices.map { Double(max(1, table.cells[$0].weight)) })
        var taken = 0
        var open: [[(column: Int, isMasked: Bool)]] = [[]]
        while let fixed = open.popLast() {
            for column in choices.indices { (cover.lower[column], cover.upper[column]) = (0, 1) }
            for (column, isMasked) in fixed {
                if isMasked { cover.lower[column] = 1 } else { cover.upper[column] = 0 }
            }
            var rounds = 0
            while true {
                while taken < pool.count {
                    if let cut = projected(pool[taken], columns) { cover.add(cut) }
                    taken += 1
                }
                guard cover.effort + cuts.effort < effortMax else { return false }
                guard let bound = cover.solve(), Int64(bound + 0.999) < best?.cost ?? .max else {
                    break
                }
                let choice = lifted(cover.choice)
                let fraction = cover.choice.indices.filter {
                    (0.001...0.999).contains(cover.choice[$0])
                }
                rounds += 1
                let missed =
                    rounds < (fixed.isEmpty ? 60 : 12) || fraction.isEmpty
                    ? cuts.violated(by: choice) : []
                pool += missed
                if fixed.isEmpty, rounds % 10 == 1 || missed.isEmpty {
                    try improve(choice.map { $0 > 0.6 ? 1 : 0 })
                }
                if !missed.isEmpty { continue }
                guard let column = fraction.max(by: { closeness($0, cover) < closeness($1, cover) })
                else {
                    try improve(choice.map { $0 > 0.5 ? 1 : 0 })
                    break
                }
                open.append(fixed + [(column, false)])
                open.append(fixed + [(column, true)])
                break
            }
        }
        return true
    }

    /// How far a cell is from being decided, weighed by what it costs.
    private func closeness(_ column: Int, _ cover: CoverProgram) -> Double {
        (0.5 - abs(cover.choice[column] - 0.5)) * Double(table.cells[choices[column]].weight)
    }

    /// A sum over all cells as one over those that may be masked.
    private func projected(
        _ cut: CoverProgram.Cut, _ columns: [Int]
    ) -> CoverProgram.Cut? {
        var result = CoverProgram.Cut(terms: [], bound: cut.bound)
        for term in cut.terms {
            if columns[term.cell] >= 0 {
                result.terms.append((columns[term.cell], term.factor))
            } else {
                result.bound -= term.factor
            }
        }
        for place in result.terms.indices where result.terms[place].factor > result.bound {
            // No more than what is missing counts; a cell's own need stays.
            if result.bound > 0, result.terms.allSatisfy({ $0.factor >= 0 }) {
                result.terms[place].factor = result.bound
            }
        }
        return result.bound > 1e-9 || result.terms.contains { $0.factor < 0 } ? result : nil
    }

    private func lifted(_ choice: [Double]) -> [Double] {
        var result = table.cells.map { $0.role == .hidden ? 1.0 : 0 }
        for (column, cell) in choices.enumerated() {
            result[cell] = min(1, max(0, choice[column]))
        }
        return result
    }
}
