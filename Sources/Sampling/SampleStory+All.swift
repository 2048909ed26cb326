// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TransparencyLog

extension SampleStory {
    /// Every story, in the order in which they are best read.
    public static let all: [SampleStory] = [
        intact, demo, outsidePortfolio, deniedButDone, withdrawnAgreement, policyChanged,
        overTheCap,
        altered, dropped, reordered, torn,
    ]

    private static func at(_ hour: Int, _ minute: Int = 0) -> Int64 {
        SampleTime.paris(pilotStart, hour, minute)
    }

    static let intact = SampleStory(
        name: "intact",
        title: LocalizedText(fr: "Un journal intact", en: "An intact log"),
        plot: LocalizedText(
            fr: """
                Deux jours du pilote. Chaque accès est permis et expliqué\u{202F}: portefeuille, \
                rendez-vous, offre, candidature, mandat. Des tentatives refusées y sont aussi\u{202F}: le \
                contrôle a fonctionné. L’audit n’a rien à redire.
                """,
            en: """
                Two days of the pilot. Every access is permitted and explained: portfolio, \
                appointment, offer, application, mandate. Refused attempts are there too: the \
                control worked. The audit has nothing to say.
                """),
        seed: 101, tampering: .none, tell: { _ in })

    static let deniedButDone = SampleStory(
        name: "denied-but-done",
        title: LocalizedText(fr: "Refusé, et fait quand même", en: "Denied, but done"),
        plot: LocalizedText(
            fr: """
                Un conseiller consulte un profil pour la finalité P2-OFFRES. La décision enregistrée est \
                un refus, et l’accès a pourtant eu lieu (R08, R02). Juste après, la même tentative est \
                refusée pour de bon\u{202F}: ce n’est pas un écart.
                """,
            en: """
                An adviser sees a profile under P2-OFFRES. The recorded decision is a denial, and the \
                access took place all the same (R08, R02). Just after, the same attempt is really \
                refused: that is no violation.
                """),
        seed: 102, tampering: .none,
        tell: { book in
            let helper = book.adviser()
            let seeker = book.person(of: helper, before: at(14))
            let seen = book.view(seeker, helper, at(14)).with(.purpose, .text(CaseBook.offers))
            book.violate(["R02", "R08"], "denied and done", book.decided(seen, "deny", "done"))
            book.nearMiss("R08", "denied", book.refused(seen.moved(by: 60_000)))
        })

    static let withdrawnAgreement = SampleStory(
        name: "withdrawn-agreement",
        title: LocalizedText(fr: "L’accord retiré", en: "The withdrawn agreement"),
        plot: LocalizedText(
            fr: """
                Une personne retire son accord à 14 h. Une milliseconde avant, elle pouvait être \
                promue\u{202F}; à 14 h elle est promue encore (R14). Elle donne un nouvel accord à 16 h, et la \
                promotion suivante est permise.
                """,
            en: """
                A person withdraws their agreement at 14:00. One millisecond before, they could be \
                promoted; at 14:00 they are promoted again (R14). They agree anew at 16:00, and the \
                next promotion is permitted.
                """),
        seed: 103, tampering: .none,
        tell: { book in
            let helper = book.adviser()
            let seeker = book.person(of: helper, before: at(14))
            let offer = book.offer(seeker.rome, before: at(14))
            book.nearMiss("R14", "1 ms before", book.promote(seeker, offer, helper, at(14) - 1))
            book.withdraw(seeker, at: at(14))
            book.violate(["R14"], "withdrawn", book.promote(seeker, offer, helper, at(14)))
            book.agree(seeker.pid, at: at(16), scope: ["*"])
            book.nearMiss("R14", "agreed again", book.promote(seeker, offer, helper, at(16)))
        })

    static let outsidePortfolio = SampleStory(
        name: "outside-portfolio",
        title: LocalizedText(fr: "Hors portefeuille", en: "Outside the portfolio"),
        plot: LocalizedText(
            fr: """
                Un conseiller consulte trois personnes qui ne sont pas dans son portefeuille. La première \
                a eu rendez-vous avec lui sept jours avant exactement\u{202F}: E2 explique l’accès. La \
                deuxième, sept jours et une milliseconde avant\u{202F}; la troisième, jamais\u{202F}: R15, avec les \
                neuf explications essayées.
                """,
            en: """
                An adviser sees three persons outside the own portfolio. The first had an \
                appointment exactly seven days before: E2 explains the access. The second had one \
                seven days and a millisecond before, the third had none: R15, with the nine \
                explanations that were tried.
                """),
        seed: 104, tampering: .none,
        tell: { book in
            let (helper, other) = (book.adviser(), book.newcomer("CONS_EMPLOI"))
            let week = 7 * SampleTime.day
            for (place, delay) in [week, week + 1, 0].enumerated() {
                let instant = at(10, 15 * place)
                let seeker = book.person(of: other, before: instant)
                // Held before the log was opened, and declared since.
                var meeting = book.act(
                    "appointment.hold", .employment, helper, instant - delay,
                    [(.evidence, .text("declared")), (.subject, .person(seeker.pid))])
                meeting.recordedAt = SampleTime.paris(firstDay, 12)
                if delay > 0 { book.add(meeting) }
                let seen = book.view(seeker, helper, instant)
                if delay == week {
                    book.nearMiss("R15", "seven days exactly", seen)
                } else {
                    book.violate(["R15"], "not explained", seen)
                }
            }
        })
}
