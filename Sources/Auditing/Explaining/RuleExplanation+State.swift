// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics

extension RuleExplanation {
    static func person(_ rule: String, _ detail: EntryDetail) -> LocalizedText {
        let (registry, view) = (detail.registry, detail.view)
        switch rule {
        case "R13":
            return LocalizedText(
                fr: "La personne n’avait pas été informée avant cette promotion.",
                en: "The person had not been informed before this promotion.")
        case "R14": return agreement(detail)
        case "R15":
            return LocalizedText(
                fr: "Aucune des neuf explications connues ne justifie cet accès à la personne.",
                en: "None of the nine known explanations accounts for this access to the person.")
        case "R20":
            return LocalizedText(
                fr: "L’agent avait déclaré cette personne comme lui-même ou un proche.",
                en: "The actor had declared this person as self or close.")
        default:
            if let change = registry.restrictionOrErasure(of: detail.person, view) {
                let date = change.moment.time.writtenDate
                return change.type == .erasurePerform
                    ? LocalizedText(
                        fr: "Les données de la personne étaient effacées depuis le \(date.french).",
                        en: "The person's data had been erased on \(date.english).")
                    : LocalizedText(
                        fr: "Le traitement était limité depuis le \(date.french).",
                        en: "Processing had been restricted since \(date.english).")
            }
            let date = registry.objection(of: detail.person, view)?.moment.time.writtenDate
            return LocalizedText(
                fr: "La personne s’était opposée le \(date?.french ?? "–").",
                en: "The person had objected on \(date?.english ?? "–").")
        }
    }

    private static func agreement(_ detail: EntryDetail) -> LocalizedText {
        let (registry, view) = (detail.registry, detail.view)
        let months = detail.delays.agreementMonths
        let inForce = registry.agreements(of: detail.person, monthsMax: months, view)
        if !inForce.isEmpty {
            let occupation =
                registry.occupation(ofOffer: detail.offer, view)
                .map { registry.interner.string($0) } ?? "–"
            return LocalizedText(
                fr: "L’accord en vigueur ne couvre pas le métier \(occupation) de l’offre.",
                en: "The agreement in force does not cover the offer's occupation \(occupation).")
        }
        if let withdrawn = registry.withdrawal(of: detail.person, view) {
            let date = withdrawn.moment.time.writtenDate
            return LocalizedText(
                fr: "La personne avait retiré son accord le \(date.french).",
                en: "The person had withdrawn their agreement on \(date.english).")
        }
        return LocalizedText(
            fr: "La personne n’avait donné aucun accord encore valable (\(months) mois au plus).",
            en: "The person had given no agreement still valid (\(months) months at most).")
    }

    static func governance(_ rule: String, _ detail: EntryDetail) -> LocalizedText {
        switch rule {
        case "R16":
            return LocalizedText(
                fr: "La licence a changé de titulaire avec les données de candidats.",
                en: "The licence changed hands with candidate data.")
        case "R17":
            return LocalizedText(
                fr: "La même personne a demandé et approuvé, ou approuvé à son propre profit.",
                en: "The same person asked and approved, or approved for their own benefit.")
        case "R19": return resolution(detail)
        case "R21":
            return LocalizedText(
                fr:
                    "Acte nominatif avant la consultation du CSE central et l’information du personnel.",
                en:
                    "Nominative act before the central works council was consulted and staff informed."
            )
        case "R22": return period(detail)
        case "R23":
            let added = list(detail.addedScope)
            return LocalizedText(
                fr: "La politique ajoute \(added) sans que cette version ait été présentée au CSE.",
                en:
                    "The policy adds \(added), and this version was not presented to the works council."
            )
        default:
            return LocalizedText(
                fr: "La règle \(rule) de la politique interdit cet acte.",
                en: "Rule \(rule) of the policy forbids this act.")
        }
    }

    private static func resolution(_ detail: EntryDetail) -> LocalizedText {
        let (registry, view) = (detail.registry, detail.view)
        let file = detail.caseID
        guard registry.pseudonymRequest(detail.reference, inCase: file, view) != nil,
            let approval = registry.pseudonymApproval(detail.reference, inCase: file, view)
        else {
            return LocalizedText(
                fr:
                    "Levée sans demande et approbation préalables sous cette référence et ce dossier.",
                en: "Re-identification without request and approval under this reference and case.")
        }
        let hours = detail.delays.resolveHours
        let date = approval.moment.time.writtenDate
        return LocalizedText(
            fr: "Levée plus de \(hours) heures après l’approbation du \(date.french).",
            en: "Re-identification more than \(hours) hours after the approval of \(date.english).")
    }

    private static func period(_ detail: EntryDetail) -> LocalizedText {
        guard detail.type != .pilotExtend else {
            return LocalizedText(
                fr: "Pilote prolongé sans évaluation et sans consultation depuis son début.",
                en: "Pilot extended without an evaluation and a consultation since its start.")
        }
        guard let change = detail.registry.pilotState(detail.view)?.change else {
            return LocalizedText(fr: "Aucun pilote n’a commencé.", en: "No pilot was started.")
        }
        let date = change.moment.time.writtenDate
        switch change.type {
        case .pilotSuspend:
            return LocalizedText(
                fr: "Le pilote était suspendu depuis le \(date.french).",
                en: "The pilot had been suspended since \(date.english).")
        case .pilotStop:
            return LocalizedText(
                fr: "Le pilote était arrêté depuis le \(date.french).",
                en: "The pilot had been stopped on \(date.english).")
        default:
            return LocalizedText(
                fr: "L’accès est hors de la période du pilote.",
                en: "The access is outside the period of the pilot.")
        }
    }
}
