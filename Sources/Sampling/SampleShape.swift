// SPDX-License-Identifier: Apache-2.0

/// How large a sample log is, and when it plays.
public struct SampleShape: Hashable, Sendable {
    /// What every draw starts from.
    public var seed: UInt64
    /// Licence holders, those of the planted cases included.
    public var advisers: Int
    /// Months of the pilot, from 1 to 12.
    public var months: Int
    /// The SHA-256 of the policy set in force, in hexadecimal.
    public var policyVersion: String
    /// The name of the log, on which the identifiers of cases depend.
    public var origin: String

    /// Makes a shape.
    public init(
        seed: UInt64, advisers: Int, months: Int, policyVersion: String, origin: String
    ) {
        self.origin = origin
        self.seed = seed
        self.advisers = advisers
        self.months = months
        self.policyVersion = policyVersion
    }
}

/// How busy the simulated world is.
struct SampleActivity: Sendable {
    var advisers: Int
    var employmentAdvisers: Int
    var personsPerAdviser = 90
    var offers = 2000
    /// Accesses of one adviser on one day, at least and at most.
    var accessesMin = 27
    var accessesMax = 40
    /// Minutes between two heartbeats of a source; 0 for none.
    var heartbeatMinutes = 15
    /// The first day of the log, and the day after its last.
    var firstDay: Int
    var endDay: Int
    var pilotStart: Int
    var pilotEnd: Int
    /// Whether persons' agreements and rights change, and licences too.
    var hasChanges = true
    /// Whether everything before the pilot happens in three days.
    var isShort = false
}
