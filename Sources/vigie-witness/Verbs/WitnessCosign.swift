// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog
import Witnessing

/// Asks witnesses to cosign a log's head, and keeps their cosignatures with the log.
struct WitnessCosign: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "cosign",
            abstract: LocalizedText(
                fr: "Faire cosigner la tête d’un journal par des témoins.",
                en: "Have a log's head cosigned by witnesses."),
            discussion: LocalizedText(
                fr: """
                    La tête est gardée sous sa taille, avec ses cosignatures à côté\u{202F}; la tête \
                    elle-même les reçoit aussi, sauf si on est en train d’écrire le journal. Un témoin \
                    qui a vu plus d’entrées qu’il n’y en a ici, ou d’autres, fait finir la commande \
                    par 2.
                    """,
                en: """
                    The head is kept under its size, with the cosignatures beside it; the head itself \
                    gets them too unless the log is being written. A witness that saw more entries \
                    than there are here, or others, ends the command with 2.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var asking: ExchangeOptions

    @Option(
        help: ArgumentHelp(
            fr: """
                Un fichier tlog-policy\u{202F}: ceux de ses témoins qui ont une adresse sont \
                interrogés.
                """,
            en: "A tlog-policy file: its witnesses that have an address are asked."))
    var policy: String?

    @Option(
        help: ArgumentHelp(
            fr: "L’adresse d’un témoin.",
            en: "The address of a witness."))
    var witness: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                La clé publique de ce témoin, telle que `vigie witness init` l’a montrée, ou @FICHIER \
                qui la contient.
                """,
            en: """
                The public key of that witness, as `vigie witness init` printed it, or @FILE that \
                holds it.
                """))
    var witnessKey: String?

    @OptionGroup var trial: TrialOptions

    private func witnesses() throws -> [(url: String, key: WitnessVerificationKey)] {
        var found: [(url: String, key: WitnessVerificationKey)] = []
        if let policy {
            for listed in try PolicyFile.read(policy).witnesses {
                if let url = listed.url { found.append((url, listed.key)) }
            }
        }
        if let witness, let witnessKey {
            found.append((witness, try Self.verificationKey(witnessKey)))
        }
        guard !found.isEmpty, (witness == nil) == (witnessKey == nil) else {
            throw WitnessFault(.noWitness, options.log)
        }
        return found
    }

    /// The key that a text is, or that the file holds whose path follows `@`.
    private static func verificationKey(_ text: String) throws -> WitnessVerificationKey {
        let path = text.hasPrefix("@") ? String(text.dropFirst()) : nil
        let bytes =
            try path.map { try TextFile.read($0, byteCountMax: 1 << 16) } ?? Array(text.utf8)
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
        guard let key = try? WitnessVerificationKey(parsing: line ?? "") else {
            throw WitnessFault(.badKey, path ?? "--witness-key")
        }
        return key
    }

    func perform(on console: Console) throws -> Verdict {
        let witnesses = try witnesses()
        let prover = try LogProver(LogReader(try options.folder()))
        // The log's own name, whichever of its keys signs by now: which that is, the log itself tells.
        let key = try options.verificationKey()
        guard key.name.utf8.elementsEqual(prover.head.checkpoint.origin.utf8) else {
            throw PlacedError(NoteError.noKnownSignature, .file(options.log))
        }
        let size = prover.head.checkpoint.treeSize
        if trial.dryRun { return try foresee(witnesses, size, console) }
        var cosignatures: [SignedNote.Signature] = []
        var outcomes: [(url: String, key: WitnessVerificationKey, failure: Diagnostic?)] = []
        for (url, key) in witnesses {
            do {
                let line = try ask(url, key, prover, console)
                cosignatures.append(line)
                if let seconds = key.timestamp(of: line, over: prover.head.note.text) {
                    ClockDifference.say(
                        of: Int64(clamping: seconds),
                        LocalizedText(fr: "du témoin \(key.name)", en: "the witness \(key.name)"),
                        on: console)
                }
                outcomes.append((url, key, nil))
                console.say(
                    LocalizedText(fr: "Cosigné par \(key.name)", en: "Cosigned by \(key.name)"))
            } catch {
                let diagnostics = Runner.diagnostics(of: error)
                diagnostics.forEach { console.diagnose($0) }
                outcomes.append((url, key, diagnostics.first))
            }
        }
        if !cosignatures.isEmpty { try keep(cosignatures, prover.head, on: console) }
        let statuses = outcomes.compactMap {
            $0.failure.map { ExitStatus(diagnosticCode: $0.code) }
        }
        let status =
            statuses.contains(.integrityFailure) ? .integrityFailure : statuses.first ?? .complete
        if console.format == .json {
            let nodes = outcomes.map { url, key, failure in
                JSONNode.object([
                    ("url", .string(url)), ("name", .string(key.name)),
                    ("cosigned", .boolean(failure == nil)),
                ])
            }
            try console.write(
                document: [
                    trial.member, ("size", .integer(Int64(clamping: size))),
                    ("witnesses", .array(nodes)),
                    (
                        "errors",
                        FailureDocument.errors(outcomes.compactMap(\.failure), in: console.language)
                    ),
                ], status: status)
        }
        return Verdict(
            status: status,
            sentence: Self.sentence(cosignatures.count, of: witnesses.count, size: size))
    }

    /// Names who would be asked, and asks nobody: only the answers tell what each has seen.
    private func foresee(
        _ witnesses: [(url: String, key: WitnessVerificationKey)], _ size: UInt64,
        _ console: Console
    ) throws -> Verdict {
        for (url, _) in witnesses { try asking.exchange(on: console).check(url) }
        if console.format == .json {
            let nodes = witnesses.map { url, key in
                JSONNode.object([
                    ("url", .string(url)), ("name", .string(key.name)),
                    ("cosigned", .boolean(false)),
                ])
            }
            try console.write(document: [
                trial.member, ("size", .integer(Int64(clamping: size))),
                ("witnesses", .array(nodes)), ("errors", .array([])),
            ])
        } else {
            for (url, key) in witnesses { try console.write("\(key.name) \(url)\n") }
        }
        let entries = LocalizedText.entries(size)
        let asked = LocalizedText.count(
            witnesses.count, fr: ("témoin", "témoins"), en: ("witness", "witnesses"))
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: la tête à \(entries.french) serait présentée à \
                    \(asked.french). Rien n’a changé.
                    """,
                en: """
                    Verdict: the head at \(entries.english) would be shown to \(asked.english). \
                    Nothing was changed.
                    """))
    }

    private static func sentence(_ count: Int, of all: Int, size: UInt64) -> LocalizedText {
        let (french, english) = (count > 1 ? "s" : "", all == 1 ? "" : "es")
        return LocalizedText(
            fr: """
                Verdict\u{202F}: tête à \(size) entrées cosignée par \(count) témoin\(french) \
                sur \(all).
                """,
            en: """
                Verdict: head at \(size) entries cosigned by \(count) of \(all) \
                witness\(english).
                """)
    }

    private func ask(
        _ url: String, _ key: WitnessVerificationKey, _ prover: LogProver, _ console: Console
    ) throws -> SignedNote.Signature {
        var client = WitnessClient(
            url: url, key: key, prover: prover, exchange: asking.exchange(on: console))
        var outcome = try client.cosign(prover.head)
        if case .unknownKey = outcome {
            try client.introduce(try options.check(on: console).keyEpochs)
            if let line = client.cosignature { return line }
            outcome = try client.cosign(prover.head)
        }
        switch outcome {
        case .cosigned(let line): return line
        case .unknownKey: throw WitnessFault(.refused, url, fact: "403")
        case .passed(let size): throw WitnessFault(.ahead, url, fact: "\(size)")
        }
    }

    private func keep(
        _ cosignatures: [SignedNote.Signature], _ head: CheckpointNote, on console: Console
    ) throws {
        let evidence = LogEvidence(options.log)
        try evidence.keep(head)
        try evidence.add(cosignatures, size: head.checkpoint.treeSize)
        guard try !evidence.addToHead(cosignatures, text: head.note.text) else { return }
        console.say(
            LocalizedText(
                fr: "Le journal est en cours d’écriture\u{202F}: cosignatures gardées à côté.",
                en: "The log is being written: the cosignatures are kept beside it."))
    }
}
