// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Makes policies that are valid in strict mode under the schema of ``RandomWorld``.
struct RandomPolicies {
    var random: SeededGenerator
    /// Whether conditions compute with values, which the analysis does not go through.
    var computes = false

    private static let atoms = [
        #"principal == User::"alice""#, #"principal in Group::"g1""#, #"principal in Group::"g2""#,
        #"principal in [Group::"g1", Group::"g3"]"#, #"Group::"g1" in Group::"g2""#,
        "resource.owner == principal", #"resource.owner == User::"bob""#,
        #"resource.owner in Group::"g1""#, #"resource == Doc::"d1""#,
        "principal.level < 2", "principal.level >= 3", "principal.level == 1", "principal.vip",
        "resource.owner.vip", "resource.owner.level <= principal.level",
        "(principal has boss && principal.boss == resource.owner)",
        "(principal has boss && principal.boss.level > 1)", "principal has boss",
        "(principal has boss.boss && principal.boss.boss.vip)",
        "(resource has size && resource.size > 2)",
        "(resource has size && resource.size < principal.level)",
        "context.ok", #"context.s == "a""#, #"context.s like "a*""#, #"context.s like "*b""#,
        #"resource.kind == context.s"#, #"resource.kind like "a*b""#, #"resource.kind != "z""#,
        #"context.set.contains("a")"#, "context.set.contains(context.s)",
        #"["a", "b"].containsAll(context.set)"#, #"context.set.containsAny(["a", "z"])"#,
        "context.set.isEmpty()", #"context.set == ["a"]"#, #"["a", "z"].contains(context.s)"#,
        "principal.kinds.contains(resource.kind)",
        "(context has n && context.n > 2)", "(context has n && context.n < principal.level)",
        "(context has n && context.n == 3)", "context has n",
        "context.r.x", "(context.r has y && context.r.y == context.s)", "context.r has y",
        #"(principal.hasTag("t") && principal.getTag("t") == "a")"#, #"principal.hasTag("t")"#,
        #"action == Action::"view""#, #"action in Action::"read""#, "resource is Doc",
        #"context.at < datetime("1970-01-01")"#, #"context.at >= datetime("2024-01-01")"#,
    ]

    private static let computations = [
        "principal.level + 1 > 3", "(context has n && context.n * 2 == 4)",
        #"context.at.toDate() == datetime("1970-01-01")"#, "principal.kinds == context.set",
        "principal.kinds.containsAll(context.set)",
    ]

    private static let scopes = [
        ("principal", "action", "resource"), ("principal", "action", "resource"),
        (#"principal == User::"bob""#, "action", "resource"),
        (#"principal in Group::"g1""#, "action", "resource"),
        (#"principal is User in Group::"g2""#, #"action == Action::"view""#, "resource"),
        ("principal", #"action in Action::"read""#, #"resource == Doc::"d1""#),
    ]

    private mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func condition(depth: Int) -> String {
        let kind = Int.random(in: 0..<10, using: &random)
        if depth == 0 || kind < 4 {
            return computes && kind == 0 ? pick(Self.computations) : pick(Self.atoms)
        }
        let a = condition(depth: depth - 1)
        if kind == 4 { return "!(\(a))" }
        let b = condition(depth: depth - 1)
        if kind < 7 { return "(\(a) && \(b))" }
        if kind < 9 { return "(\(a) || \(b))" }
        return "(if \(a) then \(b) else \(condition(depth: depth - 1)))"
    }

    mutating func policy(_ id: String) -> String {
        let effect = pick(["permit", "permit", "forbid"])
        let scope = pick(Self.scopes)
        var text = "@id(\"\(id)\") \(effect) (\(scope.0), \(scope.1), \(scope.2))"
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            text += " \(pick(["when", "when", "unless"])) { \(condition(depth: 2)) }"
        }
        return text + ";\n"
    }

    mutating func set(_ count: Int) -> [String] { (0..<count).map { policy("p\($0)") } }

    /// The set with one policy changed, dropped or added, or written otherwise.
    mutating func variant(of texts: [String]) -> [String] {
        var result = texts
        let place = Int.random(in: 0..<texts.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result.remove(at: place)
        case 1: result.append(policy("q"))
        case 2: result[place] = policy("q")
        case 3:
            // The same conditions, written as their double negation.
            result[place] = result[place].replacing("when {", with: "when { true && !(!(")
                .replacing(" }", with: ")) }").replacing("unless { ", with: "unless { !(!(")
        case 4:
            let extra = condition(depth: 1)
            result[place] = result[place].replacing(";\n", with: " when { \(extra) };\n")
        default:
            // Whatever holds, or does not: nothing changes.
            let extra = condition(depth: 0)
            let always = "(if context.ok then \(extra) else \(extra)) || !(\(extra))"
            result[place] = result[place].replacing(";\n", with: " when { \(always) };\n")
        }
        return result
    }

    static func parse(_ texts: [String]) -> PolicySet {
        do {
            return try PolicySet(parsing: texts.joined())
        } catch {
            fatalError("\(error.errors.first.map { "\($0)" } ?? ""): \(texts.joined())")
        }
    }
}
