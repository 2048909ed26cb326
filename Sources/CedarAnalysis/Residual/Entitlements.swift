// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// Who could do what, as far as it is known: the questions `who` and `what`.
///
/// Each answer is a partial decision of its own, so an answer "yes" or "no" holds whatever is not
/// known, and any other comes with the policies that decide the rest.
public struct Entitlements: Sendable {
    /// The answer for one principal, action and resource.
    public struct Answer: Sendable {
        /// Who asks; of no known name for all others of a type.
        public let principal: PartialEntityUID
        /// What is to be done.
        public let action: EntityUID
        /// To what; of no known name for all others of a type.
        public let resource: PartialEntityUID
        /// What is known of the decision.
        public let response: PartialResponse

        /// Makes an answer.
        public init(
            principal: PartialEntityUID, action: EntityUID, resource: PartialEntityUID,
            response: PartialResponse
        ) {
            (self.principal, self.action, self.resource) = (principal, action, resource)
            self.response = response
        }
    }

    private let authorizer: PartialAuthorizer
    private let schema: Schema
    private let entities: PartialEntities
    private let context: PartialRecord

    /// Prepares the questions.
    ///
    /// - Parameters:
    ///   - policySet: The policies.
    ///   - schema: The schema, to which policies, entities and context conform.
    ///   - entities: What is known of the entities.
    ///   - context: What is known of the circumstances.
    public init(
        _ policySet: PolicySet, _ schema: Schema, _ entities: PartialEntities,
        context: PartialRecord = .unknown
    ) {
        authorizer = PartialAuthorizer(policySet, schema: schema)
        (self.schema, self.entities, self.context) = (schema, entities, context)
    }

    /// Who could do these actions to a resource: each known entity that may ask, then all others of
    /// its type.
    public func principals(for resource: EntityUID, actions: [EntityUID]) -> [Answer] {
        schema.requestTypes.filter {
            actions.contains($0.action) && $0.resource.hasSameBytes(as: resource.type)
        }.flatMap { types in
            parties(of: types.principal).map {
                answer($0, types.action, .known(resource))
            }
        }
    }

    /// To what a principal could do these actions: each known entity, then all others of its type.
    public func resources(for principal: EntityUID, actions: [EntityUID]) -> [Answer] {
        schema.requestTypes.filter {
            actions.contains($0.action) && $0.principal.hasSameBytes(as: principal.type)
        }.flatMap { types in
            parties(of: types.resource).map {
                answer(.known(principal), types.action, $0)
            }
        }
    }

    /// What is known of one decision.
    public func answer(
        _ principal: PartialEntityUID, _ action: EntityUID, _ resource: PartialEntityUID
    ) -> Answer {
        let request = PartialRequest(
            principal: principal, action: .known(action), resource: resource,
            context: context(of: action))
        return Answer(
            principal: principal, action: action, resource: resource,
            response: authorizer.authorize(request, entities))
    }

    /// An action knows only the attributes that it declares; what is known of others says nothing.
    private func context(of action: EntityUID) -> PartialRecord {
        guard let type = schema.actions[action]?.context else { return context }
        let known = zip(context.known.keys, context.known.values).filter { type[$0.0] != nil }
        return PartialRecord(
            known: Record(known.map { ($0, $1) }), absent: context.absent, isOpen: context.isOpen)
    }

    /// The entities of a type that are known, by name, and the others, where there may be some.
    private func parties(of type: String) -> [PartialEntityUID] {
        if let names = schema.entityTypes[type]?.enumeration {
            return names.map { .known(EntityUID(type: type, id: $0)) }
        }
        let named = entities.known.all.map(\.uid).filter { $0.type.hasSameBytes(as: type) }
            .sorted { $0.id.precedesByBytes($1.id) }
        return named.map { .known($0) } + (entities.isComplete ? [] : [.unknown(type: type)])
    }
}

extension Schema {
    /// The actions that requests may name, in a fixed order.
    public var requestActions: [EntityUID] {
        var actions: [EntityUID] = []
        for types in requestTypes where actions.last != types.action {
            actions.append(types.action)
        }
        return actions
    }
}

extension Schema {
    /// The attributes of an action's context that are instants.
    public func datetimeAttributes(of action: EntityUID) -> [String] {
        actions[action]?.context.attributes.filter {
            $0.attribute.type == .extended("datetime")
        }.map(\.name.string) ?? []
    }
}
