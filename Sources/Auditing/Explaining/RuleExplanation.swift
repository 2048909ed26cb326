// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Diagnostics
import TransparencyLog

/// Why a rule is broken, in plain words: one place for each rule.
enum RuleExplanation {
    /// The explanation of a finding.
    static func text(
        _ rule: String, policies: [String], _ detail: EntryDetail, _ folder: PolicySetFolder?
    ) -> LocalizedText {
        switch rule {
        case "R01", "R02", "R03", "R04", "R05", "R06", "R07":
            access(rule, policies, detail, folder)
        case "R08", "R09", "R10", "M01": record(rule, detail)
        case "R11", "R12": licence(rule, detail)
        case "R13", "R14", "R15", "R18", "R20": person(rule, detail)
        default: governance(rule, detail)
        }
    }

    private static func access(
        _ rule: String, _ policies: [String], _ detail: EntryDetail, _ folder: PolicySetFolder?
    ) -> LocalizedText {
        let categories = detail.categories
        switch rule {
        case "R01":
            return LocalizedText(
                fr:
                    "La finalité «\u{A0}\(detail.purpose)\u{A0}» n’est aucun des trois usages du pilote.",
                en: "The purpose “\(detail.purpose)” is none of the pilot's three uses.")
        case "R02":
            return LocalizedText(
                fr:
                    "La finalité «\u{A0}\(detail.purpose)\u{A0}» n’exige aucune donnée de demandeur d’emploi.",
                en: "The purpose “\(detail.purpose)” needs no job-seeker data.")
        case "R03":
            let forbidden = folder?.codes(.forbiddenInside) ?? []
            let named = list(categories.filter { forbidden.contains($0) })
            return LocalizedText(
                fr: "Catégories interdites pour la promotion\u{202F}: \(named).",
                en: "Categories forbidden for promotion: \(named).")
        case "R04":
            return LocalizedText(
                fr: "Aucune règle ne permet au rôle \(detail.role) l’acte \(detail.type.name).",
                en: "No policy permits role \(detail.role) to do \(detail.type.name).")
        case "R05":
            return LocalizedText(
                fr: "La région \(detail.region) n’est pas dans le périmètre du pilote.",
                en: "Region \(detail.region) is outside the pilot.")
        case "R06":
            guard let offer = detail.offerRef else {
                return LocalizedText(
                    fr: "La promotion ne nomme aucune offre.", en: "The promotion names no offer.")
            }
            return LocalizedText(
                fr: "L’offre \(offer) n’était pas ouverte à cet instant.",
                en: "Offer \(offer) was not open at that moment.")
        default:
            return disclosure(policies, categories, folder)
        }
    }

    private static func disclosure(
        _ policies: [String], _ categories: [String], _ folder: PolicySetFolder?
    ) -> LocalizedText {
        let known =
            (folder?.codes(.allowedToEmployer) ?? [])
            + (folder?.codes(.forbiddenInside) ?? [])
        let excess = categories.filter { !known.contains($0) }
        var french: [String] = []
        var english: [String] = []
        if !excess.isEmpty {
            french.append("Catégories qui ne vont pas au destinataire\u{202F}: \(list(excess)).")
            english.append("Categories that must not go to the recipient: \(list(excess)).")
        }
        if policies.contains("R07-contact") {
            french.append("Coordonnées communiquées sans accord en vigueur qui les couvre.")
            english.append("Contact details passed on without an agreement that covers them.")
        }
        return LocalizedText(
            fr: french.joined(separator: " "), en: english.joined(separator: " "))
    }

    private static func record(_ rule: String, _ detail: EntryDetail) -> LocalizedText {
        switch rule {
        case "R08":
            return LocalizedText(
                fr: "L’accès avait été refusé, et il a eu lieu.",
                en: "The access had been denied, and it took place.")
        case "R09":
            return version(detail)
        case "R10":
            let field = detail.directIdentifier?.field.name ?? "?"
            return LocalizedText(
                fr: "Le champ \(field) contient un identifiant direct (valeur non reproduite).",
                en: "Field \(field) holds a direct identifier (not repeated here).")
        default:
            return LocalizedText(
                fr: "L’accès a été refusé alors que la politique en vigueur le permettait.",
                en: "The access was denied though the policy in force permitted it.")
        }
    }

    private static func version(_ detail: EntryDetail) -> LocalizedText {
        guard let active = detail.registry.policy(detail.view) else {
            return LocalizedText(
                fr: "Aucune politique n’était en vigueur à cet instant.",
                en: "No policy was in force at that moment.")
        }
        let inForce = String(active.hash.hex.prefix(12))
        let used = detail.recordedVersion ?? "–"
        let since = active.moment.time.writtenDate
        return LocalizedText(
            fr:
                "Décision prise avec la version \(used)…\u{202F}; la version en vigueur depuis le \(since.french) est \(inForce)….",
            en: "Decided under version \(used)…; in force since \(since.english) is \(inForce)….")
    }

    private static func licence(_ rule: String, _ detail: EntryDetail) -> LocalizedText {
        let (registry, view) = (detail.registry, detail.view)
        guard rule == "R12" else {
            let other = registry.activeLicence(of: detail.actor, view)
            return other == nil
                ? LocalizedText(
                    fr: "L’agent ne détenait aucune licence active à cet instant.",
                    en: "The actor held no active licence at that moment.")
                : LocalizedText(
                    fr: "L’accès se réclame d’une licence que l’agent ne détenait pas active.",
                    en: "The access claims a licence that the actor did not hold active.")
        }
        var french: [String] = []
        var english: [String] = []
        if registry.enrolment(of: detail.actor, view) == nil {
            french.append("n’est pas volontaire")
            english.append("is not a volunteer")
        }
        if registry.charter(of: detail.actor, view) == nil {
            french.append("n’a pas de charte en vigueur")
            english.append("has no charter in force")
        }
        if registry.training(of: detail.actor, view) == nil {
            french.append("n’a pas suivi la formation")
            english.append("is not trained")
        }
        return LocalizedText(
            fr: "À cet instant, l’agent \(french.joined(separator: ", ")).",
            en: "At that moment the actor \(english.joined(separator: ", ")).")
    }

    static func list(_ codes: [String]) -> String { codes.joined(separator: ", ") }
}
