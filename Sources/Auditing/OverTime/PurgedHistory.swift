// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TemporalRules
import TransparencyLog

/// What the rules over time still know once a purge has taken most of the history.
///
/// An event that was purged may have excused what is a violation without it: then the answer is unknown.
/// It may also have been one half of a violation: then each rule that looks so far back says so once.
struct PurgedHistory {
    /// The rules whose answers rest on nothing that was purged.
    let exact: Set<Int>
    /// The types of which every event is left.
    let kept: Set<EventTypeID>
    private let past: PurgedPast
    private let program: RuleProgram

    init(_ past: PurgedPast, _ rules: OverTimeRules) {
        let program = rules.program
        (self.past, self.program) = (past, program)
        let kept = past.leftState ? Self.types(\.staysWhole) : []
        self.kept = kept
        exact = Set(
            program.rules.indices.filter { place in
                let rule = program.rules[place]
                return past.leftState ? rule.isExact(keeping: kept) : rule.isNever
            })
    }

    /// The last second of what was purged.
    var end: Int64 { past.hidden.before / 1_000 }

    /// Makes a monitor ready for what is left.
    func prepare(_ monitor: inout RuleMonitor) {
        monitor.recordPurge(upTo: end, keeping: kept, exact: exact)
    }

    /// Whether a verdict is of before the purge: whoever audited then said it.
    func isOld(_ verdict: RuleVerdict) -> Bool {
        guard past.contains(verdict.index) else { return false }
        if case .pending = verdict.outcome { return false }
        return max(verdict.time, verdict.searched?.upperBound ?? .min) <= end
    }

    /// The rules that what was purged might have convicted, or still might.
    func doubtfulRules(of rules: OverTimeRules) -> [Int] {
        rules.sheets.indices.filter { !exact.contains($0) }.filter { rule in
            rule >= program.rules.count || !program.rules[rule].looksForward
        }
    }

    fileprivate static func types(_ holds: (EventType) -> Bool) -> Set<EventTypeID> {
        Set(EventType.allCases.filter(holds).map { EventTypeID(rawValue: UInt16($0.rawValue)) })
    }
}

extension TemporalRule {
    /// Whether an event alone breaks the rule.
    fileprivate var isNever: Bool { if case .never = pattern { true } else { false } }

    /// Whether the rule asks only what follows an event that is there.
    fileprivate var looksForward: Bool {
        guard case .deadline(let rule) = pattern else { return false }
        return !rule.isStrict && rule.guardBegins.isEmpty
    }

    /// Whether what a purge leaves makes the state of the rule whole.
    fileprivate func isExact(keeping kept: Set<EventTypeID>) -> Bool {
        func are(_ selectors: [EventSelector], in types: Set<EventTypeID>) -> Bool {
            selectors.allSatisfy { types.isSuperset(of: $0.types) }
        }
        switch pattern {
        case .never: return true
        case .required(let rule), .forbidden(let rule):
            return are(rule.begins + rule.ends, in: kept)
        case .deadline(let rule):
            // The last trigger of each key is left, and what must follow it comes after the purge.
            return rule.isStrict && rule.guardBegins.isEmpty
                && rule.triggers.allSatisfy(\.isLastLeft)
        case .exclusive(let rule): return are(rule.first + rule.second, in: kept)
        case .concurrency(let rule): return are(rule.begins + rule.ends, in: kept)
        case .quota, .baseline: return false
        case .named(let rule): return rule.isExact { are([$0], in: $1.union(kept)) }
        }
    }
}

extension EventSelector {
    /// Whether a purge leaves the last event of each key.
    fileprivate var isLastLeft: Bool {
        let fields = key.compactMap { RuleField(rawValue: $0.rawValue)?.entryField }
        return fields.count == key.count && conditions.isEmpty
            && types.allSatisfy { type in
                guard let type = EventType(rawValue: UInt8(truncatingIfNeeded: type.rawValue))
                else { return false }
                return type.staysWhole
                    || type.latestOfEach.map { fields.isEmpty || fields == [$0] } ?? false
            }
    }
}

extension NamedRule {
    /// Whether the events that a purge leaves tell the evaluator all that it keeps.
    fileprivate func isExact(_ are: (EventSelector, Set<EventTypeID>) -> Bool) -> Bool {
        switch name {
        // A licence that lives is left whole, and the last figure of each indicator.
        case .seatCap, .seatBill:
            let types = PurgedHistory.types {
                $0.name.hasPrefix("licence.") || $0 == .indicatorReport
            }
            return parts.allSatisfy { are($0.selector, types) }
        // Who came or left a portfolio last is left.
        case .afterLeaving:
            let types = PurgedHistory.types { $0 == .portfolioAssign || $0 == .portfolioRelease }
            return parts.allSatisfy { $0.number == 2 || are($0.selector, types) }
        case .steadyClock: return parts.allSatisfy(\.selector.isLastLeft)
        case .arrangement: return parts.allSatisfy { $0.number == 1 || are($0.selector, []) }
        case .releases: return parts.allSatisfy { are($0.selector, []) }
        // What is gone was old enough, or the verifier says so.
        case .retention: return true
        case .propagation, .silentRefusals: return false
        }
    }
}
