// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
public import TransparencyLog

/// The texts of a verification.
public enum VerificationSentence {
    /// Where the log is, and its name.
    public static func log(_ path: String, origin: String?) -> [LocalizedText] {
        var lines = [LocalizedText(fr: "Journal\u{202F}: \(path)", en: "Log: \(path)")]
        if let origin {
            lines.append(LocalizedText(fr: "Nom\u{202F}: \(origin)", en: "Name: \(origin)"))
        }
        return lines
    }

    /// What the head covers.
    public static func head(_ head: Checkpoint) -> LocalizedText {
        let (size, root) = (entries(head.treeSize), head.rootHash.hex)
        return LocalizedText(
            fr: "Tête\u{202F}: \(size.french), racine \(root)",
            en: "Head: \(size.english), root \(root)")
    }

    /// The first and the last moment at which an entry was recorded.
    public static func recorded(_ period: ClosedRange<Int64>) -> LocalizedText {
        let first = Timestamp.format(period.lowerBound)
        let last = Timestamp.format(period.upperBound)
        return LocalizedText(
            fr: "Enregistré du \(first) au \(last)", en: "Recorded from \(first) to \(last)")
    }

    /// Entries after the head: they are not judged.
    public static func uncovered(_ count: UInt64) -> LocalizedText {
        let words = entries(count)
        let agreement = count > 1 ? "couvertes" : "couverte"
        return LocalizedText(
            fr: "Pas encore \(agreement) par la tête\u{202F}: \(words.french)",
            en: "Not covered by the head yet: \(words.english)")
    }

    /// Entries that were deleted under a policy.
    public static func purged(_ entries: Range<UInt64>, by index: UInt64) -> LocalizedText {
        let (first, last) = (entries.lowerBound, entries.upperBound - 1)
        return LocalizedText(
            fr: "Purgées\u{202F}: entrées \(first) à \(last), par l’entrée \(index)",
            en: "Purged: entries \(first) to \(last), by entry \(index)")
    }

    /// What purges left of these, since it is in force.
    public static func left(_ standing: StandingSet) -> LocalizedText {
        let count = standing.total.count
        return LocalizedText(
            fr: "Dont encore en vigueur\u{202F}: \(Sentence.count(count, .french)) entrées",
            en: "Of these still in force: \(Sentence.count(count, .english)) entries")
    }

    /// The violations that are not listed.
    public static func more(_ count: Int) -> LocalizedText {
        let number = UInt64(max(count, 0))
        let word = number > 1 ? "autres" : "autre"
        return LocalizedText(
            fr: "… et \(Sentence.count(number, .french)) \(word)",
            en: "… and \(Sentence.count(number, .english)) more")
    }

    /// Where the damage begins and ends.
    public static func damaged(first: UInt64, last: UInt64) -> LocalizedText {
        LocalizedText(
            fr: "Première entrée fautive\u{202F}: \(first)\u{202F}; dernière\u{202F}: \(last)",
            en: "First bad entry: \(first); last: \(last)")
    }

    /// Up to where the log is as it was signed.
    public static func lastGood(_ head: Checkpoint?) -> LocalizedText {
        guard let head else {
            return LocalizedText(
                fr: "Aucune tête saine parmi celles du journal",
                en: "No good head among those of the log")
        }
        let (size, root) = (entries(head.treeSize), head.rootHash.hex)
        return LocalizedText(
            fr: "Dernière tête saine\u{202F}: \(size.french), racine \(root)",
            en: "Last good head: \(size.english), root \(root)")
    }

    /// What the reader of a damaged log does next.
    public static let next = LocalizedText(
        fr: "À faire\u{202F}: n’écrivez plus, gardez une copie, "
            + "comparez avec une tête que d’autres ont gardée.",
        en: "Next: write nothing more, keep a copy, compare with a head that others kept.")

    /// A gap or a repetition in a source's own numbers.
    public static func source(_ finding: SourceFinding) -> LocalizedText {
        let (first, last) = (finding.numbers.lowerBound, finding.numbers.upperBound)
        let (index, name) = (finding.index, finding.source)
        return switch finding.kind {
        case .gap:
            LocalizedText(
                fr: "Entrée \(index)\u{202F}: la source `\(name)` a sauté \(first) à \(last)",
                en: "Entry \(index): source `\(name)` skipped \(first) to \(last)")
        case .repetition:
            LocalizedText(
                fr: "Entrée \(index)\u{202F}: la source `\(name)` répète \(first) à \(last)",
                en: "Entry \(index): source `\(name)` repeats \(first) to \(last)")
        }
    }

    /// The last line.
    public static func verdict(_ report: VerificationReport) -> LocalizedText {
        guard report.isIntact else {
            guard report.isComplete else { return unreadable }
            return report.lacksOnlyEvidence ? notProven : altered
        }
        if let witnesses = report.witnesses, !witnesses.head.isQuorum { return notWitnessed }
        guard report.findingCount == 0 else { return findings(report.findingCount) }
        guard report.sourceFindingCount == 0 else { return sourceGaps }
        let words = entries(report.entryCount)
        return LocalizedText(
            fr: "Verdict\u{202F}: journal intègre, \(words.french).",
            en: "Verdict: the log is intact, \(words.english).")
    }

    /// The verdict on a log that was altered.
    public static let altered = LocalizedText(
        fr: "Verdict\u{202F}: journal ALTÉRÉ.", en: "Verdict: the log was ALTERED.")

    /// The verdict on a log in which nothing is wrong, but that lacks what others should have signed.
    public static let notProven = LocalizedText(
        fr: "Verdict\u{202F}: journal NON ATTESTÉ\u{202F}: rien n’y est altéré, "
            + "mais il y manque les témoins ou l’horodatage demandés.",
        en: "Verdict: the log is NOT PROVEN: nothing in it is altered, "
            + "but it lacks the witnesses or the time stamps asked for.")

    /// The verdict on a log that could not be read whole.
    public static let unreadable = LocalizedText(
        fr: "Verdict\u{202F}: journal illisible en partie, non vérifié.",
        en: "Verdict: the log is unreadable in part, not verified.")

    /// The verdict on a log whose head lacks cosignatures that the reader asks for.
    public static let notWitnessed = LocalizedText(
        fr: "Verdict\u{202F}: journal intègre, mais sa tête n’a pas encore ses témoins.",
        en: "Verdict: the log is intact, but its head does not have its witnesses yet.")

    /// The verdict on an intact log whose sources' numbers are not contiguous.
    public static let sourceGaps = LocalizedText(
        fr: "Verdict\u{202F}: journal intègre, mais une source a des trous ou des répétitions.",
        en: "Verdict: the log is intact, but a source has gaps or repetitions.")

    /// The verdict on an intact log that says something wrong about itself.
    public static func findings(_ count: Int) -> LocalizedText {
        let number = UInt64(max(count, 0))
        let (french, english) = number > 1 ? ("constats", "findings") : ("constat", "finding")
        return LocalizedText(
            fr: "Verdict\u{202F}: journal intègre, "
                + "avec \(Sentence.count(number, .french)) \(french) sur lui-même.",
            en: "Verdict: the log is intact, "
                + "with \(Sentence.count(number, .english)) \(english) about itself.")
    }

    /// A number of entries.
    public static func entries(_ count: UInt64) -> LocalizedText {
        let (french, english) = (count > 1 ? "entrées" : "entrée", count == 1 ? "entry" : "entries")
        return LocalizedText(
            fr: "\(Sentence.count(count, .french)) \(french)",
            en: "\(Sentence.count(count, .english)) \(english)")
    }
}
