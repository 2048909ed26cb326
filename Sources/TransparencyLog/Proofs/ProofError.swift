// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A proof could not be made or read.
public struct ProofError: Diagnosable, Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// The file is not a proof.
        case malformedProof = "LOG141"
        /// The entry or the size lies outside what the head covers.
        case outsideHead = "LOG142"
        /// The entry's bytes are gone: purged, or lost.
        case missingEntry = "LOG143"
        /// The tiles and the entry do not give the root that was signed.
        case differsFromHead = "LOG144"
        /// The proof does not hold for the entry or the head that is given.
        case doesNotHold = "LOG145"
        /// The head of the proof has not the cosignatures that the reader's policy asks for.
        case quorumNotMet = "LOG146"
        /// The reader's policy lists logs, and none of them is the proof's.
        case unlistedLog = "LOG147"
    }

    /// The kind of failure.
    public var code: Code
    /// The entry concerned.
    public var index: UInt64?

    /// Makes an error from its parts.
    public init(_ code: Code, index: UInt64? = nil) {
        self.code = code
        self.index = index
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .malformedProof:
            LocalizedText(fr: "ce fichier n’est pas une preuve", en: "the file is not a proof")
        case .outsideHead:
            LocalizedText(
                fr: "hors de ce que couvre le point de contrôle",
                en: "outside what the checkpoint covers")
        case .missingEntry:
            LocalizedText(
                fr: "les octets de cette entrée n’existent plus",
                en: "the bytes of this entry are gone")
        case .differsFromHead:
            LocalizedText(
                fr: "les fichiers ne donnent pas la racine signée",
                en: "the files do not give the signed root")
        case .doesNotHold:
            LocalizedText(
                fr: "la preuve ne tient pas pour l’entrée ou la tête donnée",
                en: "the proof does not hold for the entry or the head that is given")
        case .unlistedLog:
            LocalizedText(
                fr: "aucune ligne `log` de la politique n’a le nom du journal de la preuve",
                en: "no `log` line of the policy has the name of the proof's log")
        case .quorumNotMet:
            LocalizedText(
                fr: "la tête de la preuve n’a pas les cosignatures que demande la politique",
                en: "the head of the proof has not the cosignatures that the policy asks for")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .malformedProof:
            LocalizedText(
                fr: "donnez le fichier `.tlog-proof` tel que `vigie log prove` l’a écrit",
                en: "give the `.tlog-proof` file as `vigie log prove` wrote it")
        case .outsideHead:
            LocalizedText(
                fr:
                    "comptez à partir de 0\u{202F}; `vigie log status` dit ce que le point de contrôle "
                    + "couvre, `vigie log seal` signe ce qui suit",
                en: "count from 0; `vigie log status` says what the checkpoint covers, "
                    + "`vigie log seal` signs what follows")
        case .missingEntry, .differsFromHead:
            LocalizedText(
                fr: "lancez `vigie verify` pour savoir ce qui manque et pourquoi",
                en: "run `vigie verify` to see what is missing, and why")
        case .unlistedLog:
            LocalizedText(
                fr: "donnez la politique de ce journal, ou une preuve d’un journal qu’elle nomme",
                en: "give the policy of this log, or a proof of a log that it names")
        case .quorumNotMet:
            LocalizedText(
                fr: """
                    demandez une preuve faite après `vigie log cosign`\u{202F}; ne vous fiez pas à \
                    celle-ci avant
                    """,
                en: "ask for a proof made after `vigie log cosign`; do not rely on this one before")
        case .doesNotHold:
            LocalizedText(
                fr: """
                    comparez les octets avec ceux que `vigie log prove` a écrits\u{202F}; s’ils sont \
                    les mêmes, quelqu’un les a modifiés avant
                    """,
                en: """
                    compare the bytes with those that `vigie log prove` wrote; if they are the same, \
                    somebody altered them before
                    """)
        }
    }
}
