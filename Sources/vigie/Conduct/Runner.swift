// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import Diagnostics
import Reporting
import TransparencyLog

/// Runs verbs, and maps every way in which they end to an exit status.
enum Runner {
    /// Parses the arguments and runs the verb they name.
    static func run(_ arguments: [String], _ surroundings: Surroundings) -> ExitStatus {
        do {
            var command = try Vigie.parseAsRoot(Self.normalised(arguments))
            guard let verb = command as? any Verb else {
                // Help, or a command that only holds others: it throws what it has to say.
                try command.run()
                return .complete
            }
            return run(verb, surroundings)
        } catch {
            return parsingFailed(error, arguments, surroundings)
        }
    }

    /// Runs a verb to its verdict.
    static func run(_ verb: any Verb, _ surroundings: Surroundings) -> ExitStatus {
        let console = Console(verb.conduct, surroundings)
        do {
            let verdict = try verb.perform(on: console)
            console.endProgress()
            let line = verdict.sentence[console.language] + "\n"
            let isText = console.format == .table || console.format == .plain
            if isText && !verdict.outputIsData {
                try console.write(line)
            } else if !console.isQuiet {
                console.complain(line)
            }
            return verdict.status
        } catch {
            console.endProgress()
            return failed(error, console)
        }
    }

    /// `help exit-codes` is a page, not the help of a command.
    private static func normalised(_ arguments: [String]) -> [String] {
        arguments.starts(with: ["help", "exit-codes"]) ? Array(arguments.dropFirst()) : arguments
    }

    /// Maps an error of a verb to a status, and says it.
    static func failed(_ error: any Error, _ console: Console) -> ExitStatus {
        if error is Console.BrokenPipe { return .brokenPipe }
        let diagnostics = diagnostics(of: error)
        diagnostics.forEach { console.diagnose($0) }
        let status = ExitStatus(diagnosticCode: diagnostics.first?.code ?? "")
        if console.format == .json {
            // The exit status already says that the command failed.
            try? console.write(
                FailureDocument.text(
                    diagnostics, exitCode: Int(status.rawValue), in: console.language))
        }
        let meaning = status.meaning
        console.say(
            LocalizedText(
                fr: "Verdict\u{202F}: échec, code \(status.rawValue) (\(meaning.french)).",
                en: "Verdict: failed, exit code \(status.rawValue) (\(meaning.english))."))
        return status
    }

    /// An error in words: its own, or those of a fault of the program.
    static func diagnostics(of error: any Error) -> [Diagnostic] {
        switch error {
        case let error as any Diagnosable: [error.diagnostic]
        case let error as CedarErrors where !error.errors.isEmpty: error.diagnostics
        case let error as PolicySetErrors where !error.diagnostics.isEmpty: error.diagnostics
        case let error as LogSourceError:
            [SystemFailure.reading(error.path.text, error.systemError).diagnostic]
        default:
            [CommandError(code: .unexpected, fact: "\(type(of: error))").diagnostic]
        }
    }

    private static func parsingFailed(
        _ error: any Error, _ arguments: [String], _ surroundings: Surroundings
    ) -> ExitStatus {
        let console = Console(asksForJSON(arguments) ? .json : .table, surroundings)
        let text = Vigie.fullMessage(for: error)
        if Vigie.exitCode(for: error) == .success {
            do {
                try console.write(text.hasSuffix("\n") ? text : text + "\n")
                return .complete
            } catch {
                return failed(error, console)
            }
        }
        let message = Vigie.message(for: error)
        let clause = message.split(separator: "\n").first.map(String.init) ?? "usage"
        return failed(CommandError(code: .usage, fact: clause), console)
    }

    private static func asksForJSON(_ arguments: [String]) -> Bool {
        zip(arguments, arguments.dropFirst()).contains {
            ($0 == "-f" || $0 == "--format") && $1 == "json"
        } || arguments.contains("--format=json") || arguments.contains("-fjson")
            || arguments.contains("-f=json")
    }
}
