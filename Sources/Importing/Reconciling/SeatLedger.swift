// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import TransparencyLog

/// What a log says of its seats: which are granted, and how often each did what on which day.
///
/// The counts stay inside; only their differences from a vendor's come out.
public struct SeatLedger: Sendable {
    private let export: SeatExport
    private let types: [EventType: String]
    private let vocabulary = EventVocabulary()
    private var counts: [SeatDay: Int64] = [:]
    /// The last word on each licence: whether it is granted, and when that was said.
    private var licences: [String: (isGranted: Bool, at: Int64, index: UInt64)] = [:]
    /// Until when events count, in milliseconds since 1970.
    private let until: Int64
    private var firstDay: Int?

    /// Begins a ledger to be held against an export.
    ///
    /// - Parameters:
    ///   - export: The vendor's export.
    ///   - until: The moment that a list of seats is of, in milliseconds since 1970.
    public init(_ export: SeatExport, until: Int64 = .max) {
        self.export = export
        self.until = until
        types = Dictionary(
            export.map.counts.compactMap { count in
                EventVocabulary.accessType(named: count.type).map { ($0, count.type) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes an entry into account.
    public mutating func add(_ entry: borrowing VerifiedEntry) {
        let day = export.map.zone.day(of: entry.occurredAt)
        guard let type = vocabulary.type(of: entry) else { return }
        // What a purge keeps is the log's own, and says nothing of the days it is of.
        if !Self.kept.contains(type) { firstDay = min(firstDay ?? day, day) }
        guard let seat = entry.view.string(.licenceID) else { return }
        if let isGranted = Self.isGranted(after: type), entry.occurredAt <= until {
            let (last, said) = (licences[seat], (entry.occurredAt, entry.index))
            // In the order of what happened, not of what was recorded.
            if last.map({ ($0.at, $0.index) <= said }) ?? true {
                licences[seat] = (isGranted, said.0, said.1)
            }
        }
        guard let name = types[type], export.days?.contains(day) == true,
            // What was refused never reached the vendor.
            entry.view.string(.outcome)?.utf8.elementsEqual("done".utf8) == true
        else { return }
        counts[SeatDay(seat: seat, day: day, type: name), default: 0] += 1
    }

    private static let kept: Set<EventType> = [
        .logOpen, .logRecover, .logAnchor, .keyRotate, .retentionPurge,
    ]

    /// Whether a licence is granted after an event; nil if the event says nothing of that.
    private static func isGranted(after type: EventType) -> Bool? {
        switch type {
        case .licenceGrant, .licenceAssign, .licenceActivate, .licenceRestore, .licenceReassign,
            .licenceSuspend:
            true
        case .licenceRevoke, .licenceReturn, .licenceExpire: false
        default: nil
        }
    }

    /// The differences, by day and seat.
    ///
    /// - Parameter isPurged: Whether the log's oldest entries are gone: days before the first that is
    ///   left are then not compared.
    /// - Returns: The differences, and whether all days of the export were compared; of an export
    ///   without rows nothing is.
    public func differences(
        isPurged: Bool = false
    ) -> (spots: [BlindSpot], isComplete: Bool) {
        guard !export.isEmpty else { return ([], false) }
        guard let days = export.days else { return (seatDifferences, true) }
        let first = isPurged ? firstDay.map { $0 + 1 } ?? days.upperBound + 1 : days.lowerBound
        var spots: [BlindSpot] = []
        for key in Set(counts.keys).union(export.counts.keys).sorted() where key.day >= first {
            let difference = (export.counts[key] ?? 0) - (counts[key] ?? 0)
            guard difference != 0 else { continue }
            let date = Timestamp.format(Int64(key.day) * 86_400_000).prefix(10)
            spots.append(
                BlindSpot(
                    kind: difference > 0 ? .unlogged : .unbilled, seat: key.seat,
                    day: String(date), type: key.type, difference: abs(difference)))
        }
        return (spots, first <= days.lowerBound)
    }

    private var seatDifferences: [BlindSpot] {
        let granted = Set(licences.filter { $0.value.isGranted }.keys)
        let billed = export.seats.subtracting(granted).map { ($0, BlindSpot.Kind.billedOnly) }
        let unbilled = granted.subtracting(export.seats).map { ($0, BlindSpot.Kind.grantedOnly) }
        return (billed + unbilled).sorted { $0.0 < $1.0 }.map { BlindSpot(kind: $1, seat: $0) }
    }
}
