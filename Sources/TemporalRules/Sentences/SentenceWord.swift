// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The fixed words of the sentences, each with its spellings in both languages.
enum SentenceWord: CaseIterable {
    case after, every, followedBy, within, unless, while_, until, orWithin, if_, warningAfter
    case countedFrom, no, onlyIf, before, andNo, since, neverBoth, never, and, or, atMost
    case distinct, total, of, per, in_, openFrom, to, startingAgainAfter, eachTime, medianPlus, mad
    case over, atLeast, active, above

    /// The spellings: words with one space between them.
    var spellings: [Language: [String]] {
        switch self {
        case .after: [.english: ["after"], .french: ["après"]]
        case .every: [.english: ["every"], .french: ["chaque"]]
        case .followedBy:
            [.english: ["is followed by"], .french: ["est suivi de", "est suivie de"]]
        case .within: [.english: ["within"], .french: ["sous", "dans les", "dans"]]
        case .unless: [.english: ["unless"], .french: ["sauf"]]
        case .while_: [.english: ["while"], .french: ["tant que"]]
        case .until: [.english: ["until"], .french: ["jusqu' à"]]
        case .orWithin: [.english: ["or within"], .french: ["ou sous", "ou dans les", "ou dans"]]
        case .if_: [.english: ["if"], .french: ["si"]]
        case .warningAfter: [.english: ["warning after"], .french: ["alerte après"]]
        case .countedFrom: [.english: ["counted from"], .french: ["à compter de"]]
        case .no: [.english: ["no"], .french: ["pas de", "pas d'", "aucun", "aucune"]]
        case .onlyIf: [.english: ["only if"], .french: ["seulement si"]]
        case .before: [.english: ["before"], .french: ["avant"]]
        case .andNo: [.english: ["and no"], .french: ["et pas de", "et pas d'", "et aucun"]]
        case .since: [.english: ["since"], .french: ["depuis"]]
        case .neverBoth: [.english: ["never both"], .french: ["jamais à la fois"]]
        case .never: [.english: ["never"], .french: ["jamais"]]
        case .and: [.english: ["and"], .french: ["et"]]
        case .or: [.english: ["or"], .french: ["ou"]]
        case .atMost: [.english: ["at most"], .french: ["au plus"]]
        case .distinct: [.english: ["distinct"], .french: ["distincts", "distinctes", "distinct"]]
        case .total: [.english: ["total"], .french: ["total"]]
        case .of: [.english: ["of"], .french: ["de", "d'"]]
        case .per: [.english: ["per"], .french: ["par"]]
        case .in_: [.english: ["in"], .french: ["en"]]
        case .openFrom: [.english: ["open from"], .french: ["ouverts de", "ouvertes de"]]
        case .to: [.english: ["to"], .french: ["à"]]
        case .startingAgainAfter:
            [.english: ["starting again after"], .french: ["en recommençant après"]]
        case .eachTime: [.english: ["each time"], .french: ["à chaque fois"]]
        case .medianPlus: [.english: ["median +"], .french: ["médiane +"]]
        case .mad: [.english: ["MAD"], .french: ["MAD", "EAM"]]
        case .over: [.english: ["over"], .french: ["sur"]]
        case .atLeast: [.english: ["at least"], .french: ["au moins"]]
        case .active: [.english: ["active"], .french: ["actifs", "actif"]]
        case .above: [.english: ["above"], .french: ["au-delà de"]]
        }
    }

    /// The first spelling, as people write it.
    func text(in language: Language) -> String {
        (spellings[language]?.first ?? "").replacing("' ", with: "’")
    }
}

/// The units of time, each with its spellings in both languages, the longest first.
enum SentenceUnit: CaseIterable {
    case civilDay, workingDay, week, month, second, minute, hour, day

    var spellings: [Language: [String]] {
        switch self {
        case .civilDay:
            [.english: ["civil days", "civil day"], .french: ["jours civils", "jour civil"]]
        case .workingDay:
            [
                .english: ["working days", "working day"],
                .french: ["jours ouvrés", "jour ouvré"],
            ]
        case .week: [.english: ["ISO week"], .french: ["semaine ISO"]]
        case .month:
            [
                .english: ["civil month", "months", "month"], .french: ["mois civil", "mois"],
            ]
        case .second:
            [.english: ["seconds", "second", "s"], .french: ["secondes", "seconde", "s"]]
        case .minute:
            [.english: ["minutes", "minute", "min"], .french: ["minutes", "minute", "min"]]
        case .hour: [.english: ["hours", "hour", "h"], .french: ["heures", "heure", "h"]]
        case .day: [.english: ["days", "day", "d"], .french: ["jours", "jour", "j"]]
        }
    }
}
