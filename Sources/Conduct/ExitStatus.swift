// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a command answers to the program that called it; no flag changes a meaning.
public enum ExitStatus: Int32, CaseIterable, Sendable {
    case complete = 0
    case findings = 1
    case integrityFailure = 2
    case invalidPolicy = 3
    case incomplete = 4
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case internalFailure = 70
    case cannotCreate = 73
    case inputOutput = 74
    case lockHeld = 75
    case noPermission = 77
    case badConfiguration = 78
    /// The reader of the output went away (128 + SIGPIPE).
    case brokenPipe = 141

    /// The one that counts when several hold: 2, then 3, then 4, then 1, then 0.
    public static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        let precedence: [ExitStatus] = [.integrityFailure, .invalidPolicy, .incomplete, .findings]
        return precedence.first { statuses.contains($0) } ?? .complete
    }

    /// Whether everything that was asked was done.
    public var isComplete: Bool { self == .complete || self == .findings }

    /// The meaning, as printed by `vigie help exit-codes`.
    public var meaning: LocalizedText {
        switch self {
        case .complete:
            LocalizedText(
                fr: "complet, intègre, rien au niveau de --fail-on ou au-dessus",
                en: "complete, intact, nothing at or above --fail-on")
        case .findings:
            LocalizedText(
                fr: "complet et intègre, avec des constats", en: "complete and intact, findings")
        case .integrityFailure:
            LocalizedText(
                fr: "intégrité rompue\u{202F}: le journal a été altéré, et rien d’autre n’est jugé",
                en: "integrity failure: the log was altered, and nothing else is judged")
        case .invalidPolicy:
            LocalizedText(
                fr: "politique, schéma ou dérogation invalide\u{202F}: rien n’a été jugé",
                en: "policy, schema or waiver file invalid: nothing was judged")
        case .incomplete:
            LocalizedText(
                fr:
                    "incomplet\u{202F}: entrées illisibles, version de politique inconnue, ou rien à juger",
                en: "incomplete: unreadable entries, unknown policy version, or nothing selected")
        case .usage: LocalizedText(fr: "commande mal écrite", en: "command line usage error")
        case .badData: LocalizedText(fr: "données d’entrée incorrectes", en: "input data incorrect")
        case .noInput:
            LocalizedText(fr: "fichier ou dossier absent", en: "no such input file or folder")
        case .unavailable: LocalizedText(fr: "service indisponible", en: "service unavailable")
        case .internalFailure:
            LocalizedText(fr: "défaut du programme", en: "internal failure: a fault of the program")
        case .cannotCreate:
            LocalizedText(fr: "impossible de créer un fichier", en: "cannot create an output file")
        case .inputOutput: LocalizedText(fr: "erreur d’entrée-sortie", en: "input or output error")
        case .lockHeld:
            LocalizedText(
                fr: "journal verrouillé par un autre", en: "log locked by another process")
        case .noPermission: LocalizedText(fr: "droits insuffisants", en: "permission denied")
        case .badConfiguration:
            LocalizedText(fr: "configuration erronée", en: "configuration error")
        case .brokenPipe:
            LocalizedText(
                fr: "le lecteur de la sortie est parti (128 + signal)",
                en: "the reader of the output went away (128 + signal)")
        }
    }
}
