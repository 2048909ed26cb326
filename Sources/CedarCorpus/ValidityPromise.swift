// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics

/// What the validator promises of a set, held against decisions: no other implementation needed.
///
/// - A policy that is valid in a mode fails on conforming data for want of an entity, by overflow or
///   in an extension function, and in no other way.
/// - What is valid in strict mode is valid in permissive mode.
/// - A set that is valid at a level is decided alike by the entities that this many look-ups reach
///   (Cedar RFC 76).
/// - A policy that is said to be impossible is never satisfied.
struct ValidityPromise {
    private let policies: PolicySet
    private let entities: Entities
    private var valid: Set<PolicyID> = []
    private var impossible: Set<PolicyID> = []
    private var levels: [Int] = []
    private(set) var broken: [String] = []

    init(_ schema: Schema, _ policies: PolicySet, _ entities: Entities) {
        self.policies = policies
        self.entities = entities
        // A linked policy is checked as its template, under the template's name.
        let checked = policies.policies.filter { !$0.isLinked } + policies.templates
        let ids = Set(checked.map(\.id))
        let strict = schema.validate(policies, mode: .strict)
        let permissive = schema.validate(policies, mode: .permissive)
        valid = ids.subtracting(permissive.errors.map(\.policyID))
        for id in ids.subtracting(strict.errors.map(\.policyID)) where !valid.contains(id) {
            broken.append("\(id) is valid in strict mode and not in permissive mode")
        }
        for result in [strict, permissive] {
            let found = result.warnings.filter { $0.code == .impossiblePolicy }
            let failed = Set(result.errors.map(\.policyID))
            impossible.formUnion(found.map(\.policyID).filter { !failed.contains($0) })
        }
        guard strict.isValid else { return }
        levels = (0...3).filter { schema.validate(policies, level: $0).isValid }
        for (level, next) in zip(levels, levels.dropFirst()) where next != level + 1 {
            broken.append("valid at level \(level) and not at level \(level + 1)")
        }
    }

    private static let admitted: Set<EvaluationError.Code> = [
        .missingEntity, .overflow, .extensionFailure,
    ]

    /// Holds the promises against one decision on conforming data.
    mutating func check(_ request: Request, _ response: Response) {
        for (id, error) in response.errors
        where valid.contains(id) && !Self.admitted.contains(error.code) {
            broken.append("\(id) is valid and fails: \(error.message.english)")
        }
        for id in response.determiningPolicies where impossible.contains(id) {
            broken.append("\(id) is impossible and satisfied")
        }
        let expected = Self.shown(response)
        let authorizer = Authorizer(policies)
        for level in levels {
            let slice = slice(request, level)
            let found = Self.shown(authorizer.isAuthorized(request, slice))
            if found != expected {
                broken.append("at level \(level): \(found) instead of \(expected)")
            }
        }
    }

    private static func shown(_ response: Response) -> String {
        let errors = response.errors.map { "\($0.policyID): \($0.error.message.english)" }
        return "\(response.decision) \(response.determiningPolicies) \(errors)"
    }

    /// The entities that a number of look-ups from the request reach.
    private func slice(_ request: Request, _ level: Int) -> Entities {
        var open: Set<EntityUID> = [request.principal, request.action, request.resource]
        Self.collect(.record(request.context), into: &open)
        var kept: [EntityUID: Entity] = [:]
        for _ in 0..<level {
            var next: Set<EntityUID> = []
            for uid in open where kept[uid] == nil {
                guard let entity = entities[uid] else { continue }
                kept[uid] = Entity(
                    uid: uid, attributes: entity.attributes, tags: entity.tags,
                    parents: Array(entity.ancestors))
                Self.collect(.record(entity.attributes), into: &next)
                Self.collect(.record(entity.tags), into: &next)
            }
            open = next
        }
        return Entities(Array(kept.values))
    }

    private static func collect(_ value: Value, into found: inout Set<EntityUID>) {
        switch value {
        case .entity(let uid): found.insert(uid)
        case .set(let set): for element in set.elements { collect(element, into: &found) }
        case .record(let record): for value in record.values { collect(value, into: &found) }
        default: return
        }
    }
}
