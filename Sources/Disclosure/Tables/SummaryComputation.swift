// SPDX-License-Identifier: Apache-2.0

/// Decides which figures of some tables are shown, knowing everything released before.
public struct SummaryComputation: Sendable {
    private let counts: BaseCounts
    private let rules: DisclosureRules
    private let ledger: ReleaseLedger
    private let noisy: NoisyCounts?

    /// About how many steps the choice for one measure may take: a second or two.
    private static let effortMax = 150_000_000

    /// Prepares a computation.
    ///
    /// - Parameters:
    ///   - counts: The base figures.
    ///   - rules: When a figure is sensitive.
    ///   - ledger: All that was released before.
    ///   - noise: What the figures of advisers get instead of masks; nil for masks.
    public init(
        _ counts: BaseCounts, rules: DisclosureRules, ledger: ReleaseLedger,
        noise: KeyedNoise? = nil
    ) {
        noisy = noise.map { NoisyCounts(counts, $0, bound: rules.noiseBound) }
        self.counts = counts
        self.rules = rules
        self.ledger = ledger
    }

    /// The figures of some tables, shown or masked.
    ///
    /// - Throws: ``DisclosureError/Code/wouldReveal``, with the names of the releases that combine, if
    ///   what was released before leaves no safe choice.
    public func figures(_ tables: [TableLayout]) throws(DisclosureError) -> [FigureID: Figure] {
        var result: [FigureID: Figure] = [:]
        for measure in Measure.allCases {
            let layouts = tables.filter { $0.figures.joined().contains { $0.measure == measure } }
            guard !layouts.isEmpty else { continue }
            var wanted = self.wanted(layouts, measure)
            // Parts of a total that is masked, and in another measure, would tell it.
            let untold = wanted.map(\.id).filter { id in
                id.whole.map { result[$0]?.value == nil } ?? false
            }
            for id in untold { result[id] = Figure(id, value: nil) }
            wanted.removeAll { untold.contains($0.id) }
            guard !wanted.isEmpty else { continue }
            if let noisy, measure.isOfAdvisers {
                for id in wanted.map(\.id) { result[id] = Figure(id, value: noisy.value(id)) }
                continue
            }
            let binding = ledger.releases.filter { !$0.isNoisy(measure) }
            for figure in try protect(wanted, binding) { result[figure.id] = figure }
        }
        return result
    }

    /// The figures of some tables, each once, with why it is sensitive beyond its contributors.
    private func wanted(
        _ layouts: [TableLayout], _ measure: Measure
    ) -> [DisclosureSystem.Wanted] {
        var wanted: [DisclosureSystem.Wanted] = []
        var places: [FigureID: Int] = [:]
        for layout in layouts {
            let telling = tellingDelays(layout)
            for row in layout.figures.indices {
                let group = layout.dividesRows ? groupReason(layout, row) : []
                for (column, id) in layout.figures[row].enumerated()
                where id.measure == measure {
                    let reason =
                        group.contains(column) || telling.contains(id)
                        ? DisclosureRules.Reason.group : changeReason(id)
                    if let known = places[id] {
                        wanted[known].reason = wanted[known].reason ?? reason
                    } else {
                        places[id] = wanted.count
                        wanted.append(DisclosureSystem.Wanted(id: id, reason: reason))
                    }
                }
            }
        }
        return hidingSmallChanges(wanted)
    }

    /// Masks the states of months between which so few came or went that the change tells of them.
    ///
    /// The last month stays, then each that differs enough from all that stay.
    private func hidingSmallChanges(
        _ wanted: [DisclosureSystem.Wanted]
    ) -> [DisclosureSystem.Wanted] {
        struct Series: Hashable {
            var place: String
            var category: String
        }
        guard wanted.first?.id.measure.tellsChanges == true else { return wanted }
        var wanted = wanted
        var shown: [Series: [(times: [Int32], agents: Set<Int32>)]] = [:]
        for place in wanted.indices.sorted(by: { wanted[$0].id.times[0] > wanted[$1].id.times[0] })
        where wanted[place].reason == nil {
            let id = wanted[place].id
            let series = Series(place: id.place, category: id.category)
            let agents = Set(tally(id).agents.keys)
            let isTelling = (shown[series] ?? []).contains { other in
                let changed = other.agents.symmetricDifference(agents).count
                return other.times != id.times && (1..<rules.agentsMin).contains(changed)
            }
            if isTelling {
                wanted[place].reason = .agents
            } else {
                shown[series, default: []].append((id.times, agents))
            }
        }
        return wanted
    }

    private func tally(_ id: FigureID) -> ContributorTally {
        var sum = ContributorTally()
        for (place, record) in counts.places.enumerated() where id.covers(record) {
            for time in id.times {
                for topic in id.topics {
                    let key = BaseKey(
                        measure: id.measure, topic: topic, place: Int32(place), time: time)
                    if let tally = counts.tallies[key] { sum.add(tally) }
                }
            }
        }
        return sum
    }

    /// The columns of a row that must be masked because all of a small group is in one of them.
    ///
    /// A category in which nobody is at all tells nothing of this group.
    private func groupReason(_ layout: TableLayout, _ row: Int) -> Set<Int> {
        guard let whole = layout.rows.lastIndex(where: \.isTotal) else { return [] }
        let columns = layout.columns.indices.filter {
            !layout.columns[$0].isTotal && tally(layout.figures[whole][$0]).value > 0
        }
        guard columns.count > 1 else { return [] }
        let tallies = columns.map { tally(layout.figures[row][$0]) }
        guard tallies.count(where: { $0.value > 0 }) == 1,
            let whole = tallies.first(where: { $0.value > 0 }), rules.isSmallGroup(whole)
        else { return [] }
        return Set(columns)
    }

    /// The classes of a delay that are masked because all of a small group is in one of them.
    private func tellingDelays(_ layout: TableLayout) -> Set<FigureID> {
        let ids = layout.figures.joined().filter { $0.measure == .delays }
        var telling: Set<FigureID> = []
        for kind in DelayKind.all {
            let classes = ids.filter { kind.categories.contains($0.category) }
            let tallies = classes.map { tally($0) }.filter { $0.value > 0 }
            guard tallies.count == 1, rules.isSmallGroup(tallies[0]) else { continue }
            telling.formUnion(classes)
        }
        return telling
    }

    /// Whether the state changed by so few since it was last shown that the change tells of them.
    private func changeReason(_ id: FigureID) -> DisclosureRules.Reason? {
        guard id.measure.tellsChanges else { return nil }
        let now = tally(id)
        for release in ledger.releases where !release.isNoisy(id.measure) {
            for figure in release.figures where figure.value != nil {
                guard figure.id.measure == id.measure, figure.id.place == id.place,
                    figure.id.category == id.category, figure.id.times != id.times
                else { continue }
                let before = tally(figure.id)
                let changed = Set(now.agents.keys).symmetricDifference(before.agents.keys)
                if (1..<rules.agentsMin).contains(changed.count) { return .agents }
            }
        }
        return nil
    }
}

extension SummaryComputation {
    private func protect(
        _ wanted: [DisclosureSystem.Wanted], _ releases: [Release]
    ) throws(DisclosureError) -> [Figure] {
        guard releases.count <= ReleaseLedger.releaseCountMax else {
            throw DisclosureError(.tableTooLarge)
        }
        do throws(DisclosureError) {
            return try solve(wanted, releases)
        } catch {
            guard error.code == .cannotProtect else { throw error }
        }
        // Leaves out, one after another, the releases that do not matter.
        var combining = related(releases, to: wanted)
        guard !combining.isEmpty, (try? solve(wanted, [])) != nil else {
            throw DisclosureError(.cannotProtect)
        }
        for release in combining.reversed() {
            let rest = combining.filter { $0.name != release.name }
            if (try? solve(wanted, rest)) == nil { combining = rest }
        }
        throw DisclosureError(.wouldReveal, combining.map(\.name).joined(separator: ", "))
    }

    /// The releases that say anything about what some figures count, or about what those say.
    private func related(
        _ releases: [Release], to wanted: [DisclosureSystem.Wanted]
    ) -> [Release] {
        var times = Set(wanted.flatMap(\.id.times))
        let timesOf = releases.map { release in
            Set(
                release.figures.filter { $0.id.measure == wanted[0].id.measure }
                    .flatMap(\.id.times))
        }
        var isRelated = releases.map { _ in false }
        while let next = releases.indices.first(where: {
            !isRelated[$0] && !times.isDisjoint(with: timesOf[$0])
        }) {
            isRelated[next] = true
            times.formUnion(timesOf[next])
        }
        return releases.indices.filter { isRelated[$0] }.map { releases[$0] }
    }

    private func solve(
        _ wanted: [DisclosureSystem.Wanted], _ releases: [Release]
    ) throws(DisclosureError) -> [Figure] {
        var past: [DisclosureSystem.Past] = []
        for release in related(releases, to: wanted) {
            past += try self.past(release, wanted[0].id.measure)
        }
        past += wholes(past.map(\.figure.id) + wanted.map(\.id))
        var system = try DisclosureSystem(new: wanted, past: past, counts: counts, rules: rules)
        var outcome: SuppressionSearch.Outcome
        repeat {
            var search = try SuppressionSearch(system.table, effortMax: Self.effortMax)
            outcome = try search.solve()
        } while try system.protectExposedParts(outcome.isHidden)
        return system.members.map {
            Figure($0.id, value: outcome.isHidden[$0.cell] ? nil : $0.value)
        }
    }

    /// The totals that a reader is taken to know, of figures whose totals another measure shows: at
    /// each place and period of theirs, whether shown or not, unless the rules forbid to show them.
    private func wholes(_ ids: [FigureID]) -> [DisclosureSystem.Past] {
        guard ids.first?.whole != nil else { return [] }
        let places = Set(ids.map(\.place)).sorted()
        let times = Set(ids.map { $0.at(place: "all", category: "all") })
            .sorted { $0.text < $1.text }
        return places.flatMap { place in
            times.compactMap { time in
                let id = time.at(place: place, category: "all")
                let tally = tally(id)
                guard rules.reason(against: tally) == nil else { return nil }
                return DisclosureSystem.Past(
                    figure: Figure(id, value: tally.value), wasSensitive: false)
            }
        }
    }

    /// The figures of a release, and which of them its own rules called sensitive.
    private func past(
        _ release: Release, _ measure: Measure
    ) throws(DisclosureError) -> [DisclosureSystem.Past] {
        var layouts: [TableLayout] = []
        let menu = TableMenu(
            release.perimeter, release.period, places: counts.places, vintage: release.vintage)
        for table in release.tables {
            let layout = try menu.table(table)
            if layout.figures.joined().contains(where: { $0.measure == measure }) {
                layouts.append(layout)
            }
        }
        let own = SummaryComputation(counts, rules: release.rules, ledger: ReleaseLedger())
        let sensitive = Set(own.wanted(layouts, measure).filter { $0.reason != nil }.map(\.id))
        return release.figures.filter { $0.id.measure == measure }.map { figure in
            let wasSensitive =
                figure.value == nil
                && (sensitive.contains(figure.id)
                    || release.rules.reason(against: tally(figure.id)) != nil)
            return DisclosureSystem.Past(figure: figure, wasSensitive: wasSensitive)
        }
    }
}
