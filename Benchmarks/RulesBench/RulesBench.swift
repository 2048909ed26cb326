// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import TemporalRules

/// Six rules over a million events of 500 advisers and 50,000 job seekers, in one pass on one core.
@main
struct RulesBench {
    static let schema = EventSchema(
        types: [
            "licence.activate", "licence.revoke", "profile.view", "agreement.withdraw",
            "agreement.give", "breakglass.open", "breakglass.review", "dsr.receive", "dsr.answer",
            "request", "approve", "offer.view",
        ],
        fields: [.init("actor"), .init("subject"), .init("reference")])

    static let sentences = [
        """
        profile.view(actor: a) only if licence.activate(actor: a) before \
        and no licence.revoke(actor: a) since
        """,
        """
        no profile.view(subject: p) after agreement.withdraw(subject: p) \
        until agreement.give(subject: p)
        """,
        "at most 60 distinct p of profile.view(actor: a, subject: p) per a in 1 h",
        "after breakglass.open(reference: r), breakglass.review(reference: r) within 72 h",
        "after dsr.receive(reference: r), dsr.answer(reference: r) within 30 days",
        "never both request(reference: r, actor: a) and approve(reference: r, actor: a)",
    ]

    static let eventCount = 1_000_000
    static let roundCount = 7

    static func main() throws {
        let setting = RuleSentence.Setting(schema: schema)
        let rules = try sentences.enumerated().map { number, text in
            TemporalRule(
                id: "\(number + 1)",
                try RuleSentence(text, language: .english, setting: setting).pattern)
        }
        let program = try RuleProgram(schema: schema, rules: rules)
        let log = SyntheticLog.make(schema: schema, count: eventCount)
        var bareRates: [Double] = []
        var rates: [Double] = []
        var verdictCount = 0
        var monitor = RuleMonitor(program)
        for _ in 0..<roundCount {
            bareRates.append(rate { precondition(bareScan(log) != 1) })
            rates.append(
                try rate {
                    monitor = RuleMonitor(program)
                    verdictCount = try monitor.consume(log).count
                    let (due, pending) = monitor.close(at: log.times.last ?? 0)
                    verdictCount += due.count + pending.count
                })
        }
        let state = monitor.encodeState(head: .zero)
        print("six rules, \(eventCount) events from columns (medians of \(roundCount))")
        print("  bare sum of all columns  \(Int(median(bareRates))) events a second")
        print("  six rules in one pass    \(Int(median(rates))) events a second")
        print(
            "  ratio                    \((median(rates) / median(bareRates) * 1_000).rounded() / 1_000)"
        )
        print("  verdicts \(verdictCount), saved state \(state.count) bytes")
        for (number, statistics) in monitor.statistics.enumerated() {
            let only = try RuleProgram(schema: schema, rules: [rules[number]])
            let alone = try rate {
                var monitor = RuleMonitor(only)
                _ = try monitor.consume(log)
            }
            print(
                "  rule \(number + 1): alone \(Int(alone)) events a second, judged",
                "\(statistics.evaluated), violated \(statistics.violated), holds",
                "\(statistics.keyCount) keys, \(statistics.heldCount) events")
        }
    }

    private static func bareScan(_ log: EventBatch) -> Int64 {
        var sum: Int64 = 0
        for column in log.columns { for value in column { sum &+= value } }
        for time in log.times { sum &+= time }
        for type in log.types { sum &+= Int64(type) }
        return sum
    }

    private static func rate(_ work: () throws -> Void) rethrows -> Double {
        let elapsed = try ContinuousClock().measure(work)
        let (seconds, attoseconds) = elapsed.components
        return Double(eventCount) / (Double(seconds) + Double(attoseconds) * 1e-18)
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}

/// The events: working days of views, with the other acts among them.
enum SyntheticLog {
    static func make(schema: EventSchema, count: Int) -> EventBatch {
        var random: UInt64 = 20_261_124
        func below(_ bound: Int) -> Int {
            random ^= random &<< 13
            random ^= random &>> 7
            random ^= random &<< 17
            return Int(random % UInt64(bound))
        }
        var types: [UInt16] = []
        var times: [Int64] = []
        var columns: [[Int64]] = Array(repeating: [], count: 3)
        // What is still open: revoked licences, openings and requests to answer, withdrawals.
        var (revoked, openings, requests, withdrawn): ([Int], [Int], [Int], [Int]) = (
            [], [], [], []
        )
        func taken(from list: inout [Int]) -> Int {
            list.isEmpty ? 0 : list.remove(at: list.count - 1 - below(min(list.count, 8)))
        }
        func add(_ type: Int, _ time: Int64, _ actor: Int?, _ subject: Int?, _ reference: Int?) {
            types.append(UInt16(type))
            times.append(time)
            for (place, value) in [actor, subject, reference].enumerated() {
                columns[place].append(value.map { Int64($0) } ?? EventBatch.absent)
            }
        }
        let start: Int64 = 1_772_438_400
        for adviser in 0..<490 { add(0, start, adviser, nil, nil) }
        while types.count < count {
            // Twenty thousand events in ten hours of each of fifty days.
            let number = types.count
            let time =
                start + Int64(number / 20_000) * 86_400 + Int64(number % 20_000) * 36_000 / 20_000
            let actor = below(500)
            switch below(1_000) {
            // One adviser at a time reads far more than the others.
            case 0..<60: add(2, time, (number / 2_000 * 7) % 500, below(50_000), nil)
            case 60..<800: add(2, time, actor, below(50_000), nil)
            case 800..<802:
                add(1, time, actor, nil, nil)
                revoked.append(actor)
            case 802..<805: add(0, time, taken(from: &revoked), nil, nil)
            case 805..<808:
                withdrawn.append(below(50_000))
                add(3, time, nil, withdrawn[withdrawn.count - 1], nil)
            case 808..<810: add(4, time, nil, taken(from: &withdrawn), nil)
            case 810..<815:
                add(5, time, actor, nil, number)
                openings.append(number)
            case 815..<820: add(6, time, actor, nil, taken(from: &openings))
            case 820..<830:
                add(7, time, nil, below(50_000), number)
                requests.append(number)
            case 830..<840: add(8, time, actor, nil, taken(from: &requests))
            case 840..<850: add(9, time, actor, nil, number)
            case 850..<860: add(10, time, actor, nil, number - below(200))
            default: add(11, time, actor, nil, nil)
            }
        }
        return EventBatch(
            types: types, times: times, indexes: (0..<types.count).map { UInt64($0) },
            columns: columns)
    }
}
