// SPDX-License-Identifier: Apache-2.0

/// Entries to append at one instant.
public struct SampleBatch: Sendable {
    /// What the log's clock shows, in milliseconds since 1970.
    public var recordedAt: Int64
    /// Canonical entries without `seq`, `prev` and `recorded_at`.
    public var submissions: [[UInt8]]
}

/// Makes the entries of a sample log, day by day, in the order of the log.
///
/// Memory does not grow with the number of entries: only with persons and planned events.
///
/// All dates are invented: the log plays from 14 September 2026 on.
public struct SampleGenerator: Sendable {
    private var world: SampleWorld
    private var writer = SubmissionWriter()
    private var events: [SampleEvent] = []
    private var place = 0
    private var day = 0
    private var index: UInt64 = 1
    private var items: [AnswerKey.Item] = []

    /// Entries of one batch are at most this far apart.
    private static let batchSpan: Int64 = 20_000

    /// Prepares the log of a shape.
    public init(_ shape: SampleShape) {
        let pilotStart = SampleTime.dayNumber(2026, 10, 1)
        let month = 9 + min(max(shape.months, 1), 12)
        let pilotEnd = SampleTime.dayNumber(2026 + month / 12, month % 12 + 1, 1)
        var book = CaseBook(
            seed: shape.seed, policyVersion: shape.policyVersion, pilotStart: pilotStart,
            pilotEnd: pilotEnd)
        book.plantAll()
        book.reviewCases(in: shape.origin)
        let planted = book.events.count { $0.type == "licence.assign" }
        let advisers = max(shape.advisers - planted, 4)
        self.init(
            book,
            SampleActivity(
                advisers: advisers, employmentAdvisers: advisers / 5, firstDay: pilotStart - 17,
                endDay: pilotEnd + 1, pilotStart: pilotStart, pilotEnd: pilotEnd))
    }

    init(_ book: CaseBook, _ activity: SampleActivity) {
        world = SampleWorld(book: book, activity: activity)
    }

    /// The planted entries among the batches made until now.
    ///
    /// Indices count the log's own first entry, `log.open`.
    public var answerKey: AnswerKey { AnswerKey(items: items) }

    /// How many entries the batches made until now hold, `log.open` included.
    public var entryCount: UInt64 { index }

    /// When the log is opened: midnight (UTC) of its first day.
    public var openedAt: Int64 { Int64(world.activity.firstDay) * SampleTime.day }

    /// The next entries; nil after the last day.
    ///
    /// - Parameter root: The root hash of the log so far, in hexadecimal, for the nightly checks.
    /// - Returns: The batch, or nil when the log is complete.
    public mutating func next(root: String) -> SampleBatch? {
        while place >= events.count {
            guard day < world.activity.endDay - world.activity.firstDay else { return nil }
            events = world.day(day)
            place = 0
            day += 1
        }
        writer.root = root
        let start = events[place].recordedAt
        var batch = SampleBatch(recordedAt: start, submissions: [])
        while place < events.count, events[place].recordedAt - start < Self.batchSpan {
            let (bytes, identifier) = writer.write(events[place])
            note(events[place], identifier)
            batch.recordedAt = events[place].recordedAt
            batch.submissions.append(bytes)
            place += 1
            index += 1
        }
        return batch
    }

    private mutating func note(_ event: SampleEvent, _ identifier: String) {
        guard event.mark >= 0 else { return }
        let planted = world.book.cases[Int(event.mark)]
        for rule in planted.rules {
            items.append(
                AnswerKey.Item(
                    rule: rule, id: event.source.name + "/" + identifier, index: index,
                    kind: planted.kind, note: planted.note))
        }
        if planted.kind == .violation { writer.findingCount += planted.rules.count }
    }
}
