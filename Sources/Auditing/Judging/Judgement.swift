// SPDX-License-Identifier: Apache-2.0

import Cedar
import Cryptography
import TemporalPolicies

/// What a policy set says of one combination of facts.
struct Judgement: Sendable {
    /// The decision.
    var decision: Decision
    /// The policies that forbid, or, for an allowed request, those that permit.
    var policies: [PolicyID]
    /// Whether any policy permits it, whatever others forbid.
    var isPermitted: Bool
    /// The policies that could not be evaluated.
    var errors: [(policyID: PolicyID, error: EvaluationError)]

    /// What is said where a temporal block could not be evaluated: a decision never rests on a
    /// guard that was not checked.
    static let failed = Judgement(decision: .deny, policies: [], isPermitted: false, errors: [])

    /// The rules that are broken, each with the policies that say so, by rule.
    ///
    /// A policy `R07-contact` belongs to rule `R07`. What nobody permits breaks `defaultDenyRule`,
    /// even if it is also forbidden: both are to be mended.
    func brokenRules(defaultDenyRule: String) -> [(rule: String, policies: [PolicyID])] {
        guard decision == .deny else { return [] }
        var rules: [(rule: String, policies: [PolicyID])] = []
        for policy in policies {
            let rule = Self.rule(of: policy)
            if let place = rules.firstIndex(where: { $0.rule == rule }) {
                rules[place].policies.append(policy)
            } else {
                rules.append((rule, [policy]))
            }
        }
        if !isPermitted { rules.append((defaultDenyRule, [])) }
        return rules.sorted { $0.rule < $1.rule }
    }

    /// The rule that a policy belongs to.
    static func rule(of policy: PolicyID) -> String {
        String(policy.prefix { $0 != "-" })
    }
}

/// Decides requests under one policy set; an object, so that lending it copies nothing.
final class Judge: Sendable {
    let folder: PolicySetFolder
    private let authorizer: Authorizer
    private let permits: Authorizer
    /// Whether a policy names actors or persons one by one.
    let namesPrincipals: Bool
    let namesResources: Bool
    /// Whether a policy looks at the history.
    var hasBlocks: Bool { folder.temporal != nil }

    init(_ folder: PolicySetFolder) {
        self.folder = folder
        authorizer = Authorizer(folder.policySet)
        permits = Authorizer(folder.permits)
        let types = folder.policySet.literalEntityTypes
        namesPrincipals = types.contains("Agent")
        namesResources = types.contains("Person") || types.contains("Record")
    }

    func judge(_ request: Request) -> Judgement {
        let response = authorizer.isAuthorized(request, folder.entities)
        let isPermitted =
            response.decision == .allow
            || permits.isAuthorized(request, folder.entities).decision == .allow
        let forbids = response.determiningPolicies
        return Judgement(
            decision: response.decision, policies: forbids, isPermitted: isPermitted,
            errors: response.errors)
    }

    /// A context with what the temporal blocks say, one attribute each.
    func adding(_ blocks: UInt64, to context: Record) -> Record {
        guard let temporal = folder.temporal else { return context }
        var fields = Array(zip(context.keys, context.values))
        for (place, block) in temporal.blocks.enumerated() {
            fields.append((block.attribute, .bool(blocks & 1 << UInt64(place) != 0)))
        }
        return Record(fields)
    }

    /// A text of the policies with the blocks as they are written.
    func shown(_ text: String) -> String {
        guard let temporal = folder.temporal else { return text }
        for block in temporal.blocks {
            let attribute = "context." + block.attribute
            if text.utf8.elementsEqual(attribute.utf8) { return block.text }
        }
        return text
    }

    /// Why the policies took the part they took.
    func explain(_ request: Request) -> [PolicyExplanation] {
        authorizer.explain(request, folder.entities)
    }

    /// The policies that permit a request, with the nearest permits first if there is none.
    func explainPermits(_ request: Request) -> [PolicyExplanation] {
        permits.explain(request, folder.entities)
    }
}
