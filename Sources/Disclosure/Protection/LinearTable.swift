// SPDX-License-Identifier: Apache-2.0

/// Counts, and the sums that tie them together: what somebody who wants to learn a hidden count
/// has to work with.
///
/// Every count is at least zero. A relation says that a weighted sum of cells is zero, as in
/// *total − part − part = 0*; whoever sees all cells of a relation but one knows that one. Tables of
/// any number of dimensions, hierarchies, tables that share cells, and all past releases together
/// are the same thing in this form.
public struct LinearTable: Sendable {
    /// What the reader is shown of a cell.
    public enum Role: Hashable, Sendable {
        /// It may be shown, or masked to protect others.
        case choice
        /// Its value is known, whatever is decided here.
        case published
        /// It is masked, whatever is decided here.
        case hidden
    }

    /// How far from a cell's value what can be deduced must stay, if the cell is masked.
    public struct Need: Hashable, Sendable {
        /// How far below the value the interval must begin.
        public var below: Int64
        /// How far above the value the interval must end.
        public var above: Int64
        /// How wide the interval must be.
        public var width: Int64

        /// Asks for an interval; by default nothing.
        public init(below: Int64 = 0, above: Int64 = 0, width: Int64 = 0) {
            self.below = max(0, below)
            self.above = max(0, above)
            self.width = max(0, width)
        }

        var isNothing: Bool { below == 0 && above == 0 && width == 0 }
    }

    /// One count.
    public struct Cell: Hashable, Sendable {
        /// The true value.
        public var value: Int64
        /// What masking it costs.
        public var weight: Int64
        /// What the reader is shown of it.
        public var role: Role
        /// How it must be protected while it is masked.
        public var need: Need

        /// Makes a cell.
        public init(_ value: Int64, weight: Int64 = 1, role: Role = .choice, need: Need = Need()) {
            self.value = value
            self.weight = weight
            self.role = role
            self.need = need
        }
    }

    /// A cell in a relation, and what it is multiplied by.
    public struct Term: Hashable, Sendable {
        /// The position of the cell.
        public var cell: Int
        /// The factor.
        public var factor: Int64

        /// Makes a term.
        public init(_ cell: Int, _ factor: Int64 = 1) {
            self.cell = cell
            self.factor = factor
        }
    }

    /// The cells.
    public var cells: [Cell]
    /// The relations; the terms of each sum to zero.
    public private(set) var relations: [[Term]] = []

    /// The greatest number of cells and of relations that are taken on.
    public static let sizeMax = 20_000
    /// The greatest value of a cell.
    public static let valueMax: Int64 = 1 << 40

    /// Makes a table without relations.
    public init(cells: [Cell] = []) {
        self.cells = cells
    }

    /// Adds a cell.
    ///
    /// - Returns: Its position.
    public mutating func add(_ cell: Cell) -> Int {
        cells.append(cell)
        return cells.count - 1
    }

    /// Adds a relation.
    public mutating func relate(_ terms: [Term]) {
        relations.append(terms)
    }

    /// Says that a cell is the sum of others.
    public mutating func relate(total: Int, parts: [Int]) {
        relations.append([Term(total, -1)] + parts.map { Term($0) })
    }

    /// Why the table cannot be worked on; nil if it can.
    var fault: DisclosureError? {
        guard cells.count <= Self.sizeMax, relations.count <= Self.sizeMax else {
            return DisclosureError(.tableTooLarge)
        }
        for cell in cells where cell.value < 0 || cell.value > Self.valueMax {
            return DisclosureError(.valueOutOfRange)
        }
        for relation in relations {
            var sum: Int64 = 0
            for term in relation {
                guard cells.indices.contains(term.cell), term.factor.magnitude <= 1 << 20 else {
                    return DisclosureError(.relationBroken)
                }
                sum += term.factor * cells[term.cell].value
                guard sum.magnitude < 1 << 61 else { return DisclosureError(.relationBroken) }
            }
            if sum != 0 { return DisclosureError(.relationBroken) }
        }
        return nil
    }
}
