// SPDX-License-Identifier: Apache-2.0

/// A rule that no sentence says, with the evaluator that judges it.
///
/// The evaluator fixes what its parts are called and which numbers it needs; the sheet says which
/// events play the parts. A part's variables, in the order in which the sheet binds them, are the
/// values that the evaluator reads.
public struct NamedRule: Hashable, Sendable {
    /// The evaluators.
    public enum Name: String, CaseIterable, Hashable, Sendable {
        /// What was given to others and then withdrawn must be deleted by each of them.
        case propagation
        /// At most so many seats, or as many as the log itself declares.
        case seatCap = "seat-cap"
        /// As many seats are billed as are granted.
        case seatBill = "seat-bill"
        /// What is purged is old enough, and what is too old is purged.
        case retention
        /// Something is used only under an arrangement that has not run out.
        case arrangement
        /// A source that records accesses for so long records a refusal now and then.
        case silentRefusals = "silent-refusals"
        /// The clock of a source does not go back.
        case steadyClock = "steady-clock"
        /// Something is not seen any more so many months after a person left.
        case afterLeaving = "after-leaving"
        /// Two releases do not differ by what could reveal somebody.
        case releases
    }

    /// Events that play a part.
    public struct Part: Hashable, Sendable {
        /// The number of the part, as the evaluator counts them.
        public var number: Int
        /// The events.
        public var selector: EventSelector

        /// Names the events of a part.
        public init(number: Int, selector: EventSelector) {
            (self.number, self.selector) = (number, selector)
        }
    }

    /// The most that a number of a sheet may be.
    public static let valueMax: Int64 = 1_000_000_000

    /// The evaluator.
    public var name: Name
    /// Who plays what, in the order in which one event plays its parts.
    public var parts: [Part]
    /// The numbers, in the order of ``Name/valueNames``.
    public var values: [Int64]

    /// Makes a rule.
    public init(_ name: Name, parts: [Part], values: [Int64]) {
        (self.name, self.parts, self.values) = (name, parts, values)
    }

    func evaluator(_ selectors: [CompiledSelector]) -> any RuleEvaluator {
        switch name {
        case .propagation: PropagationEvaluator(self, selectors)
        case .seatCap, .seatBill: SeatEvaluator(self, selectors)
        case .retention: RetentionEvaluator(self, selectors)
        case .arrangement: ArrangementEvaluator(self, selectors)
        case .silentRefusals: SilentRefusalsEvaluator(self, selectors)
        case .steadyClock: SteadyClockEvaluator(self, selectors)
        case .afterLeaving: AfterLeavingEvaluator(self, selectors)
        case .releases: ReleasesEvaluator(self, selectors)
        }
    }
}

extension NamedRule.Name {
    /// The parts, in the order in which one event plays them.
    public var partNames: [String] {
        switch self {
        case .propagation: ["given", "withdrawn", "deleted"]
        case .seatCap: ["end", "begin", "cap"]
        case .seatBill: ["end", "begin", "bill"]
        case .retention: ["mark", "purge"]
        case .arrangement: ["authorised", "use"]
        case .silentRefusals: ["refusal", "access"]
        case .steadyClock: ["beat"]
        case .afterLeaving: ["joined", "left", "seen"]
        case .releases: ["computed", "corrected", "released"]
        }
    }

    /// How many variables each part binds.
    var widths: [ClosedRange<Int>] {
        switch self {
        case .propagation: [2...2, 1...1, 2...2]
        case .seatCap, .seatBill: [1...1, 1...2, 1...1]
        case .retention: [0...0, 2...2]
        case .arrangement: [1...1, 0...0]
        case .silentRefusals: [1...1, 1...1]
        case .steadyClock: [1...1]
        case .afterLeaving: [1...1, 1...1, 1...1]
        case .releases: [3...3, 1...1, 2...2]
        }
    }

    /// The numbers that a sheet gives.
    public var valueNames: [String] {
        switch self {
        case .propagation: ["hours"]
        case .seatCap: ["limit"]
        case .seatBill: []
        case .retention: ["days_min", "days_max"]
        case .arrangement: []
        case .silentRefusals: ["days", "accesses"]
        case .steadyClock: ["minutes"]
        case .afterLeaving: ["months"]
        case .releases: []
        }
    }

    /// The events whose absence makes a violation: where a gap hides them, nobody knows.
    var excusingParts: Set<Int> {
        switch self {
        case .propagation: [2]
        case .seatBill: [0, 1]
        case .arrangement, .silentRefusals: [0]
        case .seatCap, .retention, .steadyClock, .afterLeaving, .releases: []
        }
    }
}
