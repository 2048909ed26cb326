// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics

/// A command that does one thing: it writes its result, and says how it ended.
///
/// A verb has no `run()`: ``Runner`` calls `perform`, so that every error of every verb is mapped to
/// an exit status in one place.
protocol Verb: ParsableCommand {
    /// The options that every verb has.
    var conduct: ConductOptions { get }

    /// Does the work.
    ///
    /// - Parameter console: Where to write.
    /// - Returns: How it ended; the sentence becomes the last line.
    /// - Throws: Any error. It is mapped by its diagnostic's code, or to 70.
    func perform(on console: Console) throws -> Verdict
}

/// How a command ended, and the sentence that says so.
struct Verdict: Sendable {
    /// The exit status.
    var status: ExitStatus
    /// The last line.
    var sentence: LocalizedText
    /// Whether standard output is data for a program, which a sentence would spoil.
    var outputIsData = false
}
