// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import Glibc
import Sampling

/// Remakes the stories of `audit-samples/`, and what the audit says of each.
struct SampleStories: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "stories",
            abstract: LocalizedText(
                fr: "Refaire les petits journaux de audit-samples.",
                en: "Remake the small logs of audit-samples."))
    }

    @OptionGroup var conduct: ConductOptions

    @Option(
        help: ArgumentHelp(
            fr: "L’ensemble de politiques en vigueur dans les journaux.",
            en: "The policy set in force in the logs."))
    var policies = "policies/pilote-linkedin"

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier qui a un dossier par récit.",
            en: "The folder that has one folder for each story."))
    var out = "audit-samples"

    @Flag(
        help: ArgumentHelp(
            fr: "N’y rien écrire\u{202F}; échouer là où un fichier changerait.",
            en: "Write nothing there; fail where a file would change."))
    var check = false

    func perform(on console: Console) throws -> Verdict {
        let archive = try FolderReader.policyArchive(policies)
        var different: [String] = []
        for story in SampleStory.all {
            let kept = SampleFolder(out).folder(story.name)
            let made = check ? SampleFolder("out/samples").folder(story.name) : kept
            try writing {
                try story.write(to: made, policies: archive)
                try record(made, auditing: kept)
                guard check else { return }
                different += try made.differences(from: kept).map { "\(kept.path)/\($0)" }
                try made.remove()
            }
        }
        for path in different { try console.write(path + "\n") }
        let count = SampleStory.all.count
        guard different.isEmpty else {
            return Verdict(
                status: .findings,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: \(different.count) fichiers changeraient",
                    en: "Verdict: \(different.count) files would change"))
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(count) journaux d’exemple, à l’octet près",
                en: "Verdict: \(count) sample logs, byte for byte"))
    }

    /// Writes what the audit of a story says, as text and as JSON.
    private func record(_ folder: SampleFolder, auditing story: SampleFolder) throws {
        for (name, form) in [("expected.txt", ["--plain"]), ("expected.json", ["-f", "json"])] {
            try RecordedAudit(story: story, policies: policies)
                .run(form, to: "\(folder.path)/\(name)")
        }
    }
}

/// `vigie audit`, run as a person would, with its output in a file.
struct RecordedAudit {
    let story: SampleFolder
    let policies: String

    /// Runs it in French; what is not data is dropped.
    @discardableResult
    func run(_ form: [String], to path: String) throws -> Int32 {
        let output = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw SystemFailure.writing(path, errno) }
        defer { close(output) }
        return try Neighbour.run(
            "vigie",
            [
                "audit", story.path + "/log", "--key", "@\(story.path)/log.vkey",
                "--policies", policies, "--lang", "fr",
            ] + form, output: output)
    }
}
