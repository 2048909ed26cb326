// SPDX-License-Identifier: Apache-2.0

/// The changes that still stand at an instant, as they are picked thing by thing.
struct StandingChanges {
    /// The instant, in milliseconds.
    let floor: Int64
    /// The entries of the changes picked so far.
    private(set) var indices: Set<UInt64> = []

    init(floor: Int64) { self.floor = floor }

    mutating func keep(_ change: StateChange) { indices.insert(change.moment.index) }

    /// Keeps what happened to a thing at the instant or after it; gives what came before.
    mutating func split(_ history: ArraySlice<StateChange>) -> ArraySlice<StateChange> {
        let start = history.firstIndex { $0.moment.time >= floor } ?? history.endIndex
        for change in history[start...] { keep(change) }
        return history[..<start]
    }

    /// Keeps the last change that answers a question.
    mutating func keepLast(
        _ changes: ArraySlice<StateChange>, where answers: (StateChange) -> Bool
    ) {
        if let last = changes.last(where: answers) { keep(last) }
    }

    /// Keeps the last change of each key.
    mutating func keepLastOfEach(
        _ changes: ArraySlice<StateChange>, by key: (StateChange) -> PairKey?
    ) {
        var known: Set<PairKey> = []
        for change in changes.reversed() {
            guard let key = key(change), known.insert(key).inserted else { continue }
            keep(change)
        }
    }

    /// Keeps what began and did not end, of each other party or reference.
    mutating func keepOpen(
        _ changes: ArraySlice<StateChange>, _ begin: EventType, _ end: EventType,
        by other: (StateChange) -> InternedID?
    ) {
        var known: Set<InternedID?> = []
        for change in changes.reversed() where change.type == begin || change.type == end {
            guard known.insert(other(change)).inserted, change.type == begin else { continue }
            keep(change)
        }
    }
}

/// A kind of change, and with whom or what.
struct PairKey: Hashable {
    private let type: EventType
    private let other: InternedID?

    init(_ type: EventType, _ other: InternedID?) { (self.type, self.other) = (type, other) }
}

extension EventType {
    /// Whether it ends a licence for good.
    var endsLicence: Bool {
        switch self {
        case .licenceRevoke, .licenceReturn, .licenceExpire: true
        default: false
        }
    }

    /// Whether it says who holds a licence.
    var namesHolder: Bool { self == .licenceAssign || self == .licenceReassign }

    /// Whether it begins or ends the voluntary service of an adviser.
    var isServiceChange: Bool {
        self == .adviserEnrol || self == .adviserWithdraw || self == .adviserLeave
    }
}
