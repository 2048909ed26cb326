// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import LogStorage
import Reporting

/// What became, or would become, of a log that was recovered.
struct RecoveryConclusion {
    let torn: TornTail?
    let returned: ReturnedEntries
    let size: UInt64
    let trial: TrialOptions

    func conclude(on console: Console) throws -> Verdict {
        if console.format == .json {
            try console.write(document: members)
        } else {
            // Of what would be set aside the outlook has told already.
            if let torn, !trial.dryRun {
                let text = LocalizedText(
                    fr: "octets mis de côté\u{202F}: \(torn.byteCount), dans \(torn.path)\n",
                    en: "bytes set aside: \(torn.byteCount), in \(torn.path)\n")
                try console.write(text[console.language])
            }
            try returned.say(on: console)
        }
        return Verdict(status: .complete, sentence: trial.dryRun ? planned : done)
    }

    private var members: [(String, JSONNode)] {
        var members: [(String, JSONNode)] = [
            trial.member, ("size", .integer(Int64(clamping: size))),
            ("torn_bytes", .integer(Int64(torn?.byteCount ?? 0))), returned.member,
        ]
        if let torn {
            members.append(("torn_index", .integer(Int64(clamping: torn.first))))
            members.append(("torn_file", .string(torn.path)))
        }
        return members
    }

    private var done: LocalizedText {
        if let torn {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: fin déchirée retirée à l’entrée \(torn.first), et c’est inscrit \
                    au journal. Entrées\u{202F}: \(size).
                    """,
                en: """
                    Verdict: torn tail dropped at entry \(torn.first), and recorded in the log. \
                    Entries: \(size).
                    """)
        }
        guard returned.count == 0 else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: \(returned.count) entrées purgées étaient revenues, et sont \
                    retirées de nouveau. Entrées\u{202F}: \(size).
                    """,
                en: """
                    Verdict: \(returned.count) purged entries were back, and are removed again. \
                    Entries: \(size).
                    """)
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: rien à réparer. Entrées\u{202F}: \(size).",
            en: "Verdict: nothing to repair. Entries: \(size).")
    }

    private var planned: LocalizedText {
        if let torn {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: une fin déchirée serait retirée à l’entrée \(torn.first), et \
                    inscrite au journal. Entrées, avec celle-là\u{202F}: \(size). Rien n’a changé.
                    """,
                en: """
                    Verdict: a torn tail would be dropped at entry \(torn.first), and recorded in \
                    the log. Entries, with that one: \(size). Nothing was changed.
                    """)
        }
        guard returned.count == 0 else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: \(returned.count) entrées purgées sont revenues, et seraient \
                    retirées de nouveau. Entrées\u{202F}: \(size). Rien n’a changé.
                    """,
                en: """
                    Verdict: \(returned.count) purged entries are back, and would be removed again. \
                    Entries: \(size). Nothing was changed.
                    """)
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: rien à réparer. Entrées\u{202F}: \(size). Rien n’a changé.",
            en: "Verdict: nothing to repair. Entries: \(size). Nothing was changed.")
    }
}

/// What is lost, and recorded as lost, where a log goes on without entries that were signed.
struct RestorationConclusion {
    /// The entries; an empty range, where it is not known how many.
    let lost: Range<UInt64>
    let trial: TrialOptions

    func conclude(on console: Console) throws -> Verdict {
        if console.format == .json {
            try console.write(
                document: [
                    trial.member, ("lost", .integer(Int64(lost.count))),
                    ("first_lost", .integer(Int64(clamping: lost.lowerBound))),
                ], status: .findings)
        }
        return Verdict(status: .findings, sentence: trial.dryRun ? planned : done)
    }

    private var count: LocalizedText {
        lost.isEmpty
            ? LocalizedText(fr: "un nombre inconnu d’entrées", en: "an unknown number of entries")
            : LocalizedText(fr: "\(lost.count) entrées", en: "\(lost.count) entries")
    }

    private var done: LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: journal repris\u{202F}; \(count.french) qui avaient été signées \
                manquent à partir de \(lost.lowerBound), et c’est inscrit. Prévenez qui garde des \
                points de contrôle.
                """,
            en: """
                Verdict: log resumed; \(count.english) that had been signed are missing from \
                \(lost.lowerBound) on, and that is recorded. Tell whoever keeps checkpoints.
                """)
    }

    private var planned: LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: le journal reprendrait\u{202F}; \(count.french) qui avaient été \
                signées manquent à partir de \(lost.lowerBound), et ce serait inscrit. Rien n’a changé.
                """,
            en: """
                Verdict: the log would go on; \(count.english) that had been signed are missing from \
                \(lost.lowerBound) on, and that would be recorded. Nothing was changed.
                """)
    }
}
