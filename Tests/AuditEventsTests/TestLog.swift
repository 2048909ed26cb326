// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Testing
import TransparencyLog

/// A real log in memory, verified, that holds some events from entry 1 on.
struct TestLog {
    private let log: VerifiedLog

    init(_ events: [PlainEvent]) throws {
        let key = try LogSigningKey(
            name: "test.example/log", key: SigningKey(seed: Array(repeating: 7, count: 32)))
        var memory = try MemoryLog(key: key, openedAt: PlainHistory.start)
        for (place, event) in events.enumerated() {
            try memory.append(event.submission(number: place + 1), recordedAt: PlainHistory.end)
        }
        try memory.sign()
        let verification = LogVerifier(keys: [key.verificationKey]).verify(memory)
        log = try #require(verification.log, "\(verification.report.violations)")
    }

    /// The registry folded from the log, run by run of seven entries by some builders in turn.
    func registry(builders count: Int = 1) throws -> Registry {
        var builders = Array(repeating: RegistryBuilder(), count: count)
        try log.replay { builders[Int($0.index / 7) % count].record($0) }
        var first = builders.removeFirst()
        for other in builders { first.merge(other) }
        return first.build()
    }

    /// The entries that a purge of those before a cut would leave, by what they say of an instant.
    func standing(before cut: UInt64, since floor: Int64, folds count: Int) throws -> [UInt64] {
        var folds = Array(repeating: StandingEntries(), count: count)
        try log.replay(0..<cut) { entry in folds[Int(entry.index / 7) % count].record(entry.view) }
        var first = folds.removeFirst()
        for other in folds { first.merge(other) }
        return first.inForce(since: floor)
    }

    /// The registry folded from some entries only.
    func registry(of wanted: Set<UInt64>, from cut: UInt64) throws -> Registry {
        var builder = RegistryBuilder()
        try log.replay { entry in
            if entry.index >= cut || wanted.contains(entry.index) { builder.record(entry) }
        }
        return builder.build()
    }
}
