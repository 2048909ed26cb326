// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A reason that the log gives to refuse an act on the vault.
struct IdentityRefusal: Diagnosable {
    /// The kinds of refusal, with raw values that never change.
    enum Code: String, CaseIterable {
        /// The log is not intact.
        case alteredLog = "IDN202"
        /// Neither consultation nor notice is in the log.
        case locked = "IDN203"
        /// The log does not hold the request and the approval.
        case notInLog = "IDN204"
        /// The approval is too old.
        case tooLate = "IDN205"
        /// A line of standard input is not as it should be.
        case badLine = "IDN206"
        /// Who acts and who asked are the same.
        case sameActor = "IDN207"
        /// Nobody is named.
        case nobody = "IDN208"
    }

    let code: Code
    let fact: String

    init(_ code: Code, _ fact: String = "") { (self.code, self.fact) = (code, fact) }

    var diagnostic: Diagnostic {
        let (message, remedy) = words
        return Diagnostic(
            code: code.rawValue, place: .nowhere, message: message, remedy: remedy)
    }

    private var words: (message: LocalizedText, remedy: LocalizedText) {
        switch code {
        case .alteredLog:
            (
                LocalizedText(
                    fr: "le journal `\(fact)` n’est pas intact",
                    en: "the log `\(fact)` is not intact"),
                LocalizedText(
                    fr: "lancez `vigie verify` et suivez ce qu’elle dit",
                    en: "run `vigie verify` and do what it says")
            )
        case .locked:
            (
                LocalizedText(
                    fr: """
                        le CSE central n’a pas été consulté, ou le personnel n’a pas été informé\u{202F}: \
                        aucun contrôle nominatif n’est permis
                        """,
                    en: """
                        the central works council was not consulted, or the staff not informed: no \
                        nominative control is allowed
                        """),
                LocalizedText(
                    fr: "consignez `cse.consult` et `notice.staff` d’abord (règle R21)",
                    en: "record `cse.consult` and `notice.staff` first (rule R21)")
            )
        case .notInLog:
            (
                LocalizedText(
                    fr: "le journal ne contient pas la demande et l’accord sous `\(fact)`",
                    en: "the log does not hold the request and the approval under `\(fact)`"),
                LocalizedText(
                    fr: "suivez les trois étapes\u{202F}: request, approve, open",
                    en: "follow the three steps: request, approve, open")
            )
        case .tooLate:
            (
                LocalizedText(
                    fr: "l’accord sous `\(fact)` date de plus de 72 heures",
                    en: "the approval under `\(fact)` is older than 72 hours"),
                LocalizedText(fr: "faites une nouvelle demande", en: "make a new request")
            )
        case .badLine:
            (
                LocalizedText(
                    fr: "la ligne \(fact) n’est pas de la forme attendue",
                    en: "line \(fact) is not of the expected form"),
                LocalizedText(
                    fr: "écrivez sur chaque ligne l’identifiant, une tabulation, le nom",
                    en: "write on each line the identifier, a tab, the name")
            )
        case .sameActor:
            (
                LocalizedText(
                    fr: "qui demande la levée ne peut pas l’approuver",
                    en: "who asks for a re-identification cannot approve it"),
                LocalizedText(
                    fr: "faites approuver par une autre personne",
                    en: "have another person approve")
            )
        case .nobody:
            (
                LocalizedText(fr: "aucune personne n’est désignée", en: "nobody is named"),
                LocalizedText(
                    fr: "donnez `--pid`, ou l’identifiant sur l’entrée standard",
                    en: "give `--pid`, or the identifier on standard input")
            )
        }
    }
}
