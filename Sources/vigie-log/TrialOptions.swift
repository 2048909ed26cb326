// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// Whether a command only says what it would do.
struct TrialOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            fr: "Dire ce qui serait fait, et ne rien changer.",
            en: "Say what would be done, and change nothing."))
    var dryRun = false
}
