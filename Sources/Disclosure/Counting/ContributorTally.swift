// SPDX-License-Identifier: Apache-2.0

/// Who is behind a figure: a count of events, and of the persons who made it up.
///
/// Forty views by one adviser are a figure of one contributor. Job seekers and employers are
/// remembered only as far as the rules ask, so that memory does not grow with the log.
public struct ContributorTally: Hashable, Sendable {
    /// The number of events, or of things in a state.
    public private(set) var value: Int64 = 0
    /// The events of each adviser.
    private(set) var agents: [Int32: Int64] = [:]
    /// Some of the job seekers: all of them, while they are few.
    private(set) var persons: Set<Int32> = []
    /// The events of each employer.
    private(set) var employers: [Int32: Int64] = [:]
    /// The events that concern a job seeker.
    private(set) var personValue: Int64 = 0
    /// The events that concern an employer.
    private(set) var employerValue: Int64 = 0

    /// No more job seekers are remembered; whoever asks for more contributors cannot be answered.
    public static let personCountMax = 64

    /// Counts nothing.
    public init() {}

    /// Counts one event; numbers below zero stand for nobody.
    public mutating func add(agent: Int32, person: Int32 = -1, employer: Int32 = -1) {
        value += 1
        if agent >= 0 { agents[agent, default: 0] += 1 }
        if person >= 0 {
            personValue += 1
            if persons.count < Self.personCountMax { persons.insert(person) }
        }
        if employer >= 0 {
            employerValue += 1
            employers[employer, default: 0] += 1
        }
    }

    /// Counts all that another tally counts.
    public mutating func add(_ other: ContributorTally) {
        value += other.value
        personValue += other.personValue
        employerValue += other.employerValue
        agents.merge(other.agents, uniquingKeysWith: +)
        for person in other.persons where persons.count < Self.personCountMax {
            persons.insert(person)
        }
        employers.merge(other.employers, uniquingKeysWith: +)
    }

    /// The greatest share of one contributor, in per cent, rounded up.
    static func share(_ parts: [Int32: Int64]) -> Int64 {
        let total = parts.values.reduce(0, +)
        guard total > 0, let largest = parts.values.max() else { return 0 }
        return (largest * 100 + total - 1) / total
    }
}
