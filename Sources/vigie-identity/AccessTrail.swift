// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Diagnostics
import Reporting
import TransparencyLog

/// One access, with what may be shown of it.
struct TrailLine {
    let index: UInt64
    let leafHash: SHA256Digest
    let occurredAt: Int64
    let type: String
    let purpose: String
    let role: String
    let region: String?
    let categories: [String]
    let outcome: String

    init(_ entry: borrowing VerifiedEntry) {
        index = entry.index
        leafHash = entry.leafHash
        occurredAt = entry.occurredAt
        type = entry.type.text
        purpose = entry.string(.purpose) ?? ""
        role = entry.string(.actorRole) ?? ""
        region = entry.string(.actorRegion)
        categories = entry.strings(.categories)
        outcome = entry.string(.outcome) ?? ""
    }
}

/// The accesses to one person, or of one employee, in the order of the log.
///
/// To the person it says dates, purposes, roles, regions and categories; it does not say who looked
/// (CJEU, C-579/21, 22 June 2023). To the employee it says the same of their own accesses, and not
/// whose profile it was. It counts nothing and ranks nobody.
struct AccessTrail {
    /// Whom it is for.
    enum Reader {
        case jobSeeker, employee
    }

    let reader: Reader
    let head: Checkpoint
    private(set) var lines: [TrailLine] = []
    /// Accesses recorded before that were deleted, in milliseconds since 1970; nil if none were.
    let purgedBefore: Int64?
    /// Whether a proof of each line comes with the trail.
    var hasProofs = false

    /// The file of a line's proof.
    static func proofName(_ line: TrailLine) -> String { "entry-\(line.index).tlog-proof" }

    /// Collects the lines of a person from a verified log.
    init(of pseudonyms: Set<String>, for reader: Reader, in log: VerifiedLog) throws {
        self.reader = reader
        head = log.checkpoint
        purgedBefore = log.hidden?.before
        let field: EntryField = reader == .jobSeeker ? .subjectPID : .actorPID
        let vocabulary = EventVocabulary()
        try log.replay { entry in
            guard let type = vocabulary.type(of: entry), type.isAccess,
                let pid = entry.string(field), pseudonyms.contains(pid)
            else { return }
            lines.append(TrailLine(entry))
        }
    }

    var title: LocalizedText {
        switch reader {
        case .jobSeeker:
            LocalizedText(fr: "Qui a consulté mes données", en: "Who consulted my data")
        case .employee:
            LocalizedText(fr: "Mes propres accès", en: "My own accesses")
        }
    }

    /// What the document shows, what it does not, and by what right.
    var notice: LocalizedText {
        switch reader {
        case .jobSeeker:
            LocalizedText(
                fr: """
                    Chaque ligne est un accès à vos données par un agent du service aux employeurs\u{202F}: \
                    la date, l’usage, la fonction et la région de l’agent, les catégories de données\u{202F}; \
                    un accès refusé n’a rien montré. \
                    L’identité des agents n’est pas communiquée (RGPD, article 15\u{202F}; CJUE, \
                    C-579/21, 22 juin 2023). Vous pouvez demander la rectification, l’opposition ou \
                    l’effacement au délégué à la protection des données, et saisir la CNIL.
                    """,
                en: """
                    Each line is an access to your data by an employee of the employer-facing \
                    service: the date, the purpose, the employee's role and region, the categories \
                    of data; an access that was denied showed nothing. The identity of employees is not given (GDPR, article 15; CJEU, \
                    C-579/21, 22 June 2023). You may ask the data-protection officer for \
                    rectification, objection or erasure, and complain to the CNIL.
                    """)
        case .employee:
            LocalizedText(
                fr: """
                    Chaque ligne est un de vos accès, tel que le journal l’a consigné (RGPD, \
                    article 15). Les demandeurs d’emploi sont masqués. Ce document ne mesure pas \
                    votre travail et ne peut servir à l’évaluer.
                    """,
                en: """
                    Each line is one of your accesses, as the log recorded it (GDPR, article 15). \
                    Job seekers are masked. This document does not measure your work and cannot be \
                    used to assess it.
                    """)
        }
    }

    /// What the log no longer holds, since its retention has passed; nil if nothing was purged.
    var purgeNotice: LocalizedText? {
        purgedBefore.map { before in
            let instant = ShownInstant(before)
            return LocalizedText(
                fr: """
                    Les accès consignés avant le \(instant.date(in: .french)) ont été supprimés au terme \
                    de leur conservation\u{202F}: ils ne figurent pas ici (RGPD, article 5(1)(e)).
                    """,
                en: """
                    Accesses recorded before \(instant.date(in: .english)) were deleted when their \
                    retention had passed: they are not shown here (GDPR, article 5(1)(e)).
                    """)
        }
    }

    /// The cells of a line in words.
    func cells(_ line: TrailLine, in language: Language) -> [String] {
        [
            ShownInstant(line.occurredAt).paris(in: language),
            CodeName.access(line.type)[language], CodeName.purpose(line.purpose)[language],
            CodeName.role(line.role)[language], line.region.map { RegionName.name($0) } ?? "–",
            line.categories.map { CodeName.category($0)[language] }.joined(separator: ", "),
            outcome(line)[language], Sentence.count(line.index, language),
        ]
    }

    /// The headings of the cells.
    static let headings: [LocalizedText] = [
        LocalizedText(fr: "Date (Paris)", en: "Date (Paris)"),
        LocalizedText(fr: "Accès", en: "Access"), LocalizedText(fr: "Usage", en: "Purpose"),
        LocalizedText(fr: "Fonction", en: "Role"), LocalizedText(fr: "Région", en: "Region"),
        LocalizedText(fr: "Données", en: "Data"), LocalizedText(fr: "Issue", en: "Outcome"),
        LocalizedText(fr: "Entrée", en: "Entry"),
    ]

    private func outcome(_ line: TrailLine) -> LocalizedText {
        switch line.outcome {
        case "done": LocalizedText(fr: "effectué", en: "done")
        case "denied": LocalizedText(fr: "refusé", en: "denied")
        case "failed": LocalizedText(fr: "échoué", en: "failed")
        default: LocalizedText(fr: "–", en: "–")
        }
    }
}
