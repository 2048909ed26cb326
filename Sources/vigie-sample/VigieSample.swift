// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about sample logs.
struct VigieSample: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-sample",
            abstract: LocalizedText(
                fr: "Créer des journaux d’exemple, et noter un audit par l’un d’eux.",
                en: "Make sample logs, and score an audit against one."),
            subcommands: [
                SampleGenerate.self, SampleStories.self, SampleScore.self, SampleAccuracy.self,
            ])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieSample.self) }
}
