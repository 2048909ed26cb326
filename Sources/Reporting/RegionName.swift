// SPDX-License-Identifier: Apache-2.0

/// The names of the French regions, by INSEE code.
public enum RegionName {
    static let names: [String: String] = [
        "01": "Guadeloupe", "02": "Martinique", "03": "Guyane", "04": "La Réunion",
        "06": "Mayotte", "11": "Île-de-France", "24": "Centre-Val de Loire",
        "27": "Bourgogne-Franche-Comté", "28": "Normandie", "32": "Hauts-de-France",
        "44": "Grand Est", "52": "Pays de la Loire", "53": "Bretagne", "75": "Nouvelle-Aquitaine",
        "76": "Occitanie", "84": "Auvergne-Rhône-Alpes", "93": "Provence-Alpes-Côte d’Azur",
        "94": "Corse",
    ]

    /// The name alone; the code where it is unknown.
    public static func name(_ code: String) -> String { names[code] ?? VisibleText(code).text }

    /// The code with its name: `75 Nouvelle-Aquitaine`; the code alone where it is unknown.
    public static func shown(_ code: String?) -> String {
        guard let code else { return "–" }
        return names[code].map { "\(code) \($0)" } ?? VisibleText(code).text
    }
}
