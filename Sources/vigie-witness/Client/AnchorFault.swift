// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics

/// A reason why an authority's answer is not kept as a time stamp over a log's checkpoint.
struct AnchorFault: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    enum Code: String, CaseIterable, Sendable {
        /// The answer is no time stamp over the checkpoint by an authority under the given roots.
        case notVerified = "WIT217"
        /// The authority refused.
        case refused = "WIT218"
        /// The checkpoint bears another time stamp already.
        case stampedAlready = "WIT219"
        /// No kept checkpoint of the log is the one that was stamped.
        case noSuchCheckpoint = "WIT220"
    }

    /// The kind of failure.
    var code: Code
    /// The address or the file concerned.
    var subject: String
    /// Why the answer was not believed.
    var failure: TimestampFailure?

    init(_ code: Code, _ subject: String, failure: TimestampFailure? = nil) {
        (self.code, self.subject, self.failure) = (code, subject, failure)
    }

    /// What an answer that was not believed is.
    init(_ failure: TimestampFailure, _ subject: String) {
        self.init(failure == .notGranted ? .refused : .notVerified, subject, failure: failure)
    }

    var diagnostic: Diagnostic {
        Diagnostic(
            code: code.rawValue, place: .file(subject), message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .notVerified:
            LocalizedText(
                fr: "horodatage refusé\u{202F}: \(cause.french)",
                en: "the time stamp is not believed: \(cause.english)")
        case .refused:
            LocalizedText(
                fr: "l’autorité d’horodatage refuse", en: "the time-stamping authority refuses")
        case .stampedAlready:
            LocalizedText(
                fr: "ce point de contrôle porte déjà un autre horodatage",
                en: "this checkpoint bears another time stamp already")
        case .noSuchCheckpoint:
            LocalizedText(
                fr: "aucun point de contrôle gardé n’est celui qui a été horodaté",
                en: "no kept checkpoint is the one that was stamped")
        }
    }

    private var cause: LocalizedText {
        switch failure {
        case .wrongImprint, .wrongNonce:
            LocalizedText(fr: "il répond à autre chose", en: "it answers something else")
        case .invalidSignature:
            LocalizedText(fr: "signature fausse", en: "the signature is wrong")
        case .untrusted:
            LocalizedText(
                fr: "aucune racine donnée ne mène à cette autorité",
                en: "no given root leads to this authority")
        case .wrongPurpose:
            LocalizedText(
                fr: "certificat qui n’est pas réservé à l’horodatage",
                en: "the certificate is not for time stamping alone")
        case .outOfValidity:
            LocalizedText(
                fr: "certificat qui n’était pas valable à cette date",
                en: "the certificate was not valid at that time")
        case .weakAlgorithm:
            LocalizedText(
                fr: "clé ou empreinte trop faible", en: "a key or a digest is too weak")
        case .malformed, .notGranted, .malformedRoots, nil:
            LocalizedText(
                fr: "ce n’est pas une réponse de la RFC 3161", en: "it is no answer of RFC 3161")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .notVerified:
            LocalizedText(
                fr:
                    "vérifiez l’adresse de l’autorité et le fichier de ses racines\u{202F}; rien n’a été gardé",
                en: "check the authority's address and the file of its roots; nothing was kept")
        case .refused:
            LocalizedText(
                fr: "demandez à l’autorité quelles requêtes elle accepte",
                en: "ask the authority which requests it takes")
        case .stampedAlready:
            LocalizedText(
                fr:
                    "rien n’est perdu\u{202F}: relancez `vigie log anchor` pour un point de contrôle plus récent",
                en: "nothing is lost: run `vigie log anchor` again for a newer checkpoint")
        case .noSuchCheckpoint:
            LocalizedText(
                fr: "donnez le journal pour lequel la requête a été faite",
                en: "give the log that the request was made for")
        }
    }
}
