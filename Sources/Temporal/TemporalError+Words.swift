// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension TemporalError.Code {
    /// The clause before the user's text.
    var sentence: (french: String, english: String) {
        switch self {
        case .unknownCharacter: ("caractère inattendu", "unexpected character")
        case .unexpectedToken: ("mot inattendu", "unexpected token")
        case .numberTooLarge: ("nombre trop grand", "number too large")
        case .formulaTooLarge: ("formule trop grande", "formula too large")
        case .unknownRelation: ("relation inconnue", "unknown relation")
        case .typeClash: ("types incompatibles dans", "incompatible types in")
        case .emptyInterval: ("intervalle vide ou négatif", "empty or negative interval")
        case .unboundedFuture: ("futur sans borne dans", "unbounded future in")
        case .malformedLet: ("définition mal formée", "malformed definition")
        case .malformedAggregation: ("agrégation mal formée", "malformed aggregation")
        case .notMonitorable: ("formule non surveillable", "formula cannot be monitored")
        case .invalidPattern: ("motif invalide", "invalid pattern")
        case .invalidTuple: ("valeurs non conformes à la signature", "values unlike the signature")
        case .timestampOutOfOrder: ("horodatage antérieur au précédent", "timestamp goes back")
        case .arithmeticFailure: ("calcul impossible dans", "impossible arithmetic in")
        case .patternTooCostly: ("motif trop coûteux", "pattern too costly")
        case .stateTooLarge: ("état trop grand pour", "state too large for")
        }
    }

    /// What the reader can do.
    var remedy: LocalizedText {
        switch self {
        case .unknownCharacter, .unexpectedToken:
            LocalizedText(fr: "corriger le texte à cet endroit", en: "correct the text there")
        case .numberTooLarge, .arithmeticFailure:
            LocalizedText(fr: "rester dans 64 bits", en: "stay within 64 bits")
        case .formulaTooLarge:
            LocalizedText(
                fr: "couper la formule en plusieurs", en: "split the formula into several")
        case .unknownRelation:
            LocalizedText(
                fr: "la déclarer dans la signature", en: "declare it in the signature")
        case .typeClash:
            LocalizedText(
                fr: "convertir avec i2f, f2i, i2s, s2i, f2s ou s2f",
                en: "convert with i2f, f2i, i2s, s2i, f2s or s2f")
        case .emptyInterval:
            LocalizedText(
                fr: "écrire d’abord la plus petite borne", en: "write the smaller bound first")
        case .unboundedFuture:
            LocalizedText(
                fr: "donner un délai, par exemple [0,30d]",
                en: "give a deadline, for example [0,30d]")
        case .malformedLet:
            LocalizedText(
                fr: "donner pour paramètres les variables libres de la définition",
                en: "give the free variables of the definition as parameters")
        case .malformedAggregation:
            LocalizedText(
                fr: "agréger et grouper par des variables libres de la formule",
                en: "aggregate and group by free variables of the formula")
        case .notMonitorable:
            LocalizedText(
                fr: "lier d’abord chaque variable par une relation",
                en: "bind each variable by a relation first")
        case .invalidPattern, .patternTooCostly:
            LocalizedText(fr: "simplifier le motif", en: "simplify the pattern")
        case .invalidTuple:
            LocalizedText(
                fr: "comparer le journal et la signature",
                en: "compare the log with the signature")
        case .timestampOutOfOrder:
            LocalizedText(fr: "trier le journal", en: "sort the log")
        case .stateTooLarge:
            LocalizedText(fr: "réduire l’intervalle", en: "shorten the interval")
        }
    }
}
