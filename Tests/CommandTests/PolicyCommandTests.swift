// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct PolicyCommandTests {
    static let pilot = "policies/pilote-linkedin"

    /// The pilot's policies without the rules over time, put into a folder: for tests that count the
    /// findings of a few entries, in which a source's silence is not meant.
    static func ofSingleAccesses(in folder: TemporaryFolder) throws -> String {
        let path = folder.url.appending(path: "policies")
        try FileManager.default.copyItem(at: Tool.root.appending(path: pilot), to: path)
        try FileManager.default.removeItem(at: path.appending(path: "rules"))
        return path.path
    }

    /// A copy of the pilot's policies, for a test to spoil.
    private func copy() throws -> (folder: TemporaryFolder, path: URL) {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Tool.root.appending(path: Self.pilot), to: path)
        return (folder, path)
    }

    @Test func thePilotIsValid() throws {
        let outcome = try Tool.run(["policy", "check", Self.pilot, "--lang", "fr"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.hasSuffix("Verdict\u{202F}: politiques valides.\n"))
    }

    /// Each rule of the domain stands in the page with what a lawyer asks of it, in both languages.
    @Test(arguments: ["fr", "en"])
    func thePageTellsOfEveryRule(language: String) throws {
        let outcome = try Tool.run(["policy", "doc", Self.pilot, "--lang", language])
        #expect(outcome.status == 0)
        let page = outcome.output
        let articles = page.split(separator: "<article id=\"").dropFirst().map(String.init)
        let ids = articles.map { String($0.prefix { $0 != "\"" }) }
        #expect(Set(ids).count == ids.count)
        let rules = Set(ids.map { String($0.prefix { $0 != "-" }) })
        for (letter, count) in [("R", 40), ("X", 13)] {
            for number in 1...count {
                #expect(rules.contains("\(letter)\(number < 10 ? "0" : "")\(number)"))
            }
        }
        let demands = language == "fr" ? "Fondement" : "Legal basis"
        for (id, article) in zip(ids, articles) {
            #expect(article.contains("<h3>\(id) – "), "\(id)")
            #expect(article.contains("<dt>\(demands)</dt><dd>") && !article.contains("<dd></dd>"))
            // A sentence, and no parameter left without its value.
            #expect(article.contains("<p>") && !article.contains("$"), "\(id)")
            // What people call an event stands first, and its name in the details alone.
            let said = article.prefix { $0 != "/" } + (article.split(separator: "</p>").first ?? "")
            #expect(!said.contains(/[a-z]\.[a-z_]+\(/) && !said.contains("outcome ="), "\(id)")
            let isEngine = ["R04", "R09", "R10", "R36", "R37", "X05"].contains(id)
            #expect(article.contains("<pre>") || isEngine || id.hasPrefix("M"), "\(id)")
        }
        let permission = try #require(articles.first { $0.hasPrefix("H01\"") })
        let role = language == "fr" ? "conseiller entreprise" : "employer adviser"
        #expect(permission.contains(role))
        // Every parameter that rules name is told with its origin; few are for the program alone.
        let deadline = try #require(articles.first { $0.hasPrefix("R27\"") })
        #expect(deadline.contains("request_months = 1 – "))
        let values = try #require(page.split(separator: "<caption>").last)
        #expect(values.matches(of: /<td>–<\/td>/).count <= 8)
    }

    @Test func theCasesOfThePilotPass() throws {
        let outcome = try Tool.run(["policy", "test", Self.pilot, "-f", "json"])
        #expect(outcome.status == 0)
        let document = try #require(
            JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any])
        let cases = try #require(document["cases"] as? [[String: Any]])
        #expect(cases.count >= 60)
        #expect(cases.allSatisfy { $0["passed"] as? Bool == true })
    }

    @Test func aCaseThatFailsIsSaidWithItsPlace() throws {
        let (folder, path) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let file = path.appending(path: "cases/acces.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("policies: [R01]", with: "policies: [R02]")
            .write(to: file, atomically: true, encoding: .utf8)
        let outcome = try Tool.run(["policy", "test", path.path])
        #expect(outcome.status == 1)
        #expect(
            outcome.output.contains(": R01-violated: expected deny [R02], got deny [R01]\n"))
    }

    @Test func noCaseIsNoPass() throws {
        let (folder, path) = try copy()
        defer { withExtendedLifetime(folder) {} }
        try FileManager.default.removeItem(at: path.appending(path: "cases"))
        #expect(try Tool.run(["policy", "test", path.path]).status == 4)
    }

    @Test func aSyntaxErrorHasCodePlaceAndRemedy() throws {
        let (folder, path) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let file = path.appending(path: "finalites.cedar")
        try "permit (principal, action, resource) when { 1 + };".write(
            to: file, atomically: true, encoding: .utf8)
        let outcome = try Tool.run(["policy", "check", path.path])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("\(path.path)/finalites.cedar:1:49: error CED102: "))
        #expect(outcome.errors.contains("  remedy: "))
        #expect(outcome.errors.hasSuffix("was judged).\n"))
    }

    @Test func aTypeErrorIsFoundByTheSchema() throws {
        let (folder, path) = try copy()
        defer { withExtendedLifetime(folder) {} }
        let file = path.appending(path: "finalites.cedar")
        let text = try String(contentsOf: file, encoding: .utf8)
        try
            (text + """

                @id("ZZ") @title_fr("x") @title_en("x") @basis("x") @severity("low") @provenance("law")
                forbid (principal, action, resource) when { principal.noSuchAttribute };
                """).write(to: file, atomically: true, encoding: .utf8)
        let outcome = try Tool.run(["policy", "check", path.path, "-f", "json"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("error CED2"))
        #expect(outcome.errors.contains("\(file.path):"))
        let document = try #require(
            JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any])
        #expect(document["exit_code"] as? Int == 3)
    }

    @Test func aFolderThatIsNotThere() throws {
        let outcome = try Tool.run(["policy", "check", "no-such-folder"])
        #expect(outcome.status == 66)
        #expect(outcome.errors.hasPrefix("no-such-folder: error CLI103: no such file or folder\n"))
    }

    @Test func anythingThatIsNotText() throws {
        var generator = SeededGenerator(seed: 20_260_301)
        for _ in 0..<40 {
            let (folder, path) = try copy()
            defer { withExtendedLifetime(folder) {} }
            let names = ["policy-set.yaml", "personnes.cedar", "schema.cedarschema"]
            let name = names[Int(generator.next() % 3)]
            try Data(generator.bytes(Int(generator.next() % 4_096)))
                .write(to: path.appending(path: name))
            let outcome = try Tool.run(["policy", "check", path.path])
            #expect(outcome.status == 3, "seed \(generator.seed)")
            #expect(outcome.errors.contains("error "))
        }
    }
}

/// A generator whose seed is printed with every failure (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
