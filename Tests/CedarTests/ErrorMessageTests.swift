// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import Foundation
import Testing

/// Every message of the module, word for word, with the text that it underlines.
///
/// The expected words are in `Tests/Golden/cedar-messages.txt`; `RECORD_GOLDEN=1 swift test` writes
/// that file anew, and fails.
@Suite("Error messages")
struct ErrorMessageTests {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden/cedar-messages.txt")

    static let schema = """
        entity U in [G] {a: Long, b?: {c?: Long}, s: Set<U>, boss: U} tags String;
        entity G in [G]; entity N; entity En enum ["x", "y"];
        action v appliesTo {principal: [U], resource: [G], context: {k?: Long}};
        action w;
        """

    /// What each kind of text is read as.
    static let inputs: [(kind: String, texts: [String])] = [
        ("policies", MessageInputs.policies), ("condition", MessageInputs.conditions),
        ("schema", MessageInputs.schemas), ("schema JSON", MessageInputs.schemaJSON),
        ("policies JSON", MessageInputs.policyJSON), ("entities", MessageInputs.entities),
        ("validated", MessageInputs.validated), ("evaluated", MessageInputs.evaluated),
        ("request", MessageInputs.requests), ("entity", ["U::a", "U::\"a\" x", ""]),
    ]

    @Test func wordForWord() throws {
        var text = ""
        var codes: Set<String> = []
        for (kind, texts) in Self.inputs {
            for input in texts {
                let messages = Self.messages(kind, input)
                #expect(!messages.isEmpty, "\(kind): \(input) is accepted")
                text += "\(kind): \(Self.shown(input))\n"
                for message in messages {
                    codes.insert(String(message.code))
                    text += message.lines
                }
                text += "\n"
            }
        }
        #expect(MessageInputs.unreachable.isDisjoint(with: codes))
        #expect(codes.union(MessageInputs.unreachable) == Self.allCodes)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: Self.golden)
            Issue.record("the golden file was written anew")
        }
        let expected = String(decoding: try Data(contentsOf: Self.golden), as: UTF8.self)
        let pairs = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false))
        for (found, wanted) in pairs where found != wanted {
            #expect(found == wanted)
            break
        }
        #expect(text == expected)
    }

    /// A message with the text it underlines.
    struct Message {
        let code: String
        let lines: String

        init(_ diagnostic: Diagnostic, _ underlined: String) {
            code = diagnostic.code
            let place = diagnostic.place.rendered(in: .english)
            let mark = underlined.isEmpty ? "" : "\n    ^ \(ErrorMessageTests.shown(underlined))"
            lines = """
                  \(place) \(diagnostic.severity) \(diagnostic.code)\(mark)
                    \(diagnostic.message.english) / \(diagnostic.remedy.english)
                    \(diagnostic.message.french) / \(diagnostic.remedy.french)

                """
        }
    }

    static func shown(_ text: String) -> String {
        let short = text.unicodeScalars.count > 150 ? String(text.prefix(60)) + "…" : text
        return short.replacing("\n", with: "⏎").replacing("\r", with: "\\r")
            .replacing("\u{202E}", with: "\\u{202e}").replacing("\u{200B}", with: "\\u{200b}")
    }

    static func messages(_ kind: String, _ input: String) -> [Message] {
        do throws(CedarErrors) {
            switch kind {
            case "policies": _ = try PolicySet(parsing: input, file: "p")
            case "condition": _ = try PolicySet(parsing: policy(input), file: "p")
            case "schema": _ = try Schema(parsing: input, file: "s")
            case "schema JSON": _ = try Schema(json: input, file: "s")
            case "policies JSON": _ = try PolicySet(json: input, file: "p")
            case "entity": _ = try EntityUID(parsing: input)
            case "entities":
                let schema = try Schema(parsing: schema, file: "s")
                try schema.validate(try Entities(json: input, schema: schema, file: "e"))
            case "request":
                let schema = try Schema(parsing: schema, file: "s")
                try schema.validate(try Request(json: input, schema: schema, file: "r"))
            case "evaluated": return try evaluation(input)
            default: return try validation(input)
            }
            return []
        } catch {
            let text = kind == "condition" ? policy(input) : input
            return error.errors.map { Message($0.diagnostic, underlined($0.span, text)) }
        }
    }

    private static func policy(_ condition: String) -> String {
        "permit(principal, action, resource) when { \(condition) };"
    }

    private static func underlined(_ span: SourceSpan, _ text: String) -> String {
        let bytes = Array(text.utf8)
        guard span.lower >= 0, span.upper <= bytes.count, span.lower <= span.upper else {
            return ""
        }
        return String(decoding: bytes[span.lower..<span.upper], as: UTF8.self)
    }

    private static func validation(_ input: String) throws(CedarErrors) -> [Message] {
        let text = input.hasPrefix("permit") ? input : policy(input)
        let policies = try PolicySet(parsing: text, file: "p")
        let result = try Schema(parsing: schema, file: "s").validate(policies, level: 1)
        return (result.errors + result.warnings).compactMap { error in
            guard let source = policies.policy(error.policyID)?.source else { return nil }
            return Message(error.diagnostic(in: source), underlined(error.span, text))
        }
    }

    private static func evaluation(_ input: String) throws(CedarErrors) -> [Message] {
        let text = policy(input)
        let policies = try PolicySet(parsing: text, file: "p")
        let response = Authorizer(policies)
            .isAuthorized(AuthorizerTests.request, AuthorizerTests.entities)
        return response.errors.compactMap { id, error in
            guard let source = policies.policy(id)?.source else { return nil }
            return Message(error.diagnostic(in: source), underlined(error.span, text))
        }
    }

    static var allCodes: Set<String> {
        Set(
            CedarError.Code.allCases.map(\.rawValue) + ValidationError.Code.allCases.map(\.rawValue)
                + EvaluationError.Code.allCases.map(\.rawValue))
    }
}
