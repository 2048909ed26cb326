// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Cryptography
import Diagnostics

/// Who may review: nobody in the adviser's line, and nobody who wrote the policy.
struct Reviewers: Sendable {
    /// Roles that are outside every line of management (`domain.md`, table of roles).
    private static let independentRoles: Set<String> = ["DPO", "DPO_ADJ", "AUDIT", "RSSI"]

    /// Who wrote each policy set, by its version.
    private var authors: [String: Set<String>] = [:]
    /// Where each employee works, as last told.
    private var places: [String: (region: String, establishment: String)] = [:]

    /// Takes in an entry that says where somebody works, or who wrote a policy set.
    mutating func record(_ entry: ReviewEntry) {
        if entry.type == "adviser.enrol" || entry.type == "adviser.move", let actor = entry.actor {
            places[actor.pid] = (actor.region, actor.establishment)
        }
        if let policy = entry.policy { authors[policy.hash, default: []].insert(policy.author) }
    }

    /// Why a person may not review a case; nil if they may.
    func objection(to reviewer: CaseRecord.Person, in item: Case) -> LocalizedText? {
        let versions = Set(item.findings.compactMap { $0.policyVersion?.hex })
        if versions.contains(where: { authors[$0]?.contains(reviewer.pid) ?? false }) {
            return LocalizedText(
                fr: "a écrit la politique en cause", en: "wrote the policy in question")
        }
        if let actor = item.key.actor {
            if actor.utf8.elementsEqual(reviewer.pid.utf8) {
                return LocalizedText(fr: "est l’agent concerné", en: "is the adviser concerned")
            }
            if let line = line(of: reviewer, actor, item) { return line }
        }
        guard
            Self.independentRoles.contains(reviewer.role) || reviewer.role == "RESP"
                || reviewer.role == "REF_PILOTE"
        else {
            return LocalizedText(
                fr: "n’a pas un rôle qui permet d’examiner un dossier",
                en: "has no role that may review a case")
        }
        return nil
    }

    private func line(
        of reviewer: CaseRecord.Person, _ actor: String, _ item: Case
    ) -> LocalizedText? {
        let place = places[actor] ?? (item.findings.first?.region ?? "", "")
        let own = places[reviewer.pid]
        let establishment =
            reviewer.establishment.isEmpty ? own?.establishment ?? "" : reviewer.establishment
        let region = reviewer.region.isEmpty ? own?.region ?? "" : reviewer.region
        let isInLine: Bool
        switch reviewer.role {
        case "RESP":
            // Who does not say where they work cannot be told from the adviser's own line.
            isInLine =
                establishment.isEmpty || establishment.utf8.elementsEqual(place.establishment.utf8)
        case "REF_PILOTE": isInLine = region.isEmpty || region.utf8.elementsEqual(place.region.utf8)
        default:
            isInLine =
                own.map {
                    !$0.establishment.isEmpty
                        && $0.establishment.utf8.elementsEqual(place.establishment.utf8)
                } ?? false
        }
        guard isInLine else { return nil }
        return LocalizedText(
            fr: "est dans la ligne hiérarchique de l’agent, ou ne dit pas où il travaille",
            en: "is in the adviser's line, or does not say where they work")
    }
}
