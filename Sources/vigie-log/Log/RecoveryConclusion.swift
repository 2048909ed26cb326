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
            if let torn {
                let (french, english) =
                    trial.dryRun
                    ? ("octets à mettre de côté", "bytes to be set aside")
                    : ("octets mis de côté", "bytes set aside")
                let text = LocalizedText(
                    fr: "\(french)\u{202F}: \(torn.byteCount), dans \(torn.path)\n",
                    en: "\(english): \(torn.byteCount), in \(torn.path)\n")
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
                    Verdict\u{202F}: une fin déchirée serait retirée à l’entrée \(torn.first), et ce \
                    serait inscrit au journal. Entrées, avec cette inscription\u{202F}: \(size). Rien \
                    n’a changé.
                    """,
                en: """
                    Verdict: a torn tail would be dropped at entry \(torn.first), and that recorded in \
                    the log. Entries, with that record: \(size). Nothing was changed.
                    """)
        }
        guard returned.isKnown else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: des fichiers seraient récrits\u{202F}; si des entrées purgées sont \
                    revenues, seule la reprise le dira. Entrées\u{202F}: \(size). Rien n’a changé.
                    """,
                en: """
                    Verdict: files would be written anew; whether purged entries are back only the \
                    recovery will tell. Entries: \(size). Nothing was changed.
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
            ? LocalizedText(fr: "nombre inconnu", en: "number unknown") : .entries(lost.count)
    }

    private var done: LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: journal repris\u{202F}; ce qui avait été signé à partir de \
                \(lost.lowerBound) est perdu (\(count.french)), et c’est inscrit. Prévenez qui garde \
                des points de contrôle.
                """,
            en: """
                Verdict: log resumed; what had been signed from \(lost.lowerBound) on is lost \
                (\(count.english)), and that is recorded. Tell whoever keeps checkpoints.
                """)
    }

    private var planned: LocalizedText {
        LocalizedText(
            fr: """
                Verdict\u{202F}: le journal reprendrait\u{202F}; ce qui avait été signé à partir de \
                \(lost.lowerBound) serait dit perdu (\(count.french)), et ce serait inscrit. Rien n’a \
                changé.
                """,
            en: """
                Verdict: the log would go on; what had been signed from \(lost.lowerBound) on would be \
                called lost (\(count.english)), and that recorded. Nothing was changed.
                """)
    }
}
