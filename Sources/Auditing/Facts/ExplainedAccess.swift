// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics

/// An access to a person, and the reasons that could explain it (templates E1 to E9 of
/// `docs/rules.md`).
struct ExplainedAccess {
    let registry: Registry
    let actor: InternedID?
    let person: InternedID?
    let offer: InternedID?
    let reference: InternedID?
    let namesCase: Bool
    let delays: Delays
    let view: AsOf

    /// Whether a template explains the access.
    var isExplained: Bool { inPortfolio || isExplainedOtherwise }

    /// Whether a template other than the portfolio explains the access.
    var isExplainedOtherwise: Bool {
        hasAppointment || fitsOffer || hasApplication || hasMandate || hasRequest
            || namesCase || isHandedOver || breaksGlass
    }

    /// Whether the person is in the actor's portfolio (E1).
    var inPortfolio: Bool {
        registry.portfolio(of: actor, holding: person, view) != nil
    }

    private var hasAppointment: Bool {
        guard let held = registry.nearestAppointment(of: actor, with: person, view) else {
            return false
        }
        return (held.moment.time - view.time).magnitude
            <= UInt64(Int64(delays.appointmentDays) * FactReader.dayMilliseconds)
    }

    private var fitsOffer: Bool {
        guard registry.openOffer(offer, view) != nil,
            let wanted = registry.occupation(of: person, view)?.reference
        else { return false }
        return registry.occupation(ofOffer: offer, view) == wanted
    }

    private var hasApplication: Bool {
        registry.application(of: person, to: offer, view) != nil
    }

    private var hasMandate: Bool { registry.mandate(of: actor, for: person, view) != nil }

    private var hasRequest: Bool {
        registry.request(of: person, reference: reference, view) != nil
    }

    private var isHandedOver: Bool {
        guard let left = registry.release(of: person, by: actor, view) else { return false }
        return view.time - left.moment.time
            <= Int64(delays.handoverDays) * FactReader.dayMilliseconds
    }

    private var breaksGlass: Bool { registry.breakGlass(of: actor, view) != nil }
}

// Each template with the reason why it holds or not, for people.
extension ExplainedAccess {
    /// The templates in their order, each with its reason.
    var attempts: [Finding.TemplateAttempt] {
        [
            portfolioAttempt, appointmentAttempt, offerAttempt, applicationAttempt,
            attempt(
                "E5", hasMandate, registry.mandate(of: actor, for: person, view),
                LocalizedText(
                    fr: "mandat ouvert pour cette personne",
                    en: "a mandate for this person is open"),
                LocalizedText(
                    fr: "aucun mandat ouvert pour cette personne",
                    en: "no mandate for this person is open")),
            attempt(
                "E6", hasRequest, registry.request(of: person, reference: reference, view),
                LocalizedText(
                    fr: "demande de la personne en cours",
                    en: "a request of the person is open"),
                LocalizedText(
                    fr: "l’accès ne porte la référence d’aucune demande en cours de la personne",
                    en: "the access carries the reference of no open request of the person")),
            attempt(
                "E7", namesCase, nil,
                LocalizedText(fr: "l’accès porte un dossier", en: "the access carries a case"),
                LocalizedText(
                    fr: "l’accès ne porte aucun dossier", en: "the access carries no case")),
            handoverAttempt,
            attempt(
                "E9", breaksGlass, registry.breakGlass(of: actor, view),
                LocalizedText(fr: "bris de glace en vigueur", en: "a break-glass is in force"),
                LocalizedText(
                    fr: "aucun bris de glace en vigueur", en: "no break-glass is in force")),
        ]
    }

    private func attempt(
        _ name: String, _ holds: Bool, _ change: StateChange?, _ yes: LocalizedText,
        _ no: LocalizedText
    ) -> Finding.TemplateAttempt {
        Finding.TemplateAttempt(
            name, holds: holds, reason: holds ? yes : no, evidence: change?.moment.index)
    }

    private var portfolioAttempt: Finding.TemplateAttempt {
        let left = registry.release(of: person, by: actor, view)
        let no =
            left.map {
                let date = $0.moment.time.writtenDate
                return LocalizedText(
                    fr: "la personne a quitté le portefeuille le \(date.french)",
                    en: "the person left the portfolio on \(date.english)")
            }
            ?? LocalizedText(
                fr: "la personne n’a jamais été dans ce portefeuille",
                en: "the person was never in this portfolio")
        return attempt(
            "E1", inPortfolio, registry.portfolio(of: actor, holding: person, view) ?? left,
            LocalizedText(
                fr: "la personne est dans le portefeuille", en: "the person is in the portfolio"),
            no)
    }

    private var appointmentAttempt: Finding.TemplateAttempt {
        let held = registry.nearestAppointment(of: actor, with: person, view)
        let no =
            held.map {
                let date = $0.moment.time.writtenDate
                let days = delays.appointmentDays
                return LocalizedText(
                    fr:
                        "le rendez-vous le plus proche, le \(date.french), est à plus de \(days) jours",
                    en:
                        "the nearest appointment, on \(date.english), is more than \(days) days away"
                )
            }
            ?? LocalizedText(
                fr: "aucun rendez-vous connu avec cette personne",
                en: "no known appointment with this person")
        let when = held?.moment.time.writtenDate ?? LocalizedText(fr: "", en: "")
        return attempt(
            "E2", hasAppointment, held,
            LocalizedText(
                fr: "rendez-vous avec la personne le \(when.french)",
                en: "appointment with the person on \(when.english)"), no)
    }

    private var offerAttempt: Finding.TemplateAttempt {
        let opened = registry.openOffer(offer, view)
        let no =
            opened == nil
            ? LocalizedText(
                fr: "l’accès ne nomme aucune offre ouverte", en: "the access names no open offer")
            : LocalizedText(
                fr: "le métier de l’offre n’est pas celui que cherche la personne",
                en: "the offer's occupation is not the one the person seeks")
        return attempt(
            "E3", fitsOffer, opened,
            LocalizedText(
                fr: "offre ouverte dans le métier que cherche la personne",
                en: "an open offer in the occupation the person seeks"), no)
    }

    private var applicationAttempt: Finding.TemplateAttempt {
        attempt(
            "E4", hasApplication, registry.application(of: person, to: offer, view),
            LocalizedText(
                fr: "candidature de la personne à cette offre",
                en: "the person applied for this offer"),
            LocalizedText(
                fr: "aucune candidature de la personne à une offre nommée par l’accès",
                en: "the person applied for no offer that the access names"))
    }

    private var handoverAttempt: Finding.TemplateAttempt {
        let left = registry.release(of: person, by: actor, view)
        let no =
            left == nil
            ? LocalizedText(fr: "aucune passation de portefeuille", en: "no portfolio handover")
            : LocalizedText(
                fr: "la passation date de plus de \(delays.handoverDays) jours",
                en: "the handover was more than \(delays.handoverDays) days before")
        return attempt(
            "E8", isHandedOver, left,
            LocalizedText(
                fr: "passation de portefeuille en cours", en: "the portfolio is being handed over"),
            no)
    }
}

extension Int64 {
    /// The instant on the clocks of Paris, to the minute.
    var writtenDate: LocalizedText {
        let paris = ParisTime(milliseconds: self)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = paris.millisecondOfDay / 60_000
        let clock = "\(two(minutes / 60)):\(two(minutes % 60))"
        let date = paris.date
        return LocalizedText(
            fr: "\(two(date.day))/\(two(date.month))/\(date.year) à \(clock)",
            en: "\(date.year)-\(two(date.month))-\(two(date.day)) at \(clock) (Paris)")
    }
}
