// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TransparencyLog

extension SampleStory {
    private static func at(_ hour: Int, _ minute: Int = 0) -> Int64 {
        SampleTime.paris(pilotStart, hour, minute)
    }

    static let demo = SampleStory(
        name: "demo",
        title: LocalizedText(fr: "Ce que voit l’audit", en: "What the audit sees"),
        plot: LocalizedText(
            fr: """
                Deux jours du pilote, et huit écarts d’espèces différentes\u{202F}: finalité, catégorie \
                interdite, région, offre close, licence suspendue, accord retiré, accès inexpliqué, refus \
                contourné.
                """,
            en: """
                Two days of the pilot, and eight violations of different kinds: purpose, forbidden \
                category, region, closed offer, suspended licence, withdrawn agreement, unexplained \
                access, bypassed refusal.
                """),
        seed: 105, tampering: .none, tell: { tellDemo(&$0) })

    private static func tellDemo(_ book: inout CaseBook) {
        let helper = book.adviser()
        let seeker = book.person(of: helper, before: at(10))
        let offer = book.offer(seeker.rome, before: at(10))
        let seen = book.view(seeker, helper, at(10))
        book.violate(["R02"], "wrong purpose", seen.with(.purpose, .text(CaseBook.offers)))
        book.violate(
            ["R03"], "health data",
            seen.moved(by: 300_000).with(.categories, .texts(["CV", "SA"])))
        book.close(offer, at: at(11))
        book.violate(["R06"], "closed offer", book.promote(seeker, offer, helper, at(11, 5)))
        let outsider = book.recruit(
            Recruitment(region: "11"), at: SampleTime.paris(firstDay + 1, 9))
        let searched = book.search("employer.search", outsider, at(11, 30), CaseBook.prospection)
        book.violate(["R05"], "another region", searched)
        let suspended = book.adviser()
        book.licence("suspend", suspended.licence, at: at(12))
        let late = book.search("offer.search", suspended, at(14), CaseBook.offers)
        book.violate(["R11"], "suspended licence", late)
        let withdrawn = book.person(of: helper, before: at(14))
        let other = book.offer(withdrawn.rome, before: at(14))
        book.withdraw(withdrawn, at: at(14, 10))
        book.violate(["R14"], "withdrawn", book.promote(withdrawn, other, helper, at(14, 30)))
        let stranger = book.person(of: book.newcomer("CONS_EMPLOI"), before: at(15))
        book.violate(["R15"], "unexplained", book.view(stranger, helper, at(15)))
        let refused = seen.with(.categories, .texts(["NO"])).moved(by: 21_600_000)
        book.violate(["R03", "R08"], "denied and done", book.decided(refused, "deny", "done"))
    }

    static let policyChanged = SampleStory(
        name: "policy-changed-midway",
        title: LocalizedText(fr: "La politique change en cours de route", en: "The policy changes"),
        plot: LocalizedText(
            fr: """
                Le deuxième jour à 6 h, une nouvelle version de la politique entre en vigueur, après \
                consultation. Chaque accès est jugé selon la version en vigueur à son heure. L’un d’eux est \
                encore décidé selon l’ancienne version à 10 h\u{202F}: R09.
                """,
            en: """
                On the second day at 06:00 a new version of the policy set comes into force, after \
                a consultation. Each access is judged under the version in force at its time. One is \
                still decided under the old version at 10:00: R09.
                """),
        seed: 106, tampering: .none,
        tell: { book in
            let helper = book.adviser()
            let day = SampleTime.day
            let searched = book.search(
                "employer.search", helper, at(10) + day, CaseBook.prospection)
            let old = SampleValue.object(CaseBook.decision("allow", book.policyVersion))
            book.violate(["R09"], "the old version", searched.with(.decision, old))
            let edge = book.search("offer.search", helper, at(6) + day, CaseBook.offers)
            book.nearMiss("R09", "the new version, at that millisecond", edge)
        },
        changesPolicy: true)

    static let overTheCap = SampleStory(
        name: "over-the-cap",
        title: LocalizedText(fr: "Plus de licences que prévu", en: "More licences than planned"),
        plot: LocalizedText(
            fr: """
                La décision du pilote déclare sept licences (indicateur PLAFOND-LICENCES), et une huitième \
                est activée. Aucun accès n’est interdit\u{202F}; le plafond, lui, est dépassé au moment de \
                l’activation (R30).
                """,
            en: """
                The pilot's decision declares seven licences (indicator PLAFOND-LICENCES), and an \
                eighth is activated. No access is forbidden; the cap is exceeded when the licence \
                is activated (R30).
                """),
        seed: 107, tampering: .none,
        tell: { book in
            book.add(
                "control.link", .governance, SampleTime.paris(firstDay, 10),
                [(.measure, .text("PLAFOND-LICENCES")), (.control, .text("R30"))])
            book.add(
                "indicator.report", .governance, SampleTime.paris(firstDay, 11),
                [
                    (.indicator, .text("PLAFOND-LICENCES")), (.value, .integer(70_000)),
                    (.n, .integer(7)), (.intervalLow, .integer(70_000)),
                    (.intervalHigh, .integer(70_000)),
                ])
            let extra = book.recruit(at: SampleTime.paris(pilotStart, 8))
            book.add(book.search("employer.search", extra, at(11), CaseBook.prospection))
        })

    private static func tampered(
        _ name: String, _ tampering: Tampering, _ title: LocalizedText, _ plot: LocalizedText
    ) -> SampleStory {
        SampleStory(
            name: name, title: title, plot: plot, seed: 108, tampering: tampering,
            tell: { _ in })
    }

    static let altered = tampered(
        "altered-payload", .alter,
        LocalizedText(fr: "Une entrée modifiée", en: "An altered entry"),
        LocalizedText(
            fr: """
                Après coup, quelqu’un a remplacé la région d’un accès par une autre, sans changer la \
                longueur. L’empreinte de l’entrée ne correspond plus.
                """,
            en: """
                Afterwards somebody replaced the region of an access by another, without changing \
                the length. The entry's hash does not match any more.
                """))

    static let dropped = tampered(
        "dropped-entry", .drop,
        LocalizedText(fr: "Une entrée supprimée", en: "A dropped entry"),
        LocalizedText(
            fr: "Une entrée a été retirée du milieu du journal\u{202F}: la chaîne est rompue.",
            en: "An entry was taken out of the middle of the log: the chain is broken."))

    static let reordered = tampered(
        "reordered", .reorder,
        LocalizedText(fr: "Deux entrées interverties", en: "Two entries swapped"),
        LocalizedText(
            fr:
                "Deux entrées voisines ont échangé leur place\u{202F}: ni la chaîne ni l’ordre ne tiennent.",
            en: "Two neighbouring entries changed places: neither chain nor order holds."))

    static let torn = tampered(
        "torn-tail", .tear,
        LocalizedText(fr: "Une fin déchirée", en: "A torn tail"),
        LocalizedText(
            fr: """
                La machine s’est arrêtée pendant une écriture\u{202F}: la dernière entrée est incomplète, et \
                les trois dernières n’étaient pas encore couvertes par une signature. Ce n’est pas une \
                altération\u{202F}: ce qui est signé est intact.
                """,
            en: """
                The machine stopped while writing: the last entry is incomplete, and the last three \
                were not covered by a signature yet. That is no tampering: what is signed is intact.
                """))
}
