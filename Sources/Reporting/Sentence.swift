// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import Diagnostics

/// The texts with figures in them: the second half of the catalogue.
public enum Sentence {
    /// A number with its thousands apart.
    public static func count(_ number: UInt64, _ language: Language) -> String {
        let separator = language == .french ? "\u{202F}" : ","
        var groups: [String] = []
        var rest = number
        while rest >= 1_000 {
            let group = String(rest % 1_000)
            groups.append(String(repeating: "0", count: 3 - group.count) + group)
            rest /= 1_000
        }
        groups.append(String(rest))
        return groups.reversed().joined(separator: separator)
    }

    /// How many accesses there are, and what became of them.
    public static func accesses(all: UInt64, judged: UInt64, explained: UInt64) -> LocalizedText {
        func number(_ value: UInt64, _ language: Language) -> String { count(value, language) }
        return LocalizedText(
            fr: "\(number(all, .french)), dont \(number(judged, .french)) jugés "
                + "et \(number(explained, .french)) expliqués par le portefeuille ou une démarche",
            en: "\(number(all, .english)), of which \(number(judged, .english)) judged "
                + "and \(number(explained, .english)) explained by the portfolio or a task")
    }

    /// The verdict on a log that was altered.
    public static func verdictAltered(places: Int) -> LocalizedText {
        let count = UInt64(max(places, 0))
        let (french, english) =
            count > 1 ? ("altérations", "alterations") : ("altération", "alteration")
        return LocalizedText(
            fr:
                "Verdict\u{202F}: journal ALTÉRÉ (\(self.count(count, .french)) \(french))\u{202F}; "
                + "rien d’autre n’a été jugé.",
            en: "Verdict: log ALTERED (\(self.count(count, .english)) \(english)); "
                + "nothing else was judged.")
    }

    /// The verdict on a log that could not be read whole.
    public static let verdictUnreadable = LocalizedText(
        fr: "Verdict\u{202F}: journal illisible en partie\u{202F}; rien n’a été jugé.",
        en: "Verdict: log unreadable in part; nothing was judged.")

    /// The verdict on a log without entries to judge.
    public static let verdictEmpty = LocalizedText(
        fr:
            "Verdict\u{202F}: rien à juger\u{202F}; un audit de zéro entrée n’est pas une réussite.",
        en: "Verdict: nothing to judge; an audit of zero entries is not a pass.")

    /// The verdict on an audit that could not judge everything.
    public static func verdictIncomplete(
        notJudged: UInt64, findings: [(severity: Finding.Severity, count: Int)]
    ) -> LocalizedText {
        let tally = tally(findings)
        return LocalizedText(
            fr: "Verdict\u{202F}: journal intact, audit INCOMPLET "
                + "(\(count(notJudged, .french)) accès non jugés)\u{202F}; \(tally.french).",
            en: "Verdict: log intact, audit INCOMPLETE "
                + "(\(count(notJudged, .english)) accesses not judged); \(tally.english).")
    }

    /// The verdict on an audit without findings.
    public static func verdictClean(accesses: UInt64) -> LocalizedText {
        LocalizedText(
            fr:
                "Verdict\u{202F}: journal intact, \(count(accesses, .french)) accès, aucun constat.",
            en: "Verdict: log intact, \(count(accesses, .english)) accesses, no finding.")
    }

    /// The verdict on an audit with findings.
    public static func verdictFindings(
        _ findings: [(severity: Finding.Severity, count: Int)], covered: Int = 0
    ) -> LocalizedText {
        let tally = tally(findings)
        let number = UInt64(max(covered, 0))
        let agreement = number > 1 ? "couverts" : "couvert"
        let (french, english) =
            number == 0
            ? ("", "")
            : (
                ", dont \(count(number, .french)) \(agreement) par dérogation",
                ", of which \(count(number, .english)) covered by waivers"
            )
        return LocalizedText(
            fr: "Verdict\u{202F}: journal intact, audit complet\u{202F}; \(tally.french)\(french).",
            en: "Verdict: log intact, audit complete; \(tally.english)\(english).")
    }

    /// That entries which an earlier run read are not read again.
    public static func resumed(at treeSize: UInt64) -> LocalizedText {
        LocalizedText(
            fr: "Reprise de l’audit à l’entrée \(count(treeSize, .french)).",
            en: "The audit goes on from entry \(count(treeSize, .english)).")
    }

    /// How many findings there are of each severity: `3 findings (1 critical, 2 high)`.
    public static func tally(
        _ findings: [(severity: Finding.Severity, count: Int)]
    ) -> LocalizedText {
        let total = UInt64(findings.reduce(0) { $0 + $1.count })
        guard total > 0 else { return LocalizedText(fr: "aucun constat", en: "no finding") }
        func parts(_ language: Language) -> String {
            findings.filter { $0.count > 0 }.map { part in
                let word = Label(part.severity).text[language]
                let number = count(UInt64(part.count), language)
                // French would have to agree each adjective with its number.
                return language == .french ? "\(word) \(number)" : "\(number) \(word)"
            }.joined(separator: ", ")
        }
        let (french, english) = total > 1 ? ("constats", "findings") : ("constat", "finding")
        return LocalizedText(
            fr: "\(count(total, .french)) \(french) (gravité\u{202F}: \(parts(.french)))",
            en: "\(count(total, .english)) \(english) (\(parts(.english)))")
    }
}
