// SPDX-License-Identifier: Apache-2.0

/// Figures with noise instead of masks: an option, off by default.
///
/// The noise is added to the finest figures, and every published one is a sum of these: totals add
/// up, and whoever combines releases finds the same noise in all of them. What one adviser adds to
/// one measure at one time, a week or a month, is cut at a bound; each such time is then
/// differentially private by epsilon for the whole of what this adviser did in it.
struct NoisyCounts {
    private let counts: BaseCounts
    private let noise: KeyedNoise
    private let bound: Int64
    private var bounded: [BaseKey: Int64] = [:]

    init(_ counts: BaseCounts, _ noise: KeyedNoise, bound: Int) {
        (self.counts, self.noise, self.bound) = (counts, noise, Int64(max(1, bound)))
        boundContributions()
    }

    /// Counts each adviser up to the bound, cell after cell.
    private mutating func boundContributions() {
        struct Share: Hashable {
            var measure: Measure
            var time: Int32
            var agent: Int32
        }
        var left: [Share: Int64] = [:]
        for (key, tally) in counts.tallies.sorted(by: { $0.key < $1.key })
        where key.measure.isOfAdvisers {
            var sum: Int64 = 0
            for (agent, value) in tally.agents {
                let share = Share(measure: key.measure, time: key.time, agent: agent)
                let given = min(value, left[share] ?? bound)
                left[share] = (left[share] ?? bound) - given
                sum += given
            }
            bounded[key] = sum
        }
    }

    /// A figure: the sum of its cells, those that count nothing included, each with its noise.
    func value(_ id: FigureID) -> Int64 {
        var sum: Int64 = 0
        for (place, record) in counts.places.enumerated() where id.covers(record) {
            for time in id.times {
                for topic in id.topics {
                    let key = BaseKey(
                        measure: id.measure, topic: topic, place: Int32(place), time: time)
                    sum += (bounded[key] ?? 0) + noise.noise(of: key, at: record)
                }
            }
        }
        return sum
    }
}

extension Measure {
    /// Whether advisers are behind the figures, so that noise can hide one.
    var isOfAdvisers: Bool { self != .persons && self != .reviews && self != .delays }
}

extension Release {
    /// Whether figures of a measure were shown with noise: they are no equations then.
    func isNoisy(_ measure: Measure) -> Bool {
        rules.epsilonMilli > 0 && measure.isOfAdvisers
    }

    /// The measures and times of which noisy figures were shown.
    var noisyTimes: Set<String> { FigureID.noisyTimes(figures.map(\.id), rules) }
}

extension FigureID {
    static func noisyTimes(_ ids: [FigureID], _ rules: DisclosureRules) -> Set<String> {
        guard rules.epsilonMilli > 0 else { return [] }
        var found: Set<String> = []
        for id in ids where id.measure.isOfAdvisers {
            for time in id.times { found.insert("\(id.measure.rawValue)/\(time)") }
        }
        return found
    }
}

extension ReleaseLedger {
    /// What some figures would spend of a council's budget: epsilon for each measure and time of
    /// which it was not told before.
    ///
    /// - Parameters:
    ///   - ids: The figures.
    ///   - rules: The rules, with epsilon and the budget of a year.
    ///   - body: The body, with its perimeter.
    ///   - period: The period, whose last day says which year's budget it is.
    /// - Returns: Epsilon, in thousandths.
    /// - Throws: ``DisclosureError/Code/budgetSpent`` if the year's budget does not suffice.
    public func spend(
        _ ids: [FigureID], _ rules: DisclosureRules, by body: (name: String, perimeter: Perimeter),
        in period: ReportingPeriod
    ) throws(DisclosureError) -> Int {
        guard rules.epsilonMilli > 0 else { return 0 }
        let own = releases.filter { $0.body == body.name && $0.perimeter == body.perimeter }
        let known = own.reduce(into: Set<String>()) { $0.formUnion($1.noisyTimes) }
        let new = FigureID.noisyTimes(ids, rules).subtracting(known).count * rules.epsilonMilli
        let year = period.year
        let spent = own.filter { $0.period.year == year }.reduce(0) { $0 + $1.epsilonMilli }
        guard spent + new <= rules.epsilonYearMilli else {
            throw DisclosureError(
                .budgetSpent, "\(body.name) \(body.perimeter.text) \(year): \(spent)+\(new)")
        }
        return new
    }
}
