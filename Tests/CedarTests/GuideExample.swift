// SPDX-License-Identifier: Apache-2.0

import Cedar

/// The example of `docs/cedar.md`, line by line; what it prints is gathered.
enum GuideExample {
    static func run() throws -> [String] {
        var printed: [String] = []
        func print(_ items: Any...) {
            printed.append(items.map { "\($0)" }.joined(separator: " "))
        }

        let schema = try Schema(
            parsing: """
                entity Adviser, Person { region: String };
                action view appliesTo { principal: Adviser, resource: Person };
                """)
        let policies = try PolicySet(
            parsing: """
                @id("same-region")
                permit (principal, action == Action::"view", resource)
                when { principal.region == resource.region };
                """)
        print(schema.validate(policies).isValid)  // true

        let adviser = EntityUID(type: "Adviser", id: "a1")
        let person = EntityUID(type: "Person", id: "p7")
        let entities = Entities([
            Entity(uid: adviser, attributes: Record([("region", .string("28"))])),
            Entity(uid: person, attributes: Record([("region", .string("28"))])),
        ])
        let request = Request(
            principal: adviser, action: EntityUID(type: "Action", id: "view"), resource: person)

        let response = Authorizer(policies).isAuthorized(request, entities)
        print(response.decision, response.determiningPolicies)  // allow ["same-region"]

        // For many decisions over the same entities, compile once: a decision then allocates nothing.
        let engine = DecisionEngine(policies, entities)
        var outcome = DecisionEngine.Outcome()
        engine.decide(request, into: &outcome)
        print(outcome.decision)  // allow
        return printed
    }
}
