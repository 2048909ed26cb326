// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The events that only the log itself records.
extension EventDraft {
    static let heartbeat = EventDraft("heartbeat")

    /// Bytes that recovery set aside, and the index that they would have had.
    static func recovery(count: Int, first: UInt64) -> EventDraft {
        EventDraft(
            "log.recover", [.count: .integer(Int64(count)), .first: .integer(Int64(first))])
    }

    /// The announcement of the next epoch's key.
    static func rotation(to key: LogVerificationKey) -> EventDraft {
        let digits = String(key.hash, radix: 16)
        let hash = String(repeating: "0", count: 8 - digits.utf8.count) + digits
        return EventDraft("key.rotate", [.key: .text(key.text), .keyID: .text(hash)])
    }

    /// Bundles that are about to be deleted.
    static func purge(
        _ entries: Range<UInt64>, _ request: PurgeRequest, leaving total: StandingTotal?
    ) -> EventDraft {
        var draft = EventDraft(
            "retention.purge",
            [
                .first: .integer(Int64(clamping: entries.lowerBound)),
                .last: .integer(Int64(clamping: entries.upperBound - 1)),
                .requester: .text(request.requester), .approver: .text(request.approver),
                .hash: .text(request.policyHash),
            ])
        guard let standing = request.standing, let total else { return draft }
        draft[.count] = .integer(Int64(clamping: total.count))
        draft[.documentHash] = .digest(total.digest)
        draft[.validFrom] = .instant(standing.since)
        return draft
    }

    /// Entries that were signed and are lost, and their head.
    static func restoration(
        _ entries: Range<UInt64>, _ lost: SignedState, _ request: RestoreRequest
    ) -> EventDraft {
        EventDraft(
            "log.recover",
            [
                .count: .integer(Int64(entries.count)),
                .first: .integer(Int64(clamping: entries.lowerBound)),
                .last: .integer(Int64(clamping: max(1, lost.treeSize) - 1)),
                .head: .digest(lost.rootHash), .requester: .text(request.requester),
                .approver: .text(request.approver),
            ])
    }
}
