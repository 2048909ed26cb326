// SPDX-License-Identifier: Apache-2.0

import Cedar

/// A random schema so small that all its requests, up to names, can be gone through one by one.
///
/// Every world of it conforms to the schema, so a statement about all requests must hold of each.
struct SmallUniverse {
    /// A type of attribute, with the values that it takes here.
    enum Domain: CaseIterable {
        case bool, long, string, texts, color, owner

        var schemaType: String {
            switch self {
            case .bool: "Bool"
            case .long: "Long"
            case .string: "String"
            case .texts: "Set<String>"
            case .color: "Color"
            case .owner: "User"
            }
        }

        var values: [Value] {
            func set(_ texts: [String]) -> Value { .set(ValueSet(texts.map { .string($0) })) }
            switch self {
            case .bool: return [.bool(true), .bool(false)]
            case .long: return [0, 1, 2, 3].map { .int($0) }
            case .string: return ["a", "b", "ab"].map { .string($0) }
            case .texts: return [set([]), set(["a"]), set(["a", "b"]), set(["z"])]
            case .color: return ["red", "green"].map { .entity(EntityUID(type: "Color", id: $0)) }
            case .owner: return ["u1", "u2"].map { .entity(EntityUID(type: "User", id: $0)) }
            }
        }
    }

    struct Attribute {
        let owner: String
        let name: String
        let domain: Domain
        let isOptional: Bool
    }

    let attributes: [Attribute]
    let schemaText: String
    let schema: Schema
    let worlds: [(request: Request, entities: Entities)]

    /// Draws schemas until one has few enough worlds.
    init(_ random: inout SeededGenerator, worldMax: Int) throws {
        while true {
            var attributes: [Attribute] = []
            for owner in ["principal", "resource", "context"] {
                for number in 0..<Int.random(in: 0...2, using: &random) {
                    let domain = Domain.allCases[random.below(Domain.allCases.count)]
                    attributes.append(
                        Attribute(
                            owner: owner, name: "\(owner.prefix(1))\(number)", domain: domain,
                            isOptional: Int.random(in: 0..<3, using: &random) == 0))
                }
            }
            let text = Self.text(attributes)
            let schema = try Schema(parsing: text)
            let worlds = Self.worlds(attributes, schema, max: worldMax)
            guard worlds.count > 20 else { continue }
            self.attributes = attributes
            schemaText = text
            self.schema = schema
            self.worlds = worlds
            return
        }
    }

    private static func text(_ attributes: [Attribute]) -> String {
        func fields(_ owner: String) -> String {
            attributes.filter { $0.owner == owner }.map {
                "\($0.name)\($0.isOptional ? "?" : ""): \($0.domain.schemaType)"
            }.joined(separator: ", ")
        }
        return """
            entity Color enum ["red", "green"];
            entity Team;
            entity User in [Team] { \(fields("principal")) };
            entity Doc { \(fields("resource")) };
            action all;
            action view, edit in [all] appliesTo {
              principal: [User], resource: [Doc], context: { \(fields("context")) } };
            """
    }

    /// Every record of the attributes of one owner.
    private static func records(_ attributes: [Attribute], _ owner: String) -> [Record] {
        var all: [[(String, Value)]] = [[]]
        for attribute in attributes where attribute.owner == owner {
            var values: [Value?] = attribute.domain.values.map { $0 }
            if attribute.isOptional { values.append(nil) }
            all = all.flatMap { fields in
                values.map { value in value.map { fields + [(attribute.name, $0)] } ?? fields }
            }
        }
        return all.map { Record($0) }
    }

    /// Every entity of a name: absent, or with each record and each team.
    private static func entities(
        _ uid: EntityUID, _ records: [Record], teams: [[EntityUID]]
    ) -> [Entity?] {
        [nil]
            + records.flatMap { record in
                teams.map { Entity(uid: uid, attributes: record, parents: $0) }
            }
    }

    private static func worlds(
        _ attributes: [Attribute], _ schema: Schema, max: Int
    ) -> [(request: Request, entities: Entities)] {
        let teams = [[], [EntityUID(type: "Team", id: "t1")]]
        let users = records(attributes, "principal")
        let docs = records(attributes, "resource")
        let contexts = records(attributes, "context")
        let count = 2 * 2 * 2 * (1 + users.count * 2) * (1 + docs.count) * contexts.count
        guard count <= max else { return [] }
        var worlds: [(request: Request, entities: Entities)] = []
        for user in ["u1", "u2"].map({ EntityUID(type: "User", id: $0) }) {
            for doc in ["d1", "d2"].map({ EntityUID(type: "Doc", id: $0) }) {
                for one in entities(user, users, teams: teams) {
                    for two in entities(doc, docs, teams: [[]]) {
                        let store = Entities(
                            schema.actionEntities + [one, two].compactMap { $0 })
                        for action in ["view", "edit"] {
                            for context in contexts {
                                let request = Request(
                                    principal: user, action: EntityUID(type: "Action", id: action),
                                    resource: doc, context: context)
                                worlds.append((request, store))
                            }
                        }
                    }
                }
            }
        }
        return worlds
    }
}

// Policies that are valid in strict mode under the schema.
extension SmallUniverse {
    private func atom(_ random: inout SeededGenerator) -> String {
        func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
        let plain = [
            #"principal == User::"u1""#, #"resource == Doc::"d1""#, #"principal in Team::"t1""#,
            #"action == Action::"view""#, #"action in Action::"all""#,
        ]
        guard !attributes.isEmpty, random.below(4) > 0 else { return pick(plain) }
        let attribute = attributes[random.below(attributes.count)]
        let path = "\(attribute.owner).\(attribute.name)"
        var test = pick(tests(path, attribute.domain))
        let likes = attributes.filter { $0.domain == attribute.domain && !$0.isOptional }
        if random.below(5) == 0, let other = likes.first(where: { $0.name != attribute.name }) {
            test = "\(path) == \(other.owner).\(other.name)"
        }
        if !attribute.isOptional { return test }
        let has = "\(attribute.owner) has \(attribute.name)"
        return random.below(4) == 0 ? has : "(\(has) && \(test))"
    }

    private func tests(_ path: String, _ domain: Domain) -> [String] {
        switch domain {
        case .bool: return [path, "!\(path)", "\(path) == true"]
        case .long:
            return ["\(path) < 2", "\(path) >= 1", "\(path) == 2", "\(path) > 2", "\(path) != 0"]
        case .string:
            return [
                "\(path) == \"a\"", "\(path) like \"a*\"", "[\"a\", \"b\"].contains(\(path))",
                "\(path) like \"*b\"",
            ]
        case .texts:
            return [
                "\(path).contains(\"a\")", "\(path).isEmpty()", "[\"a\"].containsAll(\(path))",
                "\(path).containsAny([\"a\", \"z\"])", "\(path) == [\"a\", \"b\"]",
            ]
        case .color: return ["\(path) == Color::\"red\"", "\(path) != Color::\"green\""]
        case .owner:
            return ["\(path) == principal", "\(path) == User::\"u2\"", "\(path) in Team::\"t1\""]
        }
    }

    func condition(_ depth: Int, _ random: inout SeededGenerator) -> String {
        let kind = random.below(10)
        if depth == 0 || kind < 4 { return atom(&random) }
        let left = condition(depth - 1, &random)
        if kind == 4 { return "!(\(left))" }
        let right = condition(depth - 1, &random)
        if kind < 7 { return "(\(left) && \(right))" }
        if kind < 9 { return "(\(left) || \(right))" }
        return "(if \(left) then \(right) else \(condition(depth - 1, &random)))"
    }

    /// One policy; drawn again until it is valid, since strict validation refuses what is always so.
    func policy(_ id: String, _ random: inout SeededGenerator) -> String {
        while true {
            let effect = random.below(3) < 2 ? "permit" : "forbid"
            let scopes = [
                "principal, action, resource", "principal, action, resource",
                #"principal == User::"u1", action, resource"#,
                #"principal in Team::"t1", action in Action::"all", resource"#,
                #"principal is User, action == Action::"edit", resource == Doc::"d1""#,
            ]
            var text = "@id(\"\(id)\") \(effect) (\(scopes[random.below(scopes.count)]))"
            for _ in 0..<random.below(3) {
                let word = random.below(3) < 2 ? "when" : "unless"
                text += " \(word) { \(condition(2, &random)) }"
            }
            text += ";\n"
            if schema.validate(RandomPolicies.parse([text])).isValid { return text }
        }
    }
}
