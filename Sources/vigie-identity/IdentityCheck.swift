// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Identities
import LogStorage
import Reporting
import TransparencyLog

/// What the vault lacks, and what it holds though it should not.
struct VaultFindings {
    /// Pseudonyms of the log without a record, though nobody recorded their erasure.
    var missing: [Pseudonym] = []
    /// Pseudonyms with a record, though their erasure is in the log.
    var resurrected: [Pseudonym] = []

    var isEmpty: Bool { missing.isEmpty && resurrected.isEmpty }

    /// Compares a vault with a log; employees and job seekers alike.
    init(_ vault: IdentityVault, _ log: VerifiedLog) throws {
        var mentioned: Set<Pseudonym> = []
        var erased: Set<Pseudonym> = []
        try log.replay { entry in
            for field in [EntryField.actorPID, .subjectPID] {
                guard let pid = entry.string(field).flatMap(Pseudonym.init) else { continue }
                mentioned.insert(pid)
                if field == .subjectPID, entry.type == "erasure.perform" { erased.insert(pid) }
            }
        }
        let kept = try vault.pseudonyms()
        missing = mentioned.subtracting(erased).subtracting(kept).sorted { $0.text < $1.text }
        resurrected = erased.intersection(kept).sorted { $0.text < $1.text }
    }
}

/// Compares a vault with the log.
struct IdentityCheck: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: LocalizedText(
                fr: """
                    Trouver les preuves qui manquent, et les personnes revenues d’une sauvegarde.
                    """,
                en: "Find evidence that is missing, and persons who came back from a backup."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    var log: String

    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var key: String

    @OptionGroup var reading: ReadingOptions

    func perform(on console: Console) throws -> Verdict {
        try reading.check(log, on: console)
        let vault = try options.open()
        var options = LogOptions()
        (options.log, options.key) = (log, key)
        guard let verified = try options.verify(on: console).log else {
            throw IdentityRefusal(.alteredLog, log)
        }
        let findings = try VaultFindings(vault, verified)
        try reading.record(0..<verified.treeSize, of: log, on: console)
        let status: ExitStatus = findings.isEmpty ? .complete : .findings
        if console.format == .json {
            try console.write(document(findings, vault, status).rendered())
        } else {
            try print(findings, on: console)
        }
        let count = findings.missing.count + findings.resurrected.count
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: constats sur le coffre\u{202F}: \(count).",
                en: "Verdict: findings on the vault: \(count)."))
    }

    private func print(_ findings: VaultFindings, on console: Console) throws {
        let missing = LocalizedText(fr: "preuve manquante", en: "evidence missing")
        let resurrected = LocalizedText(
            fr: "réapparu après effacement", en: "resurrected after erasure")
        for pid in findings.missing {
            try console.write("\(pid.text)  \(missing[console.language])\n")
        }
        for pid in findings.resurrected {
            try console.write("\(pid.text)  \(resurrected[console.language])\n")
        }
    }

    private func document(
        _ findings: VaultFindings, _ vault: IdentityVault, _ status: ExitStatus
    ) -> JSONNode {
        .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(true)),
            ("custodians", .string(vault.custodians.fingerprint.hex)),
            ("evidence_missing", .array(findings.missing.map { .string($0.text) })),
            ("resurrected", .array(findings.resurrected.map { .string($0.text) })),
        ])
    }
}
