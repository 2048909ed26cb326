// SPDX-License-Identifier: Apache-2.0

/// What is certain of the contributors of several figures together, without naming them.
///
/// Adding up who is behind a sum takes long, and is done thousands of times for the differences of
/// figures. Most of these have so many behind them that bounds already say so.
struct ContributorBounds {
    private var value: Int64 = 0
    /// At least so many advisers.
    private var agents = 0
    /// No adviser has more events.
    private var agentMax: Int64 = 0
    private var agentTotal: Int64 = 0
    /// At least so many job seekers.
    private var persons = 0
    private var personValue: Int64 = 0
    /// At least so many employers.
    private var employers = 0
    /// No employer has more events.
    private var employerMax: Int64 = 0
    private var employerTotal: Int64 = 0

    /// The bounds of nothing.
    init() {}

    init(_ tally: ContributorTally) {
        value = tally.value
        agents = tally.agents.count
        agentMax = tally.agents.values.max() ?? 0
        agentTotal = tally.agents.values.reduce(0, +)
        persons = tally.persons.count
        personValue = tally.personValue
        employers = tally.employers.count
        employerMax = tally.employers.values.max() ?? 0
        employerTotal = tally.employerValue
    }

    mutating func add(_ other: ContributorBounds) {
        value += other.value
        agents = max(agents, other.agents)
        agentMax += other.agentMax
        agentTotal += other.agentTotal
        persons = max(persons, other.persons)
        personValue += other.personValue
        employers = max(employers, other.employers)
        employerMax += other.employerMax
        employerTotal += other.employerTotal
    }

    /// Whether ``DisclosureRules/reason(against:)`` says nothing against the sum, for certain.
    func isSurelyOpen(_ rules: DisclosureRules) -> Bool {
        if value == 0 { return true }
        func counts(_ concerning: Int64) -> Bool {
            concerning > 0 && concerning * 100 >= value * Int64(rules.subjectPercentMin)
        }
        func isWithin(_ largest: Int64, _ total: Int64, _ percent: Int) -> Bool {
            largest * 100 <= total * Int64(percent)
        }
        guard agentTotal > 0, agents >= rules.agentsMin,
            isWithin(agentMax, agentTotal, rules.agentShareMax)
        else { return false }
        if counts(personValue), persons < rules.personsMin { return false }
        guard counts(employerTotal) else { return true }
        return employers >= rules.employersMin
            && isWithin(employerMax, employerTotal, rules.employerShareMax)
    }
}
