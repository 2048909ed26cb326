// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Diagnostics

/// A command that does one thing: it writes its result, and says how it ended.
///
/// A verb has no `run()`: ``Runner`` calls `perform`, so that every error of every verb is mapped to
/// an exit status in one place.
public protocol Verb: ParsableCommand {
    /// The options that every verb has.
    var conduct: ConductOptions { get }

    /// The forms in which the verb writes its result; any other is an error of usage, since nothing
    /// would come of it.
    static var forms: Set<OutputFormat> { get }

    /// Does the work.
    ///
    /// - Parameter console: Where to write.
    /// - Returns: How it ended; the sentence becomes the last line.
    /// - Throws: Any error. It is mapped by its diagnostic's code, or to 70.
    func perform(on console: Console) throws -> Verdict
}

extension Verb {
    /// Words or a document: pages are written by few verbs.
    public static var forms: Set<OutputFormat> { [.table, .plain, .json] }
}

/// How a command ended, and the sentence that says so.
public struct Verdict: Sendable {
    /// The exit status.
    public var status: ExitStatus
    /// The last line.
    public var sentence: LocalizedText
    /// Whether standard output is data for a program, which a sentence would spoil.
    public var outputIsData: Bool

    /// Makes the verdict.
    public init(status: ExitStatus, sentence: LocalizedText, outputIsData: Bool = false) {
        (self.status, self.sentence, self.outputIsData) = (status, sentence, outputIsData)
    }
}
