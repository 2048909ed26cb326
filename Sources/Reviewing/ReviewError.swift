// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that a comparison or a step of a case is refused.
public struct ReviewError: Diagnosable, Hashable, Sendable {
    /// The kinds of refusal, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// The file is not the JSON report of an audit.
        case notARun = "REV101"
        /// The two runs are of different logs.
        case otherLog = "REV102"
        /// Nominative control is not allowed yet (rule R21).
        case locked = "REV103"
        /// The step does not follow the one before it.
        case outOfOrder = "REV104"
        /// The reviewer is in the adviser's line, or wrote the policy.
        case notIndependent = "REV105"
        /// The log has no such case.
        case noSuchCase = "REV106"
        /// The waiver would cover nothing.
        case invalidWaiver = "REV107"
        /// The log has no such waiver.
        case noSuchWaiver = "REV108"
        /// The log is not intact: nothing is reviewed.
        case altered = "REV109"
        /// No policy set has the rule of a waiver.
        case noSuchRule = "REV110"
    }

    /// The kind of refusal.
    public var code: Code
    /// What it is about: a file, a case, a waiver.
    public var fact: String
    /// What exactly is wrong, where there is more to say.
    public var detail: LocalizedText?
    /// Where it is.
    public var place: Place

    /// Makes the error.
    public init(
        _ code: Code, _ fact: String = "", _ detail: LocalizedText? = nil,
        at place: Place = .nowhere
    ) {
        (self.code, self.fact, self.detail, self.place) = (code, fact, detail, place)
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        var message = message
        if let detail {
            message = LocalizedText(
                fr: "\(message.french)\u{202F}: \(detail.french)",
                en: "\(message.english): \(detail.english)")
        }
        return Diagnostic(code: code.rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .notARun:
            LocalizedText(
                fr: "`\(fact)` n’est pas le rapport JSON d’un audit",
                en: "`\(fact)` is not the JSON report of an audit")
        case .otherLog:
            LocalizedText(
                fr: "les deux rapports ne portent pas sur le même journal",
                en: "the two reports are not about the same log")
        case .locked:
            LocalizedText(
                fr: "le contrôle nominatif n’est pas encore permis",
                en: "nominative control is not allowed yet")
        case .outOfOrder:
            LocalizedText(
                fr: "cette étape ne suit pas l’état du dossier `\(fact)`",
                en: "this step does not follow the state of case `\(fact)`")
        case .notIndependent:
            LocalizedText(
                fr: "`\(fact)` ne peut pas examiner ce dossier",
                en: "`\(fact)` may not review this case")
        case .noSuchCase:
            LocalizedText(fr: "aucun dossier `\(fact)`", en: "there is no case `\(fact)`")
        case .invalidWaiver:
            LocalizedText(
                fr: "cette dérogation est refusée", en: "this waiver is refused")
        case .noSuchWaiver:
            LocalizedText(fr: "aucune dérogation `\(fact)`", en: "there is no waiver `\(fact)`")
        case .altered:
            LocalizedText(fr: "le journal n’est pas intact", en: "the log is not intact")
        case .noSuchRule:
            LocalizedText(
                fr: "aucun jeu de règles n’a la règle `\(fact)`",
                en: "no policy set has the rule `\(fact)`")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .notARun:
            LocalizedText(
                fr: "donnez ce que `vigie audit --report json=FICHIER` a écrit",
                en: "give what `vigie audit --report json=FILE` wrote")
        case .otherLog:
            LocalizedText(
                fr: "donnez deux rapports du même journal", en: "give two reports of one log")
        case .locked:
            LocalizedText(
                fr:
                    "consignez d’abord `cse.consult` (niveau central) et `notice.staff` (règle R21)",
                en: "record `cse.consult` (level central) and `notice.staff` first (rule R21)")
        case .outOfOrder:
            LocalizedText(
                fr: "`vigie case show` dit où en est le dossier",
                en: "`vigie case show` says where the case is")
        case .notIndependent:
            LocalizedText(
                fr:
                    "`vigie case assign` désigne une personne hors de la ligne de l’agent, qui n’a pas écrit la politique",
                en:
                    "`vigie case assign` names a person outside the adviser's line who did not write the policy"
            )
        case .noSuchCase:
            LocalizedText(
                fr: "`vigie case list` les énumère", en: "`vigie case list` lists them")
        case .invalidWaiver:
            LocalizedText(
                fr: "corrigez la demande\u{202F}: `docs/rules.md` dit ce qu’elle doit contenir",
                en: "correct the request: `docs/rules.md` says what it must hold")
        case .noSuchWaiver:
            LocalizedText(
                fr: "`vigie waiver list` les énumère", en: "`vigie waiver list` lists them")
        case .altered:
            LocalizedText(
                fr: "lancez `vigie verify`, ne changez rien et gardez une copie",
                en: "run `vigie verify`, change nothing and keep a copy")
        case .noSuchRule:
            LocalizedText(
                fr: "donnez une de ces règles, ou avec `--policies` le dossier qui a celle-ci",
                en: "give one of these rules, or with `--policies` the folder that has this one")
        }
    }
}
