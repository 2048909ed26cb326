// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import Conduct
import Diagnostics
import Reporting

/// Runs the cases of a policy set.
struct PolicyTest: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "test",
            abstract: LocalizedText(
                fr: """
                    Passer les cas d’un ensemble de politiques, et les journaux d’exemple de ses \
                    règles.
                    """,
                en: "Run the cases of a policy set, and the example logs of its rules."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier de l’ensemble de politiques.",
            en: "The folder of the policy set."))
    var folder: String

    func perform(on console: Console) throws -> Verdict {
        let set = try FolderReader.policySet(folder)
        let cases = try FolderReader.policyCases(folder)
        let runs = cases.map { (test: $0, outcome: $0.run(set)) }
        let failed = runs.filter { !$0.outcome.isExpected }
        let examples = set.overTime.runExamples()
        let wrong = examples.filter { !$0.isExpected }
        let status: ExitStatus =
            runs.isEmpty ? .incomplete : failed.isEmpty && wrong.isEmpty ? .complete : .findings
        if console.format == .json {
            try console.write(document(runs, examples, status).rendered())
        } else {
            let shown = console.isVerbose ? runs : failed
            for run in shown { try console.write(line(run.test, run.outcome, console.language)) }
            for example in console.isVerbose ? examples : wrong {
                try console.write(line(example, console.language))
            }
        }
        let all = runs.count + examples.count
        let passed = all - failed.count - wrong.count
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(passed) cas sur \(all) donnent ce qui est attendu.",
                en: "Verdict: \(passed) of \(all) cases give what is expected."))
    }

    private func line(
        _ test: PolicyCase, _ outcome: PolicyCase.Outcome, _ language: Language
    ) -> String {
        let place = test.place.inside(folder).rendered(in: language)
        let expected = Self.words(test.expected, test.policies, test.errors)
        let found = Self.words(outcome.decision, outcome.policies, outcome.failed)
        let text =
            outcome.isExpected
            ? LocalizedText(fr: "conforme", en: "as expected")
            : LocalizedText(
                fr: "attendu \(expected.french), obtenu \(found.french)",
                en: "expected \(expected.english), got \(found.english)")
        return VisibleText("\(place): \(test.name): \(text[language])").text + "\n"
    }

    private func line(_ example: OverTimeRules.ExampleRun, _ language: Language) -> String {
        let text =
            example.isExpected
            ? LocalizedText(fr: "conforme", en: "as expected")
            : LocalizedText(fr: "verdict inattendu", en: "unexpected verdict")
        return VisibleText("\(example.rule): \(example.name): \(text[language])").text + "\n"
    }

    private static func words(
        _ decision: Decision, _ policies: [PolicyID], _ failed: [PolicyID]
    ) -> LocalizedText {
        let text = "\(decision.rawValue) [\(policies.joined(separator: ", "))]"
        let list = failed.joined(separator: ", ")
        return LocalizedText(
            fr: text + (failed.isEmpty ? "" : " (en erreur\u{202F}: \(list))"),
            en: text + (failed.isEmpty ? "" : " (failing: \(list))"))
    }

    private func document(
        _ runs: [(test: PolicyCase, outcome: PolicyCase.Outcome)],
        _ examples: [OverTimeRules.ExampleRun], _ status: ExitStatus
    ) -> JSONNode {
        let histories = examples.map { example -> JSONNode in
            .object([
                ("rule", .string(example.rule)), ("name", .string(example.name)),
                ("passed", .boolean(example.isExpected)),
            ])
        }
        let cases = runs.map { run -> JSONNode in
            .object([
                ("name", .string(run.test.name)),
                ("place", .string(run.test.place.inside(folder).rendered(in: .english))),
                ("passed", .boolean(run.outcome.isExpected)),
                ("expected", .string(run.test.expected.rawValue)),
                ("decision", .string(run.outcome.decision.rawValue)),
                ("policies", .array(run.outcome.policies.map { .string($0) })),
                ("failed_policies", .array(run.outcome.failed.map { .string($0) })),
            ])
        }
        return .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(status.isComplete)), ("cases", .array(cases)),
            ("examples", .array(histories)),
        ])
    }
}
