// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// How long something took that has a deadline, in classes.
public struct DelayKind: Sendable {
    /// The category of the table.
    public let name: String
    /// What is measured.
    public let title: LocalizedText
    /// The upper bounds of the classes, in hours, but for the last, which has none.
    public let hours: [Int64]
    /// The names of the classes.
    public let classes: [LocalizedText]
    /// After which class the deadline lies; nil where none is set.
    public let deadline: Int?

    /// The delays that summaries tell.
    public static let all: [DelayKind] = [deactivation, answer, closing]

    /// From a withdrawal, move or departure to the end of the licence (rule R24).
    static let deactivation = DelayKind(
        name: "deactivate",
        title: LocalizedText(fr: "Désactivation d’une licence", en: "Deactivation of a licence"),
        hours: [4, 24, 72],
        classes: [
            LocalizedText(fr: "4 h au plus", en: "at most 4 h"),
            LocalizedText(fr: "4 à 24 h", en: "4 to 24 h"),
            LocalizedText(fr: "24 à 72 h", en: "24 to 72 h"),
            LocalizedText(fr: "plus de 72 h", en: "over 72 h"),
        ], deadline: 2)

    /// From a rights request to its answer (GDPR, article 12(3); rule R27).
    static let answer = DelayKind(
        name: "answer",
        title: LocalizedText(
            fr: "Réponse à une demande de droits", en: "Answer to a rights request"),
        hours: [10 * 24, 30 * 24, 90 * 24],
        classes: [
            LocalizedText(fr: "10 jours au plus", en: "at most 10 days"),
            LocalizedText(fr: "10 à 30 jours", en: "10 to 30 days"),
            LocalizedText(fr: "30 à 90 jours", en: "30 to 90 days"),
            LocalizedText(fr: "plus de 90 jours", en: "over 90 days"),
        ], deadline: 2)

    /// From a finding that was raised to its closing.
    static let closing = DelayKind(
        name: "close",
        title: LocalizedText(fr: "Clôture d’un écart", en: "Closing of a finding"),
        hours: [7 * 24, 30 * 24, 90 * 24],
        classes: [
            LocalizedText(fr: "7 jours au plus", en: "at most 7 days"),
            LocalizedText(fr: "7 à 30 jours", en: "7 to 30 days"),
            LocalizedText(fr: "30 à 90 jours", en: "30 to 90 days"),
            LocalizedText(fr: "plus de 90 jours", en: "over 90 days"),
        ], deadline: nil)

    /// The categories of the classes.
    public var categories: [String] { classes.indices.map { "\(name)-\($0 + 1)" } }

    /// The code of a delay among the topics.
    func code(milliseconds: Int64) -> UInt8 {
        let place = hours.firstIndex { milliseconds <= $0 * 3_600_000 } ?? hours.count
        let before = Self.all.prefix { $0.name != name }.reduce(0) { $0 + $1.classes.count }
        return UInt8(before + place)
    }
}

extension Topic {
    /// Every class of every delay.
    static var delays: [Topic] {
        let all = DelayKind.all.flatMap { kind in
            zip(kind.categories, kind.classes).map { (kind.name, $0, $1) }
        }
        return all.enumerated().map { place, row in
            Topic(
                measure: .delays, name: row.1, title: row.2, groups: [row.0], code: UInt8(place))
        }
    }
}
