// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Whether the pilot runs, and where.
public struct PilotState: Sendable {
    /// The change that decided.
    public var change: StateChange
    /// The regions of the pilot, as INSEE codes.
    public var regions: [InternedID]
    /// From when to when it runs; empty while it is suspended or stopped.
    var term: Range<Int64>

    /// Whether it runs at an instant, in milliseconds, if nothing changes until then.
    public func isRunning(at time: Int64) -> Bool { term.contains(time) }
}

extension Registry {
    /// The pilot at a moment; nil if it was never started.
    public func pilotState(_ view: AsOf) -> PilotState? {
        var deciding: (change: Int, regions: Int)?
        var (start, end) = (Int64.min, Int64.max)
        var (isRunning, isStopped) = (false, false)
        for place in pilot.indices where view.sees(pilot[place]) {
            switch pilot[place].type {
            case .pilotStart:
                (start, end) = (pilot[place].validFrom, pilot[place].validUntil)
                deciding = (place, place)
                (isRunning, isStopped) = (true, false)
            case .pilotExtend:
                // It extends what was started and not stopped, and ends a suspension.
                guard deciding != nil, !isStopped else { continue }
                end = pilot[place].validUntil
                deciding = (place, place)
                isRunning = true
            case .pilotSuspend, .pilotStop:
                isStopped = isStopped || (deciding != nil && pilot[place].type == .pilotStop)
                deciding?.change = place
                isRunning = false
            default: continue
            }
        }
        guard let deciding else { return nil }
        return PilotState(
            change: pilot[deciding.change],
            regions: Array(list(of: pilot[deciding.regions])),
            term: isRunning ? start..<max(start, end) : start..<start)
    }

    /// The moments around a point of view between which no event changed the pilot.
    public func pilotPeriod(around view: AsOf) -> Period {
        Self.period(pilot.map(\.moment), around: view)
    }

    /// The moments around a point of view between which the same policy set was in force.
    public func policyPeriod(around view: AsOf) -> Period {
        Self.period(policies.map(\.moment), around: view)
    }

    private static func period(_ moments: [Moment], around view: AsOf) -> Period {
        Period(
            after: moments.last { $0 < view.moment }, upTo: moments.first { !($0 < view.moment) })
    }

    /// Whether the pilot was evaluated and a staff body consulted since its start.
    public func isExtensionPrepared(_ view: AsOf) -> Bool {
        guard
            let start = pilot.last(where: { $0.type == .pilotStart && view.sees($0) })?.moment
        else { return false }
        let evaluated = pilot.contains {
            $0.type == .pilotEvaluate && view.sees($0) && start < $0.moment
        }
        return evaluated && consultations.contains { sees($0.moment, view) && start < $0.moment }
    }

    private func sees(_ moment: Moment, _ view: AsOf) -> Bool {
        moment < view.moment && moment.index < view.knownBefore
    }

    /// The policy set in force at a moment.
    public func policy(_ view: AsOf) -> PolicyActivation? {
        var inForce: Int?
        for place in policies.indices where sees(policies[place].moment, view) {
            if policies[place].isActivation {
                inForce = place
            } else if let current = inForce, policies[current].hash == policies[place].hash {
                inForce = nil
            }
        }
        return inForce.map { policies[$0] }
    }

    /// The policy set that was put in force last before a moment, whether or not it still is.
    public func previousPolicy(_ view: AsOf) -> PolicyActivation? {
        policies.last { $0.isActivation && sees($0.moment, view) }
    }

    /// Whether a policy set was presented to a staff body.
    public func isPresented(_ hash: SHA256Digest, _ view: AsOf) -> Bool {
        consultations.contains { $0.hash == hash && sees($0.moment, view) }
    }

    /// Whether the central staff body was consulted and the staff informed, so that nominative
    /// control is allowed (Code du travail, L2312-38 and L1222-4).
    public func allowsNominativeControl(_ view: AsOf) -> Bool {
        consultations.contains { $0.isCentral && sees($0.moment, view) }
            && staffNotices.contains { view.sees($0) }
    }

    /// The opening of an offer, if it is open.
    public func openOffer(_ offer: InternedID?, _ view: AsOf) -> StateChange? {
        let last = offers.last(of: offer, view, among: EventTypeSet(.offerOpen, .offerClose))
        return last?.type == .offerOpen ? last : nil
    }

    /// The occupation of an offer, if it was ever opened.
    public func occupation(ofOffer offer: InternedID?, _ view: AsOf) -> InternedID? {
        offers.last(of: offer, view, among: EventTypeSet(.offerOpen))?.reference
    }

    /// The last request to re-identify under a reference, in whatever case.
    public func pseudonymRequest(_ reference: InternedID?, _ view: AsOf) -> StateChange? {
        pseudonymRequests.last(of: reference, view, among: EventTypeSet(.pseudonymRequest))
    }

    /// The last request to re-identify under a reference and in a case.
    public func pseudonymRequest(
        _ reference: InternedID?, inCase caseID: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let caseID else { return nil }
        return pseudonymRequests.last(of: reference, view, among: EventTypeSet(.pseudonymRequest)) {
            $0.reference == caseID
        }
    }

    /// The last approval to re-identify under a reference and in a case.
    public func pseudonymApproval(
        _ reference: InternedID?, inCase caseID: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let caseID else { return nil }
        return pseudonymRequests.last(of: reference, view, among: EventTypeSet(.pseudonymApprove)) {
            $0.reference == caseID
        }
    }

    /// What the activation at a moment covers and the one before it did not; empty for the first.
    public func addedScope(_ view: AsOf) -> Set<PolicyActivation.ScopeItem> {
        guard let before = previousPolicy(view),
            let activation = policies.first(where: { $0.moment == view.moment })
        else { return [] }
        return activation.scope.subtracting(before.scope)
    }
}
