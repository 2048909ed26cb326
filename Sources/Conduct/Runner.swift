// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Diagnostics
import Glibc
import Reporting
import TransparencyLog

/// Runs verbs, and maps every way in which they end to an exit status.
public enum Runner {
    /// Runs the process: it reads its surroundings once, runs the verb that its arguments name, and
    /// exits.
    public static func main(_ root: any ParsableCommand.Type) -> Never {
        holdInheritedFiles()
        // A reader that goes away is an error of `write`, not the death of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may not grow any more.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(run(arguments, of: root, .ofProcess()).rawValue)
    }

    /// Takes the numbers of the three files that a process inherits, where one is closed: else the next
    /// file that it opens would get it, and a diagnostic would be written over a log.
    ///
    /// What is opened there can be neither read nor written as they are, so that this fails as before.
    private static func holdInheritedFiles() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            let mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            guard unsafe open("/dev/null", mode) == descriptor else {
                exit(ExitStatus.inputOutput.rawValue)
            }
        }
    }

    /// Parses the arguments and runs the verb of `root` that they name.
    public static func run(
        _ arguments: [String], of root: any ParsableCommand.Type, _ surroundings: Surroundings
    ) -> ExitStatus {
        let language = LanguageChoice.asked(by: arguments) ?? surroundings.language
        return Language.$ofHelp.withValue(language) { parsed(arguments, of: root, surroundings) }
    }

    private static func parsed(
        _ arguments: [String], of root: any ParsableCommand.Type, _ surroundings: Surroundings
    ) -> ExitStatus {
        do {
            var command = try root.parseAsRoot(Self.normalised(arguments))
            guard let verb = command as? any Verb else {
                // Help, or a command that only holds others: it throws what it has to say.
                try command.run()
                return .complete
            }
            let form = verb.conduct.plain ? .plain : verb.conduct.format
            guard type(of: verb).forms.contains(form) else {
                throw UsageError.form(form, of: type(of: verb).forms)
            }
            return run(verb, surroundings)
        } catch {
            return parsingFailed(error, arguments, of: root, surroundings)
        }
    }

    /// Runs a verb to its verdict.
    public static func run(_ verb: any Verb, _ surroundings: Surroundings) -> ExitStatus {
        let console = Console(verb.conduct, surroundings)
        do {
            let verdict = try verb.perform(on: console)
            console.endProgress()
            let line = VisibleText(verdict.sentence[console.language]).text + "\n"
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

    /// `help exit-codes` is a page, not the help of a command; that of a verb is for whoever performs it
    /// to give.
    private static func normalised(_ arguments: [String]) -> [String] {
        guard arguments.first == "help", arguments.count > 1 else { return arguments }
        let words = Array(arguments.dropFirst())
        return words.first == "exit-codes" ? words : words + ["--help"]
    }

    /// A text of the parser with the name that the user typed in place of the program's own.
    private static func named(
        _ text: String, _ root: any ParsableCommand.Type, _ surroundings: Surroundings
    ) -> String {
        guard let typed = surroundings.typed, let own = root.configuration.commandName else {
            return text
        }
        return text.replacing("USAGE: \(own)", with: "USAGE: \(typed)")
            .replacing("'\(own) ", with: "'\(typed) ")
    }

    /// Maps an error of a verb to a status, and says it.
    public static func failed(_ error: any Error, _ console: Console) -> ExitStatus {
        if error is Console.BrokenPipe { return .brokenPipe }
        let diagnostics = diagnostics(of: error)
        diagnostics.forEach { console.diagnose($0) }
        let status =
            (error as? InputFailure)?.status
            ?? ExitStatus(diagnosticCode: diagnostics.first?.code ?? "")
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
    public static func diagnostics(of error: any Error) -> [Diagnostic] {
        switch error {
        case let error as any Diagnosable: [error.diagnostic]
        case let error as any DiagnosableGroup where !error.diagnostics.isEmpty: error.diagnostics
        case let error as LogSourceError:
            [SystemFailure.reading(error.path.text, error.systemError).diagnostic]
        default:
            [CommandError(code: .unexpected, fact: "\(type(of: error))").diagnostic]
        }
    }

    private static func parsingFailed(
        _ error: any Error, _ arguments: [String], of root: any ParsableCommand.Type,
        _ surroundings: Surroundings
    ) -> ExitStatus {
        let console = Console(
            asksForJSON(arguments) ? .json : .table, surroundings,
            language: LanguageChoice.asked(by: arguments))
        let page = named(root.fullMessage(for: error), root, surroundings)
        let text = HelpPage(text: page).text(in: console.language)
        if root.exitCode(for: error) == .success {
            do {
                try console.write(text.hasSuffix("\n") ? text : text + "\n")
                return .complete
            } catch {
                return failed(error, console)
            }
        }
        var fault =
            UsageError.thrown(within: error)
            ?? UsageError(parserMessage: root.message(for: error))
        fault.help = help(for: arguments, of: root, surroundings)
        return failed(fault, console)
    }

    /// The command that tells how to write the one that the arguments name.
    private static func help(
        for arguments: [String], of root: any ParsableCommand.Type, _ surroundings: Surroundings
    ) -> String {
        var (command, words) = (root, [surroundings.typed ?? root._commandName])
        for word in arguments {
            guard
                let next = command.configuration.subcommands.first(where: {
                    $0._commandName == word
                })
            else { break }
            (command, words) = (next, words + [word])
        }
        return (words + ["--help"]).joined(separator: " ")
    }

    private static func asksForJSON(_ arguments: [String]) -> Bool {
        zip(arguments, arguments.dropFirst()).contains {
            ($0 == "-f" || $0 == "--format") && $1 == "json"
        } || arguments.contains("--format=json") || arguments.contains("-fjson")
            || arguments.contains("-f=json")
    }
}
