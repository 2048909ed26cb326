// SPDX-License-Identifier: Apache-2.0

import Cedar
import Foundation
import Glibc

/// Times decisions: `cedar-bench FOLDER [PASSES]`.
///
/// The folder holds what `Benchmarks/cedar_side_by_side.py` writes. It prints one line of JSON.
@main
enum CedarBench {
    static func main() throws {
        guard let path = CommandLine.arguments.dropFirst().first else {
            print("usage: cedar-bench FOLDER [PASSES]")
            exit(64)
        }
        let bench = try DecisionBench(folder: URL(fileURLWithPath: path))
        print(
            try bench.run(passes: CommandLine.arguments.dropFirst(2).first.flatMap(Int.init) ?? 31))
    }
}

/// Policies, entities and requests, and the decisions that another implementation made.
struct DecisionBench {
    private let policies: PolicySet
    private let entities: Entities
    private let requests: [Request]
    private let expected: [String]

    init(folder: URL) throws {
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
        }
        func lines(_ name: String) throws -> [String] {
            try text(name).split(separator: "\n").map(String.init)
        }
        policies = try PolicySet(parsing: try text("policies.cedar"))
        entities = try Entities(json: try text("entities.json"))
        requests = try lines("requests.jsonl").map { try Request(json: $0) }
        expected = try lines("decisions.txt")
    }

    /// Medians of passes over all requests, in time of one core.
    func run(passes: Int) throws -> String {
        let start = ProcessorTime.now
        let engine = DecisionEngine(policies, entities)
        let compilation = ProcessorTime.now - start
        var outcome = DecisionEngine.Outcome()
        var different = 0
        for (request, decision) in zip(requests, expected) {
            engine.decide(request, into: &outcome)
            if outcome.decision.rawValue != decision { different += 1 }
        }
        // Two passes give the outcome all the room that it will need.
        for _ in 0..<2 { pass(engine, &outcome) }
        let allocations = AllocationCounter.count { pass(engine, &outcome) }
        var times: [Double] = []
        for _ in 0..<passes { times.append(ProcessorTime.measure { pass(engine, &outcome) }) }
        times.sort()
        let authorizer = Authorizer(policies)
        let sample = requests.prefix(max(20, 200_000 / policies.policies.count))
        let reference = ProcessorTime.measure {
            for request in sample { _ = authorizer.isAuthorized(request, entities) }
        }
        let perPass = Double(requests.count)
        return """
            {"policies":\(policies.policies.count),"requests":\(requests.count),\
            "compared":\(expected.count),"different":\(different),\
            "median_ns":\(times[passes / 2] / perPass),\
            "best_ns":\(times[0] / perPass),\
            "reference_ns":\(reference / Double(sample.count)),\
            "compile_ms":\(compilation / 1_000_000),\
            "allocations":\(allocations.map(String.init) ?? "null")}
            """
    }

    private func pass(_ engine: DecisionEngine, _ outcome: inout DecisionEngine.Outcome) {
        for index in requests.indices { engine.decide(requests[index], into: &outcome) }
    }
}

/// The processor time of this thread, which other programs on the machine do not lengthen.
enum ProcessorTime {
    /// In nanoseconds.
    static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    static func measure(_ body: () -> Void) -> Double {
        let start = now
        body()
        return now - start
    }
}

/// Counts allocations, if `Benchmarks/count_allocations.c` is preloaded.
enum AllocationCounter {
    static func count(_ body: () -> Void) -> Int? {
        typealias Counter = @convention(c) () -> UInt64
        guard let symbol = unsafe dlsym(nil, "allocation_count") else { return nil }
        let counter = unsafe unsafeBitCast(symbol, to: Counter.self)
        let before = counter()
        body()
        return Int(counter() - before)
    }
}
