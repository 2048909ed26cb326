// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import TransparencyLog

/// On which days each source of a log told anything: where one is silent, nothing can be found.
public struct SourceDays: Sendable {
    /// The days of Paris, counted from 1970-01-01, by source.
    public private(set) var days: [String: Set<Int32>] = [:]
    private var interner = Interner()
    private var last: [Int32: Int32] = [:]
    private var hour: Int64 = .min
    private var day: Int32 = 0

    /// More sources than that are left out.
    public static let sourceCountMax = 32

    /// Knows of no source.
    public init() {}

    /// Takes one entry into account.
    public mutating func add(_ entry: borrowing VerifiedEntry) {
        guard let slice = entry.slice(.source) else { return }
        let source = unsafe slice.withUnsafeBytes {
            interner.intern(unsafe RawSpan(_unsafeBytes: $0)).rawValue
        }
        if entry.occurredAt / 3_600_000 != hour {
            hour = entry.occurredAt / 3_600_000
            day = Int32(
                clamping: ParisTime(milliseconds: entry.occurredAt).date.daysSinceEpoch)
        }
        guard last[source] != day else { return }
        guard last[source] != nil || last.count < Self.sourceCountMax else { return }
        last[source] = day
        days[entry.string(.source) ?? "?", default: []].insert(day)
    }
}
