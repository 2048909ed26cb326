// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import Reporting
import Reviewing
import TransparencyLog

/// Compares two runs, or one log under two policy sets.
struct Diff: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diff",
            abstract: LocalizedText(
                fr: """
                    Dire ce qui a changé\u{202F}: entre deux audits, ou sous un autre ensemble de \
                    politiques.
                    """,
                en: "Say what changed: between two runs, or under another policy set."),
            usage: LocalizedText(
                fr: """
                    vigie diff AUDIT1 AUDIT2
                    vigie diff --policies ANCIEN NOUVEAU JOURNAL --key CLÉ [--regions CODES]
                    """,
                en: """
                    vigie diff RUN1 RUN2
                    vigie diff --policies OLD NEW LOG --key KEY [--regions CODES]
                    """),
            discussion: LocalizedText(
                fr: """
                    AUDIT1 et AUDIT2 sont des rapports JSON de `vigie audit`. Code 1 si le second a \
                    des constats que le premier n’avait pas.

                    Avec --policies, le journal est rejoué sous les dossiers ANCIEN et NOUVEAU, comme \
                    si chacun avait été en vigueur tout le temps, et les décisions qui diffèrent sont \
                    comptées par politique, région et mois. Avec --regions, le pilote est supposé \
                    avoir cours dans ces régions sous NOUVEAU\u{202F}: ainsi une extension s’essaie \
                    avant de se décider.
                    """,
                en: """
                    RUN1 and RUN2 are JSON reports of `vigie audit`. It exits 1 if the second has \
                    findings that the first had not.

                    With --policies, the log is replayed under the folders OLD and NEW, each as if it \
                    had been in force all the time, and the decisions that differ are counted by \
                    policy, region and month. With --regions, the pilot is taken to run in these \
                    regions under NEW: so an extension is tried before it is decided.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Flag(
        help: ArgumentHelp(
            fr: """
                Comparer deux ensembles de politiques sur un journal\u{202F}: ANCIEN NOUVEAU JOURNAL.
                """,
            en: "Compare two policy sets on one log: OLD NEW LOG."))
    var policies = false

    @Option(
        help: ArgumentHelp(
            fr: "Avec --policies, la clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "With --policies, the verification key of the log, or @FILE that holds it."))
    var key: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Avec --policies, les régions du pilote sous NOUVEAU\u{202F}: des codes INSEE \
                séparés par des virgules, ou `all` pour celles de tout le pays.
                """,
            en: """
                With --policies, the regions of the pilot under NEW: INSEE codes with commas \
                between, or `all` for those of the whole country.
                """))
    var regions: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Code 1 à partir de cette gravité d’un nouveau constat\u{202F}: low, medium, high, \
                critical, never.
                """,
            en: """
                Exit 1 from this severity of a new finding on: low, medium, high, critical, never.
                """))
    var failOn: FailThreshold = .low

    @OptionGroup var reading: ReadingOptions

    @Argument(
        help: ArgumentHelp(
            fr: """
                Deux rapports\u{202F}; ou, avec --policies, deux dossiers de politiques et un journal.
                """,
            en: "Two reports; or, with --policies, two folders of policies and a log."))
    var paths: [String]

    /// The regions of France, INSEE codes.
    private static let allRegions = [
        "01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76",
        "84", "93", "94",
    ]

    func validate() throws {
        guard paths.count == (policies ? 3 : 2) else {
            throw policies
                ? UsageError(
                    fr: "`--policies` demande ANCIEN NOUVEAU JOURNAL",
                    en: "`--policies` takes OLD NEW LOG")
                : UsageError(
                    fr: "donnez deux rapports\u{202F}: AUDIT1 AUDIT2",
                    en: "give two reports: RUN1 RUN2")
        }
        guard policies == (key != nil) else {
            throw UsageError.together("--policies", "--key")
        }
        guard policies || regions == nil else {
            throw UsageError(
                fr: "`--regions` va avec `--policies`", en: "`--regions` is for `--policies`")
        }
        guard chosenRegions?.allSatisfy({ Self.allRegions.contains($0) }) ?? true else {
            throw UsageError(
                fr: "`--regions` demande des codes INSEE de régions, comme 75,84, ou `all`",
                en: "`--regions` takes INSEE codes of regions, as 75,84, or `all`")
        }
    }

    private var chosenRegions: [String]? {
        guard let regions else { return nil }
        return regions == "all"
            ? Self.allRegions
            : regions.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    func perform(on console: Console) throws -> Verdict {
        try policies ? comparePolicies(on: console) : compareRuns(on: console)
    }

    private func compareRuns(on console: Console) throws -> Verdict {
        let runs = try paths.map { path in
            try RunReport(parsing: TextFile.read(path), file: path)
        }
        let difference = try RunDifference(from: runs[0], to: runs[1])
        let isBad = (difference.claims[.new] ?? []).contains {
            !$0.isWaived && failOn.covers($0.severity)
        }
        let status: ExitStatus =
            difference.isComplete ? (isBad ? .findings : .complete) : .incomplete
        if console.format == .json {
            try console.write(difference.json(exitCode: Int(status.rawValue)).rendered())
        } else {
            try console.write(difference.table(in: console.language))
        }
        let (new, fixed, open) = (
            difference.count(.new), difference.count(.fixed), difference.count(.open)
        )
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: constats nouveaux \(new), disparus \(fixed), toujours ouverts \
                    \(open).
                    """,
                en: "Verdict: findings new \(new), fixed \(fixed), still open \(open)."))
    }

    private func comparePolicies(on console: Console) throws -> Verdict {
        try reading.check(paths[2], on: console)
        let sets = try paths.prefix(2).map { try PolicySetFolder(FolderReader.policyArchive($0)) }
        let log = try ReviewedLog.verified(
            paths[2], key: try LogOptions.verificationKey(key ?? ""))
        let trial = PolicyTrial(old: sets[0], new: sets[1], newRegions: chosenRegions)
        let difference = try trial.run(log, workers: LogOptions.processorCount)
        try reading.record(0..<log.entries.treeSize, of: paths[2], on: console)
        let status: ExitStatus = difference.examinedCount > 0 ? .complete : .incomplete
        if console.format == .json {
            try console.write(difference.json(exitCode: Int(status.rawValue)).rendered())
        } else {
            try console.write(difference.table(in: console.language))
        }
        let counts = difference.changedCounts
        func count(_ change: PolicyDifference.Change, _ language: Language) -> String {
            Sentence.count(counts[change] ?? 0, language)
        }
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: décisions qui changeraient\u{202F}: refusées \
                    \(count(.becomesDenied, .french)), permises \(count(.becomesAllowed, .french)).
                    """,
                en: """
                    Verdict: decisions that would change: denied \
                    \(count(.becomesDenied, .english)), permitted \
                    \(count(.becomesAllowed, .english)).
                    """))
    }
}
