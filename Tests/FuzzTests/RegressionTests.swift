// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzProperties
import Testing

/// Replays the seeds of `make fuzz` and every input that it found, and changes of each.
@Suite("Fuzz targets")
struct RegressionTests {
    /// An input with the folder it lies in.
    struct Input: CustomTestStringConvertible {
        let target: FuzzTarget
        let name: String
        let bytes: [UInt8]
        var testDescription: String { "\(target.rawValue)/\(name)" }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fuzz").standardizedFileURL

    static let inputs: [Input] = FuzzTarget.allCases.flatMap { target in
        ["Corpus", "Regressions"].flatMap { kind -> [Input] in
            let folder = root.appending(path: "\(kind)/\(target.rawValue)")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().compactMap { name in
                // A file that cannot be read leaves the count short, which a test notices.
                guard let data = try? Data(contentsOf: folder.appending(path: name)) else {
                    return nil
                }
                return Input(target: target, name: name, bytes: Array(data))
            }
        }
    }

    @Test("every target has seeds")
    func seeds() {
        for target in FuzzTarget.allCases {
            #expect(Self.inputs.count { $0.target == target } >= 3, "\(target.rawValue)")
        }
    }

    @Test("the properties hold", arguments: inputs)
    func replay(input: Input) {
        #expect(input.target.fault(in: input.bytes) == nil)
    }

    @Test("the properties hold of texts with a byte cut, doubled or changed", arguments: inputs)
    func mutated(input: Input) {
        let step = max(1, input.bytes.count / 10)
        for position in stride(from: 0, to: input.bytes.count, by: step) {
            var bytes = input.bytes
            bytes[position] ^= 0x1F
            #expect(input.target.fault(in: bytes) == nil, "changed at \(position)")
            bytes = input.bytes
            bytes.remove(at: position)
            #expect(input.target.fault(in: bytes) == nil, "cut at \(position)")
            #expect(input.target.fault(in: Array(input.bytes[..<position])) == nil, "\(position)")
        }
    }

    /// Nesting of every kind, deep enough to exhaust a stack that nothing bounds.
    static let bombs: [(target: FuzzTarget, text: String)] = {
        func nested(_ open: String, _ middle: String, _ close: String, _ count: Int) -> String {
            String(repeating: open, count: count) + middle + String(repeating: close, count: count)
        }
        func policy(_ condition: String) -> String {
            "permit(principal, action, resource) when { \(condition) };"
        }
        let deep = 20_000
        return [
            (.policies, policy(nested("(", "true", ")", deep))),
            (.policies, policy(nested("[", "1", "]", deep))),
            (.policies, policy(nested("{a: ", "1", "}", deep))),
            (.policies, policy(nested("!", "true", "", deep))),
            (.policies, policy(nested("-", "1", "", deep))),
            (.policies, policy(nested("if true then ", "1", " else 2", deep))),
            (.policies, policy("principal" + nested(".a", "", "", deep))),
            (.policies, policy("principal" + nested(".contains(", "1", ")", deep))),
            (.policies, policy("1" + nested(" + 1", "", "", deep))),
            (.policies, policy("1" + nested(" * 1", "", "", deep))),
            (.policies, policy("context has a" + nested(".a", "", "", deep))),
            (.policies, policy("true" + nested(" && true", "", "", deep))),
            (.policies, policy("true" + nested(" || true", "", "", deep))),
            (.policies, nested("@", "", "", deep)),
            (.policies, "permit(principal in " + nested("(", "A::\"\"", ")", deep)),
            (
                .policies,
                "permit(principal, action, resource)" + nested(" when {true}", "", "", deep) + ";"
            ),
            (.policyJSON, nested("[", "", "]", deep)),
            (
                .policyJSON,
                "{\"staticPolicies\":{\"p\":" + nested("{\"!\":{\"arg\":", "1", "}}", deep)
            ),
            (.schema, "entity A " + nested("{a: ", "Long", "}", deep) + ";"),
            (.schema, "type A = " + nested("Set<", "Long", ">", deep) + ";"),
            (.schema, nested("namespace A { ", "", "}", deep)),
            (.schemaJSON, nested("{\"\":", "1", "}", deep)),
            (.data, nested("[", "", "]", deep)), (.data, nested("{\"a\":", "1", "}", deep)),
            (.temporal, policy(nested("temporal { formerly ", "", "}", 20_000))),
            (.temporal, policy("temporal { " + nested("(", "true", ")", deep) + " }")),
        ]
    }()

    @Test("nesting bombs are refused or read, and end", arguments: 0..<bombs.count)
    func bomb(index: Int) {
        let (target, text) = Self.bombs[index]
        #expect(target.fault(in: Array(text.utf8)) == nil)
    }

    /// Texts of a megabyte: many declarations, one long literal, one long list.
    static let megabytes: [(target: FuzzTarget, text: String)] = {
        func filled(_ before: String, _ part: String, _ after: String) -> String {
            before + String(repeating: part, count: 1_000_000 / part.utf8.count) + after
        }
        return [
            (.policies, filled("permit(principal, action, resource) when { \"", "a\\n", "\" };")),
            (.policies, filled("", "permit(principal, action, resource) when {", "")),
            (.policies, filled("// ", "é", "\n")),
            (.policyJSON, filled("{\"staticPolicies\":{", "\"p\":{},", "")),
            (.schema, filled("entity A enum [", "\"a\", ", "\"a\"];")),
            (.schemaJSON, filled("{\"", "\\u00e9", "\":{}}")),
            (.data, filled("[", "1,", "1]")), (.temporal, filled("", "@0 f() ", "")),
        ]
    }()

    @Test("a megabyte is read or refused", arguments: 0..<megabytes.count)
    func megabyte(index: Int) {
        let (target, text) = Self.megabytes[index]
        #expect(target.fault(in: Array(text.utf8)) == nil)
    }
}
