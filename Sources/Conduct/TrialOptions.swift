// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Diagnostics
public import Reporting

/// Whether a command only says what it would do.
public struct TrialOptions: ParsableArguments {
    /// Whether nothing may be changed.
    @Flag(
        help: ArgumentHelp(
            fr: "Dire ce qui serait fait, et ne rien changer.",
            en: "Say what would be done, and change nothing."))
    public var dryRun = false

    /// Makes the options; the parser fills them.
    public init() {}

    /// The member of a command's document that says so.
    public var member: (String, JSONNode) { ("dry_run", .boolean(dryRun)) }
}
