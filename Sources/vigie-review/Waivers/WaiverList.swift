// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import Reporting
import Reviewing
import TransparencyLog

/// Lists the waivers of a log, and what each covers.
struct WaiverList: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: LocalizedText(
                fr: "Lister les dérogations, et combien de constats chacune couvre.",
                en: "List the waivers, and how many findings each covers."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var policies: ReviewPolicies
    @OptionGroup var reading: ReadingOptions

    func perform(on console: Console) throws -> Verdict {
        let reviewed = try ReviewedLog(options, policies, readBy: reading, on: console)
        let waivers = reviewed.result.waivers
        if console.format == .json {
            try console.write(document: [("waivers", .array(waivers.map { JSONNode($0) }))])
        } else {
            let now = WriterOptions.clock()
            try console.write(WaiverTable(waivers, now: now).text(in: console.language))
        }
        let count = waivers.count
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: dérogations \(count).", en: "Verdict: waivers \(count)."))
    }
}
