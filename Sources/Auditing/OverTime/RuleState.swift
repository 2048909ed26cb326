// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Snapshots
import TemporalRules
import TransparencyLog

/// What the rules over time have judged for good: everything before a second, since no later entry
/// can be of an earlier time.
struct RuleState: Sendable {
    /// The bytes of the monitor's state; empty if nothing was judged yet.
    var monitor: [UInt8] = []
    /// The bytes of what the formulas remember; empty if there are none, or one of them failed.
    var formulas: [UInt8] = []
    /// The second before which everything is judged.
    var settledBefore = Int64.min
    /// The entries before that second at which something of a source was missing.
    var gaps: [UInt64] = []
    var findings: [Finding] = []
    var unknown: [OpenMatter] = []

    /// The monitor's state belongs to no particular head: what it was made of stands in the same
    /// snapshot, which is bound to one.
    static let head = SHA256Digest(0, 0, 0, 0)
}

extension RuleState {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(bytes: monitor)
        writer.write(bytes: formulas)
        writer.write(settledBefore)
        writer.write(each: gaps) { $0.write($1) }
        writer.write(each: findings) { $1.encode(to: &$0) }
        writer.write(each: unknown) { $1.encode(to: &$0) }
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        monitor = Array(try reader.content())
        formulas = Array(try reader.content())
        settledBefore = try reader.integer()
        gaps = try reader.list { reader throws(MalformedSnapshot) in try reader.number() }
        findings = try reader.list { reader throws(MalformedSnapshot) in
            try Finding(from: &reader)
        }
        unknown = try reader.list { reader throws(MalformedSnapshot) in
            try OpenMatter(from: &reader)
        }
    }
}
