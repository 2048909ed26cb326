// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why a formula, a signature or a log cannot be used.
public struct TemporalError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// A character that begins no token.
        case unknownCharacter = "TMP101"
        /// A token where another was expected.
        case unexpectedToken = "TMP102"
        /// A number that does not fit.
        case numberTooLarge = "TMP103"
        /// A formula that nests or grows beyond the limits.
        case formulaTooLarge = "TMP104"
        /// A relation that the signature does not declare.
        case unknownRelation = "TMP105"
        /// Two types where one was needed.
        case typeClash = "TMP106"
        /// An interval that is empty or negative.
        case emptyInterval = "TMP107"
        /// An operator that looks into an unbounded future.
        case unboundedFuture = "TMP108"
        /// A `LET` whose parameters are not the free variables of its definition.
        case malformedLet = "TMP109"
        /// An aggregation over a variable that is not there.
        case malformedAggregation = "TMP110"
        /// A formula outside the monitorable fragment.
        case notMonitorable = "TMP111"
        /// A pattern that cannot be read.
        case invalidPattern = "TMP112"
        /// A tuple that does not fit the signature.
        case invalidTuple = "TMP113"
        /// A timestamp before the one that precedes it.
        case timestampOutOfOrder = "TMP114"
        /// An integer result that does not fit in 64 bits, or a division by zero.
        case arithmeticFailure = "TMP115"
        /// A pattern that takes too many steps on a text.
        case patternTooCostly = "TMP116"
        /// A state that would grow beyond the limit.
        case stateTooLarge = "TMP117"
    }

    /// The kind of failure.
    public var code: Code
    /// Where it is in the text; none for a failure during evaluation.
    public var position: SourcePosition?
    /// The part of the user's text that is wrong.
    public var subject: String
    /// What was expected instead, or why it is wrong.
    public var reason: LocalizedText
    /// A formula that would do, if one was found.
    public var rewriting: String?

    /// Makes an error from its facts.
    public init(
        _ code: Code, at position: SourcePosition? = nil, subject: String,
        reason: LocalizedText = LocalizedText(fr: "", en: ""), rewriting: String? = nil
    ) {
        self.code = code
        self.position = position
        self.subject = subject
        self.reason = reason
        self.rewriting = rewriting
    }
}

/// A place in a text.
public struct SourcePosition: Hashable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// The column in bytes, from 1.
    public var column: Int

    /// Makes a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension TemporalError: Diagnosable {
    /// The error in words, without a file name.
    public var diagnostic: Diagnostic { diagnostic(file: "") }

    /// The error in words, for a text that came from a file.
    public func diagnostic(file: String) -> Diagnostic {
        let place: Place =
            position.map { .text(file: file, line: $0.line, column: $0.column) }
            ?? (file.isEmpty ? .nowhere : .file(file))
        return Diagnostic(
            code: code.rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        let (fr, en) = code.sentence
        guard !reason.english.isEmpty else {
            return LocalizedText(fr: "\(fr) `\(subject)`", en: "\(en) `\(subject)`")
        }
        return LocalizedText(
            fr: "\(fr) `\(subject)`\u{202F}: \(reason.french)",
            en: "\(en) `\(subject)`: \(reason.english)")
    }

    private var remedy: LocalizedText {
        if let rewriting {
            return LocalizedText(fr: "écrire `\(rewriting)`", en: "write `\(rewriting)`")
        }
        return code.remedy
    }
}
