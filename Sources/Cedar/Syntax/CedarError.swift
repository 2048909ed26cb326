// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that a policy, a schema or a JSON document could not be read or is not valid.
public struct CedarError: Diagnosable, Hashable, Sendable {
    /// The kind of error.
    public let code: Code
    /// The user's own words that the message quotes, in order.
    public let facts: [String]
    /// The file.
    public let file: String
    /// The bytes at fault.
    public let span: SourceSpan
    /// The line of the first byte, from 1.
    public let line: Int
    /// The column of the first byte, from 1, in code points.
    public let column: Int

    init(_ code: Code, _ facts: [String], at span: SourceSpan, in source: Source) {
        self.code = code
        self.facts = facts
        self.file = source.file
        self.span = span
        (line, column) = source.position(of: span.lower)
    }

    private init(_ error: CedarError, _ facts: [String]) {
        code = error.code
        self.facts = facts
        file = error.file
        span = error.span
        line = error.line
        column = error.column
    }

    /// The same error, quoting other words.
    func saying(_ facts: [String]) -> CedarError { CedarError(self, facts) }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            code: code.rawValue,
            place: .text(file: file, line: line, column: column),
            message: code.message(facts),
            remedy: code.remedy(facts))
    }
}

/// All the errors of one text: at least one.
public struct CedarErrors: DiagnosableGroup, Hashable, Sendable {
    /// The errors in the order of the text.
    public let errors: [CedarError]

    /// The errors in words.
    public var diagnostics: [Diagnostic] { errors.map(\.diagnostic) }
}

extension CedarErrors: CustomStringConvertible {
    /// The errors in English, one a line.
    public var description: String {
        errors.map { "\($0.file):\($0.line):\($0.column): \($0.diagnostic.message.english)" }
            .joined(separator: "\n")
    }
}
