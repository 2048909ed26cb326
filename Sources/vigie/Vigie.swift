// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command-line tool.
@main
struct Vigie: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie",
        abstract: "Verify, replay and explain the accesses that an audit log records.")
}
