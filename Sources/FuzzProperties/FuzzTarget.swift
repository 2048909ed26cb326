// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import TemporalPolicies

/// A parser, and what must hold of it for every text.
///
/// Any text ends in a value or in a typed error with a message in both languages; what was read is
/// written in a way that reads as the same. The targets of `make fuzz` and the tests that replay
/// what those found share these properties.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Policies in Cedar's syntax.
    case policies
    /// Policy sets in the JSON format.
    case policyJSON = "policy-json"
    /// Schemas in Cedar's syntax.
    case schema
    /// Schemas in the JSON format.
    case schemaJSON = "schema-json"
    /// Entities, contexts and requests in the JSON format, with a schema and without.
    case data
    /// Policies with `temporal { … }` blocks, and traces.
    case temporal

    /// What does not hold of these bytes; nil if all holds.
    public func fault(in bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .policies: return PolicyProperties.fault(inText: text)
        case .policyJSON: return PolicyProperties.fault(inJSON: text)
        case .schema: return SchemaProperties.fault(inText: text)
        case .schemaJSON: return SchemaProperties.fault(inJSON: text)
        case .data: return DataProperties.fault(in: text)
        case .temporal: return TemporalProperties.fault(in: text)
        }
    }
}

/// The errors of a text are some, lie in it, and have words.
enum ErrorProperties {
    static func fault(_ errors: CedarErrors, in text: String) -> String? {
        if errors.errors.isEmpty { return "a refusal without error" }
        for error in errors.errors {
            let span = error.span
            guard 0 <= span.lower, span.lower <= span.upper, span.upper <= text.utf8.count else {
                return "an error outside the text: \(span)"
            }
        }
        for diagnostic in errors.diagnostics
        where diagnostic.message.french.isEmpty || diagnostic.message.english.isEmpty
            || diagnostic.remedy.french.isEmpty || diagnostic.remedy.english.isEmpty
        {
            return "an error without words: \(diagnostic.code)"
        }
        return nil
    }
}

enum TemporalProperties {
    /// A text is a policy set, and a trace too.
    static func fault(in text: String) -> String? {
        if let trace = try? PolicyTrace(text), trace.entries.count > text.utf8.count {
            return "more events than bytes"
        }
        do throws(TemporalPolicyErrors) {
            _ = try TemporalPolicySet(parsing: [(file: "p", text: text)])
            return nil
        } catch {
            return error.diagnostics.isEmpty ? "a refusal without error" : nil
        }
    }
}
