// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Why a server gave no answer that can be used.
enum NoAnswer: Error, Hashable, Sendable {
    case noAddress, unknownHost, refused, broken, tooLate, notBelieved, tooLong
    /// An HTTP status that the standard does not know here.
    case status(Int)
    /// What came is no answer of HTTP.
    case malformed
    /// No key could be agreed on under TLS: a server without it, most likely.
    case noSecureConnection
    /// The file of the roots cannot be used.
    case noRoots
    /// The environment names a proxy that cannot be used, or that lets nobody through.
    case badProxy, proxyRefused(Int)
    /// Another fault, by the number that libcurl has for it.
    case library(Int)

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
        case .malformed:
            LocalizedText(fr: "ce n’est pas une réponse HTTP", en: "this is no answer of HTTP")
        case .noSecureConnection:
            LocalizedText(
                fr: "aucune connexion chiffrée n’aboutit avec ce serveur",
                en: "no encrypted connection can be made with this server")
        case .noRoots:
            LocalizedText(
                fr: "le fichier que `SSL_CERT_FILE` nomme ne contient pas de racines en PEM",
                en: "the file that `SSL_CERT_FILE` names holds no roots in PEM")
        case .badProxy:
            LocalizedText(
                fr: "`https_proxy`, `http_proxy` ou `all_proxy` ne nomme pas un mandataire connu",
                en: "`https_proxy`, `http_proxy` or `all_proxy` names no known proxy")
        case .proxyRefused(let status):
            LocalizedText(
                fr: "le mandataire refuse, statut HTTP \(status)",
                en: "the proxy refuses, HTTP status \(status)")
        case .library(let number):
            LocalizedText(fr: "erreur \(number) de libcurl", en: "error \(number) of libcurl")
        }
    }
}
