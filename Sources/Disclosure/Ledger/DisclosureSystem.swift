// SPDX-License-Identifier: Apache-2.0

/// Everything that readers know or may learn of one measure, as one table: the finest parts that
/// any figure tells apart, the figures as sums over them, and what must stay hidden.
struct DisclosureSystem {
    /// A figure to be released, and why it is sensitive beyond its contributors.
    struct Wanted {
        var id: FigureID
        var reason: DisclosureRules.Reason?
    }

    /// A figure that was released, and whether it was sensitive when it was.
    struct Past {
        var figure: Figure
        var wasSensitive: Bool
    }

    /// A figure of the system.
    struct Member {
        var id: FigureID
        /// The position among the cells of the table.
        var cell: Int
        /// The true value.
        var value: Int64
    }

    private(set) var table = LinearTable()
    /// The new figures.
    private(set) var members: [Member] = []
    /// Why some new figures may not be shown.
    private(set) var reasons: [FigureID: DisclosureRules.Reason] = [:]

    /// What the parts need that no figure shows; few of them are ever exposed.
    private(set) var latentNeeds: [Int: LinearTable.Need] = [:]

    private let rules: DisclosureRules
    /// The parts: who is behind each, and in which figures it is.
    private var parts: [(tally: ContributorTally, key: [UInt64])] = []
    private var bounds: [ContributorBounds] = []
    private var partCells: [Int] = []
    /// The cells that stand for a set of parts.
    private var cellOfParts: [Set<Int>: Int] = [:]

    /// More parts than that are not told apart: the release is refused.
    private static let partCountMax = 6_000

    /// Sets the system up.
    ///
    /// - Parameters:
    ///   - new: The figures to be released.
    ///   - past: The figures that were released.
    ///   - counts: The base figures.
    ///   - rules: When a figure is sensitive.
    /// - Throws: ``DisclosureError`` if there are too many parts.
    init(
        new: [Wanted], past: [Past], counts: BaseCounts, rules: DisclosureRules
    ) throws(DisclosureError) {
        self.rules = rules
        let ids = past.map(\.figure.id) + new.map(\.id)
        try divide(ids, counts)
        bounds = parts.map { ContributorBounds($0.tally) }
        let sets = ids.indices.map { figure in
            Set(parts.indices.filter { parts[$0].key[figure / 64] >> UInt64(figure % 64) & 1 == 1 })
        }
        for part in parts {
            let reason = rules.reason(against: part.tally)
            // A reader is taken to know what never happens, so that it protects nothing.
            let cell = table.add(
                LinearTable.Cell(
                    part.tally.value, role: part.tally.value == 0 ? .published : .hidden))
            partCells.append(cell)
            if reason != nil { latentNeeds[cell] = rules.need(part.tally.value) }
        }
        for (place, figure) in past.enumerated() { addPast(figure, sets[place]) }
        for (place, figure) in new.enumerated() {
            addNew(figure.id, figure.reason, sets[past.count + place])
        }
        addDifferences(Set(sets))
    }

    /// Protects from now on the parts that a pattern exposes.
    ///
    /// - Returns: Whether there were any.
    mutating func protectExposedParts(_ isHidden: [Bool]) throws(DisclosureError) -> Bool {
        var trial = table
        for (cell, need) in latentNeeds where isHidden[cell] { trial.cells[cell].need = need }
        var deduction = try Deduction(trial, isHidden: isHidden)
        var found = false
        for cell in latentNeeds.keys.sorted()
        where isHidden[cell] && table.cells[cell].need.isNothing {
            guard try deduction.support(of: cell) == nil else { continue }
            table.cells[cell].need = latentNeeds[cell] ?? .init()
            found = true
        }
        return found
    }

    /// Why the sum of some parts may not be shown; nil if it may.
    private func reason(_ set: Set<Int>) -> DisclosureRules.Reason? {
        var sum = ContributorBounds()
        for part in set { sum.add(bounds[part]) }
        return sum.isSurelyOpen(rules) ? nil : rules.reason(against: tally(set))
    }

    private func tally(_ set: Set<Int>) -> ContributorTally {
        var sum = ContributorTally()
        for part in set.sorted() { sum.add(parts[part].tally) }
        return sum
    }
}

// MARK: - Parts

extension DisclosureSystem {
    /// Divides the base figures into the parts that the figures tell apart.
    ///
    /// A figure is a product of places, times and topics; so each of the three is divided alone.
    private mutating func divide(
        _ ids: [FigureID], _ counts: BaseCounts
    ) throws(DisclosureError) {
        guard let measure = ids.first?.measure else { return }
        let topicCount = Topic.all[measure]?.count ?? 0
        let times = Set(ids.flatMap(\.times)).sorted()
        let wordCount = (ids.count + 63) / 64
        func classes<Item>(
            _ items: [Item], _ isIn: (Item, FigureID) -> Bool
        ) -> [[UInt64]: [Item]] {
            var classes: [[UInt64]: [Item]] = [:]
            for item in items {
                var key = [UInt64](repeating: 0, count: wordCount)
                for (place, id) in ids.enumerated() where isIn(item, id) {
                    key[place / 64] |= 1 << UInt64(place % 64)
                }
                if key.contains(where: { $0 != 0 }) { classes[key, default: []].append(item) }
            }
            return classes
        }
        let timeSets = ids.map { Set($0.times) }
        let timeOf = Dictionary(zip(ids, timeSets)) { first, _ in first }
        let topicOf = Dictionary(ids.map { ($0, Set($0.topics)) }) { first, _ in first }
        let placeClasses = classes(Array(counts.places.indices)) { $1.covers(counts.places[$0]) }
        let timeClasses = classes(times) { timeOf[$1]?.contains($0) ?? false }
        let topicClasses = classes((0..<topicCount).map { UInt8($0) }) {
            topicOf[$1]?.contains($0) ?? false
        }
        guard placeClasses.count * timeClasses.count * topicClasses.count <= Self.partCountMax
        else { throw DisclosureError(.tableTooLarge) }
        var found: [[UInt64]: ContributorTally] = [:]
        for (placeKey, places) in placeClasses {
            for (timeKey, times) in timeClasses {
                for (topicKey, topics) in topicClasses {
                    var key = placeKey
                    for word in 0..<wordCount { key[word] &= timeKey[word] & topicKey[word] }
                    guard key.contains(where: { $0 != 0 }) else { continue }
                    var sum = ContributorTally()
                    for place in places {
                        for time in times {
                            for topic in topics {
                                let base = BaseKey(
                                    measure: measure, topic: topic, place: Int32(place), time: time)
                                if let tally = counts.tallies[base] { sum.add(tally) }
                            }
                        }
                    }
                    found[key, default: ContributorTally()].add(sum)
                }
            }
        }
        parts = found.map { ($0.value, $0.key) }.sorted {
            $0.key.lexicographicallyPrecedes($1.key)
        }
    }
}

// MARK: - Figures

extension DisclosureSystem {
    /// The cell that stands for a set of parts, made now with what it is if there is none.
    private mutating func cell(_ set: Set<Int>, _ make: (Int64) -> LinearTable.Cell) -> Int {
        if let known = cellOfParts[set] { return known }
        let value = set.reduce(0) { $0 + parts[$1].tally.value }
        if set.count == 1, let part = set.first {
            let (old, new) = (table.cells[partCells[part]], make(value))
            table.cells[partCells[part]].role = new.role
            table.cells[partCells[part]].weight = new.weight
            if !new.need.isNothing, old.need.isNothing {
                table.cells[partCells[part]].need = new.need
            }
            cellOfParts[set] = partCells[part]
            return partCells[part]
        }
        let cell = table.add(make(value))
        cellOfParts[set] = cell
        table.relate(total: cell, parts: set.sorted().map { partCells[$0] })
        return cell
    }

    /// Leaves open whether a masked figure of zero is one.
    private mutating func hideZeros(_ set: Set<Int>) {
        guard set.allSatisfy({ parts[$0].tally.value == 0 }) else { return }
        for part in set where cellOfParts[[part]] == nil {
            table.cells[partCells[part]].role = .hidden
        }
    }

    private mutating func addPast(_ past: Past, _ set: Set<Int>) {
        let rules = rules
        let isKnown = past.figure.value != nil
        let isSensitive = past.wasSensitive || reason(set) != nil
        if !isKnown, isSensitive { hideZeros(set) }
        let place = cell(set) { value in
            LinearTable.Cell(
                value, role: isKnown ? .published : .hidden,
                need: isSensitive ? rules.need(value) : .init())
        }
        // Shown once is known for ever.
        if isKnown { table.cells[place].role = .published }
        if !isKnown, isSensitive, table.cells[place].need.isNothing {
            table.cells[place].need = rules.need(table.cells[place].value)
        }
    }

    private mutating func addNew(
        _ id: FigureID, _ given: DisclosureRules.Reason?, _ set: Set<Int>
    ) {
        let rules = rules
        let reason = given ?? reason(set)
        let place = cell(set) { value in
            guard reason == nil else {
                return LinearTable.Cell(value, role: .hidden, need: rules.need(value))
            }
            // Totals are what a reader needs most; nobody is behind a zero. With the promotions, all of
            // them by occupation would be masked.
            let factors: [String: Int64] = ["all": 3, Topic.promoted.name: 30]
            let weight = (value + 1) * (factors[id.category] ?? 1)
            return LinearTable.Cell(
                value, weight: min(weight, LinearTable.valueMax),
                role: value == 0 ? .published : .choice, need: .init(width: 1))
        }
        if let reason {
            reasons[id] = reason
            hideZeros(set)
            if table.cells[place].role == .choice {
                table.cells[place].role = .hidden
                table.cells[place].need = rules.need(table.cells[place].value)
            }
        }
        members.append(Member(id: id, cell: place, value: table.cells[place].value))
    }

    /// Protects what follows from two figures of which one holds the other: their difference.
    private mutating func addDifferences(_ sets: Set<Set<Int>>) {
        let rules = rules
        let ordered = sets.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
            .map { Set($0) }
        for outer in ordered {
            for inner in ordered where inner.count < outer.count && !inner.isEmpty {
                guard outer.isSuperset(of: inner) else { continue }
                let difference = outer.subtracting(inner)
                guard !difference.isEmpty, cellOfParts[difference] == nil else { continue }
                guard reason(difference) != nil else { continue }
                _ = cell(difference) { LinearTable.Cell($0, role: .hidden, need: rules.need($0)) }
            }
        }
    }
}
