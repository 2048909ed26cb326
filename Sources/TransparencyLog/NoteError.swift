// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why some text is not a key, a signed note or a checkpoint.
public enum NoteError: String, Error, CaseIterable, Hashable, Sendable {
    /// The text of a key is not in its form.
    case malformedKey = "LOG121"
    /// The key's hash is not that of its name and bytes.
    case keyHashMismatch = "LOG122"
    /// The key's algorithm is not Ed25519.
    case unknownAlgorithm = "LOG123"
    /// A key's name is empty, or holds a space or a plus sign.
    case invalidKeyName = "LOG124"
    /// The text is not a signed note.
    case malformedNote = "LOG125"
    /// The note is longer, or has more signatures, than is accepted.
    case oversizedNote = "LOG126"
    /// The note's text is not a checkpoint.
    case malformedCheckpoint = "LOG127"
    /// No signature of the note is by a known key.
    case noKnownSignature = "LOG128"
    /// A signature that names a known key is not that key's.
    case invalidSignature = "LOG129"
    /// The library could not sign.
    case signingFailed = "LOG130"
}

extension NoteError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: rawValue, message: message, remedy: remedy)
    }

    /// What is wrong, in one clause.
    public var message: LocalizedText {
        switch self {
        case .malformedKey:
            LocalizedText(fr: "texte de clé illisible", en: "the key's text is malformed")
        case .keyHashMismatch:
            LocalizedText(
                fr: "l’empreinte de la clé ne correspond pas", en: "the key's hash does not match")
        case .unknownAlgorithm:
            LocalizedText(fr: "algorithme de clé inconnu", en: "the key's algorithm is unknown")
        case .invalidKeyName:
            LocalizedText(fr: "nom de clé non admis", en: "the key's name is not allowed")
        case .malformedNote:
            LocalizedText(fr: "note signée illisible", en: "the signed note is malformed")
        case .oversizedNote:
            LocalizedText(fr: "note signée trop longue", en: "the signed note is too long")
        case .malformedCheckpoint:
            LocalizedText(fr: "point de contrôle illisible", en: "the checkpoint is malformed")
        case .noKnownSignature:
            LocalizedText(
                fr: "aucune signature d’une clé connue", en: "no signature by a known key")
        case .invalidSignature:
            LocalizedText(fr: "signature fausse", en: "a signature is wrong")
        case .signingFailed:
            LocalizedText(fr: "la signature a échoué", en: "signing failed")
        }
    }

    /// What the reader can do next.
    public var remedy: LocalizedText {
        switch self {
        case .malformedKey, .keyHashMismatch, .unknownAlgorithm, .invalidKeyName:
            LocalizedText(
                fr: "recopiez la clé telle que `vigie log init` l’a écrite",
                en: "copy the key as `vigie log init` wrote it")
        case .malformedNote, .oversizedNote, .malformedCheckpoint, .invalidSignature:
            LocalizedText(
                fr:
                    "ne vous fiez pas à ce fichier\u{202F}; comparez avec une copie gardée ailleurs",
                en: "do not trust this file; compare it with a copy kept elsewhere")
        case .noKnownSignature:
            LocalizedText(
                fr: """
                    donnez la clé de vérification de ce journal, ou de l’époque en cause\u{202F}: ses \
                    entrées `key.rotate` les annoncent
                    """,
                en: """
                    give the verification key of this log, or of the epoch in question: its \
                    `key.rotate` entries announce them
                    """)
        case .signingFailed:
            LocalizedText(
                fr: "vérifiez l’installation d’OpenSSL", en: "check the installation of OpenSSL")
        }
    }
}
