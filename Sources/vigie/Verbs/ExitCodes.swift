// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Reporting

/// Prints the table of exit codes: `vigie help exit-codes`.
struct ExitCodes: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "exit-codes",
            abstract: LocalizedText(
                fr: "Montrer les codes de fin et ce qu’ils signifient.",
                en: "Print the exit codes and what they mean."),
            shouldDisplay: false)
    }

    @OptionGroup var conduct: ConductOptions

    func perform(on console: Console) throws -> Verdict {
        if console.format == .json {
            let codes = ExitStatus.allCases.map { status -> JSONNode in
                .object([
                    ("code", .integer(Int64(status.rawValue))),
                    ("meaning", .string(status.meaning[console.language])),
                ])
            }
            try console.write(
                JSONNode.object([
                    ("schema_version", .integer(1)), ("exit_code", .integer(0)),
                    ("complete", .boolean(true)), ("exit_codes", .array(codes)),
                ]).rendered())
        } else {
            for status in ExitStatus.allCases {
                let code = "\(status.rawValue)"
                let padding = String(repeating: " ", count: 5 - code.count)
                try console.write("\(code)\(padding)\(status.meaning[console.language])\n")
            }
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "priorité\u{202F}: 2, puis 3, puis 4, puis 1, puis 0",
                en: "precedence: 2, then 3, then 4, then 1, then 0"))
    }
}
