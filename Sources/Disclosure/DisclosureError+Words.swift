// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

extension DisclosureError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, message: words.message, remedy: words.remedy)
    }

    private var words: (message: LocalizedText, remedy: LocalizedText) {
        switch code {
        case .tableTooLarge, .valueOutOfRange, .relationBroken, .numbersTooLarge, .cannotProtect:
            wordsOfProtection
        case .notMandated, .rowsLocked: wordsOfMandate
        default: wordsOfRequest
        }
    }

    private var wordsOfProtection: (message: LocalizedText, remedy: LocalizedText) {
        let smaller = LocalizedText(
            fr: "demandez une période plus longue ou un tableau moins détaillé",
            en: "ask for a longer period or a less detailed table")
        return switch code {
        case .tableTooLarge:
            (
                LocalizedText(fr: "le tableau a trop de cases", en: "the table has too many cells"),
                smaller
            )
        case .valueOutOfRange:
            (
                LocalizedText(
                    fr: "un compte est négatif ou démesuré", en: "a count is negative or too large"),
                LocalizedText(fr: "vérifiez le journal", en: "verify the log")
            )
        case .relationBroken:
            (
                LocalizedText(
                    fr: "les totaux du tableau ne s’additionnent pas",
                    en: "the totals of the table do not add up"),
                LocalizedText(
                    fr: "signalez ce défaut, avec la commande et ce message",
                    en: "report this fault, with the command and this message")
            )
        case .numbersTooLarge:
            (
                LocalizedText(
                    fr: "la protection n’a pas pu être prouvée\u{202F}: calcul exact trop grand",
                    en: "protection could not be proved: the exact arithmetic grew too large"),
                smaller
            )
        default:
            (
                LocalizedText(
                    fr: "aucun masquage ne protège toutes les cases sensibles",
                    en: "no masking protects every sensitive cell"), smaller
            )
        }
    }

    private var wordsOfMandate: (message: LocalizedText, remedy: LocalizedText) {
        guard code == .rowsLocked else {
            return (
                LocalizedText(
                    fr: "aucune politique ne permet cette demande à `\(fact)`",
                    en: "no policy permits `\(fact)` this request"),
                LocalizedText(
                    fr: "consignez son mandat daté (`cse.appoint`), ou demandez son périmètre",
                    en: "record a dated mandate (`cse.appoint`), or ask within its perimeter")
            )
        }
        return (
            LocalizedText(
                fr: """
                    le CSE central n’a pas été consulté, ou le personnel n’a pas été informé\u{202F}: \
                    aucun extrait ligne à ligne n’est permis
                    """,
                en: """
                    the central works council was not consulted, or the staff not informed: no \
                    extract of rows is allowed
                    """),
            LocalizedText(
                fr: "consignez `cse.consult` et `notice.staff` d’abord (règle R21)",
                en: "record `cse.consult` and `notice.staff` first (rule R21)")
        )
    }

    private var wordsOfRequest: (message: LocalizedText, remedy: LocalizedText) {
        switch code {
        case .unknownPeriod:
            (
                LocalizedText(
                    fr: "`\(fact)` n’est pas une période du menu",
                    en: "`\(fact)` is not a period of the menu"),
                LocalizedText(
                    fr: "écrivez `2026-10`, `2026-W41`, `2026-Q4` ou `2026-10..2027-03`",
                    en: "write `2026-10`, `2026-W41`, `2026-Q4` or `2026-10..2027-03`")
            )
        case .unknownPerimeter:
            (
                LocalizedText(
                    fr: "`\(fact)` n’est pas un périmètre du menu",
                    en: "`\(fact)` is not a perimeter of the menu"),
                LocalizedText(
                    fr: "écrivez `all`, ou `region:` suivi d’un code INSEE",
                    en: "write `all`, or `region:` and an INSEE code")
            )
        case .unknownTable:
            (
                LocalizedText(
                    fr: "`\(fact)` n’est pas un tableau du menu",
                    en: "`\(fact)` is not a table of the menu"),
                LocalizedText(
                    fr: "lancez `vigie summary menu`", en: "run `vigie summary menu`")
            )
        case .openPeriod:
            (
                LocalizedText(
                    fr: "la période `\(fact)` n’est pas close", en: "period `\(fact)` is not closed"
                ),
                LocalizedText(
                    fr: "attendez sa fin, et le délai des événements tardifs",
                    en: "wait for its end, and for late events")
            )
        case .wouldReveal:
            (
                LocalizedText(
                    fr:
                        "avec ce qui a déjà été diffusé, la synthèse révélerait une case protégée\(combining(.french))",
                    en:
                        "with what was released before, the summary would reveal a protected cell\(combining(.english))"
                ),
                LocalizedText(
                    fr:
                        "demandez une période ou un périmètre déjà diffusés, ou attendez la suivante",
                    en: "ask for a period or a perimeter already released, or wait for the next")
            )
        case .purgedPeriod:
            (
                LocalizedText(
                    fr: "des entrées de la période `\(fact)` ont été purgées",
                    en: "entries of period `\(fact)` were purged"),
                LocalizedText(
                    fr: "demandez une période plus récente, ou une synthèse déjà diffusée",
                    en: "ask for a later period, or for a summary already released")
            )
        case .brokenLedger:
            (
                LocalizedText(
                    fr: "le registre des diffusions ne correspond pas au journal (`\(fact)`)",
                    en: "the ledger of releases does not match the log (`\(fact)`)"),
                LocalizedText(
                    fr: "restaurez les fichiers du dossier `summaries` du journal",
                    en: "restore the files of the log’s `summaries` folder")
            )
        default:
            (
                LocalizedText(
                    fr: "le budget annuel de chiffres bruités est épuisé (`\(fact)`)",
                    en: "the year’s budget for noisy figures is spent (`\(fact)`)"),
                LocalizedText(
                    fr: "redemandez une synthèse déjà diffusée",
                    en: "ask for a summary already released")
            )
        }
    }

    private func combining(_ language: Language) -> String {
        guard !fact.isEmpty else { return "" }
        return language == .french ? "\u{202F}: `\(fact)`" : ": `\(fact)`"
    }
}
