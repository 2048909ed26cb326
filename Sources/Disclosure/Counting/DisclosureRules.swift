// SPDX-License-Identifier: Apache-2.0

/// When a figure says too much of somebody, and how well it must be hidden then.
///
/// All are parameters of the policy set, with their provenance.
public struct DisclosureRules: Hashable, Sendable {
    /// The least number of advisers behind a figure.
    public var agentsMin = 5
    /// The least number of job seekers, where a figure counts any.
    public var personsMin = 11
    /// The least number of employers, where a figure counts any.
    public var employersMin = 3
    /// The greatest share of one adviser, in per cent.
    public var agentShareMax = 80
    /// The greatest share of one employer, in per cent.
    public var employerShareMax = 85
    /// A figure counts job seekers, or employers, if at least so many per cent of its events concern
    /// one: a thousand accesses among which two concern somebody say nothing of these two.
    public var subjectPercentMin = 50
    /// Below so many advisers or job seekers, a share of 0 % or 100 % tells of each of them.
    public var groupMin = 10
    /// The least width of what can be deduced of a masked figure.
    public var widthMin = 5
    /// The least width, in per cent of the figure.
    public var widthPercent = 50
    /// Epsilon of noise for one measure and one time, in thousandths; zero for masks instead of noise.
    public var epsilonMilli = 0
    /// What one adviser may add to a measure at one time, where there is noise.
    public var noiseBound = 60
    /// What a council may spend of epsilon in a year, in thousandths.
    public var epsilonYearMilli = 0
    /// After so many days late events no longer come into a period.
    public var latenessDays = 35

    /// The rules as the pilot started with them.
    public init() {}

    /// Reads the rules from the parameters of a policy set; what it does not set stays.
    public init(numbers: (String) -> Int?) {
        self.init()
        for (name, path) in Self.parameters {
            if let number = numbers(name) { self[keyPath: path] = number }
        }
        personsMin = min(personsMin, ContributorTally.personCountMax)
    }

    /// The parameters of a policy set that the rules come from.
    public static var parameters: [(name: String, path: WritableKeyPath<DisclosureRules, Int>)] {
        [
            ("summary_agents_min", \.agentsMin), ("summary_persons_min", \.personsMin),
            ("summary_employers_min", \.employersMin),
            ("summary_agent_share_max", \.agentShareMax),
            ("summary_employer_share_max", \.employerShareMax),
            ("summary_subject_percent_min", \.subjectPercentMin),
            ("summary_group_min", \.groupMin), ("summary_width_min", \.widthMin),
            ("summary_width_percent", \.widthPercent),
            ("summary_lateness_days", \.latenessDays),
            ("summary_epsilon_milli", \.epsilonMilli),
            ("summary_noise_bound", \.noiseBound),
            ("summary_epsilon_year_milli", \.epsilonYearMilli),
        ]
    }

    /// The rules as `summary.compute` entries record them.
    public var texts: [String] {
        Self.parameters.map { "\($0.name)=\(self[keyPath: $0.path])" }.sorted()
    }

    /// Why a figure may not be shown.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// Too few advisers.
        case agents
        /// Too few job seekers.
        case persons
        /// Too few employers.
        case employers
        /// One adviser has too large a share.
        case agentShare = "agent-share"
        /// One employer has too large a share.
        case employerShare = "employer-share"
        /// A share of 0 % or 100 % in a small group.
        case group
    }

    /// Why a figure may not be shown; nil if nobody is behind it, or enough are.
    public func reason(against tally: ContributorTally) -> Reason? {
        guard tally.value > 0 else { return nil }
        if !tally.agents.isEmpty {
            if tally.agents.count < agentsMin { return .agents }
            if ContributorTally.share(tally.agents) > agentShareMax { return .agentShare }
        }
        if counts(tally.personValue, in: tally), tally.persons.count < personsMin {
            return .persons
        }
        if counts(tally.employerValue, in: tally) {
            if tally.employers.count < employersMin { return .employers }
            if ContributorTally.share(tally.employers) > employerShareMax { return .employerShare }
        }
        return tally.agents.isEmpty && tally.persons.isEmpty ? .agents : nil
    }

    /// Whether a figure counts those whom some of its events concern.
    ///
    /// Where nobody's act is behind an event, whoever it concerns is all there is.
    private func counts(_ concerning: Int64, in tally: ContributorTally) -> Bool {
        guard concerning > 0 else { return false }
        return tally.agents.isEmpty || concerning * 100 >= tally.value * Int64(subjectPercentMin)
    }

    /// Whether so few are behind a figure that a share of 0 % or 100 % tells of each of them.
    func isSmallGroup(_ tally: ContributorTally) -> Bool {
        guard tally.value > 0 else { return false }
        let isFewAgents = !tally.agents.isEmpty && tally.agents.count < groupMin
        return isFewAgents || (tally.agents.isEmpty && tally.persons.count < personsMin)
    }

    /// How a masked figure must be protected.
    func need(_ value: Int64) -> LinearTable.Need {
        let width = max(Int64(widthMin), (value * Int64(widthPercent) + 99) / 100)
        return LinearTable.Need(width: max(1, width))
    }
}
