// SPDX-License-Identifier: Apache-2.0

extension Release {
    /// Whether the shown figures fit together, and no masked one can be computed from the others.
    ///
    /// It uses the figures alone, as a reader does, not the log that they come from.
    public var isConsistent: Bool {
        for measure in Measure.allCases {
            let own = figures.filter { $0.id.measure == measure }
            // With noise nothing is masked, and totals add up, but parts may be below zero.
            guard own.isEmpty || isNoisy(measure) || Self.fits(own) else { return false }
        }
        return isWholeFitting
    }

    /// Whether what another measure divides by category fits its total.
    private var isWholeFitting: Bool {
        let parts = Dictionary(grouping: figures.filter { $0.id.whole != nil }) { $0.id.whole }
        for total in figures {
            guard let own = parts[total.id] else { continue }
            let codes = own.flatMap(\.id.topics)
            let all = Topic.all[own[0].id.measure]?.count
            guard Set(codes).count == codes.count, codes.count == all else { continue }
            let hidden = own.count { $0.value == nil } + (total.value == nil ? 1 : 0)
            let sum = own.reduce(Int64(0)) { $0 + ($1.value ?? 0) }
            guard !isNoisy(total.id.measure) else { continue }
            if hidden == 1 { return false }
            if let whole = total.value, hidden == 0 ? sum != whole : sum > whole { return false }
        }
        return true
    }

    private static func fits(_ figures: [Figure]) -> Bool {
        guard figures.count <= 2_000 else { return false }
        for total in figures {
            for parts in divisions(of: total.id, among: figures) {
                let values = parts.map(\.value)
                let hidden = values.count { $0 == nil } + (total.value == nil ? 1 : 0)
                let sum = values.reduce(Int64(0)) { $0 + ($1 ?? 0) }
                if hidden == 1 { return false }
                if let whole = total.value, hidden == 0 ? sum != whole : sum > whole {
                    return false
                }
            }
        }
        return true
    }

    /// The sets of figures that add up to one: by category, by month, by place.
    private static func divisions(of total: FigureID, among figures: [Figure]) -> [[Figure]] {
        var divisions: [[Figure]] = []
        let same = figures.filter { $0.id != total }
        let isSplit =
            !total.measure.isState && total.measure != .persons
            && total.measure != .reviews
        let categories = same.filter {
            $0.id.place == total.place && $0.id.period == total.period
                && Set($0.id.topics).isSubset(of: total.topics)
        }
        if isSplit || total.measure == .advisers || total.measure == .employers {
            divisions += exact(categories, \.id.topics, total.topics)
            // Findings are divided twice: by family, and by severity.
            let bySeverity = categories.filter { $0.id.category.hasPrefix("severity-") }
            divisions += exact(bySeverity, \.id.topics, total.topics)
        }
        let months = same.filter {
            $0.id.place == total.place && $0.id.category == total.category
        }
        if !total.measure.isState { divisions += exact(months, \.id.times, total.times) }
        return divisions.filter { !$0.isEmpty }
    }

    /// The figures whose parts are exactly those of a whole, none twice; nothing if there are none.
    private static func exact<Part: Hashable>(
        _ figures: [Figure], _ parts: (Figure) -> [Part], _ whole: [Part]
    ) -> [[Figure]] {
        // The coarsest division, then the finest.
        [true, false].compactMap { isCoarse in
            var (left, chosen) = (Set(whole), [Figure]())
            let ordered = figures.sorted {
                let (one, other) = (parts($0).count, parts($1).count)
                return one == other ? $0.id.text < $1.id.text : (one > other) == isCoarse
            }
            for figure in ordered {
                let own = Set(parts(figure))
                guard own.count < whole.count, !own.isEmpty, own.isSubset(of: left) else {
                    continue
                }
                left.subtract(own)
                chosen.append(figure)
            }
            return left.isEmpty ? chosen : nil
        }
    }
}
