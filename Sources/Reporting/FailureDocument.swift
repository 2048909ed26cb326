// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a command that failed prints when JSON was asked.
public enum FailureDocument {
    /// The document, with the diagnostics in one language.
    public static func text(
        _ diagnostics: [Diagnostic], exitCode: Int, in language: Language
    ) -> String {
        JSONNode.object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(false)), ("errors", errors(diagnostics, in: language)),
        ]).rendered()
    }

    /// The diagnostics as a list, for a document that has more to say.
    public static func errors(_ diagnostics: [Diagnostic], in language: Language) -> JSONNode {
        .array(
            diagnostics.map { diagnostic in
                .object([
                    ("code", .string(diagnostic.code)),
                    ("severity", .string(diagnostic.severity.rawValue)),
                    ("place", .string(diagnostic.place.rendered(in: language))),
                    ("message", .string(diagnostic.message[language])),
                    ("remedy", .string(diagnostic.remedy[language])),
                ])
            })
    }
}
