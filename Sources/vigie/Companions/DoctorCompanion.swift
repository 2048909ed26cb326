// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The check that this machine can audit.
struct DoctorCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: LocalizedText(
                fr: "Vérifier que l’audit de nuit peut tourner, et a tourné.",
                en: "Check that the nightly audit can run, and did."))
    }
    static var program: String { "vigie-nightly" }
    static var group: [String] { ["doctor"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
