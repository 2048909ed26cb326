// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import Conduct
import Cryptography
import Diagnostics
import Reporting

/// Reads a policy set and validates it against its schema.
struct PolicyCheck: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: LocalizedText(
                fr: "Lire un ensemble de politiques et le valider par son schéma.",
                en: "Read a policy set and validate it against its schema."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier de l’ensemble de politiques.",
            en: "The folder of the policy set."))
    var folder: String

    @Flag(
        help: ArgumentHelp(
            fr: """
                Dire aussi quelles politiques ne peuvent jamais s’appliquer, ou ne changent rien à \
                cause d’autres\u{202F}: code 1 s’il y en a, 4 si une question reste ouverte.
                """,
            en: """
                Say too which policies can never apply, or change nothing because of others: 1 if \
                some do, 4 if a question stays open.
                """))
    var analyse = false

    func perform(on console: Console) throws -> Verdict {
        let set = try FolderReader.policySet(folder)
        let (faults, warnings) = validate(set)
        (faults + warnings).forEach { console.diagnose($0) }
        let analysis =
            analyse && faults.isEmpty
            ? AnalysisReport(try PolicyInput(folder, schema: nil)) : nil
        let status = faults.isEmpty ? analysis?.status ?? .complete : .invalidPolicy
        if console.format == .json {
            let members = document(set, faults, warnings, status) + (analysis?.members ?? [])
            try console.write(JSONNode.object(members).rendered())
        } else {
            let text = summary(set)[console.language] + (analysis?.text(in: console.language) ?? "")
            try console.write(VisibleText(text, keepsLineFeeds: true).text)
        }
        let sentence =
            faults.isEmpty
            ? analysis?.sentence
                ?? LocalizedText(
                    fr: "Verdict\u{202F}: politiques valides.",
                    en: "Verdict: the policies are valid.")
            : LocalizedText(
                fr: "Verdict\u{202F}: politiques INVALIDES.",
                en: "Verdict: the policies are INVALID.")
        return Verdict(status: status, sentence: sentence)
    }

    /// The errors and the warnings of strict validation against the set's schema.
    private func validate(
        _ set: PolicySetFolder
    ) -> (faults: [Diagnostic], warnings: [Diagnostic]) {
        let result = set.schema.validate(set.policySet)
        func words(_ error: Cedar.ValidationError) -> Diagnostic? {
            let policy = set.policySet.policy(error.policyID)
            return policy.map { error.diagnostic(in: $0.source).inside(folder) }
        }
        return (result.errors.compactMap(words), result.warnings.compactMap(words))
    }

    private func summary(_ set: PolicySetFolder) -> LocalizedText {
        let count = set.policySet.policies.count
        return LocalizedText(
            fr: """
                \(set.title.french), version \(set.label)
                empreinte\u{202F}: \(set.version.hex)
                politiques\u{202F}: \(count)
                règles dans la durée\u{202F}: \(set.overTime.sheets.count)

                """,
            en: """
                \(set.title.english), version \(set.label)
                hash: \(set.version.hex)
                policies: \(count)
                rules over time: \(set.overTime.sheets.count)

                """)
    }

    private func document(
        _ set: PolicySetFolder, _ faults: [Diagnostic], _ warnings: [Diagnostic],
        _ status: ExitStatus
    ) -> [(String, JSONNode)] {
        [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(status.isComplete)), ("name", .string(set.name)),
            ("label", .string(set.label)), ("version", .string(set.version.hex)),
            ("policies", .integer(Int64(set.policySet.policies.count))),
            ("rules_over_time", .integer(Int64(set.overTime.sheets.count))),
            ("errors", .array(faults.map { .string($0.rendered(in: .english)) })),
            ("warnings", .array(warnings.map { .string($0.rendered(in: .english)) })),
        ]
    }
}
