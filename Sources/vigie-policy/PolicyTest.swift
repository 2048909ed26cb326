// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import Conduct
import Diagnostics
import Reporting

/// Runs the cases of a policy set.
struct PolicyTest: Verb {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the cases of a policy set: given facts, decisions.")

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "The folder of the policy set.")
    var folder: String

    func perform(on console: Console) throws -> Verdict {
        let set = try FolderReader.policySet(folder)
        let cases = try FolderReader.policyCases(folder)
        let runs = cases.map { (test: $0, outcome: $0.run(set)) }
        let failed = runs.filter { !$0.outcome.isExpected }
        let status: ExitStatus =
            runs.isEmpty ? .incomplete : failed.isEmpty ? .complete : .findings
        if console.format == .json {
            try console.write(document(runs, status).rendered())
        } else {
            let shown = console.isVerbose ? runs : failed
            for run in shown { try console.write(line(run.test, run.outcome, console.language)) }
        }
        let (passed, all) = (runs.count - failed.count, runs.count)
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(passed) cas sur \(all) donnent la décision attendue.",
                en: "Verdict: \(passed) of \(all) cases give the expected decision."))
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
        _ runs: [(test: PolicyCase, outcome: PolicyCase.Outcome)], _ status: ExitStatus
    ) -> JSONNode {
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
        ])
    }
}
