// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What the effects on practice are told apart by: occupations, and what became of employers.
extension Topic {
    /// What the accesses call registered profiles that were promoted, with an agreement or without.
    public static let promoted: Category = (
        "promoted", LocalizedText(fr: "Profils inscrits promus", en: "Registered profiles promoted")
    )

    /// What the accesses call profiles of the platform that were seen or written to.
    public static let external: Category = (
        "external",
        LocalizedText(
            fr: "Profils externes consultés ou contactés",
            en: "External profiles seen or contacted")
    )

    /// The fields of the directory of occupations (ROME 4.0), by the first letter of its codes.
    private static let fields: [(letter: String, fr: String, en: String)] = [
        ("A", "Agriculture, pêche, espaces naturels", "Farming, fishing, natural spaces"),
        ("B", "Arts et façonnage d’ouvrages d’art", "Arts and crafts"),
        ("C", "Banque, assurance, immobilier", "Banking, insurance, real estate"),
        ("D", "Commerce, vente, grande distribution", "Trade, sales, retail"),
        ("E", "Communication, média, multimédia", "Communication and media"),
        ("F", "Construction, bâtiment, travaux publics", "Building and public works"),
        ("G", "Hôtellerie-restauration, tourisme, loisirs", "Hospitality, tourism, leisure"),
        ("H", "Industrie", "Industry"),
        ("I", "Installation et maintenance", "Installation and maintenance"),
        ("J", "Santé", "Health"),
        ("K", "Services à la personne et à la collectivité", "Services to people and communities"),
        ("L", "Spectacle", "Performing arts"),
        ("M", "Support à l’entreprise", "Business support"),
        ("N", "Transport et logistique", "Transport and logistics"),
    ]

    /// The topic of a promotion whose offer is not in the log, or asks for no occupation.
    static let unknownOccupation = UInt8(fields.count)

    /// Promotions by occupation, in the order of the directory.
    static var occupations: [Topic] {
        list(
            .occupations,
            fields.map { field in
                let (french, english) = (
                    "\(field.letter) \(field.fr)", "\(field.letter) \(field.en)"
                )
                return ("rome-\(field.letter)", "occupation", french, english)
            } + [("rome-unknown", "occupation", "Métier inconnu", "Unknown occupation")])
    }

    /// The topic of a promotion for an offer, by the first letter of the occupation's code.
    static func code(ofOccupation letter: UInt8?) -> UInt8 {
        let place = fields.firstIndex { letter == $0.letter.utf8.first }
        return place.map { UInt8($0) } ?? unknownOccupation
    }

    /// What employers were in a month, by the most that was done for them.
    static var employers: [Topic] {
        list(
            .employers,
            [
                ("seen", "employer", "Fiche consultée seulement", "Record seen only"),
                ("prospected", "employer", "Prospectés", "Prospected"),
                ("served", "employer", "Profils promus auprès d’eux", "Profiles promoted to them"),
            ])
    }
}
