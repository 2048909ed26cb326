// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import TransparencyLog

extension EventType {
    /// Whether a rule speaks of the event, though it is no access.
    var isJudgedAct: Bool {
        switch self {
        case .licenceGrant, .licenceAssign, .licenceReassign, .policyApprove, .policyActivate,
            .waiverGrant, .pseudonymApprove, .retentionPurge, .pilotExtend:
            true
        default: isNominativeAct
        }
    }

    /// Whether the event names an adviser in a control (rule R21).
    var isNominativeAct: Bool {
        switch self {
        case .findingAssign, .findingConfirm, .pseudonymResolve, .adviserHear: true
        default: false
        }
    }
}

extension FactReader {
    /// The facts of an act of governance.
    func actFacts(
        of entry: borrowing VerifiedEntry, type: EventType, under folder: PolicySetFolder,
        _ view: AsOf
    ) -> ActFacts {
        var facts = ActFacts(type: type)
        facts.set(.directIdentifier, DirectIdentifierScan.finds(in: entry))
        facts.set(.approvedByRequester, isApprovedByRequester(entry, type, view))
        switch type {
        case .licenceReassign:
            facts.set(.dataTransferred, entry.bool(.dataTransferred) ?? false)
        case .pilotExtend:
            facts.set(.extensionPrepared, registry.isExtensionPrepared(view))
        case .policyActivate:
            facts.set(.scopeWidened, !registry.addedScope(view).isEmpty)
            facts.set(
                .scopePresented,
                digest(.hash, entry).map { registry.isPresented($0, view) } ?? false)
        case .pseudonymResolve:
            addResolution(to: &facts, entry, folder.delays, view)
        default: break
        }
        if type.isNominativeAct {
            facts.set(.nominativeControlAllowed, registry.allowsNominativeControl(view))
        }
        return facts
    }

    /// A digest; nil if the entry has no such field.
    func digest(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> SHA256Digest? {
        guard let slice = entry.slice(field) else { return nil }
        return unsafe slice.withUnsafeBytes {
            SHA256Digest(hex: unsafe RawSpan(_unsafeBytes: $0))
        }
    }

    /// The regions, roles, categories and purposes that a policy set adds to the one before.
    func addedScope(_ view: AsOf) -> [String] {
        registry.addedScope(view).map { registry.interner.string($0.text) }.sorted()
    }

    /// Whether who approves is who asked, or who gains by it (rule R17).
    private func isApprovedByRequester(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ view: AsOf
    ) -> Bool {
        guard let approver = entry.slice(.approver) else { return false }
        let party = id(.approver, entry)
        func isIn(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> Bool {
            entry.slice(field).map { $0 == approver } ?? false
        }
        switch type {
        case .licenceGrant, .licenceAssign, .licenceReassign:
            if type != .licenceGrant, isIn(.to, entry) { return true }
            guard type != .licenceReassign, let party else { return false }
            return registry.requester(of: id(.licenceID, entry), view)?.party == party
        case .policyApprove, .policyActivate: return isIn(.author, entry)
        case .waiverGrant: return isIn(.owner, entry)
        case .pseudonymApprove:
            guard let party else { return false }
            return registry.pseudonymRequest(id(.reference, entry), view)?.party == party
        case .retentionPurge: return isIn(.requester, entry)
        default: return false
        }
    }

    private func addResolution(
        to facts: inout ActFacts, _ entry: borrowing VerifiedEntry, _ delays: Delays,
        _ view: AsOf
    ) {
        let reference = id(.reference, entry)
        let file = id(.caseRef, entry)
        guard registry.pseudonymRequest(reference, inCase: file, view) != nil,
            let approval = registry.pseudonymApproval(reference, inCase: file, view)
        else { return }
        facts.set(.resolutionRequested, true)
        facts.set(
            .resolutionInTime,
            view.time - approval.moment.time <= Int64(delays.resolveHours) * 3_600_000)
    }
}
