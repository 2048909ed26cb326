// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a command that failed prints when JSON was asked.
public enum FailureDocument {
    /// The document, with the diagnostics in one language.
    public static func text(
        _ diagnostics: [Diagnostic], exitCode: Int, in language: Language
    ) -> String {
        let errors = diagnostics.map { diagnostic -> JSONNode in
            .object([
                ("code", .string(diagnostic.code)),
                ("severity", .string(diagnostic.severity.rawValue)),
                ("place", .string(diagnostic.place.rendered(in: language))),
                ("message", .string(diagnostic.message[language])),
                ("remedy", .string(diagnostic.remedy[language])),
            ])
        }
        return JSONNode.object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(false)), ("errors", .array(errors)),
        ]).rendered()
    }
}
