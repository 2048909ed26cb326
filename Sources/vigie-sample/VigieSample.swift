// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about sample logs.
struct VigieSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-sample", abstract: "Make sample logs, and score an audit against one.",
        subcommands: [
            SampleGenerate.self, SampleStories.self, SampleScore.self, SampleAccuracy.self,
        ])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieSample.self) }
}
