// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Testing

/// For every request that agrees with what is known, the residual decides as the whole set does.
@Suite struct PartialAuthorizerTests {
    /// What an authorizer says, without what does not matter: the order.
    struct Verdict: Equatable {
        let decision: Decision
        let determining: Set<String>
        let errors: Set<String>

        init(_ response: Response) {
            decision = response.decision
            determining = Set(response.determiningPolicies)
            errors = Set(
                response.errors.map { "\($0.policyID) \($0.error.code) \($0.error.facts)" })
        }
    }

    /// Hides parts of a world at random.
    private func hide(
        _ world: RandomWorld, _ random: inout SeededGenerator
    ) -> (PartialRequest, PartialEntities) {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func party(_ uid: EntityUID, _ isTyped: Bool) -> PartialEntityUID {
            chance(50) ? .known(uid) : .unknown(type: isTyped ? uid.type : nil)
        }
        func partial(_ record: Record) -> PartialRecord {
            let pairs = zip(record.keys, record.values).filter { _ in chance(50) }
            let absent = ["n", "boss", "size", "t", "y"].filter { record[$0] == nil && chance(50) }
            return PartialRecord(
                known: Record(pairs.map { ($0, $1) }), absent: absent, isOpen: true)
        }
        let request = world.request
        let isTyped = chance(70)
        let partialRequest = PartialRequest(
            principal: party(request.principal, isTyped),
            action: chance(80) ? .known(request.action) : .unknown(type: nil),
            resource: party(request.resource, isTyped),
            context: chance(20) ? .whole(request.context) : partial(request.context))
        let isComplete = chance(30)
        var known: [Entity] = []
        var parts: [PartialEntity] = []
        for entity in world.entities.all {
            if entity.uid.isAction || chance(40) {
                known.append(entity)
            } else if isComplete || chance(50) {
                parts.append(
                    PartialEntity(
                        uid: entity.uid, attributes: partial(entity.attributes),
                        tags: partial(entity.tags),
                        ancestors: chance(50) ? entity.ancestors : nil))
            }
        }
        // An entity that is whole must know its ancestors through those that are hidden.
        let whole = known.map {
            Entity(
                uid: $0.uid, attributes: $0.attributes, tags: $0.tags,
                parents: Array($0.ancestors))
        }
        return (
            partialRequest,
            PartialEntities(known: Entities(whole), partial: parts, isComplete: isComplete)
        )
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func residualsDecideAsTheWholeSet(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var policies = RandomPolicies(random: SeededGenerator(seed: seed &+ 100), computes: true)
        var decided = 0
        var withErrors = 0
        for _ in 0..<600 {
            let texts = policies.set(3)
            let set = RandomPolicies.parse(texts)
            let world = RandomWorld(&random)
            try RandomWorld.schema.validate(world.request)
            let (request, entities) = hide(world, &random)
            let schema = Bool.random(using: &random) ? RandomWorld.schema : nil
            let partial = PartialAuthorizer(set, schema: schema).authorize(request, entities)
            let whole = Verdict(Authorizer(set).isAuthorized(world.request, world.entities))
            let left = partial.residualSet
            let again = Verdict(Authorizer(left).isAuthorized(world.request, world.entities))
            try #require(again == whole, "seed \(seed): \(texts.joined())\n\(partial.written)")
            let written = try PolicySet(parsing: partial.written)
            let read = Verdict(Authorizer(written).isAuthorized(world.request, world.entities))
            try #require(read == whole, "seed \(seed): \(texts.joined())\n\(partial.written)")
            if let decision = partial.decision {
                decided += 1
                try #require(decision == whole.decision, "seed \(seed): \(texts.joined())")
            }
            withErrors += whole.errors.isEmpty ? 0 : 1
        }
        #expect(decided > 100 && decided < 600, "seed \(seed): \(decided) of 600 decided")
        #expect(withErrors > 10, "seed \(seed): \(withErrors) of 600 with errors")
    }

    @Test(arguments: [
        (
            #"permit (principal, action, resource) when { context.ok && principal.level > 1 };"#,
            "permit (principal, action, resource) when { principal.level > 1 };\n"
        ),
        (
            #"permit (principal == User::"alice", action in Action::"read", resource);"#,
            "permit (principal == User::\"alice\", action, resource);\n"
        ),
        (#"permit (principal, action == Action::"edit", resource);"#, ""),
        (#"forbid (principal, action, resource) unless { context.ok };"#, ""),
        (
            #"permit (principal, action, resource) when { principal is Doc || principal.vip };"#,
            "permit (principal, action, resource) when { principal.vip };\n"
        ),
        (#"permit (principal, action, resource) when { principal == resource };"#, ""),
        (
            #"permit (principal, action, resource) when { context.s like "a*" && [1, 2].contains(3) };"#,
            ""
        ),
        // What may fail before is kept.
        (
            #"permit (principal, action, resource) when { principal.vip && [1, 2].contains(3) };"#,
            "permit (principal, action, resource) when { principal.vip && false };\n"
        ),
    ])
    func residualsAreSimple(policy: String, left: String) throws {
        let request = PartialRequest(
            principal: .unknown(type: "User"), action: .known(RandomWorld.action("view")),
            resource: .unknown(type: "Doc"),
            context: PartialRecord(known: Record([("ok", .bool(true))]), isOpen: true))
        let partial = PartialAuthorizer(
            try PolicySet(parsing: policy), schema: RandomWorld.schema
        ).authorize(request, PartialEntities(isComplete: false))
        #expect(partial.written.replacing(/@id\("[^"]*"\)\n/, with: "") == left)
    }
}
