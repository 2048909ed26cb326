// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarCorpus
import Foundation
import Testing

/// Replays the cases on which this implementation and the Rust one once differed.
@Suite("Differences that were found")
struct DifferenceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Vectors/cedar").standardizedFileURL

    static let names: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".json") }.sorted()
    }()

    @Test("there are cases")
    func count() {
        #expect(Self.names.count >= 7)
    }

    @Test("what the Rust implementation says", arguments: names)
    func replay(name: String) throws {
        let data = try Data(contentsOf: Self.folder.appending(path: name))
        let json = try JSONValue(parsing: String(decoding: data, as: UTF8.self), file: name)
        let answer = OracleCase(json).answer
        let expected = try #require(json["expected"])
        guard case .object(let members) = expected else { return #expect(Bool(false)) }
        for (key, wanted) in members where key != "responses" {
            #expect(Self.canonical(try #require(answer[key])) == Self.canonical(wanted), "\(key)")
        }
        if let wanted = expected["responses"] {
            let found = try #require(answer["responses"])
            #expect(Self.canonical(found) == Self.canonical(wanted))
        }
        let texts = try ["printed", "formatted"].map { try #require(Self.text(answer[$0])) }
        let printed = try PolicySet(parsing: texts[0], naming: .positional)
        let formatted = try PolicySet(parsing: texts[1], naming: .positional)
        #expect(printed.policies == formatted.policies)
    }

    private static func text(_ value: JSONValue?) -> String? {
        guard case .string(let text)? = value else { return nil }
        return text
    }

    /// The value with members in the order of their names, and without what only this one says.
    private static func canonical(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements): return "[\(elements.map(canonical).joined(separator: ","))]"
        case .object(let members):
            let parts = members.filter { $0.key != "compiledAgrees" }
                .map { "\($0.key)=\(canonical($0.value))" }
            return "{\(parts.sorted().joined(separator: ","))}"
        default: return value.serialized
        }
    }
}
