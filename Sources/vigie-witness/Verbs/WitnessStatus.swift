// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Reporting
import TransparencyLog
import Witnessing

/// Says what a witness has seen, and what speaks against a log.
struct WitnessStatus: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status",
            abstract: LocalizedText(
                fr: "Dire ce que le témoin a vu.",
                en: "Say what the witness has seen."),
            discussion: LocalizedText(
                fr: "Le témoin peut tourner pendant ce temps.",
                en: "The witness may be running meanwhile."))
    }

    @OptionGroup var conduct: ConductOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de la mémoire du témoin.",
            en: "The folder of the witness's memory."), completion: .directory)
    var state: String

    /// What is known of one log.
    private struct Log {
        var origin: String
        var head: WitnessedHead?
        var evidence: [String]
    }

    func perform(on console: Console) throws -> Verdict {
        let folder = try WitnessFolder(reading: state)
        let logs = try folder.identifiers().map { identifier in
            Log(
                origin: try folder.keys(in: identifier).first?.name ?? identifier,
                head: try folder.head(in: identifier),
                evidence: try folder.evidence(in: identifier))
        }
        let forks = logs.flatMap(\.evidence).count { $0.hasPrefix(Self.fork) }
        let others = logs.flatMap(\.evidence).count - forks
        // A fork is proof; the rest may be somebody's mistake, and is worth a look.
        let status: ExitStatus =
            forks > 0 ? .integrityFailure : others > 0 ? .findings : .complete
        if console.format == .json {
            try console.write(document(folder.verificationKey, logs, status).rendered())
        } else {
            try console.write(folder.verificationKey.text + "\n")
            for log in logs { try console.write(Self.line(log)[console.language] + "\n") }
        }
        return Verdict(status: status, sentence: Self.sentence(logs.count, forks, others))
    }

    private static let fork = WitnessEvidence.Kind.fork.rawValue

    private static func line(_ log: Log) -> LocalizedText {
        guard let head = log.head else {
            return LocalizedText(
                fr: "\(log.origin)\u{202F}: rien de cosigné",
                en: "\(log.origin): nothing cosigned")
        }
        let (size, root) = (head.checkpoint.treeSize, head.checkpoint.rootHash.hex)
        let kept = log.evidence.map { "\n  \($0)" }.joined()
        return LocalizedText(
            fr: "\(log.origin)\u{202F}: \(size) entrées, racine \(root)\(kept)",
            en: "\(log.origin): \(size) entries, root \(root)\(kept)")
    }

    private static func sentence(_ logs: Int, _ forks: Int, _ others: Int) -> LocalizedText {
        if forks > 0 {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: DEUX HISTOIRES d’un même journal ont été présentées \
                    (preuves gardées\u{202F}: \(forks)).
                    """,
                en: """
                    Verdict: TWO HISTORIES of one log were presented (evidence kept: \(forks)).
                    """)
        }
        return LocalizedText(
            fr:
                "Verdict\u{202F}: journaux suivis\u{202F}: \(logs), refus gardés\u{202F}: \(others).",
            en: "Verdict: logs followed: \(logs), refusals kept: \(others).")
    }

    private func document(
        _ key: WitnessVerificationKey, _ logs: [Log], _ status: ExitStatus
    ) -> JSONNode {
        .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(true)), ("witness", .string(key.text)),
            (
                "logs",
                .array(
                    logs.map { log in
                        var members: [(String, JSONNode)] = [("origin", .string(log.origin))]
                        if let head = log.head {
                            members += [
                                ("size", .integer(Int64(clamping: head.checkpoint.treeSize))),
                                ("root", .string(head.checkpoint.rootHash.hex)),
                                ("time", .integer(Int64(clamping: head.seconds))),
                            ]
                        }
                        members.append(("evidence", .array(log.evidence.map { .string($0) })))
                        return .object(members)
                    })
            ),
        ])
    }
}
