// SPDX-License-Identifier: Apache-2.0

import Cedar

/// A request with its entities, small enough that a few hundred of them meet most combinations.
struct RandomWorld {
    let request: Request
    let entities: Entities

    static let schemaText = """
        entity Group in [Group];
        entity User in [Group] {
          level: Long, boss?: User, vip: Bool, kinds: Set<String>
        } tags String;
        entity Doc { owner: User, kind: String, size?: Long };
        type Circumstances = {
          ok: Bool, n?: Long, s: String, set: Set<String>, r: { x: Bool, y?: String },
          at: datetime
        };
        action read;
        action view in [read] appliesTo {
          principal: [User], resource: [Doc], context: Circumstances };
        action edit appliesTo { principal: [User], resource: [Doc], context: Circumstances };
        """

    static let schema: Schema = {
        do { return try Schema(parsing: schemaText) } catch { fatalError("\(error)") }
    }()

    static func user(_ id: String) -> EntityUID { EntityUID(type: "User", id: id) }
    static func group(_ id: String) -> EntityUID { EntityUID(type: "Group", id: id) }
    static func action(_ id: String) -> EntityUID { EntityUID(type: "Action", id: id) }

    init(_ random: inout SeededGenerator) {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func pick<T>(_ choices: [T]) -> T {
            choices[Int.random(in: 0..<choices.count, using: &random)]
        }
        func text() -> Value { .string(pick(["a", "b", "ab", "z", ""])) }
        func number() -> Value { .int(Int64(pick([0, 1, 2, 3, 4]))) }
        func texts() -> Value {
            .set(ValueSet(["a", "b", "z"].filter { _ in chance(45) }.map { .string($0) }))
        }
        func someUser() -> EntityUID { Self.user(pick(["alice", "bob", "carol", "ghost"])) }
        var all = Self.schema.actionEntities
        for (position, id) in ["g1", "g2", "g3"].enumerated() where chance(85) {
            let parents = ["g1", "g2", "g3"].dropFirst(position + 1).filter { _ in chance(35) }
            all.append(Entity(uid: Self.group(id), parents: parents.map(Self.group)))
        }
        for id in ["alice", "bob", "carol"] where chance(85) {
            var attributes: [(String, Value)] = [
                ("level", number()), ("vip", .bool(chance(50))), ("kinds", texts()),
            ]
            if chance(50) { attributes.append(("boss", .entity(someUser()))) }
            let tags = chance(50) ? Record([("t", text())]) : .empty
            let parents = ["g1", "g2", "g3"].filter { _ in chance(35) }.map(Self.group)
            all.append(
                Entity(
                    uid: Self.user(id), attributes: Record(attributes), tags: tags,
                    parents: parents))
        }
        for id in ["d1", "d2"] where chance(90) {
            var attributes: [(String, Value)] = [("owner", .entity(someUser())), ("kind", text())]
            if chance(50) { attributes.append(("size", number())) }
            let uid = EntityUID(type: "Doc", id: id)
            all.append(Entity(uid: uid, attributes: Record(attributes)))
        }
        entities = Entities(all)
        var nested: [(String, Value)] = [("x", .bool(chance(50)))]
        if chance(50) { nested.append(("y", text())) }
        var context: [(String, Value)] = [
            ("ok", .bool(chance(50))), ("s", text()), ("set", texts()),
            ("r", .record(Record(nested))),
            ("at", .datetime(Int64(pick([-1, 0, 1, 1_704_067_200_000])))),
        ]
        if chance(50) { context.append(("n", number())) }
        request = Request(
            principal: someUser(), action: Self.action(pick(["view", "edit"])),
            resource: EntityUID(type: "Doc", id: pick(["d1", "d2", "d3"])),
            context: Record(context))
    }
}
