// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Measures decisions on 500 principals and 10,000 resources.
struct DecisionBenchmark {
    let policyCount: Int

    private var policyText: String {
        var text = """
            permit(principal, action == Action::"read", resource)
            when { principal in resource.team && principal.clearance >= resource.level };
            permit(principal, action == Action::"read", resource) when { resource.isPublic };
            permit(principal in Team::"t0", action in [Action::"read", Action::"list"], resource);
            forbid(principal, action, resource)
            when { resource.level > 8 && !(context.purpose == "care") };
            forbid(principal, action == Action::"export", resource)
            unless { principal has manager && context.at < datetime("2030-01-01") };

            """
        for index in 5..<policyCount {
            text += """
                permit(principal == User::"x\(index)", action == Action::"read", resource)
                when { principal.clearance > \(index) && resource.level < 3 };

                """
        }
        return text
    }

    private var entities: Entities {
        var all: [Entity] = []
        for index in 0..<20 {
            let parent = EntityUID(type: "Team", id: "t\(index / 4)")
            all.append(
                Entity(
                    uid: EntityUID(type: "Team", id: "t\(index)"),
                    parents: index == 0 ? [] : [parent]))
        }
        for index in 0..<500 {
            all.append(
                Entity(
                    uid: EntityUID(type: "User", id: "user\(index)"),
                    attributes: Record([("clearance", .int(Int64(index % 10)))]),
                    parents: [EntityUID(type: "Team", id: "t\(index % 20)")]))
        }
        for index in 0..<10_000 {
            let team = EntityUID(type: "Team", id: "t\(index % 20)")
            all.append(
                Entity(
                    uid: EntityUID(type: "File", id: "file\(index)"),
                    attributes: Record([
                        ("team", .entity(team)), ("level", .int(Int64(index % 11))),
                        ("isPublic", .bool(index % 7 == 0)),
                    ])))
        }
        return Entities(all)
    }

    private func request(_ index: Int) -> Request {
        let action = ["read", "list", "export", "read"][index % 4]
        return Request(
            principal: EntityUID(type: "User", id: "user\(index * 7 % 500)"),
            action: EntityUID(type: "Action", id: action),
            resource: EntityUID(type: "File", id: "file\(index * 31 % 10_000)"),
            context: Record([
                ("purpose", .string(index % 2 == 0 ? "care" : "sale")), ("at", .datetime(0)),
            ]))
    }

    func run() throws {
        let policies = try PolicySet(parsing: policyText)
        let entities = entities
        let requests = (0..<20_000).map(request)
        let engine = DecisionEngine(policies, entities)
        var outcome = DecisionEngine.Outcome()
        let clock = ContinuousClock()
        var best = Duration.seconds(1000)
        var allowed = 0
        for _ in 0..<10 {
            allowed = 0
            let time = clock.measure {
                for request in requests {
                    engine.decide(request, into: &outcome)
                    if outcome.decision == .allow { allowed += 1 }
                }
            }
            best = min(best, time)
        }
        let reference = clock.measure {
            let authorizer = Authorizer(policies)
            for request in requests.prefix(200) {
                _ = authorizer.isAuthorized(request, entities)
            }
        }
        print(
            "\(policyCount) policies: \(best / requests.count) a decision compiled, "
                + "\(reference / 200) by the reference; \(allowed) of \(requests.count) allowed")
    }
}
