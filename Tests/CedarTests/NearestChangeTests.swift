// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import Testing

/// The nearest permit is the one that the smallest change makes apply: each change is made and
/// decided anew, and compared with every change of a small world.
@Suite("Nearest change")
struct NearestChangeTests {
    private static let names = ["a", "b", "c", "d", "e", "f"]

    /// Small numbers from a seed, which is printed where a test fails.
    private struct Numbers {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    /// A formula in which each name stands at most once, so that no part hinders another.
    private static func formula(_ names: ArraySlice<String>, _ numbers: inout Numbers) -> String {
        if names.count == 1, let name = names.first {
            return numbers.next(2) == 0 ? "context.\(name)" : "!context.\(name)"
        }
        let middle = names.startIndex + 1 + numbers.next(names.count - 1)
        let left = formula(names[..<middle], &numbers)
        let right = formula(names[middle...], &numbers)
        switch numbers.next(3) {
        case 0: return "(\(left) || \(right))"
        case 1: return "!(\(left) || \(right))"
        default: return "(\(left) && \(right))"
        }
    }

    private static func request(_ bits: Int) -> Request {
        var request = AuthorizerTests.request
        request.context = Record(
            names.enumerated().map { ($0.element, .bool(bits >> $0.offset & 1 == 1)) })
        return request
    }

    @Test("as small as the smallest of all worlds, and allowed when made", arguments: 1...300)
    func smallest(seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed))
        var text = ""
        for _ in 0...numbers.next(3) {
            let used = Self.names[..<(1 + numbers.next(Self.names.count))]
            text +=
                "permit(principal, action, resource) when { \(Self.formula(used, &numbers)) };\n"
        }
        let isForbidden = numbers.next(3) == 0
        if isForbidden {
            let used = Self.names[(numbers.next(5) + 1)...]
            text +=
                "forbid(principal, action, resource) when { \(Self.formula(used, &numbers)) };\n"
        }
        let authorizer = Authorizer(try PolicySet(parsing: text))
        let bits = numbers.next(1 << Self.names.count)
        let request = Self.request(bits)
        let found = authorizer.changes(request, .empty)
        let allowed = (0..<(1 << Self.names.count)).filter {
            authorizer.isAuthorized(Self.request($0), .empty).decision == .allow
        }
        let least = allowed.map { ($0 ^ bits).nonzeroBitCount }.min()
        guard least != 0 else {
            #expect(found.isEmpty)
            return
        }
        for change in found {
            let world = change.applied(to: request, .empty)
            let decision = authorizer.isAuthorized(world.request, world.entities).decision
            #expect(decision == .allow, "seed \(seed): \(text)")
            #expect(change.changes.count >= least ?? 0, "seed \(seed): \(text)")
        }
        let counts = found.map(\.changes.count)
        #expect(counts == counts.sorted(), "seed \(seed): \(text)")
        // A forbid may stand in the way of the shortest path, and is then lifted after the fact.
        if !isForbidden { #expect(counts.first == least, "seed \(seed), \(bits): \(text)") }
    }

    @Test("facts before questions, what is missing before what is replaced, then the order")
    func order() throws {
        let policies = try PolicySet(
            parsing: """
                @id("other") permit(principal == User::"boss", action, resource);
                @id("role") permit(principal, action, resource) when { context.role == "lead" };
                @id("two") permit(principal, action, resource) when { context.x && context.y };
                @id("case") permit(principal, action, resource)
                when { context.role == "dpo" && context.caseNamed };
                @id("again") permit(principal, action, resource) when { context.z };
                @id("never") permit(principal, action, resource) when { false };
                """)
        var request = AuthorizerTests.request
        request.context = Record([
            ("role", .string("dpo")), ("caseNamed", .bool(false)), ("x", .bool(false)),
            ("y", .bool(false)), ("z", .bool(false)),
        ])
        let authorizer = Authorizer(policies)
        let expected = ["case", "again", "role", "two", "other"]
        #expect(authorizer.changes(request, .empty).map(\.permitID) == expected)
        let explained = authorizer.explain(request, .empty).map(\.policyID)
        #expect(explained == expected + ["never"])
    }

    @Test("another value of an attribute is one that the policies speak of, and none forbids")
    func alternatives() throws {
        let policies = try PolicySet(
            parsing: """
                @id("may") permit(principal, action, resource) when { context.role == "adviser" };
                @id("only") forbid(principal, action, resource)
                unless { ["p1", "p2", "p3"].contains(context.purpose) };
                @id("none") forbid(principal, action, resource)
                when { ["p1", "p2"].contains(context.purpose) };
                @id("ask") permit(principal, action == Action::"ask", resource);
                """)
        let authorizer = Authorizer(policies)
        for purpose in ["p1", "p9"] {
            var request = AuthorizerTests.request
            request.context = Record([
                ("role", .string("adviser")), ("purpose", .string(purpose)),
            ])
            let found = try #require(authorizer.smallestChange(request, .empty))
            #expect(found.permitID == "may")
            #expect(
                found.changes.map(\.words.english)
                    == ["set `context.purpose` to `\"p3\"` (instead of `\"\(purpose)\"`)"])
            let world = found.applied(to: request, .empty)
            #expect(authorizer.isAuthorized(world.request, world.entities).decision == .allow)
        }
    }
}
