// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs that write a log.
struct LogCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "log",
            abstract: LocalizedText(
                fr: "Créer un journal, y ajouter, dire où il en est.",
                en: "Make a log, append to it, say how it stands."),
            subcommands: [
                LogInit.self, LogAppend.self, LogStatus.self, LogExport.self, LogRecover.self,
                LogProve.self, LogCosign.self, LogAnchor.self,
                LogImport.self, LogReconcile.self,
                LogPurge.self, LogPublish.self, LogSeal.self,
            ])
    }
}
