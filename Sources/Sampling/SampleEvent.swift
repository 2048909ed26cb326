// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Who sends the events of a sample log.
enum SampleSource: Int, CaseIterable, Sendable {
    case portal
    case linkedin
    case employment
    case licences
    case governance
    /// Small sources that send accesses alone.
    case annexOne, annexTwo, annexThree, annexFour

    /// The name in the entries.
    var name: String {
        switch self {
        case .portal: "ft-pro-portail"
        case .linkedin: "linkedin-connecteur"
        case .employment: "si-emploi"
        case .licences: "admin-licences"
        case .governance: "gouvernance"
        case .annexOne: "annexe-1"
        case .annexTwo: "annexe-2"
        case .annexThree: "annexe-3"
        case .annexFour: "annexe-4"
        }
    }

    /// What the identifiers of its events start with.
    var prefix: String {
        switch self {
        case .portal: "fp-"
        case .linkedin: "lk-"
        case .employment: "se-"
        case .licences: "al-"
        case .governance: "gv-"
        case .annexOne: "a1-"
        case .annexTwo: "a2-"
        case .annexThree: "a3-"
        case .annexFour: "a4-"
        }
    }

    /// Whether the source says day and night that it is alive.
    var beats: Bool { rawValue <= Self.governance.rawValue }
}

/// The value of a field in a sample event.
enum SampleValue: Sendable {
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case instant(Int64)
    /// Sorted by bytes, without repetition.
    case texts([String])
    /// The canonical bytes of an object.
    case object([UInt8])
    /// A `subject` object with its one member.
    case person(String)
    /// The first and the last number that the source's last gap left out.
    case missingFirst(SampleSource)
    case missingLast(SampleSource)
    /// The root of the log before this batch, and the violations planted until now.
    case latestRoot
    case findingCount
}

/// One event before a source numbers it and the log records it.
struct SampleEvent: Sendable {
    /// A field and its value.
    typealias Member = (field: EntryField, value: SampleValue)

    /// How the source's counter takes this event.
    enum Numbering: Sendable {
        case next
        case skipping(Int64)
        case repeating
    }

    var type: String
    var source: SampleSource
    var occurredAt: Int64
    var recordedAt: Int64
    var members: [Member]
    var numbering: Numbering = .next
    /// The index of the case that this event decides, in the answer key; -1 for none.
    var mark: Int32 = -1

    init(_ type: String, _ source: SampleSource, at instant: Int64, _ members: [Member] = []) {
        self.type = type
        self.source = source
        self.occurredAt = instant
        self.recordedAt = instant + 400
        self.members = members
    }

    /// The same event with a field set.
    func with(_ field: EntryField, _ value: SampleValue) -> SampleEvent {
        var copy = without(field)
        copy.members.append((field, value))
        return copy
    }

    /// The same event without a field.
    func without(_ field: EntryField) -> SampleEvent {
        var copy = self
        copy.members.removeAll { $0.field == field }
        return copy
    }

    /// The same event, recorded some milliseconds after it occurred.
    func late(by milliseconds: Int64) -> SampleEvent {
        var copy = self
        copy.recordedAt = occurredAt + milliseconds
        return copy
    }
}
