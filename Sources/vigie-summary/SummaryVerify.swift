// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import SummaryPages
import TransparencyLog

/// Verifies a summary on the machine of whoever received it.
struct SummaryVerify: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: LocalizedText(
                fr: """
                    Vérifier une synthèse reçue\u{202F}: sa signature, ses chiffres, et le journal \
                    derrière elle.
                    """,
                en: """
                    Verify a summary that was received: signature, figures, and the log behind it.
                    """),
            discussion: LocalizedText(
                fr: """
                    Avec --last FICHIER, la tête du journal est comparée à celle de la synthèse \
                    d’avant, et gardée pour la suivante.
                    """,
                en: """
                    With --last FILE the head of the log is compared with the one of the summary \
                    before, and kept for the next.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier reçu.",
            en: "The file that was received."))
    var file: String

    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var key: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier qui garde la dernière tête du journal vue sur cette machine.",
            en: "The file that keeps the last head of the log seen on this machine."))
    var last: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                La clé de vérification de votre témoin\u{202F}: le journal doit prolonger une tête \
                qu’il a cosignée.
                """,
            en: """
                The verification key of your witness: the log must continue a head that it \
                cosigned.
                """)
    )
    var witness: String?

    func perform(on console: Console) throws -> Verdict {
        let key = try verificationKey()
        let witness = try witness.map { try WitnessVerificationKey(parsing: Self.text($0)) }
        let bytes = try TextFile.read(file, byteCountMax: SummaryFile.byteCountMax)
        let verification = SummaryVerification(
            bytes, key: key, last: try lastHead(), witness: witness)
        for check in verification.checks {
            let word: LocalizedText =
                switch check.holds {
                case true: LocalizedText(fr: "oui", en: "yes")
                case false: LocalizedText(fr: "NON", en: "NO")
                default: LocalizedText(fr: "non vérifiable ici", en: "cannot be checked here")
                }
            let colon = console.language == .french ? "\u{202F}:" : ":"
            try console.write(
                "\(check.title[console.language])\(colon) \(word[console.language])\n")
        }
        guard verification.isIntact else {
            return Verdict(
                status: .integrityFailure,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: NE PAS SE FIER à ce fichier.",
                    en: "Verdict: DO NOT TRUST this file."))
        }
        if let last, let head = verification.head { try TextFile.write(head.text, to: last) }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: synthèse authentique, telle qu’elle a été diffusée.",
                en: "Verdict: authentic summary, as it was released."))
    }

    private func verificationKey() throws -> LogVerificationKey {
        try LogVerificationKey(parsing: Self.text(key))
    }

    /// A key as it was given, or the first line of the `@FILE` that holds it.
    private static func text(_ given: String) throws -> String {
        guard given.hasPrefix("@") else { return given }
        let bytes = try TextFile.read(String(given.dropFirst()), byteCountMax: 1 << 16)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// The head that this machine kept; nil the first time.
    private func lastHead() throws -> Checkpoint? {
        guard let last else { return nil }
        do {
            let bytes = try TextFile.read(last, byteCountMax: 1 << 16)
            return try Checkpoint(parsing: String(decoding: bytes, as: UTF8.self))
        } catch let error as CommandError where error.code == .notFound {
            return nil
        }
    }
}
