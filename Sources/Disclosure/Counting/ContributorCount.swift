// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import TransparencyLog

/// Counts the entries of a verified log into base figures.
///
/// It takes verified entries alone, and remembers who is behind each figure, so that a table can be
/// judged by its contributors.
public struct ContributorCount: Sendable {
    /// The pieces that are frozen, and how much of the log was known when they were.
    private let frozen: [Int32: UInt64]
    /// The corrections, oldest first.
    private let corrections: [ReleaseLedger.Correction]
    /// The regions of the pilot; every other place is one.
    private let regions: Set<String>
    private let vocabulary = EventVocabulary()
    private var counts = BaseCounts()
    private var texts = Interner()
    private var establishments: [Int32: Int32] = [:]
    private var personPlaces: [Int32: Int32] = [:]
    private var states = StateRecord()
    private var delays = DelayRecord()
    private var practice = PracticeRecord()
    private var lastHour: Int64 = .min
    private var lastPiece: Int32 = 0
    private var sources = SourceDays()
    private var lastLate: UInt64?

    /// More establishments than that are counted as unknown.
    private static let placeCountMax = 4_096

    /// Prepares a count.
    ///
    /// - Parameters:
    ///   - frozen: The pieces that were released, with the log's size at the time.
    ///   - corrections: The corrections, which bring late events into the pieces of their own.
    ///   - regions: The regions of the pilot. A row for another one would tell that somebody acted
    ///     there; all others are one place.
    public init(
        frozen: [Int32: UInt64] = [:], corrections: [ReleaseLedger.Correction] = [],
        regions: Set<String>
    ) {
        self.corrections = corrections
        self.frozen = frozen
        self.regions = regions
    }

    /// Takes one entry into account.
    public mutating func count(_ entry: borrowing VerifiedEntry) {
        counts.recordedUntil = max(counts.recordedUntil, entry.recordedAt)
        sources.add(entry)
        guard let type = vocabulary.type(of: entry), type != .heartbeat else { return }
        if type.isAccess {
            countAccess(entry, type)
        } else {
            countOther(entry, type)
        }
    }

    /// Counts findings, after all entries were counted.
    ///
    /// - Parameters:
    ///   - findings: The codes of their families, by the index of the entry.
    ///   - log: The log.
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public mutating func count(_ findings: [UInt64: [UInt8]], in log: VerifiedLog) throws {
        // What came late was said when the entries were counted.
        let lateCount = counts.lateCount
        var found: [UInt64: [UInt64]] = [:]
        for index in findings.keys { found[index / Self.stretch, default: []].append(index) }
        for indices in found.sorted(by: { $0.key < $1.key }).map({ $0.value.sorted() }) {
            guard let first = indices.first, let last = indices.last else { continue }
            try log.replay(first..<(last + 1)) { entry in
                guard let families = findings[entry.index] else { return }
                let (agent, place) = (number(.actorPID, entry), place(of: entry))
                for family in families {
                    add(.findings, family, place: place, piece(of: entry)) {
                        $0.add(agent: agent)
                    }
                }
            }
        }
        counts.lateCount = lateCount
    }

    /// Findings are few: so many entries at once are read again for them, as a log keeps them.
    private static let stretch: UInt64 = 256

    /// The figures, with the states at the end of some months.
    public mutating func finish(months: [ReportingPeriod]) -> BaseCounts {
        counts.sourceDays = sources.days
        practice.add(to: &counts)
        for month in months {
            let number = ReportingPeriod.month(ofDay: month.firstDay)
            let end = ParisTime.milliseconds(
                CivilDate(daysSinceEpoch: month.endDay), millisecondOfDay: 0)
            let known = frozen[ReportingPeriod.piece(ofDay: month.endDay - 1)] ?? .max
            for state in states.states(at: end, knownBefore: known) {
                let key = BaseKey(
                    measure: state.measure, topic: state.topic, place: state.place,
                    time: Int32(clamping: number))
                counts.tallies[key, default: ContributorTally()].add(agent: state.agent)
            }
        }
        return counts
    }

    private mutating func add(
        _ measure: Measure, _ topic: UInt8, place: Int32, _ piece: Int32,
        _ change: (inout ContributorTally) -> Void
    ) {
        let key = BaseKey(measure: measure, topic: topic, place: place, time: piece)
        change(&counts.tallies[key, default: ContributorTally()])
    }

    private mutating func number(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> Int32 {
        guard let slice = entry.slice(field) else { return -1 }
        return unsafe slice.withUnsafeBytes {
            texts.intern(unsafe RawSpan(_unsafeBytes: $0)).rawValue
        }
    }

    /// The place where an entry's actor works.
    private mutating func place(of entry: borrowing VerifiedEntry) -> Int32 {
        let establishment = number(.actorEstablishment, entry)
        guard establishment >= 0 else { return 0 }
        if let known = establishments[establishment] { return known }
        guard counts.places.count < Self.placeCountMax,
            let region = entry.string(.actorRegion), regions.contains(region)
        else { return 0 }
        let place = Int32(counts.places.count)
        counts.places.append(
            Place(establishment: entry.string(.actorEstablishment) ?? "?", region: region))
        establishments[establishment] = place
        return place
    }
}

// MARK: - Time

extension ContributorCount {
    /// The piece to which an entry counts: its own, unless that was released before the entry.
    ///
    /// Then it is the first one after that was not. A correction brings it back to its own, as
    /// another vintage, unless it was released as part of the later one before.
    private mutating func piece(of entry: borrowing VerifiedEntry) -> Int32 {
        let own = piece(entry.occurredAt)
        guard let size = frozen[own], entry.index >= size else { return own }
        if lastLate != entry.index { counts.lateCount += 1 }
        lastLate = entry.index
        var later = piece(max(entry.recordedAt, entry.occurredAt))
        while let size = frozen[later], entry.index >= size {
            // No piece is longer than a week.
            later = ReportingPeriod.piece(after: later)
        }
        let correction = corrections.first {
            $0.pieces.contains(own) && entry.index < $0.treeSize
        }
        guard let correction, frozen[later].map({ $0 > correction.treeSize }) ?? true else {
            return later
        }
        return BaseKey.time(own, vintage: correction.vintage)
    }

    private mutating func piece(_ milliseconds: Int64) -> Int32 {
        let hour = milliseconds / 3_600_000
        if hour != lastHour {
            let day = ParisTime(milliseconds: milliseconds).date.daysSinceEpoch
            lastPiece = ReportingPeriod.piece(ofDay: day)
            lastHour = hour
        }
        return lastPiece
    }
}

// MARK: - Accesses and the rest

extension ContributorCount {
    private mutating func countAccess(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        let (agent, place) = (number(.actorPID, entry), place(of: entry))
        let person = number(.subjectPID, entry)
        let employer = number(.employerRef, entry)
        let piece = piece(of: entry)
        let isDone = entry.slice(.outcome).map { $0 == "done" } ?? false
        let topic =
            isDone
            ? Topic.code(
                ofAccess: type, purpose: entry.slice(.purpose),
                hasAgreement: entry.contains(.agreementRef)) : Topic.code(ofRefusal: type)
        guard let topic else { return }
        add(isDone ? .accesses : .refusals, topic, place: place, piece) {
            $0.add(agent: agent, person: person, employer: employer)
        }
        guard isDone else { return }
        guard Topic.isPromotion(topic) else {
            practice.reach(employer, type, piece: piece, by: agent, at: place)
            return
        }
        let offer = practice.offer(number(.offerRef, entry))
        add(.occupations, offer.occupation, place: place, piece) {
            $0.add(agent: agent, person: person, employer: offer.employer)
        }
        practice.reach(offer.employer, type, piece: piece, by: agent, at: place)
    }

    private mutating func countOther(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        switch type {
        case .portfolioAssign:
            let person = number(.subjectPID, entry)
            if person >= 0 { personPlaces[person] = place(of: entry) }
        case .offerOpen:
            let letter = unsafe entry.slice(.rome)?.withUnsafeBytes { unsafe $0.first }
            practice.open(
                number(.offerRef, entry), occupation: letter ?? nil,
                employer: number(.employerRef, entry))
        case .noticePerson: countPerson(entry, 0)
        case .agreementGive: countPerson(entry, 1)
        case .agreementWithdraw: countPerson(entry, 2)
        case .objectionRegister: countPerson(entry, 3)
        case .restrictionSet, .erasurePerform: countPerson(entry, 4)
        case .dsrReceive:
            countPerson(entry, 5)
            delays.begin(.answer, number(.reference, entry), at: entry.occurredAt)
        case .dsrAnswer: countDelay(entry, .answer, number(.reference, entry))
        case .findingRaise:
            delays.begin(.closing, number(.reference, entry), at: entry.occurredAt)
            counts.chronicle.record(entry, type)
        case .findingExplain: countReview(entry, 0)
        case .findingConfirm: countReview(entry, 1)
        case .findingDismiss: countReview(entry, 2)
        case .findingClose:
            countReview(entry, 3)
            countDelay(entry, .closing, number(.reference, entry))
        case .findingCorrect: countReview(entry, 4)
        case .adviserEnrol, .adviserMove, .adviserWithdraw, .adviserLeave, .charterSign,
            .trainingComplete:
            let (adviser, place) = (number(.actorPID, entry), place(of: entry))
            states.record(
                StateRecord.Change(
                    time: entry.occurredAt, index: entry.index, type: type, thing: adviser,
                    party: adviser, place: place,
                    until: entry.timestamp(.validUntil) ?? .max))
            delays.adviser(adviser, type, at: entry.occurredAt, place: place)
        case .licenceAssign, .licenceReassign, .licenceActivate, .licenceRestore,
            .licenceSuspend, .licenceRevoke, .licenceReturn, .licenceExpire:
            let (licence, holder) = (number(.licenceID, entry), number(.to, entry))
            states.record(
                StateRecord.Change(
                    time: entry.occurredAt, index: entry.index, type: type, thing: licence,
                    party: holder, place: 0))
            if let end = delays.licence(licence, type, holder: holder, at: entry.occurredAt) {
                add(.delays, end.topic, place: end.place, piece(of: entry)) {
                    $0.add(agent: end.adviser)
                }
            }
        default: counts.chronicle.record(entry, type)
        }
    }

    private mutating func countPerson(_ entry: borrowing VerifiedEntry, _ topic: UInt8) {
        let person = number(.subjectPID, entry)
        guard person >= 0 else { return }
        let piece = piece(of: entry)
        add(.persons, topic, place: personPlaces[person] ?? 0, piece) {
            $0.add(agent: -1, person: person)
        }
    }

    /// Counts how long it took from what began under a reference, if that is known.
    private mutating func countDelay(
        _ entry: borrowing VerifiedEntry, _ kind: DelayKind.Name, _ reference: Int32
    ) {
        guard let topic = delays.end(kind, reference, at: entry.occurredAt) else { return }
        let person = kind == .answer ? number(.subjectPID, entry) : reference
        add(.delays, topic, place: personPlaces[person] ?? 0, piece(of: entry)) {
            $0.add(agent: -1, person: person)
        }
    }

    /// A review counts for the finding it is about, since it does not name who is behind that.
    private mutating func countReview(_ entry: borrowing VerifiedEntry, _ topic: UInt8) {
        let finding = number(.reference, entry)
        let piece = piece(of: entry)
        add(.reviews, topic, place: 0, piece) { $0.add(agent: -1, person: finding) }
    }
}
