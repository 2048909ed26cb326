// SPDX-License-Identifier: Apache-2.0

public import TransparencyLog

/// Finds, in what a purge is about to take, the entries that are still in force: they stay, so that
/// what comes after is judged by the state of the world, as it was before.
///
/// An access is kept for months; an agreement, an objection or a policy for as long as it holds (RGPD,
/// article 5(1)(e); decision 0047). Acts of governance stay whole. Of what changes a person, an adviser,
/// a licence or an offer, there stays what the ``Registry`` still answers by. Of signs of life, figures
/// and reviews, the last of each source or subject stays, since rules ask what follows it. Accesses,
/// sessions and the rest go.
public struct StandingEntries: Sendable {
    /// How long before the youngest purged entry was recorded the state must be known, in milliseconds:
    /// what was recorded later than that is not judged.
    public static let horizon: Int64 = 35 * 86_400_000

    /// How many days an appointment stays: it explains what happened some days before or after, and no
    /// policy set may ask for more.
    public static let appointmentDaysMax = 366

    private var state = RegistryBuilder()
    private var whole: [UInt64] = []
    private var latest: [LatestKey: Moment] = [:]
    private var waivers: [Waiver] = []
    private var waiverEnds: [(granted: [UInt8], moment: Moment)] = []
    private let vocabulary = EventVocabulary()

    private struct LatestKey: Hashable {
        var type: EventType
        var value: [UInt8]
    }

    private struct Waiver {
        var id: [UInt8]
        var index: UInt64
        var validUntil: Int64
    }

    /// Makes a fold that has seen no entry.
    public init() {}

    /// Takes in an entry that a purge would take, or that an earlier one left.
    public mutating func record(_ entry: borrowing EntryView) {
        guard let type = vocabulary.type(of: entry), type.fieldsMissing(in: entry.fields).isEmpty
        else { return }
        state.record(entry)
        let moment = Moment(time: entry.occurredAt, index: entry.index)
        switch type {
        case .waiverGrant:
            waivers.append(
                Waiver(
                    id: entry.slice(.id)?.bytes ?? [], index: entry.index,
                    validUntil: entry.timestamp(.validUntil) ?? .max))
        case .waiverRevoke, .waiverExpire:
            waiverEnds.append((entry.slice(.correlates)?.bytes ?? [], moment))
        default:
            if type.staysWhole {
                whole.append(entry.index)
            } else if let field = type.latestOfEach {
                let value = entry.slice(field)?.bytes ?? []
                let key = LatestKey(type: type, value: value)
                latest[key] = max(latest[key] ?? moment, moment)
            }
        }
    }

    /// Takes in what another fold saw of other entries of the same log.
    public mutating func merge(_ other: consuming StandingEntries) {
        state.merge(other.state)
        whole += other.whole
        latest.merge(other.latest, uniquingKeysWith: max)
        waivers += other.waivers
        waiverEnds += other.waiverEnds
    }

    /// The entries that are in force at an instant or later.
    ///
    /// - Parameter floor: The instant, in milliseconds since 1970.
    /// - Returns: Their indices, in order.
    public consuming func inForce(since floor: Int64) -> [UInt64] {
        let valid = waivers.filter { $0.validUntil > floor }
        let identifiers = Set(valid.map(\.id))
        var indices = state.build().standing(since: floor)
        indices.formUnion(whole)
        indices.formUnion(latest.values.map(\.index))
        indices.formUnion(valid.map(\.index))
        indices.formUnion(
            waiverEnds.filter { identifiers.contains($0.granted) }.map(\.moment.index))
        return indices.sorted()
    }
}

extension EventType {
    /// Whether each entry of the type stays after a purge: acts of governance, which the state of
    /// later acts rests on, and which name nobody but those who decided.
    public var staysWhole: Bool {
        switch self {
        case .pilotStart, .pilotSuspend, .pilotEvaluate, .pilotExtend, .pilotStop, .policyPropose,
            .policyApprove, .policyActivate, .policyRetire, .cseInform, .cseConsult, .cseOpinion,
            .cseObservation, .cseAnswer, .cseAppoint, .noticeStaff, .dpiaMeasure, .controlLink,
            .partnerRegister, .transferAuthorise, .sourceRegister, .summaryCompute,
            .summaryRelease, .summaryCorrect, .logGap, .keyDestroy, .logOpen, .logRecover,
            .logAnchor, .retentionPurge, .keyRotate:
            true
        default: false
        }
    }

    /// The field of which each value's last entry stays after a purge; nil if none stays for that.
    public var latestOfEach: EntryField? {
        switch self {
        case .heartbeat, .checkComplete: .source
        case .indicatorReport: .indicator
        case .entitlementReview: .reference
        default: nil
        }
    }
}
