// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation

/// Why a server gave no answer that can be used.
enum NoAnswer: Hashable, Sendable {
    case noAddress, unknownHost, refused, broken, tooLate, notBelieved, tooLong
    /// An HTTP status that the standard does not know here.
    case status(Int)
    /// Another error of the system's, by its number.
    case other(Int)

    /// What a failed connection says.
    init(_ error: any Error) {
        self =
            switch (error as? URLError)?.code {
            case .badURL, .unsupportedURL: .noAddress
            case .cannotFindHost, .dnsLookupFailed: .unknownHost
            case .cannotConnectToHost, .notConnectedToInternet: .refused
            case .networkConnectionLost: .broken
            case .timedOut: .tooLate
            case .secureConnectionFailed, .serverCertificateUntrusted,
                .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
                .serverCertificateNotYetValid:
                .notBelieved
            default: .other((error as NSError).code)
            }
    }

    /// A clause that says it.
    var words: LocalizedText {
        switch self {
        case .noAddress:
            LocalizedText(
                fr: "ce n’est pas une adresse `http` ou `https`",
                en: "this is no `http` or `https` address")
        case .unknownHost:
            LocalizedText(fr: "machine inconnue", en: "the host is unknown")
        case .refused:
            LocalizedText(
                fr: "la connexion n’aboutit pas", en: "the connection cannot be made")
        case .broken:
            LocalizedText(fr: "la connexion est rompue", en: "the connection broke")
        case .tooLate:
            LocalizedText(fr: "rien n’est venu à temps", en: "nothing came in time")
        case .notBelieved:
            LocalizedText(
                fr: "le certificat du serveur n’est pas reconnu",
                en: "the server's certificate is not believed")
        case .tooLong:
            LocalizedText(fr: "la réponse est trop longue", en: "the answer is too long")
        case .status(let status):
            LocalizedText(fr: "statut HTTP \(status)", en: "HTTP status \(status)")
        case .other(let number):
            LocalizedText(fr: "erreur réseau \(number)", en: "network error \(number)")
        }
    }
}
