// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The check that this machine can audit.
struct DoctorCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that the nightly audit can run, and did.")
    static var program: String { "vigie-nightly" }
    static var group: [String] { ["doctor"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
