// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

extension JSONNode {
    /// The head of every document: its version, and how the command ends.
    static func head(_ status: ExitStatus) -> [(String, JSONNode)] {
        [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(status.isComplete)),
        ]
    }

    /// A value in Cedar's JSON format.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .boolean(value)
        case .int(let value): self = .integer(value)
        case .otherNumber(let text): self = .string(text)
        case .string(let text): self = .string(text)
        case .array(let items): self = .array(items.map { JSONNode($0) })
        case .object(let members): self = .object(members.map { ($0.key, JSONNode($0.value)) })
        }
    }

    /// A text in both languages.
    init(_ text: LocalizedText) {
        self = .object([("fr", .string(text.french)), ("en", .string(text.english))])
    }

    /// A condition as a tree: `all`, `any`, or one thing in words and in Cedar's syntax.
    init(_ phrase: ConditionPhrase) {
        switch phrase {
        case .atom(let text, let cedar):
            self = .object([
                ("fr", .string(text.french)), ("en", .string(text.english)),
                ("cedar", .string(cedar)),
            ])
        case .all(let parts): self = .object([("all", .array(parts.map { JSONNode($0) }))])
        case .any(let parts): self = .object([("any", .array(parts.map { JSONNode($0) }))])
        }
    }

    /// A decision with its reasons.
    init(_ response: Response) {
        self = .object([
            ("decision", .string(response.decision.rawValue)),
            ("reason", .array(response.determiningPolicies.map { .string($0) })),
            ("errors", .array(response.errors.map { .string($0.policyID) })),
        ])
    }

    /// A kind of request.
    init(_ types: RequestTypes) {
        self = .object([
            ("action", .string(types.action.description)),
            ("principal_type", .string(types.principal)),
            ("resource_type", .string(types.resource)),
        ])
    }
}
