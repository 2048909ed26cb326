// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// The answers to `who` or `what`, with equal answers together.
struct EntitlementReport {
    /// Whether answers differ by who asks, or by what is asked for.
    enum Subject {
        case principal
        case resource
    }

    /// Those who get the same answer for an action.
    struct Group {
        let response: PartialResponse
        var actions: [EntityUID]
        var parties: [PartialEntityUID]
    }

    let subject: Subject
    let policies: PolicySet
    let words: ConditionWords
    /// The groups: what is allowed first, then what depends, then what is denied.
    let groups: [Group]
    /// Whether actors are counted and not named (rule R21).
    var masksActors = false

    init(
        _ answers: [Entitlements.Answer], by subject: Subject, _ policies: PolicySet,
        _ words: ConditionWords
    ) {
        (self.subject, self.policies, self.words) = (subject, policies, words)
        var groups: [(key: String, action: EntityUID, group: Group)] = []
        for answer in answers {
            let key = Self.key(answer.response)
            let party = subject == .principal ? answer.principal : answer.resource
            if let known = groups.firstIndex(where: {
                $0.action == answer.action && $0.key.utf8.elementsEqual(key.utf8)
            }) {
                groups[known].group.parties.append(party)
            } else {
                let group = Group(
                    response: answer.response, actions: [answer.action], parties: [party])
                groups.append((key, answer.action, group))
            }
        }
        self.groups = Self.merged(groups.map { ($0.key, $0.group) })
    }

    /// Actions that have the same answer for the same parties share a group.
    private static func merged(_ groups: [(key: String, group: Group)]) -> [Group] {
        var merged: [(key: String, group: Group)] = []
        for (key, group) in groups {
            if let known = merged.firstIndex(where: {
                $0.key.utf8.elementsEqual(key.utf8) && $0.group.parties == group.parties
            }) {
                merged[known].group.actions += group.actions
            } else {
                merged.append((key, group))
            }
        }
        let order: [Decision?] = [.allow, nil, .deny]
        return order.flatMap { decision in
            merged.map(\.group).filter { $0.response.decision == decision }
        }
    }

    /// What tells answers apart: the decision, with what decides it.
    private static func key(_ response: PartialResponse) -> String {
        switch response.decision {
        case .allow: "allow " + ids(response.satisfied(.permit))
        case .deny: "deny " + ids(response.satisfied(.forbid))
        case nil: response.written
        }
    }

    private static func ids(_ policies: [Policy]) -> String {
        policies.map(\.id).joined(separator: "\u{0}")
    }

    /// What must be so for a request to be allowed; nil where that is decided.
    func condition(_ response: PartialResponse) -> ConditionPhrase? {
        guard response.decision == nil else { return nil }
        let forbids = response.residuals(.forbid).map { words.phrase($0, applies: false) }
        let permits =
            response.satisfied(.permit).isEmpty
            ? response.residuals(.permit).map { words.phrase($0, applies: true) } : []
        return .all((permits.isEmpty ? [] : [.any(permits)]) + forbids).simplified()
    }

    /// The document's own members.
    var members: [(String, JSONNode)] {
        [("answers", .array(groups.map(node)))]
    }

    private func node(_ group: Group) -> JSONNode {
        let response = group.response
        return .object([
            ("decision", .string(response.decision?.rawValue ?? "depends")),
            ("actions", .array(group.actions.map { .string($0.description) })),
            (
                subject == .principal ? "principals" : "resources",
                .array(masksActors ? [] : group.parties.map(Self.node))
            ),
            ("count", .integer(Int64(group.parties.count))),
            ("permitted_by", .array(response.satisfied(.permit).map { .string($0.id) })),
            ("forbidden_by", .array(response.satisfied(.forbid).map { .string($0.id) })),
            ("condition", condition(response).map { JSONNode($0) } ?? .null),
            (
                "residual_policies",
                response.decision == nil ? .string(response.written) : .null
            ),
        ])
    }

    private static func node(_ party: PartialEntityUID) -> JSONNode {
        switch party {
        case .known(let uid): .object([("entity", .string(uid.description))])
        case .unknown(let type): .object([("any_other", type.map { .string($0) } ?? .null)])
        }
    }
}
