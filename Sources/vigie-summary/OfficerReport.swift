// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import LogStorage
import SummaryPages
import TransparencyLog

/// Whom a report is for.
enum Audience: String, CaseIterable, ExpressibleByArgument {
    /// The data-protection officer.
    case dpo
    /// The works council: its figures are protected, which takes the log.
    case cse
}

/// Renders a saved run for the officer, computing nothing anew.
struct OfficerReport: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain, .html] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "report",
            abstract: LocalizedText(
                fr: "Mettre en page, pour son lecteur, un audit gardé.",
                en: "Render a saved run of the audit for its reader."),
            discussion: LocalizedText(
                fr: """
                    Le rapport du délégué est une liste de contrôle, avec les règles qui prouvent \
                    chaque ligne, les dossiers, et les jours. Le CSE, lui, lit des chiffres \
                    protégés\u{202F}: `vigie summary`.
                    """,
                en: """
                    The officer's report is a check list, with the rules that prove each line, the \
                    cases, and the days. What the works council reads is protected figures: `vigie \
                    summary`.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Ce que `vigie audit --format json` a écrit.",
            en: "What `vigie audit --format json` wrote."))
    var run: String
    @Option(
        help: ArgumentHelp(
            fr: "Pour qui\u{202F}: dpo\u{202F}; le CSE a `vigie summary`.",
            en: "Whom it is for: dpo; the council has `vigie summary`."))
    var audience: Audience = .dpo
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de politiques, qui dit quelles règles ont été regardées.",
            en: "The folder of policies, which says what rules were looked at."))
    var policies: String
    @Option(
        help: ArgumentHelp(
            fr: """
                Le journal de l’audit\u{202F}: le rapport montre alors quels jours chaque source a \
                parlé.
                """,
            en: """
                The log of the run: the report then shows on which days each source told anything.
                """))
    var log: String?
    @Option(
        help: ArgumentHelp(
            fr: "Avec --log, sa clé de vérification, ou @FICHIER qui la contient.",
            en: "With --log, its verification key, or @FILE that holds it."))
    var key: String?

    func validate() throws {
        guard (log == nil) == (key == nil) else {
            throw UsageError.together("--log", "--key")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        guard audience == .dpo else {
            throw UsageError(
                fr: "les chiffres du CSE viennent de `vigie summary release`",
                en: "the council's figures come from `vigie summary release`")
        }
        let bytes = try TextFile.read(run, byteCountMax: RunRecord.byteCountMax)
        guard let text = String(validating: bytes, as: UTF8.self),
            let record = RunRecord(parsing: text)
        else { throw CommandError(code: .notAReport, place: .file(run)) }
        let folder = try FolderReader.policySet(policies)
        let sources = try sources(of: record, on: console)
        // A rule may have several sheets: `R30-total` is one of R30.
        let rules = Set(folder.rules.keys.map { String($0.prefix { $0 != "-" }) })
        let page = OfficerPage(
            record, rules: rules, sources: sources, console.language)
        try console.write(console.format == .html ? page.html : page.text)
        let broken = page.brokenCount
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: points avec constats\u{202F}: \(broken) sur 32.",
                en: "Verdict: points with findings: \(broken) of 32."),
            outputIsData: console.format == .html)
    }

    /// The days of each source, in the part of the log that the run judged.
    ///
    /// - Throws: ``Conduct/CommandError/Code/anotherLog`` if it is another log, or was altered.
    private func sources(of run: RunRecord, on console: Console) throws -> SourceDays? {
        guard let log, let key else { return nil }
        var options = LogOptions()
        (options.log, options.key) = (log, key)
        guard let verified = try options.verify(on: console).log, run.treeSize > 0,
            run.treeSize <= verified.treeSize
        else { throw CommandError(code: .anotherLog, place: .file(log)) }
        var sources = SourceDays()
        // Of purged days, what is still in force says nothing.
        try verified.replay(0..<run.treeSize) { entry in
            if !entry.isLeft { sources.add(entry) }
        }
        let prover = try LogProver(LogReader(log))
        let root = try prover.root(treeSize: run.treeSize)
        guard try prover.root(treeSize: verified.treeSize) == verified.rootHash,
            root.hex.utf8.elementsEqual(run.rootHash.utf8)
        else {
            throw CommandError(code: .anotherLog, place: .file(log))
        }
        return sources
    }
}
