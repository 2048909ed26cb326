// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TransparencyLog

/// What one caller asked the appender to write, and what became of it.
final class AppendJob: Sendable {
    /// What is to be written.
    enum Work: Sendable {
        /// Events of callers.
        case submissions([Submission])
        /// An event that the program writes itself, found good before.
        case draft(EventDraft)
        /// An event of the log's own.
        case own(OwnEvent)
    }

    typealias Outcome = Result<[Acknowledgement], StorageError>

    let work: Work
    private let outcome = Mutex<Outcome?>(nil)
    private let completion: (@Sendable (Outcome) -> Void)?

    init(_ work: Work, completion: (@Sendable (Outcome) -> Void)? = nil) {
        self.work = work
        self.completion = completion
    }

    func finish(_ result: Outcome) {
        outcome.withLock { $0 = result }
        completion?(result)
    }

    /// What became of it; nil while it waits.
    var result: Outcome? { outcome.withLock { $0 } }
}

/// An event that the log itself records.
struct OwnEvent: Sendable {
    var type: String
    /// Members before `id` in canonical order, with their comma: `"count":3,"first":7,`.
    var leadingMembers = ""

    static let heartbeat = OwnEvent(type: "heartbeat")

    static func recovery(count: Int, first: UInt64) -> OwnEvent {
        OwnEvent(type: "log.recover", leadingMembers: "\"count\":\(count),\"first\":\(first),")
    }

    /// The event as a submission.
    func submission(sequence: UInt64, occurredAt: Int64) -> Submission {
        let text = """
            {\(leadingMembers)"id":"vigie-\(sequence)",\
            "occurred_at":"\(Timestamp.format(occurredAt))","source":"vigie",\
            "source_seq":\(sequence),"type":"\(type)","v":1}
            """
        guard let submission = try? Submission(Array(text.utf8)) else {
            preconditionFailure("the log's own events are canonical")
        }
        return submission
    }
}
